"""Cases that were put off: out of the queue until their day, or until something happens to them."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Case as Choose
from django.db.models import CharField, Exists, OuterRef, Q, Value, When
from django.db.models.functions import Cast

from riskreview.accounts.models import User
from riskreview.audit.models import Entry
from riskreview.audit.state import subject_type

from .models import Case, Comment, Exhibit, Flag, Suggestion

# Why a case is back before its day, by the code that `back` holds, in the order in which they are asked.
WHY = {
    "day": "its day has come",
    "suggestion": "a new suggestion came in",
    "flag": "a source changed after it was cited",
    "exhibit": "evidence was added",
    "mention": "a comment mentions you",
    "entry": "somebody else worked on it",
}


def told(cases: Any, user: User, today: datetime.date) -> Any:
    """The cases with `back`: why a case that was put off is to be looked at again, "" for one that is not.

    The questions are asked of cases that were put off, and of no others.
    """
    since = OuterRef("snoozed_at")
    suggested = Suggestion.objects.waiting().filter(case=OuterRef("pk"), suggested_at__gt=since)
    asked: dict[str, Any] = {
        "day": Q(snoozed_until__lte=today),
        "suggestion": Exists(suggested),
        "flag": Exists(Flag.objects.filter(exhibit__case=OuterRef("pk"), raised_at__gt=since)),
        "exhibit": Exists(Exhibit.objects.filter(case=OuterRef("pk"), added_at__gt=since)),
        "mention": Exists(Comment.objects.filter(case=OuterRef("pk"), written_at__gt=since, mentions=user)),
        "entry": Exists(entries_by_others(since)),
    }
    reasons = [When(condition, then=Value(code)) for code, condition in asked.items()]
    back = Choose(When(snoozed_at=None, then=Value("")), *reasons, default=Value(""), output_field=CharField())
    return cases.annotate(back=back)


def entries_by_others(since: OuterRef) -> Any:
    """Acts on the case itself, after it was put off, by others than the person who did so."""
    entries = Entry.objects.filter(subject_type=subject_type(Case), kind=Entry.Kind.ACT, recorded_at__gt=since)
    return entries.filter(~Q(actor=OuterRef("snoozed_by")), subject_id=Cast(OuterRef("pk"), CharField()))


def awake(cases: Any, user: User, today: datetime.date) -> Any:
    """The cases that are in the queue now: not put off, or back again. They carry `back`."""
    return told(cases, user, today).filter(Q(snoozed_at=None) | ~Q(back=""))


def asleep(cases: Any, user: User, today: datetime.date) -> Any:
    """The cases that are put off, and nothing happened to them yet."""
    return told(cases, user, today).filter(snoozed_at__isnull=False, back="")
