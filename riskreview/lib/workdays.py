"""Business days: which days count where offices close on weekends, on holidays and when somebody closes them. Pure.

Holidays come from the package `holidays`, those of the European Commission from a file of our own. Neither knows a
closure announced after its release, so a caller adds closures as dates. What each calendar holds: docs/deadlines.md.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import islice
from pathlib import Path

import holidays

DAY = timedelta(days=1)
EU_COMMISSION = Path(__file__).parent / "data" / "eu_commission.toml"
SATURDAY = 5
Days = dict[date, str]


class UnknownCalendar(ValueError):
    """Nobody keeps a calendar of that name."""


class BeyondCalendar(ValueError):
    """A calendar holds no list for the year asked about, so whether offices are open then is not known."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """When offices are open: a calendar by its name, and days closed besides."""

    name: str
    closures: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        if self.name not in NAMES:
            raise UnknownCalendar(f"There is no calendar “{self.name}”. Known are: {', '.join(NAMES)}.")

    def why_closed(self, day: date) -> str:
        """What closes offices that day: the name of the holiday, "a closure", the day of the week; "" when open.

        Raises `BeyondCalendar` for a year that the calendar does not hold.
        """
        if self.name == "none":
            return "a closure" if day in self.closures else ""
        if day.weekday() >= SATURDAY:
            return "a Saturday" if day.weekday() == SATURDAY else "a Sunday"
        return _holidays(self.name, day.year).get(day, "a closure" if day in self.closures else "")

    def is_business_day(self, day: date) -> bool:
        """Whether offices are open. Raises `BeyondCalendar` as `why_closed`."""
        return not self.why_closed(day)

    def next_business_day(self, day: date) -> date:
        """The day itself when offices are open, else the first one after it when they are."""
        return day if self.is_business_day(day) else next(self.business_days_after(day))

    def nth_business_day(self, day: date, n: int) -> date:
        """The n-th business day after a day, which itself does not count. Raises `ValueError` below 1."""
        if n < 1:
            raise ValueError(f"Business days are counted from 1, not from {n}.")
        return next(islice(self.business_days_after(day), n - 1, None))

    def business_days_after(self, day: date) -> Iterator[date]:
        """The business days after a day, without end."""
        while True:
            day += DAY
            if self.is_business_day(day):
                yield day

    def business_days_between(self, first: date, last: date) -> int:
        """How many business days there are from `first` to `last`, both included."""
        return sum(self.is_business_day(first + n * DAY) for n in range((last - first).days + 1))


def calendar(name: str, closures: Iterable[date] = ()) -> Calendar:
    """The calendar of that name, with further days closed. Raises `UnknownCalendar`."""
    return Calendar(name, frozenset(closures))


@lru_cache(maxsize=1_000)
def _holidays(name: str, year: int) -> Days:
    found = _LISTS[name](year)
    if found is None:
        raise BeyondCalendar(f"The calendar {name} holds no list of holidays for {year}.")
    return found


def _listed(country: str, subdiv: str | None, categories: tuple[str, ...], year: int) -> Days | None:
    # The language is said, or the names of the days would follow the machine's locale.
    found = holidays.country_holidays(
        country, subdiv, years=year, expand=False, categories=categories, language="en_US"
    )
    if not found.start_year <= year <= found.end_year:
        return None
    return {day: name.replace("; ", ", ") for day, name in found.items()}


def _us_federal(year: int) -> Days | None:
    # "public" alone lacks the days on which an executive order closed the departments: they are "government".
    public, government = _listed("US", None, ("public",), year), _listed("US", None, ("government",), year)
    return None if public is None or government is None else government | public


def _us_federal_dc(year: int) -> Days | None:
    # Inauguration Day closes federal offices in and around Washington (5 U.S.C. 6103(c)). The District's own holidays,
    # such as Emancipation Day, close the District's offices and not the federal ones.
    federal, district = _us_federal(year), _listed("US", "DC", ("public",), year)
    if federal is None or district is None:
        return None
    return {day: name for day, name in district.items() if "Inauguration Day" in name} | federal


def _uk(year: int) -> Days | None:
    # Without a part of the country the package leaves out Easter Monday and the bank holiday in August.
    return _listed("GB", "ENG", ("public",), year)


def _au_federal(year: int) -> Days | None:
    # Departments sit in Canberra and keep the Territory's days; the bare country lacks half of them.
    return _listed("AU", "ACT", ("public",), year)


def _it(year: int) -> Days | None:
    return _listed("IT", None, ("public",), year)


def _eu_commission(year: int) -> Days | None:
    lists = tomllib.loads(EU_COMMISSION.read_text(encoding="utf-8"))
    days = lists.get(str(year))
    return None if days is None else dict.fromkeys(days["days"], "a closing day of the European Commission")


def _weekdays(year: int) -> Days | None:
    return {}


_LISTS: dict[str, Callable[[int], Days | None]] = {
    "us-federal": _us_federal,
    "us-federal-dc": _us_federal_dc,
    "uk": _uk,
    "au-federal": _au_federal,
    "it": _it,
    "eu-commission": _eu_commission,
    "weekdays": _weekdays,
    "none": _weekdays,
}
NAMES = tuple(_LISTS)
