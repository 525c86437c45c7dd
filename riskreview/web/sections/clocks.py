"""The limits of a case, and the dated facts they start from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from riskreview.accounts.models import User
from riskreview.accounts.roles import lead, reviewer
from riskreview.cases import guards
from riskreview.cases.deadlines import State, left
from riskreview.cases.deadlines.rule import amount
from riskreview.cases.models import Case, Clock, Milestone
from riskreview.cases.playbook import Clock as Row
from riskreview.cases.playbook import words
from riskreview.cases.wanting import Wanted
from riskreview.cases.winding import Reading, of_round, read
from riskreview.cases.workflow import Status

from ..forms import clocks as forms
from ..forms.base import Form
from .due import named

if TYPE_CHECKING:
    from ..dossier import Dossier

WORDS = {
    State.NOT_STARTED: ("Not known", "none", "clock"),
    State.ON_TRACK: ("On track", "ok", "clock"),
    State.DUE_SOON: ("Due soon", "risk", "clock"),
    State.OVERDUE: ("Overdue", "over", "circle-alert"),
    State.PAUSED: ("Paused", "paused", "pause"),
    State.SATISFIED_EARLY: ("Done in time", "done", "check"),
    State.SATISFIED_LATE: ("Done late", "done", "check"),
    State.LAPSED: ("Time is over", "done", "clock"),
    State.PRESUMED: ("Presumed", "done", "check"),
    State.WAIVED: ("Waived", "done", "x"),
    State.MISSED: ("Missed", "over", "circle-alert"),
    State.VOID: ("Void", "done", "x"),
}
RUNNING = (State.ON_TRACK, State.DUE_SOON, State.OVERDUE, State.PAUSED)
AT_WORK = (*RUNNING, State.LAPSED, State.MISSED)


@dataclass(slots=True)
class Line:
    """One limit as the page tells it."""

    title: str
    standing: State
    state: str
    tone: str
    icon: str
    note: str
    what: str
    due: str
    zone: str
    clock: Wanted
    row: Clock
    binds: bool = False
    forms: list[Form] = field(default_factory=list)


@dataclass(slots=True)
class Fact:
    """One dated fact, with the form that corrects it."""

    title: str
    row: Milestone
    form: Form | None


def load(dossier: Dossier) -> dict[str, Any]:
    """What this section shows."""
    case, user = dossier.case, dossier.reader
    if case.playbook is None:
        return {}
    found = read(case, dossier.now)
    seated = {seat.role for seat in case.seats.all() if seat.user_id == user.pk}
    taken = {seat.role for seat in case.seats.all()}
    lines = sorted((line(found, each, case) for each in found.clocks if each.key in found.rows), key=in_order)
    for each in lines:
        each.forms = list(acts(each, case, user, seated, taken))
    return {
        "lines": [each for each in lines if each.tone != "done"],
        "done": [each for each in lines if each.tone == "done"],
        "running": [each for each in lines if each.standing in RUNNING],
        "waiting": [{"title": row.title, "start": words.start(found.playbook, row)} for row in waiting(found)],
        "unbegun": unbegun(found),
        "facts": facts(case, user, found),
        "record": forms.Record(user=user, case=case) if may_record(case, user) else None,
    }


def line(found: Reading, clock: Wanted, case: Case) -> Line:
    """One limit in words."""
    standing = State.VOID if case.status == Status.WITHDRAWN and not clock.is_over else found.standing(clock)
    title, row = words.titled(found.playbook, "clock", clock.rule.key), found.rows[clock.key]
    name, tone, icon = WORDS[standing]
    if clock.rule.waits and standing == State.LAPSED:
        name = "Permitted"
    if clock.rule.kind == "recurring":
        title = f"{title}, {clock.occurrence}"
    note = remark(found, clock, standing)
    binds = standing in RUNNING and clock.due is not None and clock.due.before == case.binding_at
    what = words.sentence(found.playbook, rule_row(found, clock))
    return Line(
        title, standing, name, tone, icon, note, what, until(found, clock, standing), zone(clock), clock, row, binds
    )


def rule_row(found: Reading, clock: Wanted) -> Row:
    """What the playbook says of a limit."""
    return next(each for each in found.playbook.clock if each.key == clock.rule.key)


def remark(found: Reading, clock: Wanted, standing: State) -> str:
    """What goes with the state: who must act now, what silence allows."""
    rule = clock.rule
    late = [unextended(found, clock)] if standing in (State.OVERDUE, State.SATISFIED_LATE) else []
    if standing == State.OVERDUE and rule.on_expiry.startswith("escalate:"):
        late.append(f"Escalated to the {rule.on_expiry.partition(':')[2].replace('_', ' ')}")
    if any(late):
        return ". ".join(filter(None, late))
    if standing == State.LAPSED and rule.on_expiry == "offer_presumption":
        return "Nobody answered: concurrence may be presumed"
    return found.rows[clock.key].settlement if standing == State.WAIVED else ""


def until(found: Reading, clock: Wanted, standing: State) -> str:
    """The last day of a limit, or its hour, and how much time is left."""
    rule, due = clock.rule, clock.due
    if due is None or due.on is None:
        return "No date yet"
    told = f"{'from' if rule.waits else 'due'} {named(due.on)}"
    if rule.unit == "hour" and due.before is not None:
        told += f", {due.before.astimezone(UTC):%H:%M} UTC"
    if standing not in (State.ON_TRACK, State.DUE_SOON, State.PAUSED) or rule.waits:
        return told
    unit = rule.unit if rule.unit in ("bus_day", "hour") else "cal_day"
    return f"{told}, in {amount(left(rule, due, found.calendar, found.now), unit)}"


def zone(clock: Wanted) -> str:
    """When exactly a limit ends, with the zone its days are counted in."""
    if clock.due is None or clock.due.before is None:
        return ""
    end = clock.due.before.astimezone(UTC)
    return f"Ends {end.day} {end:%b %Y, %H:%M} UTC. Days are counted in {clock.rule.zone}."


def unextended(found: Reading, clock: Wanted) -> str:
    """That a limit of the law ran out and nobody gave more time, though the rule lets somebody; else empty."""
    rule = clock.rule
    may = rule.basis == "law" and rule.extended_by
    return "No extension is on record" if may and not found.rows[clock.key].extensions.all() else ""


def in_order(each: Line) -> tuple[bool, datetime]:
    """What runs comes first, the earliest on top; then what is over."""
    end = each.clock.due.before if each.clock.due and each.clock.due.before else datetime.max.replace(tzinfo=UTC)
    return each.tone == "done", end


def waiting(found: Reading) -> list[Row]:
    """The rules whose clocks have not started."""
    there = {each.rule.key for each in found.clocks}
    return [row for row in found.playbook.clock if row.key not in there]


def unbegun(found: Reading) -> list[str]:
    """The limits that have not begun because no date is on record that starts them, by title."""
    rows = [row for row in waiting(found) if row.from_.startswith("milestone:")]
    return [words.titled(found.playbook, "clock", row.key) for row in rows]


def facts(case: Case, user: User, found: Reading) -> list[Fact]:
    """The dated facts of this round, oldest first."""
    rows = of_round(case.milestones.all(), case)
    at_work = guards.assignee_or_lead(case, user)
    return [
        Fact(
            words.titled(found.playbook, "milestone", row.key),
            row,
            forms.Correct(user=user, subject=row, case=case)
            if at_work or (row.recorded_by_id == user.pk and reviewer(row, user))
            else None,
        )
        for row in sorted(rows, key=lambda row: (str(row.start), row.pk))
    ]


def may_record(case: Case, user: User) -> bool:
    """Whether this person may put a date on record."""
    return reviewer(None, user) and case.status != Status.WITHDRAWN


def acts(each: Line, case: Case, user: User, seated: set[str], taken: set[str]) -> Iterator[Form]:
    """What this person may do about a limit now."""
    rule, row = each.clock.rule, each.row
    if each.standing not in AT_WORK or rule.waits:
        return
    given: dict[str, Any] = {"user": user, "subject": row, "case": case}
    if rule.extended_by and (rule.extended_by in seated if rule.extended_by in taken else lead(case, user)):
        yield forms.Extend(**given)
    if guards.assignee_or_lead(case, user):
        if any(toll.last is None for toll in row.tolls.all()):
            yield forms.EndToll(**given)
        elif rule.toll or rule.basis == "self_set":
            yield forms.Toll(**given)
        if rule.basis == "self_set":
            yield forms.Waive(**given)
