"""The source register: who is collected from, how reliable, and whether the visits work."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from riskreview.audit.models import Entry
from riskreview.evidence.models import Source

from . import wording
from .acts import perform
from .answers import page_of, see_other
from .clock import span
from .forms.others import CollectNow, Grade, Pause, RegisterSource, Unpause
from .requests import Request

FORMS: dict[str, Any] = {form.verb: form for form in (Grade, Pause, Unpause, CollectNow)}


@dataclass(frozen=True, slots=True)
class Health:
    """How the visits go, in words; `tone` is a badge's."""

    tone: str
    word: str
    sentence: str


def health(source: Source, now: datetime.datetime) -> Health:
    """Judge a source by its last visits."""
    if not source.enabled:
        return Health("", "Paused", "It is not visited.")
    if source.last_error:
        last = source.last_success_at
        since = (
            f"The last success was {span((now - last).total_seconds())} ago." if last else "No visit has worked yet."
        )
        return Health("crit" if source.attempts >= 3 else "high", "Failing", f"{since} {source.last_error}")
    if source.last_success_at is None:
        return Health("info", "New", "It has not been visited yet.")
    late = (now - source.last_success_at).total_seconds() - 60 * source.interval_minutes
    if late > 60 * source.interval_minutes:
        return Health("med", "Late", f"The last visit was {span((now - source.last_success_at).total_seconds())} ago.")
    return Health("low", "Working", f"The last visit was {span((now - source.last_success_at).total_seconds())} ago.")


@require_http_methods(["GET", "POST"])
def sources(request: Request) -> HttpResponse:
    """Whom we collect from; a POST registers one more."""
    if request.method == "GET":
        return listing(request, RegisterSource(user=request.user))
    form = RegisterSource(request.POST, user=request.user)
    again = partial(listing, request, form, status=422)
    return perform(request, form, Source.objects.register, again=again, done=see_other, said="Source registered.")


def listing(request: Request, form: Any, status: int = 200) -> HttpResponse:
    """The register, by name."""
    now = timezone.now()
    page = page_of(request, Source.objects.visible_to(request.user).order_by("name"))
    for source in page.object_list:
        source.health = health(source, now)
    return render(request, "sources/sources.html", {"page": page, "form": form}, status=status)


def source(request: Request, pk: int) -> HttpResponse:
    """A source, on one page."""
    return page(request, find(request, pk))


def find(request: Request, pk: int) -> Source:
    """The source, if it is there for this person."""
    return get_object_or_404(Source.objects.visible_to(request.user), pk=pk)


def page(request: Request, found: Source, *, sent: Any = None, status: int = 200) -> HttpResponse:
    """The source's page, with the form that was sent and its problems, if there was one."""
    offered = [verb for verb in FORMS if getattr(Source, verb).guard(found, request.user)]
    hidden = "unpause" if found.enabled else "pause"
    acts = {verb: FORMS[verb](subject=found, user=request.user) for verb in offered if verb != hidden}
    context = {
        "source": found,
        "health": health(found, timezone.now()),
        "documents": found.documents.order_by("-first_seen_at", "-pk")[:15],
        "document_count": found.documents.count(),
        "trail": wording.lines(Entry.objects.about(found).select_related("actor", "body").newest_first()[:30]),
        "acts": acts | ({sent.verb: sent} if sent else {}),
        "sent": sent,
    }
    return render(request, "sources/source.html", context, status=status)


def act(request: Request, pk: int, verb: str, said: str) -> HttpResponse:
    """Run a verb of a source with its form."""
    found = find(request, pk)
    form = FORMS[verb](request.POST, subject=found, user=request.user)
    again = partial(page, request, found, sent=form, status=422)
    return perform(request, form, getattr(found, verb), again=again, done=lambda made: see_other(found), said=said)


@require_POST
def grade(request: Request, pk: int) -> HttpResponse:
    """Judge how reliable it is."""
    return act(request, pk, "grade", "Graded.")


@require_POST
def pause(request: Request, pk: int) -> HttpResponse:
    """Stop visiting it."""
    return act(request, pk, "pause", "Paused.")


@require_POST
def unpause(request: Request, pk: int) -> HttpResponse:
    """Visit it again."""
    return act(request, pk, "unpause", "It will be visited again.")


@require_POST
def collect_now(request: Request, pk: int) -> HttpResponse:
    """Visit it at the next sweep."""
    return act(request, pk, "collect_now", "It is visited at the next sweep, within a few seconds.")
