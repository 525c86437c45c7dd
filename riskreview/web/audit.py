"""The audit log: who did what, when, with the state before and after."""

from __future__ import annotations

import datetime
import json
import uuid
from typing import Any

from django.db.models import Func, Q, TextField
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.dateparse import parse_date

from riskreview.accounts.models import ApiToken, User
from riskreview.audit.models import Entry, Ledger
from riskreview.audit.state import subject_type
from riskreview.cases import trail
from riskreview.cases.models import Case, Flag, Suggestion
from riskreview.evidence.models import Document, Source
from riskreview.incidents.models import Incident
from riskreview.vendors.models import Vendor

from . import record, wording
from .checks import verifier_sum
from .places import losses_of, place_of
from .requests import Request

SHOWN = 50
SUBJECTS: dict[str, Any] = {
    subject_type(model): model
    for model in (ApiToken, Case, Document, Flag, Incident, Ledger, Source, Suggestion, User, Vendor)
}
ON_THE_PAGE_OF = {"flag": "exhibit__case"}
FILTERS = ("q", "actor", "subject", "verb", "kind", "since", "until")


def audit(request: Request) -> HttpResponse:
    """The log, newest first, in pages that new entries do not shift; above it, the state of the record."""
    rows = filtered(Entry.objects.visible_to(request.user), request)
    before = request.GET.get("before", "")
    rows = rows.filter(pk__lt=before) if before.isdecimal() else rows
    page = list(rows.select_related("actor", "body").newest_first()[: SHOWN + 1])
    shown = page[:SHOWN]
    context = {
        "record": record.look(timezone.now()),
        "verifier_sum": verifier_sum(),
        "lines": with_addresses(wording.lines(shown)),
        "older": shown[-1].pk if len(page) > SHOWN else None,
        "before": before,
        "people": User.objects.order_by("name"),
        "kinds": Entry.Kind.choices,
        "verbs": acts(),
        "filters": {name: request.GET.get(name, "") for name in FILTERS},
    }
    return render(request, "audit/audit.html", context)


def acts() -> list[tuple[str, str]]:
    """Every act that the log knows, as the filter names and says it: "Case: add exhibit"."""
    return [(verb, verb.replace(".", ": ").replace("_", " ").capitalize()) for verb in sorted(wording.WORDS)]


def filtered(rows: Any, request: Request) -> Any:
    """The entries that fit the filters of the address; what makes no sense there finds nothing or filters nothing."""
    asked = {name: str(value) for name, value in request.GET.items() if value}
    if "q" in asked:
        rows = saying(rows, asked["q"])
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


def saying(rows: Any, words: str) -> Any:
    """The entries whose label, reason or arguments hold these words."""
    wanted = json.dumps(words.strip()[:200], ensure_ascii=False)[1:-1]  # as they stand inside JSON
    # The whole text is searched first only because that is cheap: a body without the words need not be taken apart.
    rows = rows.alias(whole=Whole("body__body"), said=Said("body__body"))
    return rows.filter(whole__icontains=wanted, said__icontains=wanted)


class Whole(Func):
    """A body as text."""

    template = "convert_from(%(expressions)s, 'UTF8')"
    output_field = TextField()


class Said(Func):
    """What a body says in words: label, reason, arguments. Not where an act came from, which old bodies hold too."""

    template = (
        "(SELECT string_agg(value::text, ' ') FROM jsonb_each(convert_from(%(expressions)s, 'UTF8')::jsonb)"
        " WHERE key IN ('label', 'reason', 'arguments'))"
    )
    output_field = TextField()


def about(subject: str) -> Q:
    """Entries about `vendor:17`, or about an incident or a case by its reference; of a case, its flags among them."""
    if subject.upper().startswith("RR-"):
        return trail.about(Case.objects.filter(ref=subject.upper()))
    if subject.upper().startswith("INC-"):
        found = Incident.objects.filter(ref=subject.upper()).values_list("pk", flat=True)
        return Q(subject_type=subject_type(Incident), subject_id__in=[str(pk) for pk in found])
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
            rows = model.objects.filter(pk__in=ids)
            rows = rows.select_related(ON_THE_PAGE_OF[kind]) if kind in ON_THE_PAGE_OF else rows
            pages |= {(kind, str(row.pk)): row.get_absolute_url() for row in rows}
    return [{"line": line, "page": pages.get((line.entry.subject_type, line.entry.subject_id))} for line in lines]


def entry(request: Request, identity: uuid.UUID) -> HttpResponse:
    """One entry: its header, its body as far as this person may see it, before and after, its place in the log."""
    rows = Entry.objects.visible_to(request.user).select_related("actor", "body", "trace", "leaf__log", "pending")
    found = get_object_or_404(rows, uuid=identity)
    private, place = found.private_for(request.user), place_of(found)
    near = Entry.objects.filter(subject_type=found.subject_type, subject_id=found.subject_id)
    context = {
        "entry": found,
        "told": with_addresses(wording.lines([found]))[0],
        "place": place,
        "losses": losses_of(found),
        "header": {name: shown(value) for name, value in found.public.items()},
        "changes": {name: (shown(old), shown(new)) for name, (old, new) in private.get("changes", {}).items()},
        "arguments": {name: shown(value) for name, value in wording.arguments(private).items()},
        "private": private,
        "json": as_json({"header": found.public, "body": private} | (place.told if place else WAITING)),
        "earlier": near.filter(pk__lt=found.pk).newest_first().first(),
        "later": near.filter(pk__gt=found.pk).order_by("pk").first(),
    }
    return render(request, "audit/entry.html", context)


WAITING: dict[str, Any] = {"leaf": None, "proof": None}


def as_json(value: Any) -> str:
    """A value as people copy it."""
    return json.dumps(value, indent=2, ensure_ascii=False, sort_keys=True)


def shown(value: Any) -> str:
    """A recorded value as people read it."""
    if value is None or value in ("", [], {}):
        return ""
    if isinstance(value, dict) and set(value) == {"ref"}:
        return str(value["ref"])
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
