"""The vendor register."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST

from riskreview.audit.models import Entry
from riskreview.cases.models import Case
from riskreview.cases.workflow import OPEN
from riskreview.evidence.models import Document
from riskreview.incidents.models import Incident
from riskreview.vendors.models import Vendor

from . import charts, wording
from .acts import perform
from .answers import page_of, see_other
from .forms.others import AddAlias, AddProduct, Describe, RegisterVendor, Relate, Rename, RetireAlias
from .requests import Request

FORMS: dict[str, Any] = {form.verb: form for form in (Rename, Describe, AddAlias, RetireAlias, AddProduct, Relate)}


@require_http_methods(["GET", "POST"])
def vendors(request: Request) -> HttpResponse:
    """Whom we watch; a POST registers one more."""
    if request.method == "GET":
        return listing(request, RegisterVendor(user=request.user))
    form = RegisterVendor(request.POST, user=request.user)
    again = partial(listing, request, form, status=422)
    return perform(request, form, Vendor.objects.register, again=again, done=see_other, said="Vendor registered.")


def listing(request: Request, form: Any, status: int = 200) -> HttpResponse:
    """The register, with how much there is about each."""
    text = request.GET.get("q", "").strip()
    visible = Vendor.objects.visible_to(request.user)
    rows = visible.filter(pk__in=visible.matching(text).values("pk")) if text else visible
    read = Document.objects.filter(salience__vendor=OuterRef("pk")).order_by().values("salience__vendor")
    rows = rows.annotate(
        open_cases=Count("cases", filter=Q(cases__status__in=OPEN), distinct=True),
        document_count=Subquery(read.annotate(n=Count("pk", distinct=True)).values("n")),
    ).prefetch_related("aliases", "products")
    page = page_of(request, rows.order_by("canonical_name"))
    return render(request, "vendors/vendors.html", {"page": page, "form": form, "q": text}, status=status)


def vendor(request: Request, slug: str) -> HttpResponse:
    """A vendor, on one page."""
    return page(request, find(request, slug))


def find(request: Request, slug: str) -> Vendor:
    """The vendor, if it is there for this person."""
    return get_object_or_404(Vendor.objects.visible_to(request.user), slug=slug)


def page(request: Request, found: Vendor, *, sent: Any = None, status: int = 200) -> HttpResponse:
    """The vendor's page, with the form that was sent and its problems, if there was one."""
    incidents = list(Incident.objects.visible_to(request.user).involving(found).order_by("-occurred_from", "-pk")[:30])
    cases = Case.objects.visible_to(request.user).filter(vendors=found).select_related("assigned_to")
    about = Document.objects.visible_to(request.user).filter(salience__vendor=found).select_related("source")
    aliases = list(found.aliases.select_related("product").order_by("kind", "text"))
    acts = {
        verb: form(subject=found, user=request.user) for verb, form in FORMS.items() if form_open(verb, found, request)
    }
    context = {
        "vendor": found,
        "names": [alias for alias in aliases if alias.product_id is None and alias.kind != "TICKER"],
        "tickers": [alias for alias in aliases if alias.kind == "TICKER"],
        "aliases": aliases,
        "products": found.products.order_by("name"),
        "relations": found.relations.select_related("other").order_by("kind", "valid_from"),
        "related_by": found.related_by.select_related("vendor").order_by("kind", "valid_from"),
        "incidents": incidents,
        "strip": charts.event_strip([event(incident) for incident in incidents]),
        "open_cases": cases.unfinished().most_urgent_first()[:20],
        "finished_cases": cases.exclude(status__in=OPEN).order_by("-pk")[:10],
        "documents": about.order_by("-published_at", "-pk")[:8],
        "document_count": about.count(),
        "trail": wording.lines(Entry.objects.about(found).select_related("actor", "body").newest_first()[:8]),
        "acts": acts | ({sent.verb: sent} if sent else {}),
        "sent": sent,
    }
    return render(request, "vendors/vendor.html", context, status=status)


def form_open(verb: str, found: Vendor, request: Request) -> bool:
    """Whether the verb's guard lets this person in."""
    guard = getattr(Vendor, verb).guard
    return bool(guard(found, request.user))


def event(incident: Incident) -> charts.Event:
    """An incident as a dot of the strip: established facts look different from allegations."""
    title = incident.title if len(incident.title) <= 34 else incident.title[:33].rsplit(" ", 1)[0] + "…"
    tone = "s1" if incident.is_established else "s2"
    return charts.Event(incident.occurred_from, title, incident.get_absolute_url(), incident.ref, tone)


def act(request: Request, slug: str, verb: str, said: str) -> HttpResponse:
    """Run a verb of a vendor with its form."""
    found = find(request, slug)
    form = FORMS[verb](request.POST, subject=found, user=request.user)
    again = partial(page, request, found, sent=form, status=422)
    return perform(request, form, getattr(found, verb), again=again, done=lambda made: see_other(found), said=said)


@require_POST
def rename(request: Request, slug: str) -> HttpResponse:
    """Call it by another name."""
    return act(request, slug, "rename", "Renamed.")


@require_POST
def describe(request: Request, slug: str) -> HttpResponse:
    """Say who it is."""
    return act(request, slug, "describe", "Described.")


@require_POST
def retire_alias(request: Request, slug: str) -> HttpResponse:
    """Stop matching a name."""
    return act(request, slug, "retire_alias", "Retired. The name stays on record.")


@require_POST
def add_alias(request: Request, slug: str) -> HttpResponse:
    """Add a name it goes by."""
    return act(request, slug, "add_alias", "Name added.")


@require_POST
def add_product(request: Request, slug: str) -> HttpResponse:
    """Add something it ships."""
    return act(request, slug, "add_product", "Product added.")


@require_POST
def relate(request: Request, slug: str) -> HttpResponse:
    """State who owns it, or stands beside it."""
    return act(request, slug, "relate", "Relation added.")
