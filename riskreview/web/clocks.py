"""Dated facts and limits on the page of their case, and the days on which offices are closed."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST

from riskreview.accounts.roles import lead
from riskreview.cases.models import Clock, Closure, Milestone

from . import parts
from .acts import perform
from .answers import page_of, see_other
from .forms import clocks as forms
from .requests import Request

PLACE = "clocks"


@require_POST
def record(request: Request, ref: str) -> HttpResponse:
    """Put on record when something happened."""
    said = "On record. The limits of the case were worked out anew."
    return parts.add(request, ref, forms.Record, Milestone.objects.record, said=said, fragment=PLACE)


@require_POST
def correct(request: Request, pk: int) -> HttpResponse:
    """State another date."""
    said = "Corrected. What it did to each limit stands below the date."
    return parts.act(request, Milestone, pk, forms.Correct, said=said, fragment=f"milestone-{pk}")


@require_POST
def toll(request: Request, pk: int) -> HttpResponse:
    """Stop a limit."""
    return parts.act(request, Clock, pk, forms.Toll, said="It stands still.", fragment=f"clock-{pk}")


@require_POST
def end_toll(request: Request, pk: int) -> HttpResponse:
    """Let a limit run again."""
    return parts.act(request, Clock, pk, forms.EndToll, said="It runs again.", fragment=f"clock-{pk}")


@require_POST
def extend(request: Request, pk: int) -> HttpResponse:
    """Give a limit more time."""
    return parts.act(request, Clock, pk, forms.Extend, said="There is more time.", fragment=f"clock-{pk}")


@require_POST
def waive(request: Request, pk: int) -> HttpResponse:
    """Do without a limit."""
    return parts.act(request, Clock, pk, forms.Waive, said="Waived.", fragment=f"clock-{pk}")


@require_http_methods(["GET", "POST"])
def closures(request: Request) -> HttpResponse:
    """The closures that were announced, newest first; a POST announces one."""
    if request.method == "GET":
        return listing(request, forms.Announce(user=request.user))
    form = forms.Announce(request.POST, user=request.user)
    again = partial(listing, request, form, status=422)
    said = "Announced. The limits of all cases that follow this calendar are counted again within minutes."
    done = partial(lambda made: see_other("closures"))
    return perform(request, form, Closure.objects.announce, again=again, done=done, said=said)


def listing(request: Request, form: Any, status: int = 200, sent: Any = None) -> HttpResponse:
    """The page of closures."""
    may = lead(None, request.user)
    page = page_of(request, Closure.objects.visible_to(request.user).select_related("document").order_by("-day", "pk"))
    rows = [
        {"closure": row, "form": forms.Reopen(user=request.user, subject=row) if may and not row.revoked_at else None}
        for row in page
    ]
    context = {"rows": rows, "page": page, "form": form if may else None, "sent": sent}
    return render(request, "settings/closures.html", context, status=status)


@require_POST
def revoke(request: Request, pk: int) -> HttpResponse:
    """Take a closure back."""
    row = get_object_or_404(Closure.objects.visible_to(request.user), pk=pk)
    form = forms.Reopen(request.POST, user=request.user, subject=row)
    again = partial(listing, request, forms.Announce(user=request.user), status=422, sent=form)
    said = "Revoked. Limits are counted again without it."
    return perform(request, form, row.revoke, again=again, done=lambda made: see_other("closures"), said=said)
