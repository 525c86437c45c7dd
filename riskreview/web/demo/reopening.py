"""Did the notice that came over HTTP open the decided case again, and does every face say why, and by whom?"""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings

from riskreview.audit.models import Entry
from riskreview.cases.models import Case, Kept
from riskreview.evidence.models import Document

from . import questions
from .agreement import program, require, signed_in
from .chapters.devices import OWNERSHIP, number_of, seconds_after, tripped
from .newsroom import corpus

# The sweep offers the look, a worker makes it: on a machine that does many other things it takes its time.
MOST_SECONDS = 30.0


def check(web: str) -> Iterator[str]:
    """Visit the case as carol, and as her program. Raises `Disagreement`."""
    case, entry, notice = reopened()
    seconds = seconds_after(entry, notice)
    require(seconds <= MOST_SECONDS, f"{case.ref} was opened again {seconds:.0f} s after the notice was read")
    told = f"{seconds:.1f} s after the notice was read, with a sweep every {settings.SWEEP_SECONDS:g} s"
    yield f"{case.ref} was opened again by {entry.actor.name}, {told}"
    check_page(web, case, entry, notice)
    check_program(web, case, entry, notice)
    yield f"page, API and audit log name the reason and the document: {reason_of(entry)}"
    check_standing(web, case)
    yield f"what {case.ref} had decided is in force all the same until a new decision is public"


def reopened() -> tuple[Case, Entry, Document]:
    """The case, the act that opened it again, and the notice that is its reason, as the record has them."""
    case: Case = Case.objects.get(title=questions.DEVICES.title)
    [held], entry = corpus.load().held, tripped(case)
    require(entry is not None, f"nothing opened {case.ref} again")
    require(entry.actor.is_system, f"{case.ref} was opened again by {entry.actor}")
    notice: Document = Document.objects.select_related("source").get(pk=number_of(entry))
    require(notice.source is not None and notice.source.name == held.outlet.name, f"“{notice}” is of another source")
    require(notice.newest.status == 200, "the notice was not collected over HTTP")
    decided = case.decisions.get()
    require(decided.approved_by not in (None, decided.submitted_by), f"{case.ref} was not decided by two people")
    require((case.status, case.decision) == ("NEW", None), f"{case.ref} is {case.status}")
    condition = case.conditions.get(text=OWNERSHIP)
    require(condition.state == Kept.BREACHED, f"the condition “{OWNERSHIP}” is {condition.state}")
    return case, entry, notice


def reason_of(entry: Entry) -> str:
    """Why it was opened again, in the words of the watch."""
    return str(entry.private["reason"])


def check_page(web: str, case: Case, entry: Entry, notice: Document) -> None:
    """The pages of the case and of the log."""
    browser = signed_in(web, "carol")
    page, log = browser.get(f"/cases/{case.ref}/"), browser.get(f"/audit/?subject={case.ref}&verb=case.trip")
    require("Breached" in page.text, f"the page of {case.ref} shows no breach")
    require(str(notice) in page.text, f"the page of {case.ref} does not name “{notice}”")
    require(reason_of(entry) in page.text, f"the page of {case.ref} does not say: {reason_of(entry)}")
    require(notice.get_absolute_url() in page.body, f"the page of {case.ref} does not lead to the notice")
    require(str(notice) in log.text, f"the log does not name “{notice}”")
    require(entry.actor.name in log.text, f"the log does not say that {entry.actor.name} did it")


def check_program(web: str, case: Case, entry: Entry, notice: Document) -> None:
    """The case and the entry as the API tells them."""
    api = program(web, "carol")
    told = api.get(f"/api/v1/cases/{case.ref}/").json
    [condition] = told["conditions"]
    require((told["status"], condition["state"]) == ("NEW", "BREACHED"), f"the API tells {told['status']}")
    require(condition["note"] == reason_of(entry), f"the API tells another reason: {condition['note']}")
    one = api.get(f"/api/v1/entries/{entry.uuid}/").json
    require(one["verb"] == "case.trip" and one["actor"]["name"] == entry.actor.name, "the API tells another act")
    require(f"document:{notice.pk}" in str(one["body"]), "the entry in the API does not name the notice")


def check_standing(web: str, case: Case) -> None:
    """The vendor's standing still has both effects: an open question takes nothing back by itself."""
    answer = signed_in(web, "dave").get("/vendors/deepseek/standing/")
    require(answer.status == 200, f"the standing answers {answer.status}")
    for effect in case.effects.all():
        require(effect.target in answer.text, f"the standing does not tell of “{effect.target}”")
