"""Random histories of a case: people and the sweep do whatever is open to them, and much that is not."""

from __future__ import annotations

import datetime
import random
from collections.abc import Callable
from typing import Any

from django.utils import timezone

from riskreview.audit.refusals import Refusal
from riskreview.cases import sweeping
from riskreview.cases.models import (
    Allegation,
    Case,
    Comment,
    Confidence,
    Consultation,
    Disposition,
    Likelihood,
    Link,
    Milestone,
    Priority,
    Publication,
    RiskArea,
    Sheet,
    SourceClass,
    Stance,
    Submission,
    Task,
)
from riskreview.cases.workflow import Status
from tests import make

DAY = datetime.timedelta(days=1)
Act = Callable[[Case, Any, random.Random], Any]


class NothingThere(LookupError):
    """The case has no such row now."""


def some(chance: random.Random, rows: Any) -> Any:
    """One of these rows."""
    found = list(rows.order_by("pk"))
    if not found:
        raise NothingThere
    return chance.choice(found)


def past(chance: random.Random) -> datetime.datetime:
    """A moment of the last weeks."""
    return timezone.now() - chance.randint(0, 40) * DAY


def words(chance: random.Random) -> str:
    """A text, now and then too long for an entry."""
    return f"Said {chance.randint(0, 10**9)}. " * chance.choice([1, 1, 1, 600])


def finding_words(case: Case, chance: random.Random) -> dict[str, Any]:
    """What a finding says, resting on some of the exhibits."""
    standing = list(case.exhibits.filter(withdrawn_at=None).order_by("pk"))
    if not standing:
        raise NothingThere
    placed = {
        "risk_likelihood": chance.choice([None, 4]),
        "risk_impact": 4,
        "treatment": chance.choice(["", "Block it."]),
    }
    return {
        "risk_area": chance.choice([*RiskArea]),
        "judgment": f"It is {chance.choice(['likely', 'very likely'])} kept abroad, {chance.randint(0, 999)}.",
        "likelihood": Likelihood.LIKELY,
        "confidence": chance.choice([*Confidence]),
        "exhibits": chance.sample(standing, chance.randint(1, len(standing))),
        "assumptions": chance.choice(["", words(chance)]),
    } | (placed if placed["risk_likelihood"] else {})


def effect_words(case: Case, chance: random.Random) -> dict[str, Any]:
    """What an effect says."""
    given = {"action": chance.choice(["PROHIBIT", "PERMIT"]), "target_kind": "ENTITY", "target": f"X{chance.random()}"}
    start = chance.choice([None, timezone.now().date() + chance.randint(1, 50) * DAY])
    return given | {"population": "All", "jurisdiction": "EU", "starts_on": start, "clause": words(chance)}


def graded(chance: random.Random) -> dict[str, Any]:
    """How an exhibit is judged."""
    given = {"stance": chance.choice([*Stance]), "credibility": chance.choice([2, 3, 4, 5, 6])}
    return given | {"note": words(chance), "source_class": chance.choice([*SourceClass])}


def recommended(case: Case, chance: random.Random) -> dict[str, Any]:
    """A recommendation that this case may end in."""
    ends = ["GO", "STOP"] if case.playbook else [Disposition.MONITOR, Disposition.ADVISORY]
    return {"disposition": chance.choice(ends), "rationale": words(chance), "dissent": chance.choice(["", "Not so."])}


def stated(chance: random.Random) -> dict[str, Any]:
    """When something happened: an instant or a day."""
    when = past(chance) - DAY
    return chance.choice([{"stated_at": when}, {"stated_on": when.date()}])


def approve(case: Case, by: Any, chance: random.Random) -> None:
    """Sign what waits, now and then what waited before."""
    make.approval(case, by=by)


def enter_stage(case: Case, by: Any, chance: random.Random) -> None:
    """On or back, wherever it may go."""
    ways = [*case.may_go(), *case.may_go_back()] if case.playbook else []
    if not ways:
        raise NothingThere
    case.enter_stage(by=by, stage=chance.choice(ways).key, reason="Because.")


def sweep(case: Case, by: Any, chance: random.Random) -> None:
    """The clocks are looked at, now or a month on."""
    sweeping.look(case.pk, timezone.now() + chance.choice([0, 30, 60]) * DAY)


def answer_sheet(case: Case, by: Any, chance: random.Random) -> None:
    """One line, or all."""
    sheet = some(chance, case.sheets)
    lines = sheet.asked.question
    if chance.random() < 0.5:
        sheet.answer(by=by, item=lines[0].key, verdict=chance.choice(["YES", "NO"]), note=words(chance))
    else:
        sheet.receive(by=by, answers=[{"key": each.key, "answer": "yes"} for each in lines])


