"""The date that a rule gives: count, extend, then roll, once and last."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from riskreview.lib.workdays import DAY, Calendar

from . import words
from .counting import UNKNOWN, Counting, End, counted_day, hours_on, local_day, midnight, months_on, stretches
from .facts import ON_HOLD, Due, Extension, Start, Toll, aware
from .rule import Rule


def due(
    rule: Rule,
    start: Start,
    calendar: Calendar,
    tolls: Iterable[Toll] = (),
    extensions: Iterable[Extension] = (),
) -> Due:
    """The date of a limit that began at `start`, an instant or a local date.

    Stops that the rule does not know, and an extension of a limit set by law that was signed after it had run out, do
    not count; `parts` says so. Raises `ValueError` for hours from a bare date, and what the calendar raises.
    """
    tolls, extensions = tuple(tolls), sorted(extensions, key=lambda each: each.decided_at)
    stops = tuple(toll for toll in tolls if stops_it(rule, toll))
    run = Run(rule, Counting(calendar, stops, rule.unit == "bus_day"))
    run.told += words.strange_stops([toll for toll in tolls if toll not in stops])
    return _in_hours(run, start, extensions) if rule.unit == "hour" else _in_days(run, start, extensions)


def stops_it(rule: Rule, toll: Toll) -> bool:
    """Whether a rule stands still for such a reason: those it names, and a case on hold where we set it ourselves."""
    return toll.reason in rule.toll or (toll.reason == ON_HOLD and rule.basis == "self_set")


@dataclass(slots=True)
class Run:
    """One computation: the rule, what counts, and the sentences so far."""

    rule: Rule
    counting: Counting
    told: list[str] = field(default_factory=list)

    def rolled(self, end: End) -> End:
        """Where an end lies after rolling, if the rule rolls."""
        return self.counting.roll(end) if self.rule.rolls else end

    def is_late(self, extension: Extension, before: datetime | None) -> bool:
        """Whether it was signed after a limit set by law had run out."""
        return self.rule.basis == "law" and before is not None and extension.decided_at >= before


def _in_days(run: Run, start: Start, extensions: Sequence[Extension]) -> Due:
    rule, counting = run.rule, run.counting
    first = counted_day(rule, start, counting.calendar)
    end = _counted(run, first)
    run.told += words.counted(rule, start, first, end, counting)
    for each in extensions:
        end = _extended(run, end, each)
    settled = run.rolled(end)
    run.told += words.still(counting, first, settled.day) + words.rolled(end, settled, counting)
    return _due(run, end, settled)


def _counted(run: Run, first: date) -> End:
    """The n-th date that counts: from the start itself for `on`, one further for `clear`."""
    rule, counting = run.rule, run.counting
    if rule.unit == "month":
        return counting.move(End(first), (months_on(first, rule.n) - first).days)
    if rule.count == "on":
        return counting.move(End(first - DAY), rule.n)
    return counting.move(End(first), rule.n + (rule.count == "clear"))


def _extended(run: Run, end: End, extension: Extension) -> End:
    """The end with more time: days on the date before it rolled, or the date stated; never an earlier one."""
    settled = run.rolled(end)
    before = midnight(settled.day + DAY, run.rule.zone) if settled.day else None
    if run.is_late(extension, before):
        run.told.append(words.too_late(extension, run.rule))
        return end
    if extension.until is None:
        later = run.counting.every_day.move(end, extension.days)
    elif settled.day is None or extension.until > settled.day:
        later = End(extension.until, stated=True)
    else:
        later = end
    run.told.append(words.extended(extension, run.rule, later.day, moved=later != end))
    return later


def _due(run: Run, end: End, settled: End) -> Due:
    rule = run.rule
    before = midnight(settled.day + DAY, rule.zone) if settled.day else None
    opens = midnight(settled.day, rule.zone) if settled.day else None
    made = Due(settled.day, before, opens, end.day, settled.left, run.counting.tolls, ())
    return replace(made, parts=(*run.told, words.ends(rule, made)))


def _in_hours(run: Run, start: Start, extensions: Sequence[Extension]) -> Due:
    if not isinstance(start, datetime):
        raise ValueError("Hours are counted from a time of day, not from a date.")
    rule, stops = run.rule, stretches(run.counting.tolls, run.rule.zone)
    moment = hours_on(start.astimezone(UTC), timedelta(hours=rule.n), stops)
    run.told += words.elapsed(rule, start)
    for each in extensions:
        moment = _more_hours(run, moment, each)
    return _due_at(run, start, moment)


def _more_hours(run: Run, moment: datetime, extension: Extension) -> datetime:
    if run.is_late(extension, moment):
        run.told.append(words.too_late(extension, run.rule))
        return moment
    if extension.until is None:
        stops = stretches(run.counting.tolls, run.rule.zone)
        later = hours_on(moment, timedelta(days=extension.days), stops)
    else:
        later = max(moment, midnight(extension.until + DAY, run.rule.zone))
    known = local_day(later, run.rule.zone) if later.year < UNKNOWN.year else None
    run.told.append(words.extended(extension, run.rule, known, moved=later != moment))
    return later


def _due_at(run: Run, start: datetime, moment: datetime) -> Due:
    """The date of a limit in hours: one instant. Beyond an open stop only the time left is known."""
    stop = run.counting.stops_on
    tolls = run.counting.tolls
    if stop is not None and moment > midnight(stop, run.rule.zone):
        open_end = max(last for _, last in stretches(tolls, run.rule.zone))
        left = -((open_end - moment) // timedelta(hours=1))
        made = Due(None, None, None, None, left, tolls, ())
    else:
        day = local_day(moment, run.rule.zone)
        made = Due(day, moment, moment, day, 0, tolls, ())
    still = words.still(run.counting, local_day(start, run.rule.zone) - DAY, made.on)
    return replace(made, parts=(*run.told, *still, words.ends(run.rule, made)))


def starts(rule: Rule, anchors: Sequence[Start | None]) -> tuple[Start, ...]:
    """Of several dated facts (None: not there yet), those from which clocks of this rule start.

    `each`: one clock for each; `first`: one, from the earliest; `last`: one from the latest, once all are there.
    """
    there = sorted((each for each in anchors if each is not None), key=lambda each: _order(each, rule))
    if rule.from_many == "each":
        return tuple(each for each in anchors if each is not None)
    if rule.from_many == "first":
        return tuple(there[:1])
    return tuple(there[-1:]) if len(there) == len(anchors) else ()


def _order(start: Start, rule: Rule) -> datetime:
    return aware(start) if isinstance(start, datetime) else midnight(start, rule.zone)


def binding(dues: Sequence[Due]) -> Due:
    """Of several limits on one duty the one that binds: the earliest, and one without a date last. The others are shown
    beside it. Raises `ValueError` without any."""
    return min(dues, key=lambda each: each.before or datetime.max.replace(tzinfo=UTC))
