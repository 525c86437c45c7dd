"""What a document, or the exhibits of a case, say otherwise than others in the archive: passages side by side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Abs, Extract, StrIndex, Substr

from riskreview.cases.models import Exhibit
from riskreview.evidence.models import Document, Signal, Snapshot
from riskreview.vendors.models import Alias, Vendor

from .amounts import amounts
from .contradictions import Passage, Question, questions
from .sameness import Names, terms

LATEST = 200  # passages of others that are looked at
EXHIBITS = 200  # exhibits of one case
LONGEST = 1_000_000  # bytes of a capture whose sentences are fetched one by one
MOST = 50  # questions about one document or case
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Side:
    """One of two passages: `when` is "Earlier", "Later" or "At the same time"; `exhibit` the number of the exhibit that
    quotes it, for a case; `is_here` says that it is of the document at hand."""

    passage: Passage
    when: str
    exhibit: int | None = None
    is_here: bool = False

    @property
    def document(self) -> Any:
        """The document it stands in."""
        return self.passage.document


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with both passages, the earlier first."""

    question: Question
    sides: tuple[Side, Side]


@dataclass(frozen=True, slots=True)
class Questions:
    """All questions about one thing, the strongest first: a page shows some and says how many more there are."""

    every: tuple[Asked, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.every)

    def __len__(self) -> int:
        return len(self.every)

    @property
    def first(self) -> tuple[Asked, ...]:
        """Those that are shown at once."""
        return self.every[:SHOWN]

    @property
    def more(self) -> tuple[Asked, ...]:
        """The others."""
        return self.every[SHOWN:]


def questioned(document: Document, snapshot: Snapshot, signals: Sequence[Signal]) -> Questions:
    """Questions about a document, in three queries, against the passages nearest in time, before and after.

    Copies of the same text ask nothing of each other. The signals come with their vendors.
    """
    counting = [row for row in signals if row.state != Signal.State.REJECTED]
    if not counting:
        return Questions()
    text = snapshot.text or ""
    these = [passage(document, row, text[row.sentence_start : row.sentence_end]) for row in counting]
    apart = Abs(Extract(F("snapshot__fetched_at") - snapshot.fetched_at, "epoch"))
    nearest = about(counting, [document]).order_by(apart, "-pk")[:LATEST]
    others = passages(worded(Signal.objects.filter(pk__in=nearest.values("pk"))))
    return asked(these, others, lambda each, when: Side(each, when, is_here=each.document == document))


@dataclass(frozen=True, slots=True)
class Place:
    """Where what an exhibit quotes stands in the newest text of its document that was read."""

    number: int
    snapshot: int
    start: int
    end: int

    def holds(self, row: Signal) -> bool:
        """Whether a sentence stands there, at least in part."""
        return row.snapshot_id == self.snapshot and row.sentence_start < self.end and self.start < row.sentence_end


def of_exhibits(exhibits: Sequence[Exhibit]) -> Questions:
    """Questions about what a case rests on, in six queries: among the sentences its exhibits quote, and between them
    and the newest passages of others about the same vendors and kinds of risk. Exhibits come with their document."""
    places = places_of(exhibits[:EXHIBITS])
    near = Q()
    for place in places:
        near |= Q(snapshot=place.snapshot, sentence_start__lt=place.end, sentence_end__gt=place.start)
    quoted = list(worded(Signal.objects.counting().filter(near))) if places else []
    if not quoted:
        return Questions()
    cited = {
        (row.snapshot.document.pk, row.sentence_start): place.number
        for row in quoted
        for place in reversed(places)
        if place.holds(row)
    }
    these = passages(quoted)
    rows = about(quoted, [each.document for each in exhibits])
    newest = rows.order_by("-snapshot__fetched_at", "-pk")[:LATEST]
    others = passages(worded(Signal.objects.filter(pk__in=newest.values("pk"))))
    return asked(
        these, [*others, *these], lambda each, when: Side(each, when, cited.get((each.document.pk, each.start)))
    )


