"""The vendor register."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.db.models import Count
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from riskreview.accounts.days import site_day
from riskreview.audit.models import Entry
from riskreview.cases import effective
from riskreview.cases.models import Case
from riskreview.cases.workflow import OPEN
from riskreview.enrichment import rereading
from riskreview.evidence.models import Document, Salience
from riskreview.incidents.models import Incident
from riskreview.vendors.models import Vendor

from . import charts, wording
from .acts import perform
from .answers import page_of, see_other
from .forms.names import AmendAlias, Unmerge
from .forms.others import AddAlias, AddProduct, Describe, RegisterVendor, Relate, Rename, RetireAlias
from .requests import Request

NAMING = (Rename, AddAlias, AmendAlias, RetireAlias)
FORMS: dict[str, Any] = {form.verb: form for form in (*NAMING, Describe, AddProduct, Relate)}


@require_http_methods(["GET", "POST"])
def vendors(request: Request) -> HttpResponse:
    """Whom we watch; a POST registers one more."""
    if request.method == "GET":
        return listing(request, RegisterVendor(user=request.user))
    form = RegisterVendor(request.POST, user=request.user)
    again = partial(listing, request, form, status=422)
    return perform(request, form, Vendor.objects.register, again=again, done=see_other, said="Vendor registered.")


def listing(request: Request, form: Any, status: int = 200) -> HttpResponse:
    """The register, with how much there is about each. What was merged into another counts for that one, and is
    found by its names."""
    text = request.GET.get("q", "").strip()
    rows = Vendor.objects.visible_to(request.user).standing()
    if text:
        named = Vendor.objects.visible_to(request.user).matching(text)
        rows = rows.filter(pk__in=named.values_list(Coalesce("merged_into", "pk")))
    page = page_of(request, rows.prefetch_related("aliases", "products").order_by("canonical_name"))
    count(page)
    return render(request, "vendors/vendors.html", {"page": page, "form": form, "q": text}, status=status)


def count(vendors: Iterable[Any]) -> None:
    """Note at each vendor how many open cases and documents there are about it, and about those merged into it."""
    shown = {vendor.pk: vendor for vendor in vendors}
    counted_as = list(Vendor.objects.counting_as(list(shown)).values_list("pk", flat=True))
    cases = Case.vendors.through.objects.filter(vendor__in=counted_as, case__status__in=OPEN)
    documents = Salience.objects.filter(vendor__in=counted_as)
    open_cases, document_count = per_vendor(cases, "case"), per_vendor(documents, "document")
    for pk, vendor in shown.items():
        vendor.open_cases, vendor.document_count = open_cases.get(pk, 0), document_count.get(pk, 0)


def per_vendor(rows: Any, of: str) -> dict[int, int]:
    """How many different ones of something the rows name for each vendor, merged ones counting for the other."""
    standing = Coalesce("vendor__merged_into", "vendor")
    return dict(rows.values_list(standing).annotate(n=Count(of, distinct=True)).order_by())


def vendor(request: Request, slug: str) -> HttpResponse:
    """A vendor, on one page."""
    return page(request, find(request, slug))


def find(request: Request, slug: str) -> Vendor:
    """The vendor, if it is there for this person."""
    return get_object_or_404(Vendor.objects.visible_to(request.user), slug=slug)


def page(request: Request, found: Vendor, *, sent: Any = None, status: int = 200) -> HttpResponse:
    """The vendor's page, with the form that was sent and its problems, if there was one."""
    merged = list(found.merged.order_by("canonical_name"))
    every = [found, *merged]
    concerned = Incident.objects.visible_to(request.user).involving(*every)
    incidents = list(concerned.order_by("-occurred_from", "-pk")[:30])
    cases = Case.objects.visible_to(request.user).filter(vendors__in=every).distinct().select_related("assigned_to")
    about = Document.objects.visible_to(request.user).filter(salience__vendor__in=every).distinct()
    aliases = list(found.aliases.select_related("product").order_by("kind", "text"))
    acts = acts_on(found, request)
    context = {
        "vendor": found,
        "merged": merged,
        "merge": merge_of(found) if found.is_merged else None,
        "rereading": rereading.progress(found),
        "names": [alias for alias in aliases if alias.product_id is None and alias.kind != "TICKER"],
        "tickers": [alias for alias in aliases if alias.kind == "TICKER"],
        "aliases": aliases,
        "products": found.products.order_by("name"),
        "relations": found.relations.select_related("other").order_by("kind", "valid_from"),
        "related_by": found.related_by.select_related("vendor").order_by("kind", "valid_from"),
        "standing": effective.standing(found, site_day(timezone.now()), user=request.user),
        "incidents": incidents,
        "strip": charts.event_strip([event(incident) for incident in incidents]),
        "open_cases": cases.unfinished().most_urgent_first()[:20],
        "finished_cases": cases.exclude(status__in=OPEN).order_by("-pk")[:10],
        "documents": about.select_related("source").order_by("-published_at", "-pk")[:8],
        "document_count": about.count(),
        "trail": wording.lines(Entry.objects.about(found).select_related("actor", "body").newest_first()[:8]),
        "acts": acts | ({sent.verb: sent} if sent else {}),
        "sent": sent,
    }
    return render(request, "vendors/vendor.html", context, status=status)


def acts_on(found: Vendor, request: Request) -> dict[str, Any]:
    """The forms for what this person may do: one that was merged into another can only be taken out again."""
    forms = {Unmerge.verb: Unmerge} if found.is_merged else FORMS
    return {
        verb: form(subject=found, user=request.user) for verb, form in forms.items() if form_open(verb, found, request)
    }


def merge_of(vendor: Vendor) -> Any:
    """The act that merged a vendor into another, as a line of the record."""
    acts = Entry.objects.about(vendor).filter(verb="vendor.merge_into", kind=Entry.Kind.ACT)
    told = wording.lines(acts.select_related("actor", "body").newest_first()[:1])
    return told[0] if told else None


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
def amend_alias(request: Request, slug: str) -> HttpResponse:
    """Change on what terms a name is matched."""
    return act(request, slug, "amend_alias", "Amended. The documents that contain it are read again.")


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
