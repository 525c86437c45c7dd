"""Whether it runs, what needs a person, and the pages that explain."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from riskreview.audit.models import Pulse
from riskreview.cases.models import Search
from riskreview.cases.workflow import Status
from riskreview.evidence.models import Document, Reliability, Source

from .access import public, signed_in
from .clock import span
from .requests import Request

SILENT = 60
WORK: tuple[tuple[str, Any], ...] = (("Sources", Source), ("Documents", Document), ("Searches", Search))


@public
def healthz(request: HttpRequest) -> HttpResponse:
    """For machines: "ok" when the database answers, 503 when it does not."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("the database does not answer\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")


@signed_in
def health(request: Request) -> HttpResponse:
    """For people who run it: heartbeats, what is due, what needs a person."""
    if not request.user.oversees:
        raise PermissionDenied("Only leads, auditors and administrators see this page.")
    now = timezone.now()
    pulses = [
        {
            "name": pulse.name,
            "ago": span((now - pulse.at).total_seconds()),
            "silent": (now - pulse.at).total_seconds() > SILENT,
        }
        for pulse in Pulse.objects.order_by("name")
    ]
    work = [
        {
            "name": name,
            "due": rows.objects.due().count(),
            "left": rows.objects.left().count(),
            "dead": rows.objects.dead().count(),
        }
        for name, rows in WORK
    ]
    context = {
        "pulses": pulses,
        "work": work,
        "dead": Document.objects.dead().select_related("source").order_by("-dead_at", "-pk")[:50],
        "failing": Source.objects.filter(enabled=True).exclude(last_error="").order_by("name")[:50],
    }
    return render(request, "status/health.html", context)


@signed_in
def help_page(request: Request) -> HttpResponse:
    """Shortcuts, and what the states and grades mean."""
    return render(request, "status/help.html", {"states": Status.choices, "reliabilities": Reliability.choices})


@public
def accessibility(request: HttpRequest) -> HttpResponse:
    """What we hold ourselves to, and where to complain."""
    return render(request, "status/accessibility.html")
