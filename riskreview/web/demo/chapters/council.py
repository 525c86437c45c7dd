"""Second chapter: the question of the National Security Council goes through its playbook, stage by stage.

Public: the council said on 28 January 2025 that it was looking at it. Invented: the tasking, the papers, the desks that
were asked and what they said. No outcome of the real review is known, so this one ends in watching.
"""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

from riskreview.audit.models import Entry
from riskreview.audit.refusals import NotAllowed
from riskreview.cases.matrix import Level
from riskreview.cases.models import (
    Case,
    Comment,
    Condition,
    Confidence,
    Consultation,
    Disposition,
    Exhibit,
    Likelihood,
    Milestone,
    RiskArea,
    Sheet,
    Suggestion,
    Task,
)

from ..desk import Desk
from ..people import proof_of

TASKED_DAYS_AGO = 2
SEATS = {"intake_officer": "carol", "case_officer": "alice", "analyst": "alice", "deciding_official": "bob"}
ANSWERS = (
    ("Chief information officer (invented)", "concur", "Nobody here uses the hosted service for official work."),
    ("General counsel (invented)", "concur_with_comment", "Say apart what holds for the weights on our own machines."),
    ("Procurement (invented)", "no_position", "No contract with the company exists."),
)
QUOTES = (
    ("/deepseek-assistant", "The privacy notice says they are stored in China."),
    ("/garante-limits-processing", "limited the processing"),
    ("/white-house-security-council", "No scope, no timetable and no possible measure was named."),
)
NO_PICTURES = {"key": "visuals", "answer": "n/a", "comment": "There are no pictures in it."}


def walk(desk: Desk, case: Case) -> None:
    """From the tasking to the tasks after the decision."""
    take(desk, case)
    weigh(desk, case, gather(desk, case))
    ask_around(desk, case)
    settle(desk, case)
    decide(desk, case)
    hand_out(desk, case)


def take(desk: Desk, case: Case) -> None:
    """Carol gives the case and its seats to people and records the tasking, from which every limit counts."""
    carol, alice = desk.cast.carol, desk.cast.alice
    case.assign(by=carol, to=alice)
    for role, part in SEATS.items():
        case.seat(by=carol, role=role, user=getattr(desk.cast, part))
    tasking = desk.paper("Tasking", "The staff of the council asks what the spread of the app and of the models means.")
    washington = desk.now.astimezone(ZoneInfo(case.rules.timezone)).date()
    tasked = washington - datetime.timedelta(days=TASKED_DAYS_AGO)
    Milestone.objects.record(by=carol, case=case, key="tasked", stated_on=tasked, document=tasking)
    case.enter_stage(by=carol, stage="terms_of_reference")
    attach(desk, case, "terms_of_reference", "Terms of reference", "Use by our own agency; public sources only.")
    case.enter_stage(by=alice, stage="evidence")
    desk.tell(f"{case.ref} follows “{case.rules.title}”: {case.clocks.count()} limits run from the tasking")


def gather(desk: Desk, case: Case) -> list[Exhibit]:
    """Alice sorts the suggestions and quotes three sentences. Returns what she quoted."""
    accepted = desk.accept_best(case, 2)
    desk.tell(f"{len(accepted)} suggestions accepted by alice, such as “{accepted[0].passage[:90]}…”")
    weakest = case.suggestions.filter(state=Suggestion.State.OPEN).order_by("score", "pk").first()
    if weakest:
        weakest.dismiss(by=desk.cast.alice, reason="Repeats what is on record and adds nothing to the question.")
    quoted = [desk.quote(case, address, words) for address, words in QUOTES]
    case.enter_stage(by=desk.cast.alice, stage="working_group")
    return quoted


def weigh(desk: Desk, case: Case, quoted: list[Exhibit]) -> None:
    """Alice writes down what the evidence means, and carol reads it against the exhibits."""
    alice, (notice, order, briefing) = desk.cast.alice, quoted
    case.add_finding(
        by=alice,
        risk_area=RiskArea.DATA_JURISDICTION,
        judgment="Prompts and account data sent to the hosted service are likely to be stored in China.",
        likelihood=Likelihood.LIKELY,
        confidence=Confidence.MODERATE,
        exhibits=[notice, order],
        basis=f"Its own notice says so [{notice.ref}]. A regulator asked, and limited the processing [{order.ref}].",
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
        exhibits=[briefing],
        basis="Neither scope nor timetable nor measure was named.",
        risk_likelihood=Level.LOW,
        risk_impact=Level.MODERATE,
    )
    for finding in case.findings.order_by("number"):
        case.review_finding(by=desk.cast.carol, finding=finding)


