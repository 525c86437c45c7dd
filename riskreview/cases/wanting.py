"""Which clocks a case has: pure, from the rules of its playbook and its dated facts to limits with their dates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from riskreview.lib.workdays import Calendar

from .dated import Facts, Key
from .deadlines import Due, Rule, Start, State, born_late, due, local_day, midnight, notices, starts, state
from .playbook import Clock as Row
from .playbook import Playbook

MOST_OCCURRENCES = 200
# Recorded once a limit has ended; a date that moved since takes it back.
AT_THE_END = (State.LAPSED, State.MISSED)
FOR_GOOD = (State.VOID, State.WAIVED, State.PRESUMED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One limit that has started. `due` is None where its date cannot be worked out; `parts` says why then."""

    rule: Rule
    start: Start
    occurrence: int = 1
    milestone: int | None = None
    consultation: int | None = None
    party: int | None = None
    recorded_at: datetime | None = None
    due: Due | None = None
    parts: tuple[str, ...] = ()
    satisfied_at: datetime | None = None
    settled: State | None = None

    @property
    def key(self) -> Key:
        """What tells it from the other clocks of its round."""
        return self.rule.key, self.occurrence, self.milestone, self.consultation

    @property
    def began(self) -> datetime:
        """The instant it counts from: of a date, its midnight."""
        return instant(self.start, self.rule)

    @property
    def is_over(self) -> bool:
        """Whether it was done, or settled for good."""
        return self.satisfied_at is not None or self.settled in FOR_GOOD

    def standing(self, now: datetime, calendar: Calendar) -> State:
        """Where it stands at a moment."""
        settled = self.settled
        if settled in AT_THE_END and (not self._has_ended(now) or self.satisfied_at is not None):
            settled = None
        return state(self.rule, self.due, now, calendar, satisfied_at=self.satisfied_at, settled=settled)

    def _has_ended(self, now: datetime) -> bool:
        return self.due is not None and self.due.before is not None and now >= self.due.before


def wanted(playbook: Playbook, facts: Facts, calendar: Calendar, now: datetime) -> tuple[Wanted, ...]:
    """Every limit of a case that has started, in the order of the playbook.

    Only a fixed series looks at `now`: its next date opens when one has passed.
    """
    found: list[Wanted] = []
    for row in playbook.clock:
        for clock in _begun(playbook, row, facts):
            done = _done(playbook, row, clock, facts)
            found += _series(clock, done, facts, calendar, now) if row.kind == "recurring" else [
                _dated(replace(clock, satisfied_at=min(done, default=None)), facts, calendar)
            ]  # fmt: skip
    return tuple(found)


def rule_of(row: Row, timezone: str) -> Rule:
    """The rule in a row of a playbook."""
    extend = {"by": row.extend.by, "form": row.extend.form} if row.extend else None
    plain = {name: getattr(row, name) for name in Row.__dataclass_fields__ if name not in ("extend", "from_")}
    return Rule.of(plain | {"extend": extend}, timezone)


def instant(start: Start, rule: Rule) -> datetime:
    """An instant, or the midnight with which a local date begins."""
    return start if isinstance(start, datetime) else midnight(start, rule.zone)


def _begun(playbook: Playbook, row: Row, facts: Facts) -> Iterator[Wanted]:
    """The clocks of one rule: one for each thing it starts from, or a single one from the first or the last."""
    rule = rule_of(row, playbook.timezone)
    table, _, key = row.from_.partition(":")
    found = list(_anchors(rule, table, key, facts))
    if rule.from_many == "each":
        yield from found
        return
    there: list[Start | None] = [each.start for each in found]
    yield from (Wanted(rule=rule, start=each) for each in starts(rule, there + [None] * _absent(table, key, facts)))


def _anchors(rule: Rule, table: str, key: str, facts: Facts) -> Iterator[Wanted]:
    """What has happened of what a rule starts from."""
    if table == "milestone":
        for fact in facts.milestones:
            if fact.key == key:
                told = {"milestone": fact.row, "party": fact.party, "recorded_at": fact.recorded_at}
                yield Wanted(rule=rule, start=fact.at, **told)  # type: ignore[arg-type]
    elif table == "consultation":
        for asked in facts.consultations:
            if asked.key == key and asked.sent_at is not None:
                settled = State.PRESUMED if asked.presumed else None
                yield Wanted(rule=rule, start=asked.sent_at, consultation=asked.row, settled=settled)
    elif facts.approved_at is not None:
        yield Wanted(rule=rule, start=facts.approved_at)


def _absent(table: str, key: str, facts: Facts) -> int:
    """How many of the things that a rule may start from are still to come."""
    if table == "consultation":
        return sum(each.key == key and each.sent_at is None for each in facts.consultations)
    told = {each.party for each in facts.milestones if each.key == key}
    return len(facts.parties - told) if table == "milestone" else 0


