"""The audit log: who did what, when, with the state before and after."""

from __future__ import annotations

import datetime
import json
import uuid
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.dateparse import parse_date

from riskreview.accounts.models import ApiToken, User
from riskreview.audit.models import Entry
from riskreview.audit.state import subject_type
from riskreview.cases.models import Case, Suggestion
from riskreview.evidence.models import Document, Source
from riskreview.incidents.models import Incident
from riskreview.vendors.models import Vendor

from . import wording
from .requests import Request

SHOWN = 50
SUBJECTS: dict[str, Any] = {
    subject_type(model): model for model in (ApiToken, Case, Document, Incident, Source, Suggestion, User, Vendor)
}
BY_REF: dict[str, Any] = {"RR-": Case, "INC-": Incident}


def audit(request: Request) -> HttpResponse:
    """The log, newest first, in pages that new entries do not shift."""
    rows = filtered(Entry.objects.visible_to(request.user), request)
    before = request.GET.get("before", "")
    page = list(
        (rows.filter(pk__lt=before) if before.isdecimal() else rows)
        .select_related("actor", "body")
        .newest_first()[: SHOWN + 1]
    )
    shown = page[:SHOWN]
    context = {
        "lines": with_addresses(wording.lines(shown)),
        "older": shown[-1].pk if len(page) > SHOWN else None,
        "before": before,
        "people": User.objects.order_by("name"),
        "kinds": Entry.Kind.choices,
        "verbs": sorted(wording.WORDS),
        "filters": {name: request.GET.get(name, "") for name in ("actor", "subject", "verb", "kind", "since", "until")},
    }
    return render(request, "audit/audit.html", context)


def filtered(rows: Any, request: Request) -> Any:
    """The entries that fit the filters of the address; what makes no sense there finds nothing or filters nothing."""
    asked = {name: str(value) for name, value in request.GET.items() if value}
    if "actor" in asked:
        rows = rows.filter(actor=as_uuid(asked["actor"]))
    if "subject" in asked:
        rows = rows.filter(about(asked["subject"].strip()))
    if "verb" in asked:
        rows = rows.filter(verb=asked["verb"])
    if "kind" in asked:
        rows = rows.filter(kind=asked["kind"])
    for name, lookup, time in (("since", "gte", datetime.time.min), ("until", "lte", datetime.time.max)):
        if day := as_day(asked.get(name, "")):
            rows = rows.filter(**{f"recorded_at__{lookup}": datetime.datetime.combine(day, time, datetime.UTC)})
    return rows


def about(subject: str) -> Q:
    """Entries about `vendor:17`, or about a case or an incident by its reference."""
    for prefix, model in BY_REF.items():
        if subject.upper().startswith(prefix):
            found = model.objects.filter(ref=subject.upper()).values_list("pk", flat=True)
            return Q(subject_type=subject_type(model), subject_id__in=[str(pk) for pk in found])
    kind, _, pk = subject.partition(":")
    return Q(subject_type=kind, subject_id=pk)


def as_uuid(text: str) -> uuid.UUID | None:
    """A person's id, or None for what is none."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def as_day(text: str) -> datetime.date | None:
    """A day, or None for what is none."""
    try:
        return parse_date(text)
    except ValueError:
        return None


def with_addresses(lines: list[wording.Line]) -> list[dict[str, Any]]:
    """Each line with the page of its subject: one query per kind of subject."""
    wanted: dict[str, set[str]] = {}
    for line in lines:
        wanted.setdefault(line.entry.subject_type, set()).add(line.entry.subject_id)
    pages: dict[tuple[str, str], str] = {}
    for kind, ids in wanted.items():
        model = SUBJECTS.get(kind)
        if model is not None and hasattr(model, "get_absolute_url"):
            pages |= {(kind, str(row.pk)): row.get_absolute_url() for row in model.objects.filter(pk__in=ids)}
    return [{"line": line, "page": pages.get((line.entry.subject_type, line.entry.subject_id))} for line in lines]


def entry(request: Request, identity: uuid.UUID) -> HttpResponse:
    """One entry: its public header, its private body as far as this person may see it, before and after."""
    rows = Entry.objects.visible_to(request.user).select_related("actor", "body")
    found = get_object_or_404(rows, uuid=identity)
    told = with_addresses(wording.lines([found]))[0]
    private = found.private_for(request.user)
    near = Entry.objects.filter(subject_type=found.subject_type, subject_id=found.subject_id)
    context = {
        "entry": found,
        "told": told,
        "header": found.public,
        "changes": [
            {"name": name, "old": shown(old), "new": shown(new)}
            for name, (old, new) in private.get("changes", {}).items()
        ],
        "arguments": [{"name": name, "value": shown(value)} for name, value in wording.arguments(private).items()],
        "private": private,
        "json": json.dumps({"header": found.public, "body": private}, indent=2, ensure_ascii=False, sort_keys=True),
        "earlier": near.filter(pk__lt=found.pk).newest_first().first(),
        "later": near.filter(pk__gt=found.pk).order_by("pk").first(),
    }
    return render(request, "audit/entry.html", context)


def shown(value: Any) -> str:
    """A recorded value as people read it."""
    if value is None or value in ("", [], {}):
        return ""
    if isinstance(value, dict) and set(value) == {"ref"}:
        return str(value["ref"])
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
