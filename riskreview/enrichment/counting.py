"""Counting how common words are in the archive: what is rare here weighs more than what stands in every document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from riskreview.evidence.models import Document, Snapshot, Vocabulary

from .vectors import tokens
from .watched import LEAST_DOCUMENTS

MOST_DOCUMENTS = 5_000  # the newest: a sample tells how common a word is, and the words of this year matter
GROWN_BY = 10  # percent more documents before it is worth counting again, so that counts stay few
LEAST_DF = 2
_MOST_TERMS = 100_000


def count(*, anyway: bool = False) -> Vocabulary | None:
    """Count the terms of the newest documents, and keep the count. None when it is not yet worth it.

    It is worth it from 2,000 documents on, and again when their number has grown by a tenth. `anyway` counts whatever
    there is.
    """
    documents = Document.objects.read().count()
    if not (anyway or is_due(documents, _last())) or not documents:
        return None
    df, counted = document_frequencies(_texts())
    return Vocabulary.objects.keep(documents=counted, df=df) if counted else None


def is_due(documents: int, last: int) -> bool:
    """Whether there is enough to count, and enough that is new since a count of so many (0: never counted)."""
    held = min(documents, MOST_DOCUMENTS)
    return documents >= LEAST_DOCUMENTS and (100 * held >= (100 + GROWN_BY) * last or (last == 0))


def document_frequencies(texts: Iterable[str]) -> tuple[Mapping[str, int], int]:
    """In how many texts each term occurs, for those that occur twice at least; and how many texts there were. Pure."""
    found: Counter[str] = Counter()
    counted = 0
    for text in texts:
        counted += 1
        found.update(set(tokens(text)))
    common = sorted(found.items(), key=lambda item: (-item[1], item[0]))[:_MOST_TERMS]
    return {term: n for term, n in common if n >= LEAST_DF}, counted


def _last() -> int:
    newest = Vocabulary.objects.newest()
    return newest.documents if newest else 0


def _texts() -> Iterator[str]:
    newest = Document.objects.read().order_by("-first_seen_at", "-pk").values_list("pk", flat=True)[:MOST_DOCUMENTS]
    rows = Snapshot.objects.filter(document__in=list(newest)).exclude(text=None)
    latest = rows.order_by("document", "-fetched_at", "-pk").distinct("document")
    for title, text in latest.values_list("document__headline", "text").iterator(chunk_size=100):
        yield f"{title}\n{text}"