def _done(playbook: Playbook, row: Row, clock: Wanted, facts: Facts) -> list[datetime]:
    """When what a clock waits for happened, in order. A stage that it holds back counts as such."""
    table, _, key = row.until.partition(":")
    if row.blocks:
        found = [each.entered_at for each in facts.visits if each.key == row.blocks and each.entered_at >= clock.began]
    elif table == "left":
        left = (each.left_at for each in facts.visits if each.key == key)
        found = [each for each in left if each is not None and each >= clock.began]
    elif table == "milestone":
        party = (None, clock.party) if clock.party is not None else ()
        same = [each for each in facts.milestones if each.key == key and (not party or each.party in party)]
        found = [instant(each.at, clock.rule) for each in same]
    elif row.until == "answered":
        found = _answers(row, clock, facts)
    elif row.until == "replied":
        rights = {reply.key for reply in playbook.reply if reply.clock == row.key}
        found = [each.at for each in facts.replies if each.key in rights and clock.party in (None, each.party)]
    else:
        approved = facts.approved_at if row.until == "approved" else None
        found = [approved] if approved is not None and approved >= clock.began else []
    return sorted(found)


def _answers(row: Row, clock: Wanted, facts: Facts) -> list[datetime]:
    """The answer to one consultation, or, for a clock from several, the last once all have answered."""
    key = row.from_.partition(":")[2]
    asked = [
        each for each in facts.consultations if each.key == key and clock.consultation in (None, each.row)
    ]  # fmt: skip
    column = "heeded_at" if row.kind == "presumed_after" else "answered_at"
    answers = [getattr(each, column) for each in asked]
    return [max(answers)] if answers and None not in answers else []


def _dated(clock: Wanted, facts: Facts, calendar: Calendar) -> Wanted:
    """The clock with its date, and the sentences that explain it."""
    key, rule = clock.key, clock.rule
    settled = clock.settled or facts.settled.get(key)
    whole = replace(rule, n=rule.n * clock.occurrence) if rule.anchor == "fixed" else rule
    try:
        found = due(whole, clock.start, calendar, facts.tolls.get(key, ()), facts.extensions.get(key, ()))
    except ValueError as trouble:  # a year the calendar does not hold, hours from a bare date
        return replace(clock, settled=settled, parts=(str(trouble),))
    late = born_late(clock.start, clock.recorded_at, rule) if clock.recorded_at else ""
    told = (f"The start was {late}.",) if late else ()
    return replace(clock, settled=settled, due=found, parts=(*found.parts, *told))


def _series(
    clock: Wanted, done: Sequence[datetime], facts: Facts, calendar: Calendar, now: datetime
) -> list[Wanted]:  # fmt: skip
    """The dates of a clock that comes again: those that were kept or missed, and the open one."""
    found: list[Wanted] = []
    since, done = clock.began, [each for each in done if each > clock.began]
    while len(found) < MOST_OCCURRENCES:
        number = len(found) + 1
        each = _dated(replace(clock, occurrence=number), facts, calendar)
        before = each.due.before if each.due else None
        ends = before if clock.rule.anchor == "fixed" else None
        kept = next((at for at in done if at > since and (ends is None or at < ends)), None)
        found.append(replace(each, satisfied_at=kept))
        if kept is None and (ends is None or now < ends):
            break
        since = kept or ends or since
        if clock.rule.anchor == "last_done" and kept is not None:
            clock = replace(clock, start=local_day(kept, clock.rule.zone), recorded_at=None)
    return found


def moments(clock: Wanted, calendar: Calendar) -> list[tuple[datetime, str]]:
    """When people are to be told something of a limit, in order, each under a mark that is kept once they were told.

    A mark holds the date, so that a limit that moved is told of again. What waits, and what is over, tells nothing.
    """
    if clock.due is None or clock.due.before is None or clock.is_over or clock.rule.waits:
        return []
    found, end = notices(clock.rule, clock.due, calendar), (clock.due.before, end_mark(clock.due))
    return sorted([*((each.at, f"{each.warn.n} {each.warn.unit} {clock.due.on}") for each in found), end])


def end_mark(found: Due) -> str:
    """The mark of an end that was recorded."""
    return f"end {found.on}"


def next_look(clock: Wanted, calendar: Calendar, told: Sequence[str]) -> datetime | None:
    """The next instant at which a sweep must look at a limit; one that has passed where nobody looked then."""
    return next((at for at, mark in moments(clock, calendar) if mark not in told), None)


def binding_limit(clocks: Sequence[Wanted], calendar: Calendar, now: datetime) -> datetime | None:
    """The instant of the limit that binds: the earliest that is due, or overdue, and neither done nor settled."""
    waiting = [each for each in clocks if each.rule.kind in ("within", "presumed_after") and not each.is_over]
    ends = (each.due.before for each in waiting if each.due and each.standing(now, calendar) not in AT_THE_END)
    return min((end for end in ends if end is not None), default=None)
