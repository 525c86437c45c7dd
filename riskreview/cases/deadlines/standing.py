"""Where a limit stands at a moment, how much time is left, and when people are told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import islice

from riskreview.lib.workdays import Calendar

from .counting import Counting, hours_run, local_day, midnight, stretches
from .facts import Due, Start, aware
from .rule import Rule, Warn

AMBER = timedelta(hours=24)


class State(StrEnum):
    """What a limit is at a moment. Early and late mean in time and out of time."""

    NOT_STARTED = "NOT_STARTED"
    ON_TRACK = "ON_TRACK"
    DUE_SOON = "DUE_SOON"
    OVERDUE = "OVERDUE"
    PAUSED = "PAUSED"
    SATISFIED_EARLY = "SATISFIED_EARLY"
    SATISFIED_LATE = "SATISFIED_LATE"
    LAPSED = "LAPSED"
    PRESUMED = "PRESUMED"
    WAIVED = "WAIVED"
    MISSED = "MISSED"
    VOID = "VOID"


FINAL = (State.VOID, State.WAIVED, State.PRESUMED, State.MISSED)
_LAPSING = ("lapse", "offer_presumption", "presume")


@dataclass(frozen=True, slots=True)
class Notice:
    """A warning and the UTC instant at which it is due."""

    at: datetime
    warn: Warn


def state(
    rule: Rule,
    due: Due | None,
    now: datetime,
    calendar: Calendar,
    *,
    satisfied_at: datetime | None = None,
    settled: State | None = None,
) -> State:
    """Where a limit stands. `due` is None before it starts; `settled` is what was recorded about it for good: void,
    waived, presumed, missed, or lapsed, which a late answer still turns into `SATISFIED_LATE`."""
    if settled in FINAL:
        return settled
    if due is None:
        return State.NOT_STARTED
    if satisfied_at is not None and satisfied_at <= now:
        return State.SATISFIED_EARLY if in_time(rule, due, satisfied_at) else State.SATISFIED_LATE
    if settled is not None:
        return settled
    return _running(rule, due, aware(now), calendar)


def in_time(rule: Rule, due: Due, at: datetime) -> bool:
    """Whether an act came in time: before the limit ended, or for what waits, not before it was permitted."""
    if due.before is None or due.opens is None:
        return not rule.waits
    return at >= due.opens if rule.waits else at < due.before


def _running(rule: Rule, due: Due, now: datetime, calendar: Calendar) -> State:
    if due.before is not None and due.opens is not None and now >= (due.opens if rule.waits else due.before):
        return _expired(rule)
    if Counting(calendar, due.tolls).is_tolled(local_day(now, rule.zone)):
        return State.PAUSED
    return State.DUE_SOON if _is_soon(rule, due, now, calendar) else State.ON_TRACK


def _expired(rule: Rule) -> State:
    """What a limit is that ran out with nothing done. A fixed series goes on without the one that was missed."""
    if rule.waits or rule.kind == "presumed_after" or rule.on_expiry in _LAPSING:
        return State.LAPSED
    return State.MISSED if rule.kind == "recurring" and rule.anchor == "fixed" else State.OVERDUE


def _is_soon(rule: Rule, due: Due, now: datetime, calendar: Calendar) -> bool:
    """From the first warning on; without any, on the last day. What waits is never soon."""
    if due.opens is None or rule.waits:
        return False
    first = min((notice.at for notice in notices(rule, due, calendar)), default=_last_day(rule, due.opens))
    return now >= first


def _last_day(rule: Rule, opens: datetime) -> datetime:
    return midnight(local_day(opens, rule.zone), rule.zone)


def notices(rule: Rule, due: Due, calendar: Calendar) -> Iterator[Notice]:
    """The warnings of a limit, in the order of its rule. Days that do not count do not count here either."""
    if due.on is None or due.before is None:
        return
    for warn in rule.warn:
        if warn.unit == "hour":
            yield Notice(due.before - timedelta(hours=warn.n), warn)
        else:
            days = Counting(calendar, due.tolls, warn.unit == "bus_day").before(due.on)
            yield Notice(midnight(next(islice(days, warn.n - 1, None)), rule.zone), warn)


def warnings(rule: Rule, due: Due, calendar: Calendar, since: datetime, until: datetime) -> tuple[Notice, ...]:
    """The warnings due after `since`, up to and including `until`, in the order of time. None while it stands still
    without an end."""
    found = (notice for notice in notices(rule, due, calendar) if since < notice.at <= until)
    return tuple(sorted(found, key=lambda notice: notice.at))


def next_moment(rule: Rule, due: Due, calendar: Calendar, now: datetime) -> datetime | None:
    """The next instant at which a sweep must look: a warning, or the end. None when nothing is to come by itself."""
    end = due.opens if rule.waits else due.before
    moments = [notice.at for notice in notices(rule, due, calendar)] + ([end] if end else [])
    return min((moment for moment in moments if moment > now), default=None)


def left(rule: Rule, due: Due, calendar: Calendar, now: datetime) -> int:
    """How much time is left: business days for a rule that counts them, hours begun for one in hours, else calendar
    days; those on which it stands still not counted. 0 on the last day and after it."""
    counting = Counting(calendar, due.tolls, rule.unit == "bus_day")
    if rule.unit == "hour":
        return due.left + _hours_left(rule, due, counting, now)
    until = due.unrolled or counting.stops_on
    today = local_day(now, rule.zone)
    return due.left + (counting.between(today, until) if until else 0)


def _hours_left(rule: Rule, due: Due, counting: Counting, now: datetime) -> int:
    stop = counting.stops_on
    until = due.before or (midnight(stop, rule.zone) if stop else now)
    return -(-hours_run(now, until, stretches(due.tolls, rule.zone)) // timedelta(hours=1))


def age(start: Start, now: datetime, rule: Rule) -> timedelta:
    """How long ago something began: what “at once” is measured by, beside the last date. Amber from `AMBER` on."""
    began = start if isinstance(start, datetime) else midnight(start, rule.zone)
    return now.astimezone(UTC) - aware(began)


def born_late(stated: date | datetime, recorded_at: datetime, rule: Rule) -> str:
    """“recorded 9 days after”, for a dated fact that was entered on a later day; else nothing."""
    days = (local_day(recorded_at, rule.zone) - local_day(stated, rule.zone)).days
    return f"recorded {days} day{'' if days == 1 else 's'} after" if days > 0 else ""
