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
from riskreview.accounts.roles import Role, reviewer
from riskreview.audit.models import Entry
from riskreview.audit.state import subject_type
from riskreview.cases import resurfacing
from riskreview.cases.guards import works_on_cases
from riskreview.cases.models import (
    Case,
    Comment,
    Condition,
    Decision,
    Effect,
    Following,
    Kept,
    LegalStatus,
    Presence,
    Task,
    Word,
)
from riskreview.cases.workflow import Status

from .requests import Request

SHOWN = 50
MENTIONS_KEPT = datetime.timedelta(days=30)  # of mentions on pages that do not note who opened them


def mine(request: Request) -> HttpResponse:
    """My tasks by day, what I may sign, agree to or confirm, my cases, who mentioned me, what I follow, what I have to
    see to: nine queries."""
    now, user = timezone.now(), request.user
    tasks = Task.objects.visible_to(user).open().filter(owner=user).select_related("case").by_day()[:SHOWN]
    conditions = Condition.objects.filter(owner=user, state=Kept.OPEN, case__in=Case.objects.visible_to(user))
    context = {
        "days": days(list(tasks), now.date()),
        "signs": user.holds(Role.APPROVER),
        "to_sign": list(to_sign(user)),
        "to_agree": list(to_agree(user)),
        "to_confirm": list(to_confirm(user)),
        "takes": bool(reviewer(None, user)),
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


def to_sign(user: User) -> Any:
    """The cases that wait for a signature and in which this approver had no hand, the most urgent first. Whether the
    procedure seats somebody else to sign is told on the page of the case."""
    if not user.holds(Role.APPROVER):
        return Case.objects.none()
    waiting = Decision.objects.filter(case=OuterRef("pk"), approved_at=None, returned_at=None, voided_at=None)
    free = waiting.exclude(authorships__user=user).exclude(signatures__user=user)
    rows = Case.objects.visible_to(user).filter(Exists(free), status=Status.AWAITING_APPROVAL)
    return rows.most_urgent_first()[:SHOWN]


def to_agree(user: User) -> Any:
    """The postponements of decisions that stand, asked for by somebody else, that this approver may agree to."""
    if not user.holds(Role.APPROVER):
        return Effect.objects.none()
    rows = Effect.objects.filter(is_asked=True, case__status=Status.DECIDED, decision=F("case__decision"))
    seen = rows.filter(case__in=Case.objects.visible_to(user)).exclude(by_the_same("written_by", user))
    return seen.select_related("case", "supersedes", "written_by").order_by("starts_on", "pk")[:SHOWN]


def to_confirm(user: User) -> Any:
    """The events in law that one other person recorded and that this person may confirm, the oldest first."""
    if not works_on_cases(None, user):
        return LegalStatus.objects.none()
    rows = LegalStatus.objects.visible_to(user).filter(word=Word.RECORDED).exclude(snapshot=None)
    others = rows.filter(case__in=Case.objects.visible_to(user)).exclude(by_the_same("recorded_by", user))
    return others.select_related("case", "recorded_by").order_by("recorded_at", "pk")[:SHOWN]


def by_the_same(column: str, user: User) -> Q:
    """What was done by this person, whatever they signed in with."""
    return Q(**{f"{column}__person": user.human}) | Q(**{f"{column}__person": None, column: user.human})


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
