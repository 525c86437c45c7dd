"""The case as it was, and what was known when."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.views.decorators.http import require_GET

from riskreview.audit.models import Entry
from riskreview.cases import asof, knowing, trail
from riskreview.cases.models import Case

from . import cases, recalling, sealed
from .requests import Request


@require_GET
def as_of(request: Request, ref: str) -> HttpResponse:
    """The case after an act, or at a moment; or a recommendation as it was sealed. What differs today stands beside."""
    found = cases.find(request, ref)
    if number := request.GET.get("decision", ""):
        return as_sealed(request, found, number)
    entry, at = asked(request, found)
    seen = asof.as_of(found, at)
    context = {
        "case": found,
        "entry": entry,
        "at": at,
        "seen": seen,
        "blocks": recalling.blocks(seen, found.playbook.rules if found.playbook else None),
        "differs": sum(len(each.since) for each in seen),
        "lost": [name for each in seen for name in each.told.unknown],
        "unproven": [each for each in seen if each.told.agrees is None],
        "broken": [each for each in seen if each.told.agrees is False],
    }
    return render(request, "cases/as_of.html", context)


def asked(request: Request, case: Case) -> tuple[Entry | None, datetime.datetime]:
    """The entry and the moment that are asked for; now, if none is. Raises `Http404` for an entry of something else."""
    if given := request.GET.get("entry", ""):
        entry = Entry.objects.filter(trail.about([case]), uuid=as_uuid(given)).select_related("actor", "body").first()
        if entry is None:
            raise Http404
        return entry, entry.recorded_at
    return None, moment(request.GET.get("at", "")) or timezone.now()


def as_uuid(text: str) -> uuid.UUID:
    """An id. Raises `Http404` for what is none."""
    try:
        return uuid.UUID(text)
    except ValueError:
        raise Http404 from None


def moment(text: str) -> datetime.datetime | None:
    """A moment, or the end of a day, in UTC where nothing else is said; None for what is neither."""
    try:
        at, day = parse_datetime(text), parse_date(text)
    except ValueError:
        return None
    if at is None or (day is not None and len(text) == 10):
        return datetime.datetime.combine(day, datetime.time.max, datetime.UTC) if day else None
    return at if at.tzinfo else at.replace(tzinfo=datetime.UTC)


def as_sealed(request: Request, case: Case, number: str) -> HttpResponse:
    """A recommendation exactly as those who signed it saw it."""
    rows = case.decisions.select_related("sealed", "submitted_by", "approved_by")
    decision = rows.filter(number=int(number)).first() if number.isascii() and number.isdecimal() else None
    if decision is None or not hasattr(decision, "sealed"):
        raise Http404
    content: dict[str, Any] = decision.sealed.content
    say = sealed.sayer(case, content.values())
    context = {"case": case, "decision": decision, "sections": sealed.sections(content, say)}
    return render(request, "cases/as_sealed.html", context)


@require_GET
def timeline(request: Request, ref: str) -> HttpResponse:
    """What happened and since when it was known, in one list."""
    found = cases.find(request, ref)
    return render(request, "cases/timeline.html", {"case": found, "known": knowing.known(found, request.user)})
