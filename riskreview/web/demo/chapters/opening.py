"""First chapter: the registers are filled, the questions arrive, and the workers collect January 2025."""

from __future__ import annotations

from riskreview.cases.models import Case, Search, Suggestion
from riskreview.evidence.models import Document, Mention, Reliability, Source
from riskreview.vendors import catalogue
from riskreview.vendors.models import Vendor

from ..desk import Desk
from ..newsroom import corpus
from ..questions import ALL, Question

DOCUMENTS = 25


def set_up_registers(desk: Desk) -> None:
    """Vendors with their names in several scripts, and the sources to collect from."""
    vendors = catalogue.load(by=desk.cast.carol)
    desk.tell(f"{len(vendors)} vendors registered, under every name they use")
    outlets = corpus.load().outlets
    for outlet in outlets:
        register(desk, outlet)
    for outlet in outlets:
        source = Source.objects.get(name=outlet.name)
        source.grade(
            by=desk.cast.carol, reliability=Reliability(outlet.reliability), reason="First assessment of the outlet."
        )
    desk.tell(f"{len(outlets)} sources registered; the workers collect from them")


def register(desk: Desk, outlet: corpus.Outlet) -> None:
    """One feed of the newsroom."""
    Source.objects.register(
        by=desk.cast.carol,
        name=outlet.name,
        url=f"{desk.newsroom.rstrip('/')}{outlet.feed_path}",
        kind="RSS",
        source_class=Source.Class(outlet.source_class),
        language=outlet.language,
        interval_minutes=15,
    )


def put_questions(desk: Desk) -> dict[Question, Case]:
    """Every question of the story, as a case."""
    cases = {question: open_case(desk, question) for question in ALL}
    guided = sum(bool(question.playbook) for question in ALL)
    desk.tell(f"{len(cases)} questions put to the reviewers, {guided} of them with a playbook")
    return cases


def open_case(desk: Desk, question: Question) -> Case:
    """Put one question to the reviewers."""
    opened: Case = Case.objects.open(
        by=desk.cast.carol,
        title=question.title,
        question=question.question,
        requester=question.requester,
        vendors=list(Vendor.objects.filter(slug__in=question.vendors)),
        priority=question.priority,
        due_at=desk.now + question.due,
        on=(desk.now - question.asked).date(),
        playbook=question.playbook,
    )
    return opened


def wait_for_workers(desk: Desk) -> None:
    """Wait until the workers have collected and read everything, and looked through the archive for each case."""
    desk.wait(work_left)
    mentions = Mention.objects.filter(state=Mention.State.ACCEPTED).count()
    documents = Document.objects.read().count()
    desk.tell(f"collected {documents} documents over HTTP, with {mentions} mentions of vendors")
    waiting = Suggestion.objects.waiting()
    desk.tell(
        f"{waiting.count()} documents suggested to {waiting.values('case').distinct().count()} cases, with reasons"
    )


def work_left() -> str:
    """What the workers still have to do, in words; empty when they are through."""
    left = {
        "sources to visit": Source.objects.filter(last_success_at=None).count(),
        "documents to read": Document.objects.all().left().count(),
        "cases to search for": Search.objects.all().left().count(),
        "more documents to collect": max(DOCUMENTS - Document.objects.read().count(), 0),
    }
    words = ", ".join(f"{count} {what}" for what, count in left.items() if count)
    return f"the workers still have to do: {words}" if words else ""
