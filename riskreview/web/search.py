"""One search over everything: the best of each kind, or one kind page by page."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page
from django.http import HttpResponse
from django.shortcuts import render

from riskreview.cases.alike import did_you_mean, rows_alike
from riskreview.cases.everything import Everything
from riskreview.evidence.searching import BEST, TookTooLong, in_time
from riskreview.lib import asking

from .answers import page_of
from .requests import Request

EACH = 5  # of each kind beside the others
PAGE = 20
TITLES = {
    "case": ("Cases", "list-checks"),
    "vendor": ("Vendors", "building-2"),
    "incident": ("Incidents", "triangle-alert"),
    "claim": ("Claims", "quote"),
    "document": ("Documents", "archive"),
}


def search(request: Request) -> HttpResponse:
    """What fits the question. Somebody types while this answers, so the last word may be the beginning of one."""
    question = asking.read(request.GET.get("q", ""), typing=True)
    question.newest_first, question.whole = request.GET.get("sort") == "newest", "whole" in request.GET
    kind = request.GET.get("kind", "")
    context = {"question": question, "newest_first": question.newest_first, "best": BEST}
    try:
        with in_time():
            context |= found(request, Everything(question, request.user), kind if kind in TITLES else "")
    except TookTooLong as stopped:
        question.problems.append(str(stopped))
        context["stopped"] = True
    response = render(request, "search/search.html", context)
    if request.htmx:
        response["HX-Push-Url"] = canonical(request)
    return response


def found(request: Request, everything: Everything, kind: str) -> dict[str, Any]:
    """What the page shows: tabs with their numbers, and either a page of one kind or the beginning of each."""
    rows = {each: everything.rows(each) for each in TITLES if each in everything.kinds}
    counts = {each: length(one) for each, one in rows.items()}
    ranked = everything.documents if counts.get("document") else None
    capped, since = (ranked.capped, ranked.since) if ranked else (False, None)
    told = {"tabs": tabs(counts, kind, more=bool(capped or since)), "kind": kind, "any": any(counts.values())}
    told |= {"capped": capped, "since": since}
    if not told["any"]:
        told |= instead(everything)
    if kind:
        page = page_of(request, rows.get(kind, []), PAGE)
        told |= {"page": page, "hits": hits_of(everything, kind, page)}
    else:
        told["groups"] = [
            group(each, everything.hits(each, rows[each][:EACH]), counts[each]) for each in rows if counts[each]
        ]
    return told


def length(rows: Any) -> int:
    """How many rows fit."""
    return len(rows) if isinstance(rows, list) else rows.count()


def hits_of(everything: Everything, kind: str, page: Page[Any]) -> list[Any]:
    """The rows of a page, with their excerpts."""
    return everything.hits(kind, page.object_list)


def group(kind: str, hits: list[Any], count: int) -> dict[str, Any]:
    """The first of a kind."""
    title, icon = TITLES[kind]
    return {"kind": kind, "title": title, "icon": icon, "hits": hits, "count": count, "more": count > len(hits)}


def tabs(counts: dict[str, int], kind: str, *, more: bool) -> list[dict[str, Any]]:
    """One for everything, and one for each kind with how many fit."""
    every = [{"kind": "", "title": "All", "count": "", "here": not kind}]
    return every + [
        {
            "kind": each,
            "title": TITLES[each][0],
            "count": f"{count:,}{'+' if more and each == 'document' else ''}",
            "here": each == kind,
        }
        for each, count in counts.items()
    ]


def instead(everything: Everything) -> dict[str, Any]:
    """What is offered where nothing fits: another spelling, and names that are alike."""
    if not everything.question.asks:
        return {}
    alike = []
    for kind in ("vendor", "case"):
        rows = rows_alike(kind, everything.question, everything.user)
        if rows is not None and (hits := everything.hits(kind, list(rows))):
            alike.append(group(kind, hits, len(hits)))
    return {"meant": did_you_mean(everything.question, everything.user), "alike": alike}


def canonical(request: Request) -> str:
    """The address of this search without what is empty."""
    query = request.GET.copy()
    for name in [name for name, value in query.items() if not value]:
        del query[name]
    return f"{request.path}?{query.urlencode()}" if query else request.path
