"""How far added documents have come: fetched, read, whom they name, which cases they were suggested for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from riskreview.accounts.models import User
from riskreview.cases.models import Case, Suggestion
from riskreview.evidence.models import Document, Salience
from riskreview.vendors.models import Vendor

from .requests import Request

AT_ONCE, ROUNDS, NAMED = 221, 150, 6  # ROUNDS of two seconds: after five minutes somebody has to look again


@dataclass(frozen=True, slots=True)
class Arrival:
    """One document on its way. `is_over`: nothing more is to be expected of it."""

    document: Document
    words: str
    is_over: bool
    vendors: list[Vendor]
    suggestions: list[Suggestion]


def arrivals(ids: Iterable[int], user: User) -> list[Arrival]:
    """The documents with these ids, each with how far it has come, in the order of the ids: three queries."""
    wanted = list(ids)[:AT_ONCE]
    named = Prefetch("salience", Salience.objects.select_related("vendor").order_by("-value", "pk"))
    rows = Document.objects.visible_to(user).filter(pk__in=wanted).select_related("source").prefetch_related(named)
    suggested = suggestions_of(wanted, user)
    found = {row.pk: arrival(row, suggested.get(row.pk, [])) for row in rows}
    return [found[pk] for pk in dict.fromkeys(wanted) if pk in found]


def suggestions_of(ids: list[int], user: User) -> dict[int, list[Suggestion]]:
    """The cases that the documents were suggested for, best first."""
    found: dict[int, list[Suggestion]] = {}
    rows = Suggestion.objects.visible_to(user).filter(document__in=ids).select_related("case")
    for row in rows.exclude(state=Suggestion.State.DISMISSED).best_first():
        found.setdefault(row.document_id, []).append(row)
    return found


def arrival(document: Document, suggestions: list[Suggestion]) -> Arrival:
    """How far one document has come."""
    words, is_over = stage(document)
    vendors = [each.vendor for each in document.salience.all()[:NAMED]]
    return Arrival(document, words, is_over, vendors, suggestions[:NAMED])


def stage(document: Document) -> tuple[str, bool]:
    """What a document waits for, in words, and whether that is the end of it."""
    if document.dead_at:
        return f"Given up; it needs a person: {document.last_error}", True
    if document.last_error:
        return f"The last attempt failed and will be repeated: {document.last_error}", False
    if document.fetch_wanted:
        return "Waiting to be fetched", False
    return ("Read", True) if document.digested_at else ("Being read", False)


def pending(found: Iterable[Arrival]) -> int:
    """How many are still on their way."""
    return sum(not each.is_over for each in found)


def followed(found: list[Arrival], ids: Iterable[int], asked: int, case: Case | None) -> dict[str, Any]:
    """What a page needs to follow the documents; `asked` says how often it has asked, for it stops in the end."""
    left = sum(not each.is_over for each in found)
    given = {"documents": ".".join(map(str, dict.fromkeys(ids))), "asked": asked} | ({"case": case.ref} if case else {})
    again = f"{reverse('intake-progress')}?{urlencode(given)}"
    return {"arrivals": found, "left": left, "again": again, "goes_on": left and asked < ROUNDS, "case": case}


def named_in(given: str) -> list[int]:
    """The ids in an address; what makes no sense is passed over."""
    return [int(each) for each in given.split(".")[:AT_ONCE] if each.isascii() and each.isdigit() and len(each) < 19]


def progress(request: Request) -> HttpResponse:
    """How far the documents in the address have come. While some are on their way, the page asks for this again."""
    ids = named_in(request.GET.get("documents", ""))
    context = followed(arrivals(ids, request.user), ids, rounds(request.GET.get("asked", "")) + 1, case_of(request))
    return render(request, "intake/_arrivals.html" if request.htmx else "intake/progress.html", context)


def rounds(given: str) -> int:
    """How often the page has asked."""
    return min(int(given), ROUNDS) if given.isascii() and given.isdigit() and len(given) < 6 else 0


def case_of(request: Request) -> Case | None:
    """The case for which somebody collects, if this person may see it."""
    ref = request.POST.get("case") or request.GET.get("case", "")
    found: Case | None = Case.objects.visible_to(request.user).filter(ref=ref[:16]).first() if ref else None
    return found
