"""How a vendor stands on a day: what is in force, with its decision, and what is not, and why."""

from __future__ import annotations

import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET

from riskreview.accounts.days import site_day
from riskreview.cases import effective

from .requests import Request
from .vendors import find


@require_GET
def standing(request: Request, slug: str) -> HttpResponse:
    """A vendor's standing on the day that is asked for, today unless one is given."""
    vendor = find(request, slug)
    asked = request.GET.get("on", "").strip()
    on = day(asked)
    context = {
        "vendor": vendor,
        "standing": effective.standing(vendor, on or site_day(timezone.now()), user=request.user),
        "not_a_day": asked if asked and on is None else "",
    }
    return render(request, "vendors/standing.html", context)


def day(text: str) -> datetime.date | None:
    """A day as people and browsers write it in addresses: 2025-03-01. None for anything else."""
    try:
        return parse_date(text)
    except ValueError:  # well formed, and no day: the 30th of February
        return None