OF_CASE: dict[str, Act] = {
    "assign": lambda case, by, chance: case.assign(by=by, to=by),
    "reschedule": lambda case, by, chance: case.reschedule(
        by=by, due_at=past(chance), priority=chance.choice([*Priority]), reason="Because."
    ),
    "hold": lambda case, by, chance: case.hold(by=by, reason=words(chance)),
    "resume": lambda case, by, chance: case.resume(by=by),
    "search_again": lambda case, by, chance: case.search_again(by=by),
    "relabel": lambda case, by, chance: case.relabel(by=by, labels=[f"label-{chance.randint(0, 9)}"]),
    "file": lambda case, by, chance: case.file(
        by=by, team=chance.choice([None, make.team(by=by, name=f"T{case.entry_seq}")])
    ),
    "snooze": lambda case, by, chance: case.snooze(by=by, until=timezone.now().date() + 3 * DAY),
    "wake": lambda case, by, chance: case.wake(by=by),
    "add_exhibit": lambda case, by, chance: make.exhibit(case, by=by, text=make.TEXT * chance.choice([1, 50])),
    "amend_exhibit": lambda case, by, chance: case.amend_exhibit(
        by=by, exhibit=some(chance, case.exhibits), **graded(chance)
    ),
    "withdraw_exhibit": lambda case, by, chance: case.withdraw_exhibit(
        by=by, exhibit=some(chance, case.exhibits), reason="Misread."
    ),
    "add_finding": lambda case, by, chance: case.add_finding(by=by, **finding_words(case, chance)),
    "amend_finding": lambda case, by, chance: case.amend_finding(
        by=by, finding=some(chance, case.findings), **finding_words(case, chance)
    ),
    "withdraw_finding": lambda case, by, chance: case.withdraw_finding(
        by=by, finding=some(chance, case.findings), reason="Misread."
    ),
    "review_finding": lambda case, by, chance: case.review_finding(by=by, finding=some(chance, case.findings)),
    "draft_effect": lambda case, by, chance: case.draft_effect(by=by, **effect_words(case, chance)),
    "amend_effect": lambda case, by, chance: case.amend_effect(
        by=by, effect=some(chance, case.effects), **effect_words(case, chance)
    ),
    "drop_effect": lambda case, by, chance: case.drop_effect(by=by, effect=some(chance, case.effects)),
    "postpone_effect": lambda case, by, chance: case.postpone_effect(
        by=by,
        effect=some(chance, case.effects),
        starts_on=timezone.now().date() + 99 * DAY,
        on=timezone.now().date(),
        reason="More time.",
    ),
    "agree_postponement": lambda case, by, chance: case.agree_postponement(
        by=by, effect=some(chance, case.effects.filter(is_asked=True)), confirmed=make.confirmed(by)
    ),
    "refuse_postponement": lambda case, by, chance: case.refuse_postponement(
        by=by, effect=some(chance, case.effects.filter(is_asked=True)), reason="No."
    ),
    "draft_condition": lambda case, by, chance: case.draft_condition(by=by, text=words(chance), owner=by),
    "amend_condition": lambda case, by, chance: case.amend_condition(
        by=by, condition=some(chance, case.conditions), text=words(chance), due_on=past(chance).date()
    ),
    "drop_condition": lambda case, by, chance: case.drop_condition(by=by, condition=some(chance, case.conditions)),
    "settle_condition": lambda case, by, chance: case.settle_condition(
        by=by, condition=some(chance, case.conditions), state=chance.choice(["MET", "WAIVED"]), note=words(chance)
    ),
    "submit": lambda case, by, chance: case.submit(by=by, **recommended(case, chance)),
    "revise": lambda case, by, chance: case.revise(by=by, **recommended(case, chance)),
    "approve": approve,
    "dissent": lambda case, by, chance: case.dissent(by=by, text="I would not.", confirmed=make.confirmed(by)),
    "send_back": lambda case, by, chance: case.send_back(by=by, reason="More, please."),
    "reopen": lambda case, by, chance: case.reopen(by=by, reason="News."),
    "withdraw": lambda case, by, chance: chance.random() < 0.3 and case.withdraw(by=by, reason="It fell away."),
    "enter_stage": enter_stage,
    "countersign_stage": lambda case, by, chance: case.countersign_stage(by=by),
    "seat": lambda case, by, chance: case.seat(by=by, role=chance.choice(["consultee", "analyst"]), user=by),
    "unseat": lambda case, by, chance: case.unseat(by=by, role=some(chance, case.seats).role, user=by),
    "attach_output": lambda case, by, chance: case.attach_output(by=by, output="note", document=make.document()),
    "state_particular": lambda case, by, chance: case.state_particular(by=by, field="reason", text=words(chance)),
    "adopt_playbook": lambda case, by, chance: case.adopt_playbook(by=by, playbook="walked", reason="It fits."),
    "new_round": lambda case, by, chance: chance.random() < 0.2 and case.new_round(by=by, reason="Filed anew."),
}
HAPPENED: list[Callable[[Case], dict[str, Any]]] = [
    lambda case: {"key": "asked"},
    lambda case: {"key": "looked"},
    lambda case: {"key": "served", "party": case.vendors.get()},
]
OF_ROWS: dict[str, Act] = {
    "milestone.record": lambda case, by, chance: Milestone.objects.record(
        by=by, case=case, **chance.choice(HAPPENED)(case), **stated(chance)
    ),
    "milestone.correct": lambda case, by, chance: some(chance, case.milestones).correct(
        by=by, reason="Misread.", **stated(chance)
    ),
    "clock.toll": lambda case, by, chance: some(chance, case.clocks).toll(
        by=by, first=past(chance).date(), reason="court_order", document=make.document()
    ),
    "clock.end_toll": lambda case, by, chance: some(chance, case.clocks.exclude(tolls=None)).end_toll(
        by=by, reason="court_order", last=timezone.now().date()
    ),
    "clock.extend": lambda case, by, chance: some(chance, case.clocks.filter(key="triage")).extend(
        by=by, form="written_notice", document=make.document(), decided_at=timezone.now(), days=9
    ),
    "clock.waive": lambda case, by, chance: some(chance, case.clocks).waive(by=by, reason="It is ours."),
    "sweep": sweep,
    "consultation.send": lambda case, by, chance: Consultation.objects.send(
        by=by, case=case, key="agencies", consultee=f"Body {chance.randint(0, 99)}", sent_at=past(chance)
    ),
    "consultation.answer": lambda case, by, chance: some(chance, case.consultations).answer(
        by=by,
        response=chance.choice(["concur", "object"]),
        rank=chance.choice(["secretary", "staff"]),
        answered_at=timezone.now(),
        answer=words(chance),
    ),
    "consultation.presume_concurrence": lambda case, by, chance: some(chance, case.consultations).presume_concurrence(
        by=by
    ),
    "consultation.mark_undeliverable": lambda case, by, chance: some(chance, case.consultations).mark_undeliverable(
        by=by, reason="It came back."
    ),
    "submission.receive": lambda case, by, chance: Submission.objects.receive(
        by=by, case=case, key="answer", party=case.vendors.get(), received_at=past(chance), summary=words(chance)
    ),
    "submission.note_silence": lambda case, by, chance: Submission.objects.note_silence(
        by=by, case=case, key="answer", party=case.vendors.get(), why="It would warn them.", sought=False
    ),
    "submission.consider": lambda case, by, chance: some(chance, case.submissions).consider(
        by=by, text=words(chance), changed_outcome=chance.choice([True, False])
    ),
    "sheet.begin": lambda case, by, chance: Sheet.objects.begin(
        by=by, case=case, name=chance.choice(["points", "supplier-1"])
    ),
    "sheet.answer": answer_sheet,
    "task.add": lambda case, by, chance: Task.objects.add(by=by, case=case, title=f"Do {chance.random()}", owner=by),
    "task.amend": lambda case, by, chance: some(chance, case.tasks).amend(by=by, title="Do it well."),
    "task.finish": lambda case, by, chance: some(chance, case.tasks).finish(by=by, note=words(chance)),
    "task.drop": lambda case, by, chance: some(chance, case.tasks).drop(by=by, reason="Not needed."),
    "task.take_up": lambda case, by, chance: some(chance, case.tasks).take_up(by=by),
    "comment.write": lambda case, by, chance: Comment.objects.write(by=by, case=case, text=words(chance)),
    "comment.edit": lambda case, by, chance: some(chance, case.comments.filter(author=by)).edit(
        by=by, text=words(chance)
    ),
    "comment.withdraw": lambda case, by, chance: some(chance, case.comments).withdraw(by=by),
    "link.draw": lambda case, by, chance: make.link(case, by=by),
    "link.cut": lambda case, by, chance: some(chance, Link.objects.filter(case=case)).cut(by=by, reason="Wrong."),
    "allegation.enter": lambda case, by, chance: make.claim(case, by=by, text=f"It is so, {chance.random()}."),
    "allegation.take_stand": lambda case, by, chance: some(chance, Allegation.objects.filter(case=case)).take_stand(
        by=by, says="DENIED", speaker="DeepSeek", as_of=past(chance).date()
    ),
    "publication.publish": lambda case, by, chance: (
        case.decision
        and Publication.objects.publish(
            by=by, case=case, decision=case.decision, channel="Register", published_on=timezone.now().date()
        )
    ),
}
ACTS = OF_CASE | OF_ROWS
# What is tried more often where a case stands: it is what the rest happens to.
OFTEN: dict[str, tuple[str, ...]] = {
    Status.NEW: ("assign",),
    Status.IN_REVIEW: (
        *("add_finding", "amend_finding", "amend_exhibit", "draft_condition", "submission.receive", "clock.toll"),
        *("enter_stage", "countersign_stage", "attach_output", "milestone.record", "submit", "consultation.send"),
    ),
    Status.ON_HOLD: ("resume",),
    Status.AWAITING_APPROVAL: (
        *("revise", "amend_finding", "review_finding", "amend_effect", "draft_condition", "submission.consider"),
        *("consultation.answer", "add_exhibit"),
    ),
    Status.DECIDED: ("settle_condition", "postpone_effect", "enter_stage", "publication.publish", "settle_condition"),
    Status.WITHDRAWN: ("reopen",),
}
SIGNERS_DO = ("approve", "dissent", "send_back", "comment.write", "task.finish", "agree_postponement")
TRIES = 4


