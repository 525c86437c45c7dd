"""Until when, in one wording for every clock of a case: "due Fri 6 Feb 2026, 17:00 UTC, in 3 working days"."""

from __future__ import annotations

import datetime
from dataclasses import replace

from riskreview.cases.models import Case
from riskreview.cases.workflow import OPEN, Status

from .. import clock as clocks

SATURDAY = 5


def of_case(case: Case, now: datetime.datetime) -> clocks.Clock:
    """The clock of the case itself: how long is left, and until when."""
    over, paused = case.status not in OPEN, case.status == Status.ON_HOLD
    told = clocks.clock(opened_at=case.opened_at, due_at=case.due_by, now=now, paused=paused, over=over)
    return told if over or case.due_by is None else replace(told, sub=until(case.due_by, now))


def until(moment: datetime.datetime, now: datetime.datetime) -> str:
    """A moment something is due by, in UTC, and how many working days (Monday to Friday) lie before it."""
    moment = moment.astimezone(datetime.UTC)
    told = f"due {named(moment.date())}, {moment:%H:%M} UTC"
    if moment < now:
        return f"was {told}"
    days = working_days(now.astimezone(datetime.UTC).date(), moment.date())
    return f"{told}, in {days} working day{'' if days == 1 else 's'}" if days else told


def named(day: datetime.date) -> str:
    """A day as "Fri 6 Feb 2026"."""
    return f"{day:%a} {day.day} {day:%b %Y}"


def working_days(since: datetime.date, to: datetime.date) -> int:
    """How many days from Monday to Friday come after one day, up to another."""
    weeks, rest = divmod(max((to - since).days, 0), 7)
    return 5 * weeks + sum((since + datetime.timedelta(days=each)).weekday() < SATURDAY for each in range(1, rest + 1))
