"""Who follows what, who is at a case now, and what is written and not sent yet. No acts: nothing here has an entry."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from riskreview.accounts.models import User
from riskreview.cases.models import Case, Draft, Following, Presence
from riskreview.vendors.models import Vendor

from .answers import see_other
from .forms.base import Form
from .requests import Request

LONGEST_DRAFT = 60_000  # characters of JSON
NEVER_KEPT = frozenset({"csrfmiddlewaretoken", "seen", "password"})


@require_POST
def follow_case(request: Request, ref: str) -> HttpResponse:
    """Follow a case, or follow it no more."""
    found = get_object_or_404(Case.objects.visible_to(request.user), ref=ref)
    switch(request, case=found)
    return see_other(found)


@require_POST
def follow_vendor(request: Request, slug: str) -> HttpResponse:
    """Follow a vendor, or follow it no more."""
    found = get_object_or_404(Vendor.objects.visible_to(request.user), slug=slug)
    switch(request, vendor=found)
    return see_other(found)


def switch(request: Request, **subject: Any) -> None:
    """Follow where the form says so, else stop."""
    follow = Following.objects.follow if request.POST.get("follow") == "1" else Following.objects.unfollow
    follow(request.user, **subject)


@require_POST
def here(request: Request, ref: str) -> HttpResponse:
    """One beat: this person is still at the case. Answers with who else is."""
    found = get_object_or_404(Case.objects.visible_to(request.user), ref=ref)
    Presence.objects.beat(request.user, found, request.POST.get("writing", ""))
    others = Presence.objects.others(request.user, found)
    return render(request, "cases/_also_here.html", {"others": others})


@require_POST
def keep_draft(request: Request, ref: str) -> HttpResponse:
    """Keep what is written in a form of a case so far; an empty one is forgotten."""
    place = place_of(request, ref)
    fields = read(request.POST.get("fields", ""))
    if fields is None or len(place) > 120:
        return HttpResponseBadRequest("This is no draft, or it is too long to be kept.")
    if not any(value for value in fields.values()):
        Draft.objects.drop(request.user, place)
        return JsonResponse({"saved_at": None})
    return JsonResponse({"saved_at": Draft.objects.keep(request.user, place, fields).saved_at})


@require_GET
def drafts(request: Request, ref: str) -> HttpResponse:
    """What this person has written into forms of a case and not sent, by form."""
    place = place_of(request, ref)
    kept = Draft.objects.filter(user=request.user, place__startswith=place)
    told = {each.place.removeprefix(place): {"fields": each.fields, "saved_at": each.saved_at} for each in kept}
    return JsonResponse({"drafts": told})


def place_of(request: Request, ref: str) -> str:
    """Where a draft of a case is kept: the case, and the form on its page. Raises `Http404`."""
    found = get_object_or_404(Case.objects.visible_to(request.user), ref=ref)
    return f"{found.ref}#{request.POST.get('form', '')}"


def read(text: str) -> dict[str, Any] | None:
    """The fields of a draft: text or lists of text by name; None for anything else, or for too much of it."""
    if len(text) > LONGEST_DRAFT:
        return None
    try:
        told = json.loads(text)
    except ValueError:
        return None
    if not isinstance(told, dict) or "\x00" in text or "\\u0000" in text:
        return None
    kept = {name: value for name, value in told.items() if name not in NEVER_KEPT}
    words = [each for value in kept.values() for each in (value if isinstance(value, list) else [value])]
    return kept if all(isinstance(word, str) for word in words) else None


def sent(form: Form, user: User) -> None:
    """What was kept of a form of a case is forgotten: the form was sent, and its act is done."""
    case = form.case or form.subject
    if isinstance(case, Case):
        Draft.objects.drop(user, f"{case.ref}#{form.place}")
