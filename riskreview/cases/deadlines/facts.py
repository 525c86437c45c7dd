"""What happens to a running limit, as recorded: a stop, more time; and the date that comes of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

Start = date | datetime
ON_HOLD = "on_hold"


@dataclass(frozen=True, slots=True)
class Toll:
    """Local dates on which a limit stands still, both included; without `last` it has not ended. `document` names the
    paper that says so."""

    first: date
    last: date | None
    reason: str
    document: str = ""

    def __post_init__(self) -> None:
        if self.last is not None and self.last < self.first:
            raise ValueError("A stop ends on its first day or later.")

    def covers(self, day: date) -> bool:
        """Whether the limit stands still that day."""
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """More time: so many calendar days, or a date stated in the determination. `decided_at` is when it was signed."""

    decided_at: datetime
    days: int = 0
    until: date | None = None
    by: str = ""
    form: str = ""
    document: str = ""

    def __post_init__(self) -> None:
        if self.days < 0 or bool(self.days) == (self.until is not None):
            raise ValueError("An extension gives either days or a date.")
        aware(self.decided_at)


@dataclass(frozen=True, slots=True)
class Due:
    """The date that a rule gives, and how it came about.

    `on` is the last day (the first permitted one, for what waits), `before` the first UTC instant that is too late, and
    `opens` that at which `on` begins: 00:00 local of the day after, and of `on`. Hours have one instant for all.
    `unrolled` is the date before it moved to a business day. While an open stop keeps the date unknown these are None
    and `left` says how much time is left when it ends: business days or hours for rules in these, else calendar days.
    `tolls` are the stops that count; `parts` tell it in sentences.
    """

    on: date | None
    before: datetime | None
    opens: datetime | None
    unrolled: date | None
    left: int
    tolls: tuple[Toll, ...]
    parts: tuple[str, ...]


def aware(moment: datetime) -> datetime:
    """The same instant, if it says where it is. Raises `ValueError` for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("A moment needs a time zone.")
    return moment
