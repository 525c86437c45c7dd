"""One search over cases, vendors, incidents and documents."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render

from riskreview.cases.models import Case
from riskreview.evidence.models import Document
from riskreview.incidents.models import Incident
from riskreview.vendors.models import Vendor

from .requests import Request

EACH = 10


def search(request: Request) -> HttpResponse:
    """The best ten of each kind."""
    text = request.GET.get("q", "").strip()[:200]
    found = groups(text, request.user) if text else []
    return render(
        request, "search/search.html", {"q": text, "groups": found, "any": any(group["rows"] for group in found)}
    )


def groups(text: str, user: Any) -> list[dict[str, Any]]:
    """What fits, by kind."""
    vendors = Vendor.objects.visible_to(user)
    cases = Case.objects.visible_to(user).filter(
        Q(title__icontains=text) | Q(ref__icontains=text) | Q(question__icontains=text)
    )
    incidents = Incident.objects.visible_to(user).filter(Q(title__icontains=text) | Q(ref__icontains=text))
    documents = Document.objects.visible_to(user).filter(Q(headline__icontains=text) | Q(url__icontains=text))
    return [
        {"title": "Cases", "icon": "list-checks", "rows": cases.order_by("-pk")[:EACH]},
        {
            "title": "Vendors",
            "icon": "building-2",
            "rows": vendors.filter(pk__in=vendors.matching(text).values("pk")).order_by("canonical_name")[:EACH],
        },
        {"title": "Incidents", "icon": "triangle-alert", "rows": incidents.order_by("-occurred_from", "-pk")[:EACH]},
        {"title": "Documents", "icon": "archive", "rows": documents.order_by("-first_seen_at", "-pk")[:EACH]},
    ]
