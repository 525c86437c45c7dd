"""Joining two entries of the register that are one vendor, with a look at what changes, and taking it back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from riskreview.accounts.models import User
from riskreview.cases.models import Case
from riskreview.evidence.models import Document
from riskreview.incidents.models import Incident
from riskreview.vendors.models import Vendor

from . import vendors
from .acts import perform
from .answers import page_of, see_other
from .forms.names import MergeInto, Unmerge
from .requests import Request


def merge(request: Request) -> HttpResponse:
    """Choose two vendors, see what would change, merge; below, what was merged before."""
    visible = Vendor.objects.visible_to(request.user).select_related("merged_into")
    asked = [slug for name in ("vendor", "other") if (slug := request.GET.get(name, ""))] if may(request.user) else []
    named = {each.slug: each for each in visible.filter(slug__in=asked)}
    vendor, other = (named.get(request.GET.get(name, "")) for name in ("vendor", "other"))
    return page(request, vendor, other, absent=[slug for slug in asked if slug not in named])


def may(user: User) -> bool:
    """Whether this person may merge vendors."""
    return bool(Vendor.merge_into.guard and Vendor.merge_into.guard(None, user))


def page(
    request: Request,
    vendor: Vendor | None,
    other: Vendor | None,
    *,
    absent: Sequence[str] = (),
    sent: Any = None,
    status: int = 200,
) -> HttpResponse:
    """The page about two vendors, with the form that was sent and its problems, if there was one. `absent` are names
    in the address that no vendor has."""
    visible = Vendor.objects.visible_to(request.user)
    merged = visible.exclude(merged_into=None).select_related("merged_into").order_by("canonical_name")
    allowed = may(request.user)
    both = vendor is not None and other is not None
    why_not = trouble(vendor, other) if vendor and other else ""
    context = {
        "vendor": vendor,
        "other": other,
        "choices": visible.standing().order_by("canonical_name"),
        "preview": preview(vendor, request.user) if vendor and other and not why_not else None,
        "why_not": why_not,
        "absent": absent,
        "may": allowed,
        "form": fresh(vendor, other, request.user, sent) if both and allowed and not why_not else None,
        "page": page_of(request, merged),
        "sent": sent,
    }
    return render(request, "vendors/merge.html", context, status=status)


def fresh(vendor: Any, other: Any, user: User, sent: Any) -> MergeInto:
    """The form that was sent, or a new one."""
    return sent if isinstance(sent, MergeInto) else MergeInto(subject=vendor, user=user, initial={"other": other.pk})


def trouble(vendor: Vendor, other: Vendor) -> str:
    """Why the two cannot be merged this way round, in words; empty when they can."""
    if vendor.pk == other.pk:
        return "These are not two vendors."
    if vendor.is_merged:
        return f"{vendor} is merged into {vendor.merged_into} already."
    if other.is_merged:
        return f"{other} is itself merged into {other.merged_into}. Merge into that one."
    first = vendor.merged.order_by("pk").first()
    return f"{first} is merged into {vendor}. Take that merge back first." if first else ""


def preview(vendor: Vendor, user: User) -> dict[str, Any]:
    """What changes for a vendor that becomes another: its names, and what counts for the other from then on."""
    cases = Case.objects.visible_to(user).filter(vendors=vendor)
    named = Document.objects.visible_to(user).filter(snapshots__mentions__vendor=vendor)
    return {
        "names": list(vendor.aliases.filter(valid_to=None).order_by("kind", "text")),
        "products": vendor.products.count(),
        "cases": cases.count(),
        "open_cases": cases.unfinished().count(),
        "incidents": Incident.objects.visible_to(user).involving(vendor).count(),
        "documents": named.aggregate(n=Count("pk", distinct=True))["n"],
        "relations": vendor.relations.count() + vendor.related_by.count(),
    }


@require_POST
def merge_into(request: Request, slug: str) -> HttpResponse:
    """Make a vendor another one."""
    found = vendors.find(request, slug)
    form = MergeInto(request.POST, subject=found, user=request.user)
    other = Vendor.objects.visible_to(request.user).filter(pk=int_of(request.POST.get("other", ""))).first()
    return perform(
        request,
        form,
        found.merge_into,
        again=partial(page, request, found, other, sent=form, status=422),
        done=lambda made: see_other(form.cleaned_data["other"]),
        said=f"{found} is merged into this vendor. The documents that name it are read again.",
    )


def int_of(text: str) -> int:
    """The id a text gives, 0 for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else 0


@require_POST
def unmerge(request: Request, slug: str) -> HttpResponse:
    """Take a merge back."""
    found = vendors.find(request, slug)
    form = Unmerge(request.POST, subject=found, user=request.user)
    return perform(
        request,
        form,
        found.unmerge,
        again=partial(vendors.page, request, found, sent=form, status=422),
        done=lambda made: see_other(found),
        said="The merge is taken back. The documents that name it are read again.",
    )
