"""The other chapters: incidents, and cases left at different places, so that a newcomer finds something to do."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from riskreview.cases.models import (
    Allegation,
    Case,
    Confidence,
    Disposition,
    Exhibit,
    Flag,
    Likelihood,
    Milestone,
    RiskArea,
    Says,
)
from riskreview.evidence.models import Document, Source
from riskreview.incidents.models import Incident, Involvement

from .. import questions
from ..desk import Desk, Unfinished, quoted, sentence, vendor
from ..questions import Question
from ..visit import Visitor

CORRECTED, MOVED = "/alibaba-shares-qwen", "A gain of 8.5% in the day's trading"


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
        blocked.involve(by=alice, vendor=vendor(slug), role=role, alleged=alleged)
    cite(desk, blocked, "has seen some evidence")
    garante = Incident.objects.report(
        by=alice,
        kind=Incident.Kind.POLICY_ACTION,
        title="Italy limits the processing of users' data by DeepSeek",
        neutral_summary="The Garante limited the processing of Italian users' data, two days after its questions.",
        occurred_from=datetime.date(2025, 1, 30),
        standing=Incident.Standing.OFFICIAL_FINDING,
    )
    garante.involve(by=alice, vendor=vendor("deepseek"), role=Involvement.Role.DEPLOYER, alleged=False)
    cite(desk, garante, "limited the processing")
    desk.tell("2 incidents on record: one allegation, one official act")


def cite(desk: Desk, incident: Incident, words: str) -> None:
    """Cite the earliest archived sentence that holds these words."""
    document = Document.objects.filter(snapshots__text__contains=words).order_by("published_at").first()
    if document is None:
        raise Unfinished(f"no archived document says “{words}”")
    start, end = sentence(document.newest.text, words)
    incident.cite(by=desk.cast.alice, snapshot=document.newest, start=start, end=end)


def leave_work_for_others(desk: Desk, cases: Mapping[Question, Case]) -> None:
    """One case waits for a signature, one for suppliers, one on hold, one for somebody to take it."""
    refer(desk, cases[questions.DISTILLATION])
    ask_suppliers(desk, cases[questions.POWER])
    prices = cases[questions.PRICES]
    prices.assign(by=desk.cast.carol, to=desk.cast.carol)
    weigh_the_market(desk, prices)
    prices.hold(by=desk.cast.carol, reason="Waiting for the suppliers' answers about next year's prices.")
    Milestone.objects.record(by=desk.cast.carol, case=cases[questions.ITALY], key="asked", stated_on=desk.today)


def refer(desk: Desk, case: Case) -> None:
    """Alice submits; the second signature is left to whoever looks at the demonstration."""
    alice = desk.cast.alice
    case.assign(by=desk.cast.carol, to=alice)
    exhibits = desk.accept_best(case, 3)
    put_on_the_board(desk, case, exhibits[0])
    case.add_finding(
        by=alice,
        risk_area=RiskArea.IP_AND_DISTILLATION,
        judgment="Whether proprietary output was used in training cannot be settled from what is public.",
        likelihood=Likelihood.ROUGHLY_EVEN,
        confidence=Confidence.LOW,
        exhibits=exhibits,
    )
    case.submit(
        by=alice,
        disposition=Disposition.REFER,
        rationale="The allegation concerns contracts between others. Counsel should read our own terms against it.",
        referred_to="Office of general counsel",
    )


def put_on_the_board(desk: Desk, case: Case, exhibit: Exhibit) -> None:
    """What is alleged, by whom, and that nobody here has asked the other side yet."""
    alice, accused = desk.cast.alice, vendor("deepseek")
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


def ask_suppliers(desk: Desk, case: Case) -> None:
    """A supplier assessment at its second stage: the questionnaire went out two days ago, and the suppliers' time runs.

    That anybody asked these companies is invented; so nothing is told as their answer.
    """
    alice, carol = desk.cast.alice, desk.cast.carol
    case.assign(by=carol, to=alice)
    asked = desk.today - datetime.timedelta(days=3)
    Milestone.objects.record(by=carol, case=case, key="asked", stated_on=asked)
    case.state_particular(by=alice, field="scope", text="Hosted services that our offices buy.")
    case.state_particular(by=alice, field="tier", text="2 of 3: work goes on without them for some days.")
    case.enter_stage(by=alice, stage="questionnaire")
    letter = desk.paper("Questionnaire to suppliers", "How is the electricity of the sites that serve us secured?")
    sent_on = desk.today - datetime.timedelta(days=2)
    for party in case.vendors.order_by("canonical_name"):
        Milestone.objects.record(
            by=alice, case=case, key="questionnaire_sent", party=party, stated_on=sent_on, document=letter
        )
    desk.tell(f"{case.ref}: {case.vendors.count()} suppliers have 20 business days for their answers")


def weigh_the_market(desk: Desk, case: Case) -> None:
    """Carol cites how far a share moved: the figure that its publisher corrects later on."""
    carol = desk.cast.carol
    exhibit = quoted(case, carol, CORRECTED, MOVED)
    case.add_finding(
        by=carol,
        risk_area=RiskArea.COMPETITION_MARKET,
        judgment="Markets reward announcements of models before anybody knows what they earn.",
        likelihood=Likelihood.LIKELY,
        confidence=Confidence.LOW,
        exhibits=[exhibit],
        basis="The size of the move is the whole of the evidence.",
    )


def correct_an_article(desk: Desk) -> None:
    """The newsroom corrects a figure that a finding rests on. The next visit to its source brings the new version
    beside the old one, and the case that cites the old one is flagged."""
    Visitor(desk.newsroom).press("/_control/correct")
    corrected = Document.objects.get(url__endswith=CORRECTED)
    flags = Flag.objects.open().filter(change__document=corrected)
    Source.objects.get(documents=corrected).collect_now(by=desk.cast.carol)
    desk.wait(lambda: "" if flags.exists() else f"the corrected “{corrected}” did not arrive, or flagged nothing")
    exhibit = flags.get().exhibit
    desk.tell(f"one article was corrected by {corrected.outlet}: both versions are in the archive")
    desk.tell(f"{exhibit.case.ref} is flagged: what its {exhibit.ref} cites has changed")
