"""After a name changed: find the documents that contain it, and have exactly those read again.

The archive is looked through once for all the names that changed together. What is found is handed over in portions,
the next one when the last is nearly read, so that a common name does not keep new documents waiting.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Concat, Greatest, Now
from django.utils import timezone

from riskreview.evidence.models import Document, Reading, Snapshot
from riskreview.lib.text import sentences
from riskreview.lib.work import Running
from riskreview.vendors.matching import Gazetteer, Name, NameKind, in_capitals, listed
from riskreview.vendors.models import Alias, NameChange, Vendor
from riskreview.vendors.tickers import ticker_of

from .names import gazetteer

LOOKED_AT = 1_000  # snapshots in one statement
SECONDS = 20.0  # so long one step looks through the archive
PORTION = 200  # documents handed over at a time
NEARLY = 20  # so many of them may be unread when the next portion is handed over
PAUSE = timedelta(seconds=2)


@dataclass(slots=True)
class Found:
    """What one step found: the documents, how many contain each name (by the id of its change), how far the step came
    (the id of the last snapshot looked at), and whether that was the end of the archive."""

    documents: list[int] = field(default_factory=list)
    counts: Counter[int] = field(default_factory=Counter)
    through: int = 0
    ended: bool = False


def carry_out(work: Running[NameChange]) -> None:
    """One step for a change of names: look on for documents, or hand over the next portion of them."""
    change = work.row
    if change.searched_at is None:
        if not change.looked_through:
            NameChange.objects.join(change)
            begin_again()
        found = look_through(change)
        work.finish(
            keep,
            found,
            looked_through=found.through,
            documents=[*change.documents, *found.documents],
            to_read=len(change.documents) + len(found.documents),
            searched_at=Now() if found.ended else None,
        )
        return
    portion = next_portion(change)
    handed_over = change.handed_over + len(portion)
    work.finish(hand_over, portion, handed_over=handed_over, not_before=Now() + PAUSE)


def begin_again() -> None:
    """Let documents that are being read begin again: their readers may have the names of before."""
    running = Document.objects.undigested().filter(digested_at=None, lease_until__gt=Now(), attempts__gt=0)
    Document.objects.filter(pk__in=running.values("pk")).update(
        lease=None, lease_until=None, attempts=Greatest(F("attempts") - 1, 0)
    )


def look_through(change: NameChange) -> Found:
    """Look through the archive from where the change's last step ended, for some seconds, or to the end."""
    names = Names(NameChange.objects.carried_by(change).defer("documents"))
    version = gazetteer(timezone.now().date()).version
    found = Found(through=change.looked_through)
    until = time.monotonic() + SECONDS
    while (last := last_of_next(found.through)) is not None:
        for snapshot in candidates(names.patterns, version, found.through, last):
            changes = names.inside(f"{snapshot.headline}\n{snapshot.title}\n{snapshot.text}")
            found.counts.update(changes)
            found.documents += [snapshot.document_id] if changes else []
        found.through = last
        if time.monotonic() > until:
            return found
    found.ended = True
    return found


def last_of_next(after: int) -> int | None:
    """The last of the next thousand snapshots, or None when there are none."""
    ids = Snapshot.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:LOOKED_AT]
    return max(ids, default=None)


def candidates(patterns: Sequence[str], version: str, after: int, last: int) -> Iterator[Any]:
    """The newest snapshots of their documents within a range of ids in whose text, title or headline one of the
    patterns occurs as written, but for those that were read with the names of today."""
    newer = Q(fetched_at__gt=OuterRef("fetched_at")) | Q(fetched_at=OuterRef("fetched_at"), pk__gt=OuterRef("pk"))
    superseded = Exists(Snapshot.objects.filter(newer, document=OuterRef("document")))
    words = Concat(F("document__headline"), Value("\n"), F("title"), Value("\n"), F("text"), output_field=TextField())
    today = Exists(Reading.objects.filter(snapshot=OuterRef("pk"), gazetteer_version=version))
    rows: QuerySet[Any] = Snapshot.objects.filter(~superseded, ~today, pk__gt=after, pk__lte=last).exclude(text=None)
    held = rows.annotate(headline=F("document__headline")).alias(held=one_of(words, patterns)).filter(held=True)
    yield from held.order_by("pk").only("document", "title", "text").iterator(chunk_size=100)


