"""Answers that many pages give: go there, here is one page of many, take this file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import resolve_url

PAGE = 50


class SeeOther(HttpResponseRedirect):
    """Done; the result is over there (303), so that reloading repeats nothing."""

    status_code = 303


def see_other(to: str | Model, *args: Any, fragment: str = "", query: str = "") -> SeeOther:
    """Send the browser to a named page or to a row's own page."""
    address = resolve_url(to, *args)
    return SeeOther(f"{address}{'?' + query if query else ''}{'#' + fragment if fragment else ''}")


def page_of(request: HttpRequest, rows: Any, size: int = PAGE) -> Page[Any]:
    """The page of rows that `?page=` names; the nearest one when it names none."""
    return Paginator(rows, size).get_page(request.GET.get("page"))


def attachment(data: bytes, name: str) -> HttpResponse:
    """Bytes of others as a download that no browser interprets."""
    return HttpResponse(data, content_type="application/octet-stream", headers=uninterpreted(name))


def streamed(pieces: Iterator[bytes], name: str, content_type: str) -> StreamingHttpResponse:
    """A long download, sent as it is made."""
    return StreamingHttpResponse(pieces, content_type=content_type, headers=uninterpreted(name))


def uninterpreted(name: str) -> dict[str, str]:
    """The headers with which a browser stores a file and shows nothing of it."""
    return {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
    }
