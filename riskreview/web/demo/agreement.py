"""Do the page, the API and the database say the same of the demonstration's case? And does four eyes hold on each?"""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from riskreview.accounts.models import ApiToken, User
from riskreview.accounts.tokens import Scope
from riskreview.audit.models import Entry
from riskreview.cases.models import Case, Decision, Flag
from riskreview.evidence.models import Document, Mention
from riskreview.lib.text import normalise

from . import people, questions
from .chapters.others import CORRECTED
from .visit import Visitor


class Disagreement(Exception):
    """Two faces say different things, or one lets through what it must refuse."""


def facts() -> Iterator[str]:
    """What the database holds of the story."""
    case, decision = decided_case()
    accepted = case.suggestions.filter(state="ACCEPTED").count()
    documents = Document.objects.read().exclude(source=None).count()
    mentions = Mention.objects.filter(state=Mention.State.ACCEPTED).count()
    yield f"collected {documents} documents over HTTP, {mentions} mentions"
    yield f"{accepted} suggestions accepted"
    yield f"submitted by {first_name(decision.submitted_by)}"
    refused = Entry.objects.about(case).filter(kind="refusal", verb="case.approve").select_related("actor")
    yield f"{first_name(refused.get().actor)} refused as approver"
    yield f"approved by {first_name(decision.approved_by)}"
    yield f"{Entry.objects.count()} audit entries"


def check(web: str) -> Iterator[str]:
    """Visit page and API and compare. Raises `Disagreement`."""
    case, decision = decided_case()
    browser = signed_in(web, "bob")
    page = browser.get(f"/cases/{case.ref}/")
    told = program(web, "bob").get(f"/api/v1/cases/{case.ref}/")
    require(page.status == told.status == 200, f"the page answers {page.status} and the API {told.status}")
    compare(case, decision, page.text, told.json)
    yield f"page and API agree on {case.ref}: {case.get_status_display().lower()}, {decision}"
    yield from check_four_eyes(web)
    yield from check_correction(web)


def check_correction(web: str) -> Iterator[str]:
    """The corrected article is one document with two captures and one change that matters; the case that cites the
    older one is flagged, on its page and in the API."""
    flag = (
        Flag.objects.select_related("exhibit__case", "change").filter(change__document__url__endswith=CORRECTED).get()
    )
    case, article = flag.exhibit.case, flag.change.document
    require(Document.objects.filter(url__endswith=CORRECTED).count() == 1, "the corrected article is there twice")
    require(article.snapshots.count() == 2, f"the corrected article has {article.snapshots.count()} captures, not 2")
    require(flag.change.material and article.changes.count() == 1, "the correction is not one change that matters")
    require(flag.exhibit.findings.exists(), f"no finding of {case.ref} rests on the corrected article")
    yield f"{article.outlet} corrected an article: one document, two captures, “{flag.change.summary}”"
    browser = signed_in(web, "carol")
    page, queue = browser.get(f"/cases/{case.ref}/"), browser.get("/queue/")
    told = program(web, "carol").get(f"/api/v1/flags/?case={case.ref}&open=true")
    require("A source changed since it was cited" in page.text, f"the page of {case.ref} shows no flag")
    require(f"sources of {case.ref} to settle" in queue.text, f"the queue shows no flag of {case.ref}")
    require([row["id"] for row in told.json["results"]] == [flag.pk], f"the API tells no flag of {case.ref}")
    yield f"{case.ref} is flagged on its page, in the queue and in the API: its {flag.exhibit.ref} cites what changed"


def compare(case: Case, decision: Decision, page: str, told: dict[str, object]) -> None:
    """Every judgement and passage the API tells stands on the page, and both are what the database holds."""
    require(told["status"] == case.status, "the API tells another status")
    require(case.get_status_display() in page, "the page shows another status")
    findings = [finding.judgment for finding in case.findings.all()]
    passages = [exhibit.passage for exhibit in case.exhibits.all()]
    require(sorted(parts(told, "findings", "judgment")) == sorted(findings), "the API tells other findings")
    require(sorted(parts(told, "exhibits", "passage")) == sorted(passages), "the API tells other exhibits")
    for words in [*findings, *passages, str(decision), decision.rationale]:
        require(
            " ".join(normalise(words).split()) in " ".join(normalise(page).split()), f"the page lacks “{words[:60]}”"
        )


def parts(told: dict[str, object], key: str, column: str) -> list[str]:
    """One column of the parts of an API answer."""
    rows = told[key]
    require(isinstance(rows, list), f"the API tells no {key}")
    return [row[column] for row in rows]  # type: ignore[attr-defined]


def check_four_eyes(web: str) -> Iterator[str]:
    """The submitter of a waiting recommendation is refused on the page and in the API."""
    waiting = Case.objects.get(title=questions.DISTILLATION.title)
    require(waiting.status == "AWAITING_APPROVAL", "no recommendation waits for its second signature")
    road = f"/cases/{waiting.ref}/approve/"
    browser = signed_in(web, "alice")
    signs = {"dossier_sha256": waiting.open_decision().dossier_sha256, "password": people.PASSWORD}
    page = browser.submit(f"/cases/{waiting.ref}/", road, seen=str(waiting.entry_seq), read="on", free="on", **signs)
    told = program(web, "alice").post(f"/api/v1{road}", signs, seen=waiting.entry_seq)
    require(page.status == told.status == 403, f"four eyes: page {page.status}, API {told.status}, not 403")
    waiting.refresh_from_db()
    require(waiting.status == "AWAITING_APPROVAL", "four eyes: the case moved")
    yield "alice refused as approver on the page and in the API (403 on both)"


def decided_case() -> tuple[Case, Decision]:
    """The case the story decides, and its decision."""
    case: Case = Case.objects.select_related("decision__submitted_by", "decision__approved_by").get(
        title=questions.NSC.title
    )
    if case.decision is None:
        raise Disagreement(f"{case.ref} has no decision")
    return case, case.decision


def signed_in(web: str, part: str) -> Visitor:
    """A browser in which somebody of the cast has signed in. Raises `Disagreement` when that fails."""
    browser = Visitor(web)
    require(browser.sign_in(people.address(part), people.PASSWORD).status == 200, f"{part} cannot sign in")
    return browser


def program(web: str, part: str) -> Visitor:
    """A program of somebody of the cast."""
    return Visitor(web, token=new_token(part))


def new_token(part: str) -> str:
    """A token of somebody, for an hour."""
    now = datetime.datetime.now(datetime.UTC)
    issued = ApiToken.objects.issue(
        by=User.objects.get(email=people.address(part)),
        name="Demonstration check",
        scopes=[Scope.READ, Scope.DECISIONS_WRITE],
        expires_at=now + datetime.timedelta(hours=1),
        now=now,
    )
    return str(issued.secret)


def first_name(user: User | None) -> str:
    """What colleagues call somebody."""
    return user.name.split()[0].lower() if user else "nobody"


def require(holds: bool, otherwise: str) -> None:
    """Raise `Disagreement` unless it holds."""
    if not holds:
        raise Disagreement(otherwise)