def ask_around(desk: Desk, case: Case) -> None:
    """The checklist is gone through, and three desks are asked; each answers within its five business days."""
    alice = desk.cast.alice
    sheet = Sheet.objects.begin(by=alice, case=case, name="tradecraft")
    lines = [item.key for each in case.rules.checklist for item in each.items if item.key != NO_PICTURES["key"]]
    sheet.receive(by=alice, answers=[*({"key": key, "answer": "yes"} for key in lines), NO_PICTURES])
    for body, response, words in ANSWERS:
        row = Consultation.objects.send(by=alice, case=case, key="agencies", consultee=body, sent_at=desk.ago(hours=26))
        row.answer(by=alice, response=response, answered_at=desk.ago(hours=2), answer=words)
    desk.tell(f"{case.ref}: findings reviewed by carol, checklist answered, {len(ANSWERS)} desks asked and heard")


def settle(desk: Desk, case: Case) -> None:
    """The papers of the last stages before the decision."""
    alice = desk.cast.alice
    attach(desk, case, "discussion_paper", "Discussion paper", "The findings, and what speaks against them.")
    case.enter_stage(by=alice, stage="deputies")
    attach(desk, case, "summary_of_conclusions", "Summary of conclusions", "No need to trouble the principals.")
    case.enter_stage(by=alice, stage="decision")
    attach(desk, case, "decision_memorandum", "Decision memorandum", "Watch; decide anew when something is confirmed.")


def decide(desk: Desk, case: Case) -> None:
    """Alice submits; she is refused as approver; Bob reads and signs."""
    alice, bob = desk.cast.alice, desk.cast.bob
    set_watches(desk, case)
    case.submit(
        by=alice,
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
        case.approve(by=alice, dossier_sha256=read, confirmed=proof_of(alice))
    except NotAllowed as refusal:
        Entry.objects.refuse(alice, refusal.verb, case, str(refusal))
        desk.tell("alice refused as approver: a second person must sign")
    case.refresh_from_db()
    said = "I read the findings and the passages they rest on."
    case.approve(by=bob, dossier_sha256=read, confirmed=proof_of(bob), statement=said)
    desk.tell(f"{case.ref} approved by bob")


def set_watches(desk: Desk, case: Case) -> None:
    """What the decision to watch rests on: an incident that is confirmed, and a look after sixty days."""
    alice, watch = desk.cast.alice, Condition.Watch
    case.draft_condition(
        by=alice,
        text="No further incident of the vendor is confirmed.",
        owner=alice,
        watch=watch.INCIDENT_CONFIRMED,
    )
    case.draft_condition(
        by=alice,
        text="Report whether the place of storage was stated.",
        owner=alice,
        due_on=desk.today + datetime.timedelta(days=60),
        watch=watch.REPORT_DUE,
        on_trip=Condition.OnTrip.SUGGEST,
    )


def hand_out(desk: Desk, case: Case) -> None:
    """Bob, who holds the stage of the decision, moves the case on; what is left to do has an owner."""
    alice, carol = desk.cast.alice, desk.cast.carol
    case.enter_stage(by=desk.cast.bob, stage="tasking_out")
    due = desk.today + datetime.timedelta(days=14)
    Task.objects.add(by=carol, case=case, title="Tell the three desks what was decided", owner=alice, due_on=due)
    asked = f"@{alice.name} Please tell the three desks this week what was decided, and why."
    Comment.objects.write(by=carol, case=case, text=asked)
    case.enter_stage(by=alice, stage="follow_up")
    desk.tell(f"{case.ref} went through {case.stages.count()} stages and stands at “{case.rules.stage[-1].title}”")


def attach(desk: Desk, case: Case, output: str, title: str, text: str) -> None:
    """A paper that a stage asks for."""
    case.attach_output(by=desk.cast.alice, output=output, document=desk.paper(title, text))
