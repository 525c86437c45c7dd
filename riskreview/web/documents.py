"""The evidence library, and the page of a document: what it says, whom it names, how it changed, whose copy it is."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render

from riskreview.audit.models import Entry
from riskreview.cases.models import Case, Exhibit, Suggestion
from riskreview.evidence.archive import Damaged
from riskreview.evidence.models import Document, Mention, Snapshot, Source
from riskreview.vendors.models import Vendor

from . import origins, provenance
from .answers import attachment, page_of
from .comparing import compared
from .forms.worklist import Retry, SetAside
from .layers import layered
from .marking import Span, parts
from .requests import Request
from .understood import Item, Understood, may_judge, understood
from .verdicts import verdicts

TABS = {"": "Text", "metadata": "Metadata", "captures": "Captures", "judgements": "Judgements"}
CAPTURES_SHOWN = 10


def documents(request: Request) -> HttpResponse:
    """Everything we hold, newest first."""
    text, vendor, source = (request.GET.get(name, "").strip() for name in ("q", "vendor", "source"))
    rows = Document.objects.visible_to(request.user)
    if text:
        rows = rows.filter(Q(headline__icontains=text) | Q(publisher__icontains=text) | Q(url__icontains=text))
    if vendor:
        rows = rows.filter(salience__vendor__in=Vendor.objects.under(vendor)).distinct()
    if source.isdecimal():
        rows = rows.filter(source=int(source))
    context = {
        "page": page_of(request, rows.select_related("source").order_by("-first_seen_at", "-pk")),
        "vendors": Vendor.objects.visible_to(request.user).order_by("canonical_name"),
        "sources": Source.objects.visible_to(request.user).order_by("name"),
        "filters": {"q": text, "vendor": vendor, "source": source},
    }
    return render(request, "evidence/documents.html", context)


def document(request: Request, pk: int) -> HttpResponse:
    """One document, in four tabs."""
    return page(request, pk, sent=request.GET.get("judge", ""))


def page(request: Request, pk: int, *, sent: Any = "", status: int = 200) -> HttpResponse:
    """The page of a document. `sent` is the form that was sent, with its problems, or what is to be judged."""
    rows = Document.objects.visible_to(request.user).select_related("source", "story", "set_aside_by")
    found = get_object_or_404(rows, pk=pk)
    tab = request.GET.get("tab", "") if request.GET.get("tab", "") in TABS else ""
    snapshots = list(found.snapshots.order_by("-fetched_at", "-pk").defer("text"))
    newest = found.newest
    exhibits = exhibits_of(found, request.user)
    read = understood(found, newest, request.user, sent)
    context = {
        "document": found,
        "tab": tab,
        "tabs": TABS,
        "snapshots": snapshots,
        "newest": newest,
        "trouble": trouble(found, newest),
        "vendors": vendors_in(read.mentions),
        "understood": read,
        "judges": may_judge(request.user),
        "judged": found.judgements.count(),
        **origins.summary(found),
        "suggestions": suggestions_of(found, request.user),
        "cited": provenance.cited(exhibits, newest),
        "cases": open_cases_about(read.mentions, request.user),
        "case": provenance.case_for(request.GET.get("case", ""), request.user),
        "brought": provenance.brought(found),
        "excerpt_of": provenance.excerpt_of(newest),
        "changed": provenance.changes(found),
        "retry": retry_of(found, request.user),
        "leave": leave_of(found, request.user),
        "came_with": provenance.companions(found),
        **(text_of(read, exhibits, request) if tab == "" else {}),
        **({"captures": captures(found)} if tab == "captures" else {}),
        **({"verdicts": verdicts(found, request.user)} if tab == "judgements" else {}),
    }
    return render(request, "evidence/document.html", context, status=status)


def trouble(found: Document, newest: Snapshot | None) -> str:
    """What is wrong with the document, in words; empty when nothing is."""
    if found.dead_at:
        attempts = "1 attempt" if found.attempts == 1 else f"{found.attempts} attempts"
        if found.is_left and (who := found.set_aside_by):
            return f"Given up after {attempts}: {found.last_error} {who.name} left it so: {found.set_aside_why}"
        return f"Given up after {attempts}; it needs a person: {found.last_error}"
    if found.last_error:
        return f"The last attempt failed and will be repeated: {found.last_error}"
    if newest is None:
        return "The bytes have not been fetched yet."
    return "" if newest.text is not None else "The bytes are archived; the text has not been read yet."


def vendors_in(mentions: list[Item]) -> list[dict[str, Any]]:
    """The vendors named, most often named first, each with its mentions and their reasons."""
    by_vendor = sorted(mentions, key=lambda each: each.row.vendor_id)
    grouped = [list(inside) for _, inside in groupby(by_vendor, lambda each: each.row.vendor_id)]
    told = [
        {
            "vendor": rows[0].row.vendor,
            "mentions": sorted(rows, key=lambda each: each.number),
            "sure": sum(each.row.state == Mention.State.ACCEPTED for each in rows),
            "asked": any(each.form for each in rows),
        }
        for rows in grouped
    ]
    return sorted(told, key=lambda each: (-each["sure"], -len(each["mentions"]), each["vendor"].canonical_name))


def retry_of(found: Document, user: Any) -> Retry | None:
    """The form that has a given-up document worked on again."""
    guard: Any = Document.retry.guard
    return Retry(subject=found, user=user) if found.dead_at and guard(found, user) else None


def leave_of(found: Document, user: Any) -> SetAside | None:
    """The form that leaves a given-up document as it is."""
    guard: Any = Document.set_aside.guard
    return SetAside(subject=found, user=user) if found.dead_at and not found.is_left and guard(found, user) else None


def text_of(read: Understood, exhibits: list[Exhibit], request: Request) -> dict[str, Any]:
    """One part of the archived text, with everything that was read in it and cited passages marked."""
    newest = read.snapshot
    if newest is None or newest.text is None:
        return {"paragraphs": [], "parts": []}
    whole = parts(newest.text)
    wanted = request.GET.get("part", "1")
    part = min(max(int(wanted), 1), whole) if wanted.isdecimal() else 1
    cited = [Span(one.start, one.end, one) for one in exhibits if one.snapshot_id == newest.pk]
    return {
        "paragraphs": layered(newest.text, read.layers(), cited, part),
        "part": part,
        "parts": range(1, whole + 1),
        "length": len(newest.text),
    }


def suggestions_of(found: Document, user: Any) -> list[Suggestion]:
    """The cases this document was suggested for."""
    return list(Suggestion.objects.visible_to(user).filter(document=found).select_related("case").best_first()[:20])


def exhibits_of(found: Document, user: Any) -> list[Exhibit]:
    """The exhibits that quote this document."""
    rows = Exhibit.objects.filter(document=found, case__in=Case.objects.visible_to(user), withdrawn_at=None)
    return list(rows.select_related("case").order_by("start")[:50])


def open_cases_about(mentions: list[Item], user: Any) -> list[Case]:
    """Open cases about a vendor that the document names."""
    named = {each.row.vendor_id for each in mentions if not each.is_rejected}
    rows = Case.objects.visible_to(user).unfinished().filter(vendors__in=Vendor.objects.counting_as(named)).distinct()
    return list(rows.most_urgent_first()[:8])


def captures(found: Document) -> list[dict[str, Any]]:
    """The newest captures, each with what it changed."""
    rows = list(found.snapshots.order_by("-fetched_at", "-pk")[: CAPTURES_SHOWN + 1])
    told = [
        {"snapshot": newer, "older": older} | change(older, newer)
        for newer, older in zip(rows, [*rows[1:], None], strict=True)
    ]
    return told[:CAPTURES_SHOWN]


def change(older: Snapshot | None, newer: Snapshot) -> dict[str, Any]:
    """What the newer capture says differently, where both have been read."""
    if older is None or older.text is None or newer.text is None:
        return {"both_read": False, "changes": []}
    return {"both_read": True, "changes": compared(older.text, newer.text)}


def raw(request: Request, pk: int, snapshot: int) -> HttpResponse:
    """The exact bytes of a capture as a download, on record."""
    found = get_object_or_404(Document.objects.visible_to(request.user), pk=pk)
    capture = get_object_or_404(found.snapshots, pk=snapshot)
    try:
        data = capture.raw
    except (FileNotFoundError, Damaged) as error:
        raise Http404("The archive does not hold these bytes any more.") from error
    Entry.objects.access(request.user, "document.download", found, snapshot=capture.pk, sha256=capture.raw_sha256)
    return attachment(data, f"document-{pk}-{capture.raw_sha256[:12]}.bin")
