"""Whether the dates of a document can be right. Pure: flags for a reviewer, never a correction.

Machine-made copies shift dates, feeds carry the time of import, and typing errors put events into the future.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from riskreview.enrichment.categories import plain
from riskreview.enrichment.status import PATTERNS

Kind = Literal["EVENT_AFTER_PUBLICATION", "PUBLISHED_AFTER_FETCH", "DATES_SHIFTED"]

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = (
    r"(?P<month>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?"
    r"|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_FORMS = [
    re.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s{_MONTH},?\s(?P<year>(?:19|20)\d\d)\b"),
    re.compile(rf"\b{_MONTH}\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s(?P<year>(?:19|20)\d\d)\b"),
    re.compile(r"\b(?P<year>(?:19|20)\d\d)-(?P<number>\d\d)-(?P<day>\d\d)\b"),
]
# Before a date to come: "until 1 May 2027", "from", "by".
_TO_COME = re.compile(r"\b(?:until|till|by|from|before|due|expires?|deadline|starting|beginning|effective)\W{1,3}$")
_LOOKED_BACK = 160
# Clocks differ a little.
_CLOCKS = dt.timedelta(hours=1)
# Dates are read in the time zone of the reader; a publisher may be a day ahead.
_ZONES = dt.timedelta(days=1)
_SHIFTED_LEAST = 3


@dataclass(frozen=True, slots=True)
class DateFound:
    """A full date, with its year, at [start, end) of a text."""

    start: int
    end: int
    date: dt.date


@dataclass(frozen=True, slots=True)
class Flag:
    """Something about the dates that a reviewer should look at, in words; [start, end) is its place in the text."""

    kind: Kind
    words: str
    start: int = 0
    end: int = 0


def dates(text: str) -> list[DateFound]:
    """The full dates of a text in order; impossible ones (30 February) are left out."""
    found = (_date(match) for form in _FORMS for match in form.finditer(text))
    return sorted((date for date in found if date), key=lambda date: (date.start, -date.end))


def flags(text: str, published: dt.datetime | None, fetched: dt.datetime) -> list[Flag]:
    """What is odd about the dates of a document that was published and fetched at these times (with zones)."""
    found = []
    if published and published > fetched + _CLOCKS:
        words = f"Published on {_told(published.date())}, after it was fetched on {_told(fetched.date())}."
        found.append(Flag("PUBLISHED_AFTER_FETCH", words))
    known = (min(published, fetched) if published else fetched).date()
    for date in dates(text):
        if date.date > known + _ZONES and not _is_to_come(text, date.start):
            words = f"Tells of {_told(date.date)} as past, but is of {_told(known)}."
            found.append(Flag("EVENT_AFTER_PUBLICATION", words, date.start, date.end))
    return found


def shifted(ours: Sequence[DateFound], theirs: Sequence[DateFound]) -> Flag | None:
    """A flag when all dates of a copy are off by the same months, as machine-made copies do; None otherwise.

    Both are the dates of texts of one origin, in order. Three different dates are the least that tells.
    """
    months = {_months(one.date) - _months(other.date) for one, other in zip(ours, theirs, strict=False)}
    days = all(one.date.day == other.date.day for one, other in zip(ours, theirs, strict=False))
    if len(ours) != len(theirs) or len({date.date for date in ours}) < _SHIFTED_LEAST or len(months) != 1 or not days:
        return None
    [by] = months
    if not by:
        return None
    way = "later" if by > 0 else "earlier"
    words = f"All {len(ours)} dates are {abs(by)} months {way} than in another copy of this text."
    return Flag("DATES_SHIFTED", words, ours[0].start, ours[0].end)


def shifted_from(text: str, copies: Iterable[str]) -> Iterator[Flag]:
    """The flags of a text against its copies, one for each that differs in this way."""
    ours = dates(text)
    return (flag for copy in copies if (flag := shifted(ours, dates(copy))))


def _is_to_come(text: str, start: int) -> bool:
    """Whether the words before a date announce it."""
    left = max(0, start - _LOOKED_BACK)
    before = plain(text, left, start).rpartition("\n")[2]
    before = re.split(r"[.!?]\s", before)[-1]
    return bool(_TO_COME.search(before) or PATTERNS["plan"].search(before))


def _date(match: re.Match[str]) -> DateFound | None:
    parts = match.groupdict()
    month = int(parts["number"]) if "number" in parts else _MONTHS.index(parts["month"][:3].lower()) + 1
    try:
        return DateFound(*match.span(), dt.date(int(parts["year"]), month, int(parts["day"])))
    except ValueError:
        return None


def _months(date: dt.date) -> int:
    return 12 * date.year + date.month


def _told(date: dt.date) -> str:
    return f"{date.day} {date:%B %Y}"
