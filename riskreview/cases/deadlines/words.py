"""A date told in sentences: where it starts, what counted, what moved it, when it ends."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

from riskreview.lib.workdays import DAY, SATURDAY

from .counting import Counting, End, local_day
from .facts import ON_HOLD, Due, Extension, Start, Toll
from .rule import Rule, amount

NAMED_MOST = 6


def spoken(day: date) -> str:
    """“Monday, 3 March 2025”."""
    return f"{day:%A}, {day.day} {day:%B} {day.year}"


def instant(moment: datetime) -> str:
    """“04:00 UTC on 31 August 2025”."""
    moment = moment.astimezone(UTC)
    return f"{moment:%H:%M} UTC on {moment.day} {moment:%B} {moment.year}"


def counted(rule: Rule, start: Start, first: date, end: End, counting: Counting) -> list[str]:
    """The start, the count, and which holidays did not count."""
    told = [f"Day {1 if rule.count == 'on' else 0} is {spoken(first)}{_moved(rule, start, first)}."]
    if end.day is None:
        return told
    full = {"after": "after it", "on": "from it on, itself included,", "clear": "in full between"}[rule.count]
    told.append(f"{rule.span} {full} {'give' if rule.n > 1 else 'gives'} {spoken(end.day)}.")
    return [*told, *_closed(counting, first, end.day)]


def _moved(rule: Rule, start: Start, first: date) -> str:
    """What a cut-off did to the start."""
    if local_day(start, rule.zone) == first:
        return ""
    if not isinstance(start, datetime):
        return f": on {spoken(start)} offices were closed"
    came = start.astimezone(rule.zone)
    ruled = f"what comes after {rule.cutoff:%H:%M}, or when offices are closed, counts as the next business day"
    return f": {ruled}, and it came on {spoken(came.date())} at {came:%H:%M}"


def _closed(counting: Counting, first: date, last: date) -> list[str]:
    """The holidays and closures within a count of business days; weekends go without saying."""
    if not counting.business:
        return []
    days = (first + n * DAY for n in range(1, (last - first).days))
    named = [_named(counting, day) for day in days if _holiday(counting, day) and not counting.is_tolled(day)]
    return [f"Not counted, beside weekends: {_listed(named)}."] if named else []


def _holiday(counting: Counting, day: date) -> str:
    """The holiday or closure of a day of the week."""
    return "" if day.weekday() >= SATURDAY else counting.calendar.why_closed(day)


def _named(counting: Counting, day: date) -> str:
    """The day, with its holiday or closure."""
    why = _holiday(counting, day)
    return f"{spoken(day)} ({why})" if why else spoken(day)


def _listed(named: Sequence[str]) -> str:
    more = len(named) - NAMED_MOST
    return "; ".join(named[:NAMED_MOST]) + (f"; and {more} more" if more > 0 else "")


def still(counting: Counting, first: date, last: date | None = None) -> list[str]:
    """The stops between the start and the end."""
    met = [toll for toll in counting.tolls if (toll.last or date.max) > first and (last is None or toll.first <= last)]
    return [f"It {_stands(toll)} still {_span(toll)} ({toll.reason.replace('_', ' ')})." for toll in met]


def _stands(toll: Toll) -> str:
    return "stands" if toll.last is None else "stood"


def _span(toll: Toll) -> str:
    if toll.last is None:
        return f"from {spoken(toll.first)} on"
    return f"from {spoken(toll.first)} to {spoken(toll.last)}"


def strange_stops(tolls: Iterable[Toll]) -> list[str]:
    """Stops that this rule does not know."""
    return [f"{_reason(toll.reason)} {_span(toll)} does not stop it." for toll in tolls]


def _reason(reason: str) -> str:
    return "The hold" if reason == ON_HOLD else f"The {reason.replace('_', ' ')}"


def extended(extension: Extension, rule: Rule, day: date | None, *, moved: bool = True) -> str:
    """What an extension did: the date it moved the limit to, if that is known."""
    signed = f"signed on {spoken(local_day(extension.decided_at, rule.zone))}"
    if extension.until is None:
        given = f"An extension of {amount(extension.days, 'cal_day')}, {signed},"
        return f"{given} moves it to {spoken(day)}." if day else f"{given} adds to what is left."
    outcome = "is the date" if moved else "is not later and changes nothing"
    return f"{spoken(extension.until)}, stated in an extension {signed}, {outcome}."


def too_late(extension: Extension, rule: Rule) -> str:
    """An extension that does not count."""
    signed = spoken(local_day(extension.decided_at, rule.zone))
    return f"An extension signed on {signed} came after the limit had run out and does not count."


def rolled(end: End, settled: End, counting: Counting) -> list[str]:
    """Why a date moved to another."""
    if end.day is None or end == settled:
        return []
    day, closed = end.day, []
    while day != settled.day and not counting.is_tolled(day):
        closed.append(_named(counting, day))
        day += DAY
    told = [f"Offices are closed on {_listed(closed)}."] if closed else []
    return [*told, f"It moves to the next business day, {spoken(settled.day)}."] if settled.day else told


def elapsed(rule: Rule, start: datetime) -> list[str]:
    """A count of hours."""
    return [f"{rule.span} from {instant(start)}, by the clock."]


def ends(rule: Rule, due: Due) -> str:
    """What the date means for who acts."""
    if due.on is None or due.before is None or due.opens is None:
        return f"It stands still: {amount(due.left, _unit(rule))} left."
    if rule.waits:
        return f"Permitted from {spoken(due.on)} on: {instant(due.opens)}."
    if rule.kind == "presumed_after":
        return f"Silence lapses after {spoken(due.on)}: from {instant(due.before)}."
    if rule.unit == "hour":
        return f"In time before {instant(due.before)}."
    return f"In time until the end of {spoken(due.on)} in {rule.zone.key}: before {instant(due.before)}."


def _unit(rule: Rule) -> str:
    return "cal_day" if rule.unit == "month" else rule.unit
