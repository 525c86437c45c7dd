"""The incident register."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST

from riskreview.audit.models import Entry
from riskreview.cases.models import Case
from riskreview.incidents.models import Incident

from . import wording
from .acts import perform
from .answers import page_of, see_other
from .forms.others import Cite, Involve, Reassess, Report
from .requests import Request

FORMS: dict[str, Any] = {form.verb: form for form in (Involve, Cite, Reassess)}


@require_http_methods(["GET", "POST"])
def incidents(request: Request) -> HttpResponse:
    """What happened, or is said to have happened; a POST puts one more on record."""
    if request.method == "GET":
        begun = {name: request.GET[name][:2_000] for name in ("title", "neutral_summary") if name in request.GET}
        return listing(request, Report(user=request.user, initial=begun, is_open=bool(begun)))
    form = Report(request.POST, user=request.user)
    again = partial(listing, request, form, status=422)
    return perform(request, form, Incident.objects.report, again=again, done=see_other, said="Put on record.")


def listing(request: Request, form: Any, status: int = 200) -> HttpResponse:
    """The register, newest first."""
    text, kind = request.GET.get("q", "").strip(), request.GET.get("kind", "")
    rows = Incident.objects.visible_to(request.user)
    if text:
        rows = rows.filter(Q(title__icontains=text) | Q(ref__icontains=text) | Q(neutral_summary__icontains=text))
    if kind in Incident.Kind.values:
        rows = rows.filter(kind=kind)
    rows = rows.prefetch_related("involvements__vendor", "involvements__product__vendor")
    context = {
        "page": page_of(request, rows.order_by("-occurred_from", "-pk")),
        "form": form,
        "kinds": Incident.Kind.choices,
        "filters": {"q": text, "kind": kind},
    }
    return render(request, "incidents/incidents.html", context, status=status)


def incident(request: Request, ref: str) -> HttpResponse:
    """An incident, on one page."""
    return page(request, find(request, ref))


def find(request: Request, ref: str) -> Incident:
    """The incident, if it is there for this person."""
    return get_object_or_404(Incident.objects.visible_to(request.user), ref=ref)


def page(request: Request, found: Incident, *, sent: Any = None, status: int = 200) -> HttpResponse:
    """The incident's page, with the form that was sent and its problems, if there was one."""
    involved = list(found.involvements.select_related("vendor", "product__vendor").order_by("role", "pk"))
    vendors = {one.product.vendor_id if one.product else one.vendor_id for one in involved}
    acts = {
        verb: form(subject=found, user=request.user)
        for verb, form in FORMS.items()
        if getattr(Incident, verb).guard(found, request.user)
    }
    cases = Case.objects.visible_to(request.user).filter(vendors__in=vendors).distinct()
    context = {
        "incident": found,
        "involved": involved,
        "citations": found.citations.select_related("document__source", "snapshot")
        .defer("snapshot__text")
        .order_by("pk"),
        "cases": cases.order_by("-pk")[:10],
        "trail": wording.lines(Entry.objects.about(found).select_related("actor", "body").newest_first()[:30]),
        "acts": acts | ({sent.verb: sent} if sent else {}),
        "sent": sent,
    }
    return render(request, "incidents/incident.html", context, status=status)


def act(request: Request, ref: str, verb: str, said: str) -> HttpResponse:
    """Run a verb of an incident with its form."""
    found = find(request, ref)
    form = FORMS[verb](request.POST, subject=found, user=request.user)
    again = partial(page, request, found, sent=form, status=422)
    return perform(request, form, getattr(found, verb), again=again, done=lambda made: see_other(found), said=said)


@require_POST
def involve(request: Request, ref: str) -> HttpResponse:
    """State who is involved."""
    return act(request, ref, "involve", "Added.")


@require_POST
def cite(request: Request, ref: str) -> HttpResponse:
    """Rest the incident on a passage."""
    return act(request, ref, "cite", "Passage cited.")


@require_POST
def reassess(request: Request, ref: str) -> HttpResponse:
    """Say how far the allegation got."""
    return act(request, ref, "reassess", "Reassessed.")
