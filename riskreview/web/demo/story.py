"""January 2025, told with public verbs only: what a desk would do, in the order it would do it.

The demonstration, the end-to-end test and the pictures of the README use this one script. Facts are public; the people,
the outlets and the desk are invented. The review ends in `monitor`: no public outcome of the real one is known.
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable
from dataclasses import dataclass

from riskreview.audit.models import Entry
from riskreview.audit.refusals import NotAllowed
from riskreview.cases.matrix import Level
from riskreview.cases.models import (
    Allegation,
    Case,
    Confidence,
    Credibility,
    Disposition,
    Exhibit,
    Flag,
    Likelihood,
    RiskArea,
    Says,
    Search,
    Stance,
    Suggestion,
)
from riskreview.evidence.models import Document, Mention, Reliability, Source
from riskreview.incidents.models import Incident, Involvement
from riskreview.vendors import catalogue
from riskreview.vendors.models import Vendor

from . import questions
from .newsroom import corpus
from .people import Cast, proof_of
from .questions import Question
from .visit import Visitor

DOCUMENTS = 25
CORRECTED, MOVED = "/alibaba-shares-qwen", "A gain of 8.5% in the day's trading"
Tell = Callable[[str], None]


class Unfinished(Exception):
    """The workers did not get through in time; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Who works, on which day, and where the newsroom is."""

    cast: Cast
    newsroom: str
    now: datetime.datetime
    tell: Tell


def told() -> bool:
    """Whether the story was told to its end in this database. Raises `Unfinished` when it stopped half-way."""
    if Entry.objects.exclude(subject_type__in=("user", "ledger")).exists():
        if not Case.objects.filter(title=questions.DEVICES.title, exhibits__isnull=False).exists():
            raise Unfinished("it was begun here before and stopped half-way; script/demo --reset clears the ground")
        return True
    return False


def tell(desk: Desk, *, patience: float) -> Case:
    """The whole story. Returns the decided case of the National Security Council. Raises `Unfinished`."""
    set_up_registers(desk)
    cases = {question: open_case(desk, question) for question in questions.ALL}
    desk.tell(f"{len(cases)} questions put to the reviewers")
    wait_for_workers(desk, patience)
    nsc = cases[questions.NSC]
    report_incidents(desk)
    review(desk, nsc)
    decide(desk, nsc)
    leave_work_for_others(desk, cases)
    correct_an_article(desk, patience)
    desk.tell(f"{Entry.objects.count()} audit entries, one for every act")
    return nsc


def set_up_registers(desk: Desk) -> None:
    """Vendors with their names in several scripts, and the sources to collect from."""
    vendors = catalogue.load(by=desk.cast.carol)
    desk.tell(f"{len(vendors)} vendors registered, under every name they use")
    outlets = corpus.load().outlets
    for outlet in outlets:
        Source.objects.register(
            by=desk.cast.carol,
            name=outlet.name,
            url=f"{desk.newsroom.rstrip('/')}{outlet.feed_path}",
            kind="RSS",
            source_class=Source.Class(outlet.source_class),
            language=outlet.language,
            interval_minutes=15,
        )
    for outlet in outlets:
        source = Source.objects.get(name=outlet.name)
        source.grade(
            by=desk.cast.carol, reliability=Reliability(outlet.reliability), reason="First assessment of the outlet."
        )
    desk.tell(f"{len(outlets)} sources registered; the workers collect from them")


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
    )
    return opened


def wait_for_workers(desk: Desk, patience: float) -> None:
    """Wait until the workers have collected and read everything, and looked through the archive for each case."""
    until = time.monotonic() + patience
    while missing := work_left():
        if time.monotonic() > until:
            raise Unfinished(f"after {patience:.0f} s the workers still have to do: {missing}")
        time.sleep(0.25)
    mentions = Mention.objects.filter(state=Mention.State.ACCEPTED).count()
    documents = Document.objects.read().count()
    desk.tell(f"collected {documents} documents over HTTP, with {mentions} mentions of vendors")
    waiting = Suggestion.objects.waiting()
    desk.tell(
        f"{waiting.count()} documents suggested to {waiting.values('case').distinct().count()} cases, with reasons"
    )


def correct_an_article(desk: Desk, patience: float) -> None:
    """The newsroom corrects a figure that a finding rests on. The next visit to its source brings the new version
    beside the old one, and the case that cites the old one is flagged."""
    Visitor(desk.newsroom).press("/_control/correct")
    corrected = Document.objects.get(url__endswith=CORRECTED)
    Source.objects.get(documents=corrected).collect_now(by=desk.cast.carol)
    until = time.monotonic() + patience
    while not (flag := Flag.objects.open().filter(change__document=corrected).first()):
        if time.monotonic() > until:
            raise Unfinished(f"the corrected version of “{corrected}” did not arrive, or flagged nothing")
        time.sleep(0.25)
    desk.tell(f"one article was corrected by {corrected.outlet}: both versions are in the archive")
    desk.tell(f"{flag.exhibit.case.ref} is flagged: what its {flag.exhibit.ref} cites has changed")


def work_left() -> str:
    """What the workers still have to do, in words; empty when they are through."""
    left = {
        "sources to visit": Source.objects.filter(last_success_at=None).count(),
        "documents to read": Document.objects.all().left().count(),
        "cases to search for": Search.objects.all().left().count(),
        "more documents to collect": max(DOCUMENTS - Document.objects.read().count(), 0),
    }
    return ", ".join(f"{count} {what}" for what, count in left.items() if count)


def report_incidents(desk: Desk) -> None:
    """Put on record what is said to have happened, on whose word."""
    alice = desk.cast.alice
    blocked = Incident.objects.report(
        by=alice,
        kind=Incident.Kind.ALLEGATION,
        title="Accounts blocked over suspected distillation",
        neutral_summary=(
            "OpenAI is reported to say that it has evidence of distillation of its models by DeepSeek, and that"
            " accounts were blocked together with Microsoft. The evidence has not been published."
        ),
        occurred_from=datetime.date(2025, 1, 29),
    )
    for slug, role, alleged in (
        ("openai", Involvement.Role.ACCUSER, False),
        ("deepseek", Involvement.Role.ACCUSED, True),
        ("microsoft", Involvement.Role.HARMED, True),
    ):
        blocked.involve(by=alice, vendor=Vendor.objects.get(slug=slug), role=role, alleged=alleged)
    cite(desk, blocked, "has seen some evidence")
    garante = Incident.objects.report(
        by=alice,
        kind=Incident.Kind.POLICY_ACTION,
        title="Italy limits the processing of users' data by DeepSeek",
        neutral_summary="The Garante limited the processing of Italian users' data, two days after its questions.",
        occurred_from=datetime.date(2025, 1, 30),
        standing=Incident.Standing.OFFICIAL_FINDING,
    )
    deepseek = Vendor.objects.get(slug="deepseek")
    garante.involve(by=alice, vendor=deepseek, role=Involvement.Role.DEPLOYER, alleged=False)
    cite(desk, garante, "limited the processing")
    desk.tell("2 incidents on record: one allegation, one official act")


def cite(desk: Desk, incident: Incident, words: str) -> None:
    """Cite the earliest archived sentence that holds these words."""
    document = Document.objects.filter(snapshots__text__contains=words).order_by("published_at").first()
    if document is None:
        raise Unfinished(f"no archived document says “{words}”")
    snapshot = document.newest
    start = snapshot.text.index(words)
    begin = max(snapshot.text.rfind("\n", 0, start), snapshot.text.rfind(". ", 0, start) + 1) + 1
    end = snapshot.text.find(".", start) + 1 or len(snapshot.text)
    incident.cite(by=desk.cast.alice, snapshot=snapshot, start=begin, end=end)


def review(desk: Desk, case: Case) -> None:
    """Alice takes the case, sorts the suggestions and writes down what the evidence means."""
    alice = desk.cast.alice
    case.assign(by=alice, to=alice)
    exhibits = accept_best(desk, case, 5)
    desk.tell(f"{len(exhibits)} suggestions accepted by alice, such as “{exhibits[0].passage[:90]}…”")
    dismiss_weakest(desk, case)
    case.add_finding(
        by=alice,
        risk_area=RiskArea.DATA_JURISDICTION,
        judgment="Prompts and account data sent to the hosted service are likely to be stored in China.",
        likelihood=Likelihood.LIKELY,
        confidence=Confidence.MODERATE,
        exhibits=exhibits[:2],
        basis="A regulator asked where the data are kept and acted when the answer did not satisfy it.",
        assumptions="The hosted service is used as its terms describe it.",
        alternatives="A copy of the weights that is run elsewhere sends nothing to China.",
        treatment="Keep agency data out of the hosted service; use the weights on our own machines if at all.",
        risk_likelihood=Level.HIGH,
        risk_impact=Level.HIGH,
        residual_likelihood=Level.LOW,
        residual_impact=Level.HIGH,
    )
    case.add_finding(
        by=alice,
        risk_area=RiskArea.FOREIGN_CONTROL,
        judgment="A public limit on use by the National Security Council is unlikely in the weeks of this review.",
        likelihood=Likelihood.UNLIKELY,
        confidence=Confidence.LOW,
        exhibits=exhibits[:1],
        basis="Neither scope nor timetable nor measure was named.",
        risk_likelihood=Level.LOW,
        risk_impact=Level.MODERATE,
    )


def accept_best(desk: Desk, case: Case, count: int) -> list[Exhibit]:
    """Accept the best suggestions of a case."""
    best = list(case.suggestions.waiting().best_first()[:count])
    if not best:
        raise Unfinished(f"nothing was suggested to {case.ref}")
    return [
        each.accept(by=desk.cast.alice, stance=Stance.SUPPORTS, credibility=Credibility.PROBABLY_TRUE) for each in best
    ]


def dismiss_weakest(desk: Desk, case: Case) -> None:
    """Say of one document that it does not belong."""
    weakest = case.suggestions.filter(state=Suggestion.State.OPEN).order_by("score", "pk").first()
    if weakest:
        weakest.dismiss(by=desk.cast.alice, reason="Repeats what is on record and adds nothing to the question.")


def decide(desk: Desk, case: Case) -> None:
    """Alice submits; she is refused as approver; Bob reads and signs."""
    case.submit(
        by=desk.cast.alice,
        disposition=Disposition.MONITOR,
        rationale=(
            "What is public supports caution with the hosted service and nothing more yet. Watch for an outcome of the"
            " Council's review, for further regulators, and for a stated place of storage."
        ),
        dissent="One reviewer would have advised desks not to use the hosted service until the Garante has decided.",
    )
    desk.tell(f"{case.ref} submitted by alice: {Disposition.MONITOR.label.lower()}")
    read = case.open_decision().dossier_sha256
    try:
        case.approve(by=desk.cast.alice, dossier_sha256=read, confirmed=proof_of(desk.cast.alice))
    except NotAllowed as refusal:
        Entry.objects.refuse(desk.cast.alice, refusal.verb, case, str(refusal))
        desk.tell("alice refused as approver: a second person must sign")
    case.refresh_from_db()
    said = "I read the findings and the passages they rest on."
    case.approve(by=desk.cast.bob, dossier_sha256=read, confirmed=proof_of(desk.cast.bob), statement=said)
    desk.tell(f"{case.ref} approved by bob")


def leave_work_for_others(desk: Desk, cases: dict[Question, Case]) -> None:
    """Bring the other cases to different places, so that a newcomer finds something to do at each."""
    alice, carol = desk.cast.alice, desk.cast.carol
    distillation, devices, prices = cases[questions.DISTILLATION], cases[questions.DEVICES], cases[questions.PRICES]
    distillation.assign(by=carol, to=alice)
    exhibits = accept_best(desk, distillation, 3)
    put_on_the_board(desk, distillation, exhibits[0])
    distillation.add_finding(
        by=alice,
        risk_area=RiskArea.IP_AND_DISTILLATION,
        judgment="Whether proprietary output was used in training cannot be settled from what is public.",
        likelihood=Likelihood.ROUGHLY_EVEN,
        confidence=Confidence.LOW,
        exhibits=exhibits,
    )
    distillation.submit(
        by=alice,
        disposition=Disposition.REFER,
        rationale="The allegation concerns contracts between others. Counsel should read our own terms against it.",
        referred_to="Office of general counsel",
    )
    devices.assign(by=carol, to=alice)
    accept_best(desk, devices, 2)
    prices.assign(by=carol, to=carol)
    weigh_the_market(desk, prices)
    prices.hold(by=carol, reason="Waiting for the suppliers' answers about next year's prices.")


def put_on_the_board(desk: Desk, case: Case, exhibit: Exhibit) -> None:
    """What is alleged, by whom, and that nobody here has asked the other side yet."""
    alice, accused = desk.cast.alice, Vendor.objects.get(slug="deepseek")
    claim = Allegation.objects.enter(
        by=alice,
        case=case,
        vendor=accused,
        text="Output of proprietary models was used at scale to train a competitor’s.",
        speaker="OpenAI",
        as_of=datetime.date(2025, 1, 29),
        exhibit=exhibit,
    )
    claim.take_stand(by=alice, says=Says.NOT_SOUGHT, speaker=accused.canonical_name, as_of=datetime.date(2025, 1, 31))
    desk.tell(f"{case.ref}: a claim on the board, alleged until somebody finds it")


def weigh_the_market(desk: Desk, case: Case) -> None:
    """Carol cites how far a share moved: the figure that its publisher corrects later on."""
    carol = desk.cast.carol
    article = Document.objects.get(url__endswith=CORRECTED).newest
    start = article.text.index(MOVED)
    exhibit = case.add_exhibit(
        by=carol,
        snapshot=article,
        start=start,
        end=article.text.index(".", start + len(MOVED)) + 1,
        stance=Stance.SUPPORTS,
        credibility=Credibility.PROBABLY_TRUE,
    )
    case.add_finding(
        by=carol,
        risk_area=RiskArea.COMPETITION_MARKET,
        judgment="Markets reward announcements of models before anybody knows what they earn.",
        likelihood=Likelihood.LIKELY,
        confidence=Confidence.LOW,
        exhibits=[exhibit],
        basis="The size of the move is the whole of the evidence.",
    )
