"""Documents that were read before their words were kept become searchable in the background, a portion at a time."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from riskreview.evidence.models import Document, SearchText, unindexed

PORTION = 100  # documents in one transaction
SECONDS = 55.0  # so long one task works


def index_all(*, seconds: float = SECONDS) -> int:
    """Keep the words of documents that lack them, until none is left or the time is over; how many."""
    until, done, last = time.monotonic() + seconds, 0, 0
    while time.monotonic() < until:
        numbers = list(unindexed().filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:PORTION])
        if not numbers:
            break
        done += index(numbers)
        last = numbers[-1]
    return done


def index(numbers: list[int]) -> int:
    """Keep the words of some documents; how many. Those that a reader holds are passed over: it keeps them itself."""
    with transaction.atomic():
        rows: Any = Document.objects.read().filter(pk__in=numbers).order_by("pk")
        documents = list(rows.select_for_update(skip_locked=True, no_key=True))
        kept = (SearchText.objects.index(each, *told(each)) for each in documents)
        return sum(kept)


def told(document: Document) -> tuple[str, str]:
    """The title and the text of a document."""
    newest = document.newest
    title = document.headline or (newest.title if newest else "")
    return title, (newest.text or "") if newest else ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of the documents that were read can be searched."""

    searchable: int
    of: int

    @property
    def is_complete(self) -> bool:
        """Whether no document is left."""
        return self.searchable >= self.of


def progress() -> Progress:
    """How far it has come."""
    of = Document.objects.read().count()
    return Progress(of - unindexed().count(), of)