def act(case: Case, people: list[Any], signers: list[Any], chance: random.Random) -> list[str]:
    """Try to do something, up to four things until one is done; the names of those that were refused, then of that one.

    Whoever ever touched a dossier cannot sign it, so those who sign do little else.
    """
    tried: list[str] = []
    for _ in range(TRIES):
        waits = case.status == Status.AWAITING_APPROVAL
        signs = chance.random() < (0.3 if waits else 0.03)
        often = OFTEN[case.status] if chance.random() < 0.4 else tuple(ACTS)
        name = chance.choice(SIGNERS_DO if signs else often)
        tried.append(name)
        try:
            ACTS[name](case, chance.choice(signers if signs else people), chance)
        except (Refusal, NothingThere):
            case = Case.objects.get(pk=case.pk)
        else:
            return tried
    return [*tried, ""]


def decide(case: Case, people: list[Any], signers: list[Any]) -> Case:
    """Bring a case to a decision, wherever it is."""
    case = wait(case, people, signers)
    make.approval(case, by=signers[-1])
    return Case.objects.get(pk=case.pk)


def wait(case: Case, people: list[Any], signers: list[Any]) -> Case:
    """Have a case wait for its signature, wherever it is: as short as it goes, by its own verbs."""
    by, chance = people[0], random.Random(case.entry_seq)
    if case.status in (Status.DECIDED, Status.WITHDRAWN):
        case.reopen(by=by, reason="Once more.")
    if case.status == Status.ON_HOLD:
        case.resume(by=by)
    if case.status == Status.AWAITING_APPROVAL:
        case.send_back(by=signers[0], reason="Once more.")
    case.assign(by=by, to=by)
    finding = make.finding(case, by=by)
    assert finding.pk
    if case.playbook is not None:
        to_the_decision(case, by, people[1])
    for row in Submission.objects.unconsidered(case):
        row.consider(by=by, text="Read.", changed_outcome=False)
    case = Case.objects.get(pk=case.pk)
    case.submit(by=by, **recommended(case, chance))
    return Case.objects.get(pk=case.pk)


def to_the_decision(case: Case, by: Any, second: Any) -> None:
    """Along the stages of the walked playbook, back first where the case is past its decision."""
    for seat in list(case.seats.all()):
        case.unseat(by=by, role=seat.role, user=seat.user)
    if case.stage_now().key in ("follow_up", "closing"):
        case.enter_stage(by=by, stage="decision", reason="Once more.")
    if case.stage_now().key == "intake":
        case.enter_stage(by=by, stage="review")
    if case.stage_now().key == "review":
        if case.may("countersign_stage", second):
            case.countersign_stage(by=second)
        elif case.may("countersign_stage", by):
            case.countersign_stage(by=by)
        case.enter_stage(by=by, stage="decision")
    if not case.outputs.filter(key="note").exists():
        case.attach_output(by=by, output="note", document=make.document())
    if not case.particulars.get("reason"):
        case.state_particular(by=by, field="reason", text="It is so.")
