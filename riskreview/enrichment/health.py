"""How collection goes: what is due, what was given up, who has gone quiet, and which hosts are left alone."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min, QuerySet, Value

from riskreview.audit.models import Verification
from riskreview.cases.models import Search
from riskreview.cases.workflow import OPEN
from riskreview.evidence.models import Document, Host, OriginJudgement, Source, Trial, Visit
from riskreview.evidence.models.leaving import LEFT_AS_IT_IS

WORK: tuple[tuple[str, str, Any], ...] = (
    ("source", "Sources to visit", Source),
    ("visit", "Answers to read", Visit),
    ("document", "Documents to fetch and read", Document),
    ("search", "Searches", Search),
    ("trial", "Dry runs", Trial),
    ("verification", "Checks of the record", Verification),
    ("originjudgement", "Words on whose text a document is", OriginJudgement),
)


@dataclass(frozen=True, slots=True)
class Load:
    """How much work of a kind there is. `oldest_due_seconds` is how long the oldest due row has waited."""

    kind: str
    label: str
    due: int
    left: int
    dead: int
    oldest_due_seconds: int | None


def work(now: datetime.datetime) -> list[Load]:
    """How much there is to do, per kind of row."""
    dead = counted(given_up() | told_elsewhere())
    return [load(kind, label, rows, dead.get(kind, 0), now) for kind, label, rows in WORK]


def load(kind: str, label: str, rows: Any, dead: int, now: datetime.datetime) -> Load:
    """One kind of row."""
    due = rows.objects.due().aggregate(n=Count("pk"), oldest=Min("not_before"))
    waited = max(0, int((now - due["oldest"]).total_seconds())) if due["oldest"] else None
    return Load(kind, label, due["n"], rows.objects.left().count(), dead, waited)


def given_up() -> dict[str, QuerySet[Any]]:
    """The rows that need a person, by kind. Not a dry run, which is its asker's, nor a search for a closed case."""
    return {
        "document": Document.objects.dead().exclude(LEFT_AS_IT_IS),
        "visit": Visit.objects.dead().exclude(LEFT_AS_IT_IS),
        "search": Search.objects.dead().filter(case__status__in=OPEN),
    }


def told_elsewhere() -> dict[str, QuerySet[Any]]:
    """The rows that need the operator and stand in no list of work, by kind."""
    return {"verification": Verification.objects.dead(), "originjudgement": OriginJudgement.objects.dead()}


def left_as_they_are() -> dict[str, QuerySet[Any]]:
    """The given-up rows that somebody left for a reason, by kind."""
    return {"document": Document.objects.filter(LEFT_AS_IT_IS), "visit": Visit.objects.filter(LEFT_AS_IT_IS)}


def counted(rows: Mapping[str, QuerySet[Any]]) -> dict[str, int]:
    """How many rows there are of each kind, in one query."""
    first, *others = [
        each.order_by().annotate(of=Value(kind)).values("of").annotate(n=Count("pk")).values_list("of", "n")
        for kind, each in rows.items()
    ]
    return dict(first.union(*others, all=True))


def hosts_left_alone(now: datetime.datetime) -> QuerySet[Host]:
    """Hosts that failed too often and are not asked for a while."""
    rows: QuerySet[Host] = Host.objects.filter(open_until__gt=now).order_by("open_until", "name")
    return rows
