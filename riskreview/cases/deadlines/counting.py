"""Counting dates and hours: which count, which do not, and where the n-th lies."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import NamedTuple
from zoneinfo import ZoneInfo

from riskreview.lib.workdays import DAY, Calendar

from .facts import Start, Toll, aware
from .rule import Rule

Span = tuple[datetime, datetime]
UNKNOWN = date(9000, 1, 1)  # when an open stop ends, where hours need an end


class End(NamedTuple):
    """Where counting ended: a day, or None with the time left when an open stop was met. `stated`: a determination
    named it."""

    day: date | None
    left: int = 0
    stated: bool = False


@dataclass(frozen=True, slots=True)
class Counting:
    """Which dates count: those on which nothing stands still, of `business` only those on which offices are open."""

    calendar: Calendar
    tolls: tuple[Toll, ...] = ()
    business: bool = False

    @property
    def every_day(self) -> Counting:
        """The same stops, and every other date counts."""
        return replace(self, business=False)

    @property
    def stops_on(self) -> date | None:
        """The day from which an open stop lets nothing count."""
        return min((toll.first for toll in self.tolls if toll.last is None), default=None)

    def is_tolled(self, day: date) -> bool:
        """Whether the limit stands still that day."""
        return any(toll.covers(day) for toll in self.tolls)

    def counts(self, day: date) -> bool:
        """Whether the day is one of those counted."""
        return not self.is_tolled(day) and (not self.business or self.calendar.is_business_day(day))

    def after(self, day: date) -> Iterator[date]:
        """The dates that count after a day, until an open stop."""
        stop = self.stops_on or date.max
        while (day := day + DAY) < stop:
            if self.counts(day):
                yield day

    def before(self, day: date) -> Iterator[date]:
        """The dates that count before a day, backwards."""
        while True:
            day -= DAY
            if self.counts(day):
                yield day

    def move(self, end: End, n: int) -> End:
        """`n` dates that count further on."""
        if end.day is None:
            return End(None, end.left + n)
        if not self.business and not self.tolls:
            return End(end.day + n * DAY)
        days = list(islice(self.after(end.day), n))
        return End(days[-1]) if len(days) == n else End(None, n - len(days))

    def roll(self, end: End) -> End:
        """The first day from there on that offices are open and nothing stands still."""
        if end.day is None or end.stated:
            return end
        days = replace(self, business=True).after(end.day - DAY)
        return End(next(days, None))

    def between(self, day: date, last: date) -> int:
        """How many dates count after `day`, up to and including `last`."""
        return sum(self.counts(day + n * DAY) for n in range(1, (last - day).days + 1))


def local_day(moment: Start, zone: ZoneInfo) -> date:
    """The date of an instant in a time zone; a date stays what it is."""
    return aware(moment).astimezone(zone).date() if isinstance(moment, datetime) else moment


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The instant at which a local day begins, in UTC. Where the clocks skip midnight it is the instant they do; where
    midnight comes twice, the first."""
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)


def counted_day(rule: Rule, start: Start, calendar: Calendar) -> date:
    """The date an instant counts as. With a cut-off, what comes after it, or when offices are closed, counts as the
    next business day."""
    day = local_day(start, rule.zone)
    if rule.cutoff is None:
        return day
    late = isinstance(start, datetime) and start.astimezone(rule.zone).time() > rule.cutoff
    return calendar.next_business_day(day + DAY if late and calendar.is_business_day(day) else day)


def months_on(day: date, n: int) -> date:
    """The same day `n` months on, or the last day of that month where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def stretches(tolls: Iterable[Toll], zone: ZoneInfo) -> list[Span]:
    """Stops as stretches of time, in order and without overlap. An open one ends with the last day there is."""
    merged: list[Span] = []
    ends = [(midnight(each.first, zone), midnight((each.last or UNKNOWN) + DAY, zone)) for each in tolls]
    for first, last in sorted(ends):
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return merged


def hours_on(moment: datetime, hours: timedelta, stops: Iterable[Span]) -> datetime:
    """The instant when so much time has run, standing still within stops."""
    for first, last in stops:
        if last > moment:
            if moment + hours <= first:
                break
            hours -= max(first - moment, timedelta())
            moment = last
    return moment + hours


def hours_run(moment: datetime, until: datetime, stops: Iterable[Span]) -> timedelta:
    """How much time runs from one instant to another, not counting stops."""
    still = sum((max(min(last, until) - max(first, moment), timedelta()) for first, last in stops), timedelta())
    return max(until - moment - still, timedelta())
