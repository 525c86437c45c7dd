"""What surrounds every page: where an act comes from, who may come in, and what a refusal looks like."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.contrib.auth.views import redirect_to_login
from django.db import DataError, IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import patch_vary_headers

from riskreview.audit.channel import Channel, acting_through
from riskreview.audit.refusals import Refusal
from riskreview.evidence.archive import Unreachable

from .access import EVERYONE, READERS, audience
from .errors import bad_request, clashed, only_sent, refused, too_large, unreachable
from .forms.intake import LARGEST_TOGETHER
from .requests import client_of

Respond = Callable[[HttpRequest], HttpResponse]
MOST = 10_000_000  # bytes of a form
MOST_MATERIAL = LARGEST_TOGETHER + 5_000_000  # of the one that takes many files


def bounded(get_response: Respond) -> Respond:
    """Refuse a form by its length, before anything of it is read; the API does so by itself. Stands before whatever
    reads forms, the check against forged ones included."""

    def middleware(request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or ""
        most = MOST_MATERIAL if request.path_info == reverse("intake") else MOST
        if length.isascii() and length.isdigit() and int(length[:15]) > most and not is_api(request):
            return too_large(request)
        return get_response(request)

    return middleware


def is_api(request: HttpRequest) -> bool:
    """Whether a program asks."""
    return request.path_info.startswith("/api/")


def acting(get_response: Respond) -> Respond:
    """Say that what happens comes through the web, from which address and program, under which request id."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.id = uuid.uuid4()  # type: ignore[attr-defined]
        road = Channel(
            via="web",
            request=request.id,  # type: ignore[attr-defined]
            address=client_of(request),
            agent=request.headers.get("User-Agent", "").replace("\x00", ""),
        )
        with acting_through(road):
            response = get_response(request)
        response["X-Request-ID"] = str(road.request)
        return response

    return middleware


def private_pages(get_response: Respond) -> Respond:
    """Ask for a log-in before every page that is not public, and for a role before the record. Caches keep nothing."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not getattr(request, "is_public", False):
            response.setdefault("Cache-Control", "no-store")
        patch_vary_headers(response, ["HX-Request"])
        return response

    middleware.process_view = let_in  # type: ignore[attr-defined]
    return middleware


def let_in(request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
    """None for somebody the page is for; otherwise the way to the log-in, or the page that says whom to ask."""
    if is_api(request):
        return None
    if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
        return bad_request(request)  # PostgreSQL holds no NUL, so nothing can be meant by it
    if audience(view) == EVERYONE:
        request.is_public = True  # type: ignore[attr-defined]
        return None
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path()) if request.method == "GET" else signed_out(request)
    if audience(view) == READERS and not request.user.can_read:
        return render(request, "errors/no_access.html", status=403)
    return None


def signed_out(request: HttpRequest) -> HttpResponse:
    """401: the session is over. What was written is shown, so that it can be copied into the form again."""
    hidden = ("csrfmiddlewaretoken", "seen", "next", "password")
    kept = [(name.replace("_", " "), text) for name, text in request.POST.items() if text and name not in hidden]
    back = urlsplit(request.META.get("HTTP_REFERER", "")).path or "/"
    context = {"kept": kept, "login": f"{reverse('login')}?{urlencode({'next': back})}"}
    response = HttpResponse(render_to_string("errors/signed_out.html", context, request), status=401)
    response["HX-Retarget"], response["HX-Reswap"] = "body", "innerHTML"
    return response


def refusals(get_response: Respond) -> Respond:
    """Turn the three refusals, and what only the database noticed, into pages that keep what was written; and a look at
    an address that only takes forms into the way back to the form."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        return only_sent(request, response) if response.status_code == 405 and not is_api(request) else response

    middleware.process_exception = answer  # type: ignore[attr-defined]
    return middleware


def answer(request: HttpRequest, error: Exception) -> HttpResponse | None:
    """The page for a refusal, for what the database would not take, or for an archive that does not answer; None for
    any other error."""
    if isinstance(error, Unreachable) and not is_api(request):
        return unreachable(request, error)
    if isinstance(error, IntegrityError | DataError) and request.method == "POST":
        return clashed(request, error)
    return refused(request, error) if isinstance(error, Refusal) else None