def one_of(words: Any, patterns: Sequence[str]) -> Func:
    """The condition that a text fits one of some LIKE patterns; it is unpacked once for all of them."""
    given = Value(list(patterns), output_field=ArrayField(TextField()))
    return Func(words, given, template="(%(expressions)s))", arg_joiner=" LIKE ANY (", output_field=BooleanField())


class Names:
    """The names of some changes, ready to be looked for as the matching does: whole words, product names with what
    follows them, symbols in their forms, and all in capitals where the sentence is."""

    def __init__(self, changes: Iterable[NameChange]) -> None:
        self.changes: dict[str, list[int]] = {}
        names = []
        for change in changes:
            self.changes.setdefault(change.surface, []).append(change.pk)
            names += [Name(change.surface, kind, vendor=0) for kind in KINDS.get(change.kind, (NameKind.STRONG,))]
        plain = [name for name in names if name.kind != NameKind.PRODUCT_WEAK]
        self._gazetteers = [Gazetteer(plain, ""), Gazetteer((n for n in names if n not in plain), "")]
        self.patterns = sorted({f"%{escaped(word)}%" for name in names for word in spellings(name)})

    def inside(self, text: str) -> set[int]:
        """The ids of the changes whose names stand in a text."""
        capitals = in_capitals(text, sentences(text))
        hits = [hit for gazetteer in self._gazetteers for hit in gazetteer.hits(text, capitals)]
        hits += [hit for each in self._gazetteers[0].listings(text) if (hit := listed(each, text)) is not None]
        return {change for hit in hits for change in self.changes[hit.name.text]}


# A strong product name may be followed by other versions than a weak one, and the name may have been either.
KINDS = {
    str(Alias.Kind.PRODUCT): (NameKind.PRODUCT, NameKind.PRODUCT_WEAK),
    str(Alias.Kind.TICKER): (NameKind.TICKER,),
}


def spellings(name: Name) -> set[str]:
    """What a text must hold, as written, for the name to be found in it."""
    if name.kind == NameKind.TICKER:
        return {ticker_of(name.text).symbol}
    return {name.text, name.text.upper(), name.text.lower()}


def escaped(text: str) -> str:
    """A text that stands for itself in a LIKE pattern."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def next_portion(change: NameChange) -> list[int]:
    """The documents to hand over now: none while too many of the last portion are unread."""
    if unread(change) > NEARLY:
        return []
    return change.documents[change.handed_over : change.handed_over + PORTION]


def unread(change: NameChange) -> int:
    """How many documents of the last portion handed over are not read yet, and not given up."""
    last = change.documents[max(change.handed_over - PORTION, 0) : change.handed_over]
    count: int = Document.objects.filter(pk__in=last, digested_at=None, dead_at=None).count()
    return count


def keep(change: NameChange, found: Found) -> None:
    """Count what was found, name by name. When the archive was looked through in vain, that was all."""
    NameChange.objects.count_found(found.counts)
    if found.ended and not change.documents:
        NameChange.objects.end(change)


def hand_over(change: NameChange, portion: list[int]) -> None:
    """Have the documents read again. After the last portion was read, the change is carried out."""
    again = Document.objects.filter(pk__in=portion).exclude(digested_at=None)
    Document.objects.filter(pk__in=again.values("pk")).update(
        digested_at=None, not_before=Now(), attempts=0, dead_at=None
    )
    if not portion and change.handed_over >= len(change.documents) and not unread(change):
        NameChange.objects.end(change)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a re-reading has come: the names it is for, and how many of the documents found are read. While
    `searching`, more may be found."""

    names: list[str]
    read: int
    documents: int
    searching: bool
    trouble: str


def progress(vendor: Vendor) -> list[Progress]:
    """What is being read again because names of a vendor changed: one query, and one for each re-reading."""
    by_leader: dict[int, list[NameChange]] = {}
    for change in NameChange.objects.under_way(vendor):
        by_leader.setdefault(change.joined_id or change.pk, []).append(change)
    return [_told(changes) for changes in by_leader.values()]


def _told(changes: list[NameChange]) -> Progress:
    leader = changes[0].joined or changes[0]
    return Progress(
        names=list(dict.fromkeys(change.surface for change in changes)),
        read=leader.handed_over - unread(leader) if leader.handed_over else 0,
        documents=leader.to_read,
        searching=leader.searched_at is None,
        trouble=leader.last_error,
    )
