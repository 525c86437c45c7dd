"""My work: what waits for the person who looks, from every side, on one page."""

from __future__ import annotations

import datetime
from itertools import groupby
from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Cast, Coalesce
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from riskreview.accounts.models import User
from riskreview.audit.models import Entry
from riskreview.audit.state import subject_type
from riskreview.cases import resurfacing
from riskreview.cases.models import Case, Comment, Condition, Following, Kept, Presence, Task

from .requests import Request

SHOWN = 50
MENTIONS_KEPT = datetime.timedelta(days=30)  # of mentions on pages that do not note who opened them


def mine(request: Request) -> HttpResponse:
    """My tasks by day, my cases, who mentioned me, what I follow, what I have to see to: six queries."""
    now, user = timezone.now(), request.user
    tasks = Task.objects.visible_to(user).open().filter(owner=user).select_related("case").by_day()[:SHOWN]
    conditions = Condition.objects.filter(owner=user, state=Kept.OPEN, case__in=Case.objects.visible_to(user))
    context = {
        "days": days(list(tasks), now.date()),
        "cases": list(my_cases(user, now.date())),
        "mentions": list(mentions(user, now)),
        "followed": list(changed_since(user)),
        "conditions": list(conditions.select_related("case").order_by(F("due_on").asc(nulls_last=True), "pk")[:SHOWN]),
        "today": now.date(),
    }
    return render(request, "mine/mine.html", context)


def days(tasks: list[Task], today: datetime.date) -> list[tuple[str, list[Task]]]:
    """Tasks under the words for their day: overdue, today, the date, none."""

    def word(task: Task) -> str:
        if task.due_on is None:
            return "No date"
        if task.due_on <= today:
            return "Overdue" if task.due_on < today else "Today"
        return f"{task.due_on.day} {task.due_on:%b %Y}"

    return [(name, list(group)) for name, group in groupby(tasks, key=word)]


def my_cases(user: User, today: datetime.date) -> Any:
    """The open cases assigned to somebody that are not put off, the most urgent first."""
    rows = Case.objects.visible_to(user).unfinished().assigned_to(user)
    return resurfacing.awake(rows, user, today).most_urgent_first()[:SHOWN]


def mentions(user: User, now: datetime.datetime) -> Any:
    """Comments that mention somebody and stand on cases not opened since; on other pages, those of the last weeks."""
    looked = Presence.objects.filter(user=user, case=OuterRef("case"), looked_at__gte=OuterRef("written_at"))
    unseen = Q(case__isnull=False) & ~Exists(looked) | Q(case=None, written_at__gt=now - MENTIONS_KEPT)
    rows = Comment.objects.visible_to(user).filter(unseen, mentions=user, withdrawn_at=None).exclude(author=user)
    return rows.select_related("author", "case", "vendor", "incident", "document").order_by("-written_at", "-pk")[
        :SHOWN
    ]


def changed_since(user: User) -> Any:
    """The followed cases, or cases of followed vendors, in which others did something since they were looked at."""
    own = Following.objects.filter(user=user)
    of_vendors = Case.vendors.through.objects.filter(vendor__in=own.exclude(vendor=None).values("vendor"))
    rows = Case.objects.visible_to(user).filter(Q(pk__in=own.values("case")) | Q(pk__in=of_vendors.values("case")))
    followed = own.filter(Q(case=OuterRef("pk")) | Q(vendor__cases=OuterRef("pk"))).order_by("since").values("since")
    looked = Presence.objects.filter(user=user, case=OuterRef("pk")).values("looked_at")
    about = Entry.objects.filter(
        subject_type=subject_type(Case),
        subject_id=Cast(OuterRef("pk"), CharField()),
        recorded_at__gt=OuterRef("since"),
        kind=Entry.Kind.ACT,
    )
    said = Comment.objects.filter(case=OuterRef("pk"), written_at__gt=OuterRef("since")).exclude(author=user)
    since = Coalesce(Subquery(looked[:1]), Subquery(followed[:1]))
    changed = Exists(about.exclude(actor=user)) | Exists(said)
    return rows.annotate(since=since).filter(changed).order_by("-pk")[:SHOWN]
