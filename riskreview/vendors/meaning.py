"""What a registered name means on which day, and on which days that changes. Pure."""

from __future__ import annotations

import datetime
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms a name is matched: for whom, how far it is believed, and from which day to which.

    `vendor` is the vendor it counts for (of a merged one, the other), `prior` in thousandths; `valid_to` is the first
    day on which it is matched no more.
    """

    vendor: int
    product: int | None
    strength: str
    prior: int
    extract: bool
    valid_from: datetime.date | None
    valid_to: datetime.date | None

    def on(self, day: datetime.date) -> tuple[int, int | None, str, int] | None:
        """What the name means on a day; None when it is not matched."""
        begun = self.valid_from is None or self.valid_from <= day
        ended = self.valid_to is not None and self.valid_to <= day
        return (self.vendor, self.product, self.strength, self.prior) if self.extract and begun and not ended else None


def turning_days(before: Terms | None, after: Terms, today: datetime.date) -> list[datetime.date]:
    """The days, from today on, on which the name means something else than the day before, in order.

    `before` are the terms until now, None for a name that was none. Texts were read on those terms, so today counts
    when they differ today.
    """
    meaning = before.on(today) if before else None
    ahead = {day for day in (after.valid_from, after.valid_to) if day is not None and day > today}
    days = []
    for day in sorted({today, *ahead}):
        if after.on(day) != meaning:
            days.append(day)
            meaning = after.on(day)
    return days
