"""A statement that was read in a document, on its way to the claims board of a case."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from riskreview.accounts.models import User
from riskreview.cases.models import Allegation, Case, Exhibit, Says
from riskreview.evidence.models import Claim, Document

from . import cases, documents, provenance, understood
from .answers import page_of
from .forms.claims import Enter
from .requests import Request

PASSAGE = 1_000  # characters of what was said, in the note


def may_enter(user: User) -> bool:
    """Whether this person puts claims on boards."""
    guard: Any = Allegation.take_stand.guard
    return bool(guard(None, user))


@require_GET
def offer(request: Request, pk: int, fingerprint: str) -> HttpResponse:
    """Choose a case for a statement, then put it on its board with a form that is filled in."""
    found = get_object_or_404(Document.objects.visible_to(request.user).select_related("source"), pk=pk)
    said = stated(found, fingerprint)
    if said is None or not may_enter(request.user):
        raise Http404("There is no such statement in the newest text.")
    case = provenance.case_for(request.GET.get("case", "").strip(), request.user)
    context = {
        "document": found,
        "item": said,
        "case": case,
        "asked": request.GET.get("case", "").strip()[:16],
        "cases": offered(found, request.user),
        "exhibit": quoting(case, said.row) if case else None,
        "there": case and case.allegations.filter(fingerprint=fingerprint).first(),
        "form": filled_in(said, case, request.user) if case else None,
    }
    return render(request, "evidence/board.html", context)


def stated(found: Document, fingerprint: str) -> understood.Item | None:
    """The statement with a fingerprint in the newest text, if nobody rejected it."""
    newest = found.newest
    rows = understood.items_of(newest, "CLAIM") if newest and newest.text is not None else ()
    return next((each for each in rows if each.row.fingerprint == fingerprint and not each.is_rejected), None)


def offered(found: Document, user: User) -> list[Case]:
    """The open cases that cite the document, then those about a vendor that it names."""
    citing = Case.objects.visible_to(user).unfinished().filter(exhibits__document=found).distinct().most_urgent_first()
    mentions = [understood.item(found.newest, "MENTION", row, 0) for row in understood.rows_of(found.newest, "MENTION")]
    about = documents.open_cases_about(mentions, user)
    return list({case.pk: case for case in (*citing[:8], *about)}.values())


def quoting(case: Case, claim: Claim) -> Exhibit | None:
    """The exhibit of a case whose passage holds the statement, or part of it."""
    rows = case.exhibits.filter(withdrawn_at=None, snapshot=claim.snapshot, start__lt=claim.end, end__gt=claim.start)
    found: Exhibit | None = rows.order_by("number").first()
    return found


def filled_in(said: understood.Item, case: Case, user: User) -> Enter:
    """The form of the board, with what was read: the words, who says them, since when, and where they stand."""
    claim, exhibit, vendors = said.row, quoting(case, said.row), list(case.vendors.all()[:2])
    initial = {
        "text": claim.words,
        "says": Says.DENIED if claim.denies else Says.ALLEGED,
        "speaker": speaker(said),
        "as_of": dated(claim.snapshot.document),
        "vendor": vendors[0].pk if len(vendors) == 1 else None,
        "exhibit": exhibit.ref if exhibit else "",
        "note": f"Read in document {claim.snapshot.document_id}: “{claim.words[:PASSAGE]}”",
        "fingerprint": claim.fingerprint,
    }
    return Enter(user=user, case=case, initial=initial, is_open=True)


def speaker(said: understood.Item) -> str:
    """Who says it: where the document speaks in its own voice, whoever published it."""
    own = said.row.kind == Claim.Kind.STATED and said.row.snapshot.document.outlet
    return own or said.label


def dated(document: Document) -> datetime.date:
    """The day a document counts from: when it was published, or first seen."""
    day: datetime.date = (document.published_at or document.first_seen_at).date()
    return day


@dataclass(frozen=True, slots=True)
class Heard:
    """A statement that stands in a passage of an exhibit, and whether the board has it already."""

    exhibit: Exhibit
    item: understood.Item
    on_board: Allegation | None


@require_GET
def read(request: Request, ref: str) -> HttpResponse:
    """The statements that were read in the exhibits of a case, each with the way to its board."""
    found = cases.find(request, ref)
    page = page_of(request, spoken(found))
    context = {
        "case": found,
        "page": page,
        "heard": list(heard(found, list(page))),
        "may": found.is_open and may_enter(request.user),
    }
    return render(request, "cases/claims_read.html", context)


def spoken(case: Case) -> Any:
    """Which statements stand in which exhibits of a case, as pairs of keys: in the order of the exhibits, then of the
    text. A statement counts where it overlaps the passage; one that somebody rejected counts nowhere."""
    told = case.exhibits.filter(
        withdrawn_at=None,
        snapshot__claims__start__lt=F("end"),
        snapshot__claims__end__gt=F("start"),
        snapshot__claims__state__in=(Claim.State.ACCEPTED, Claim.State.DISPUTED),
    )
    in_order = told.order_by("number", "snapshot__claims__start", "snapshot__claims__kind")
    return in_order.values_list("pk", "snapshot__claims__pk")


def heard(case: Case, pairs: Sequence[tuple[int, int]]) -> Iterator[Heard]:
    """These statements in these exhibits, in three queries; no text of a document is loaded."""
    exhibits = Exhibit.objects.select_related("document__source").in_bulk([exhibit for exhibit, _ in pairs])
    claims = numbered().in_bulk([claim for _, claim in pairs])
    fingerprints = {each.fingerprint for each in claims.values()} - {""}
    board = {each.fingerprint: each for each in case.allegations.filter(fingerprint__in=fingerprints)}
    for exhibit, claim in pairs:
        row = claims[claim]
        yield Heard(exhibits[exhibit], understood.claim(row, row.number), board.get(row.fingerprint))


def numbered() -> Any:
    """Statements with the number that each has among all those of its text."""
    before = Q(start__lt=OuterRef("start")) | Q(start=OuterRef("start"), kind__lte=OuterRef("kind"))
    of_text = Claim.objects.filter(before, snapshot=OuterRef("snapshot")).order_by().values("snapshot")
    number = Subquery(of_text.annotate(count=Count("pk")).values("count"))
    return Claim.objects.select_related("source_vendor").annotate(number=number)
