"""What a document says otherwise than others in the archive: the passages to lay side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import F, Q
from django.db.models.functions import Substr

from riskreview.evidence.models import Document, Signal, Snapshot

from .amounts import amounts
from .contradictions import Passage, Question, questions

LATEST = 200  # passages of others that are looked at
LONGEST = 1_000_000  # bytes of a capture whose sentences are fetched one by one
SHOWN = 10


def questioned(document: Document, snapshot: Snapshot, signals: Sequence[Signal]) -> list[Question]:
    """Questions for a reviewer, in two queries: `this` passage is of the document, `document` of the `other` is a row.

    Copies of the same text ask nothing of each other. The signals come with their vendors.
    """
    counting = [row for row in signals if row.state != Signal.State.REJECTED]
    if not counting:
        return []
    text = snapshot.text or ""
    these = [passage(document, row, text[row.sentence_start : row.sentence_end]) for row in counting]
    return questions(these, earlier(document, snapshot, counting))[:SHOWN]


def earlier(document: Document, snapshot: Snapshot, signals: Iterable[Signal]) -> list[Passage]:
    """The latest passages about the same vendors and kinds of risk of documents that came before, in order of time."""
    vendors = {vendor.pk for row in signals for vendor in row.vendors.all()}
    about = Signal.vendors.through.objects.filter(vendor__in=vendors).values("signal")
    same = Q(snapshot__document=document)
    if document.origin_id:
        same |= Q(snapshot__document__origin=document.origin_id)
    rows = Signal.objects.counting().filter(category__in={row.category for row in signals}, pk__in=about).exclude(same)
    before = {"snapshot__raw_bytes__lte": LONGEST, "snapshot__fetched_at__lt": snapshot.fetched_at}
    near: Any = rows.filter(**before).select_related("snapshot__document")
    words = Substr("snapshot__text", F("sentence_start") + 1, F("sentence_end") - F("sentence_start"))
    found = near.annotate(words=words).defer("snapshot__text", "snapshot__headers").prefetch_related("vendors")
    latest = list(found.order_by("-snapshot__fetched_at", "-pk")[:LATEST])
    return [passage(row.snapshot.document, row, row.words) for row in reversed(latest)]


def passage(document: Document, row: Signal, words: str) -> Passage:
    """A sentence with a signal."""
    vendors = frozenset(vendor.pk for vendor in row.vendors.all())
    start, end = row.sentence_start, row.sentence_end
    figures = [replace(each, start=each.start + start, end=each.end + start) for each in amounts(words, 0, len(words))]
    return Passage(document, start, end, words, row.category, row.status, vendors, tuple(figures))
