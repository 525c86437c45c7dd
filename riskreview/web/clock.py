"""The clock of a case in words: how long is left, how much is used, and which group of the queue it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import IntEnum

SATURDAY = 5


class Group(IntEnum):
    """The groups of the queue, in its order."""

    OVERDUE = 0
    TODAY = 1
    SOON = 2
    LATER = 3
    NO_DATE = 4
    ON_HOLD = 5

    @property
    def title(self) -> str:
        """The group's heading."""
        return ("Overdue", "Due today", "Next 3 working days", "Later", "No date", "On hold")[self]


@dataclass(frozen=True, slots=True)
class Clock:
    """`kind` is over, due, risk, ok, paused, none or done; `share` the time used, in percent."""

    kind: str
    text: str
    sub: str = ""
    share: int = 0


def end_of_day(now: datetime) -> datetime:
    """The last moment of the day, in UTC."""
    return datetime.combine(now.astimezone(UTC).date(), time.max, UTC)


def end_of_working_days(now: datetime, days: int) -> datetime:
    """The last moment of the n-th working day (Monday to Friday) after today."""
    end = end_of_day(now)
    while days:
        end += timedelta(days=1)
        days -= end.weekday() < SATURDAY
    return end


def span(seconds: float) -> str:
    """A length of time as a colleague would say it."""
    minutes = int(abs(seconds) // 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} h {minutes} min" if minutes and hours < 10 else f"{hours} h"
    days = hours // 24
    return f"{days} day" if days == 1 else f"{days} days"


def ago(moment: datetime, now: datetime) -> str:
    """How long ago, as a colleague would say it."""
    seconds = (now - moment).total_seconds()
    return "just now" if seconds < 60 else f"{span(seconds)} ago"


def day(moment: datetime, now: datetime) -> str:
    """A due time: "17:00" today, "Mon 3 Feb, 17:00" this year, with the year otherwise."""
    moment = moment.astimezone(UTC)
    if moment.date() == now.astimezone(UTC).date():
        return f"today, {moment:%H:%M}"
    if moment.year == now.year:
        return f"{moment:%a} {moment.day} {moment:%b}, {moment:%H:%M}"
    return f"{moment.day} {moment:%b %Y}"


def clock(*, opened_at: datetime, due_at: datetime | None, now: datetime, paused: bool, over: bool) -> Clock:
    """The clock at a moment. `over` says that the case is finished and no clock runs."""
    if over:
        return Clock("done", "Finished")
    if paused:
        return Clock("paused", "On hold", f"due {day(due_at, now)}" if due_at else "")
    if due_at is None:
        return Clock("none", "No date")
    left, whole = (due_at - now).total_seconds(), max((due_at - opened_at).total_seconds(), 1)
    share = min(100, max(0, round(100 * (1 - left / whole))))
    if left < 0:
        return Clock("over", f"{span(left)} over", f"was due {day(due_at, now)}", 100)
    kind = "due" if due_at <= end_of_day(now) else "risk" if due_at <= end_of_working_days(now, 3) else "ok"
    return Clock(kind, f"{span(left)} left", f"due {day(due_at, now)}", share)
