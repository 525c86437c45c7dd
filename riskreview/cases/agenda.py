"""The dates that concern a person or a team: days of cases, limits, tasks and conditions, for a calendar."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F, Q

from riskreview.accounts.models import Team, User
from riskreview.lib.datafile import words

from .models import Case, Clock, Condition, Kept, Task, ToDo
from .workflow import OPEN, Status

PAST = timedelta(days=90)
MOST = 500


@dataclass(frozen=True, slots=True)
class Appointment:
    """One date. `key` stays the same for as long as what it is about; `path` is the page that tells more.

    Calendar programs keep copies in places of their own, so the words name the case and the limit and never the
    question.
    """

    key: str
    on: date | datetime
    title: str
    path: str


def of(user: User, team: Team | None, now: datetime) -> list[Appointment]:
    """The dates of what a person works on, or of a team's cases: from three months back on, the earliest first.

    Where there are too many, those to come go before those that passed, the nearest before the farthest. What the
    person may not see any more is not among them, and nothing of a team they have left.
    """
    if team and not team.members.filter(pk=user.pk).exists():
        return []
    cases = Case.objects.visible_to(user)
    mine = cases.filter(team=team) if team else cases.filter(Q(assigned_to=user) | Q(lead=user) | Q(seats__user=user))
    ids = set(mine.filter(status__in=[*OPEN, Status.DECIDED]).values_list("pk", flat=True))
    found = [
        *_of_cases(ids, now),
        *_of_clocks(ids, now.date()),
        *_of_tasks(user, team, cases, ids, now.date()),
        *_of_conditions(user, team, cases, ids, now.date()),
    ]
    kept = sorted(found, key=lambda each: _farness(each.on, now.date()))[:MOST]
    return sorted(kept, key=lambda each: (f"{each.on}", each.key))


def _farness(on: date | datetime, today: date) -> tuple[bool, timedelta]:
    """What goes before what: a date to come before one that passed, then the nearest."""
    day = on.date() if isinstance(on, datetime) else on
    return day < today, abs(day - today)


def _nearest(rows: Any, column: str, now: date | datetime) -> Iterator[Any]:
    """The rows of the next dates, and where those are few the rows of the last ones, at most `MOST`."""
    coming = list(rows.filter(**{f"{column}__gte": now}).order_by(column, "pk")[:MOST])
    passed = rows.filter(**{f"{column}__lt": now, f"{column}__gte": now - PAST})
    yield from coming
    yield from passed.order_by(f"-{column}", "pk")[: MOST - len(coming)]


def _of_cases(ids: set[int], now: datetime) -> Iterator[Appointment]:
    for case in _nearest(Case.objects.filter(pk__in=ids, status__in=OPEN), "due_at", now):
        yield Appointment(f"case-{case.pk}", case.due_at, f"{case.ref}: due", case.get_absolute_url())


def _of_clocks(ids: set[int], today: date) -> Iterator[Appointment]:
    rows = Clock.objects.filter(case__in=ids, round=F("case__round"), satisfied_at=None, settled="")
    for clock in _nearest(rows.select_related("case__playbook"), "due_on", today):
        if clock.rule.kind != "retain":
            title = f"{clock.case.ref}: {clock.row.title or words(clock.key)}"
            at = clock.due_before if clock.rule.unit == "hour" else clock.due_on
            yield Appointment(f"clock-{clock.pk}", at, title, clock.get_absolute_url())


def _of_tasks(user: User, team: Team | None, cases: Any, ids: set[int], today: date) -> Iterator[Appointment]:
    rows = Task.objects.filter(case__in=cases, state=ToDo.OPEN).select_related("case")
    for task in _nearest(rows.filter(case__in=ids) if team else rows.filter(owner=user), "due_on", today):
        yield Appointment(f"task-{task.pk}", task.due_on, f"{task.case.ref}: task", task.get_absolute_url())


def _of_conditions(user: User, team: Team | None, cases: Any, ids: set[int], today: date) -> Iterator[Appointment]:
    rows = Condition.objects.filter(case__in=cases, state=Kept.OPEN).select_related("case")
    owned = rows.filter(case__in=ids) if team else rows.filter(Q(owner=user) | Q(owner=None, case__in=ids))
    for each in _nearest(owned, "due_on", today):
        title = f"{each.case.ref}: condition {each.number}"
        yield Appointment(f"condition-{each.pk}", each.due_on, title, each.case.get_absolute_url())