def places_of(exhibits: Sequence[Exhibit]) -> list[Place]:
    """Where the exhibits' words stand: a page that was captured anew is read in its newest capture alone."""
    if not exhibits:
        return []
    captures = "document__snapshots"
    is_read = {f"{captures}__reading__isnull": False, f"{captures}__raw_bytes__lte": LONGEST}
    rows = Exhibit.objects.filter(pk__in=[each.pk for each in exhibits], **is_read)
    found = rows.annotate(at=StrIndex(f"{captures}__text", F("passage")))
    told = found.filter(at__gt=0).order_by("number").values_list("number", captures, "at", "passage")
    return [Place(number, capture, at - 1, at - 1 + len(words)) for number, capture, at, words in told]


def about(signals: Iterable[Signal], documents: Collection[Document]) -> QuerySet[Signal]:
    """Passages about the same vendors and kinds of risk in other documents, none of them a copy of these."""
    vendors = {vendor.pk for row in signals for vendor in row.vendors.all()}
    concerned = Signal.vendors.through.objects.filter(vendor__in=vendors).values("signal")
    same = Q(snapshot__document__in=[each.pk for each in documents])
    same |= Q(snapshot__document__origin__in={each.origin_id for each in documents if each.origin_id})
    rows = Signal.objects.counting().filter(category__in={row.category for row in signals}, pk__in=concerned)
    return rows.exclude(same).filter(snapshot__raw_bytes__lte=LONGEST)


def worded(rows: QuerySet[Signal]) -> Any:
    """Signals with the words of their sentences, their documents and vendors, in order of time."""
    words = Substr("snapshot__text", F("sentence_start") + 1, F("sentence_end") - F("sentence_start"))
    near: Any = rows.select_related("snapshot__document__source").annotate(words=words)
    told = near.defer("snapshot__text", "snapshot__headers").prefetch_related("vendors")
    return told.order_by("snapshot__fetched_at", "pk")


def passages(rows: Iterable[Any]) -> list[Passage]:
    """Sentences with signals, from rows that come with their words."""
    return [passage(row.snapshot.document, row, row.words) for row in rows]


def passage(document: Document, row: Signal, words: str) -> Passage:
    """A sentence with a signal."""
    start, end = row.sentence_start, row.sentence_end
    figures = [replace(each, start=each.start + start, end=each.end + start) for each in amounts(words, 0, len(words))]
    return Passage(
        *(document, start, end, words, row.category, row.status),
        vendors=frozenset(vendor.pk for vendor in row.vendors.all()),
        figures=tuple(figures),
        agencies=frozenset(row.agencies),
        matter=row.end - start,
        text=document.origin_id and ("origin", document.origin_id),
        at=document.published_at or document.first_seen_at,
    )


def asked(these: Sequence[Passage], others: Sequence[Passage], side: Callable[[Passage, str], Side]) -> Questions:
    """The questions, each with both passages in order of time."""
    known = names({vendor for each in these for vendor in each.vendors}) if others else {}
    found = []
    for question in questions(these, others, known)[:MOST]:
        earlier, later = question.in_order
        whens = ("At the same time",) * 2 if earlier.at == later.at else ("Earlier", "Later")
        found.append(Asked(question, (side(earlier, whens[0]), side(later, whens[1]))))
    return Questions(tuple(found))


def names(vendors: Collection[int]) -> Names:
    """The words of which the names of some vendors are made, and those of vendors that were merged into them."""
    found: defaultdict[int, set[str]] = defaultdict(set)
    rows = Alias.objects.filter(vendor__in=Vendor.objects.counting_as(vendors))
    for vendor, merged_into, text in rows.values_list("vendor", "vendor__merged_into", "text"):
        found[merged_into or vendor] |= terms(text)
    return {vendor: frozenset(words) for vendor, words in found.items()}
