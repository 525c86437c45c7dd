"""Which document comes after which, and so where each origin begins. Writes what `kinship` finds."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Q
from django.db.models.functions import Now

from riskreview.evidence.models import Document, Origin, Wording

from . import adopting, commonplace, kinship, linked, said_of_origins
from .kinship import Kin, Texts, order, wordings
from .said_of_origins import Said
from .telling import tell

LEFT = 3  # documents that a document is compared with as well when the first of its origin was split from it
HELD_SECONDS = 2.0  # for so long documents are placed in one transaction; what is left waits in its rows

_TAKE_ALONG = """
WITH RECURSIVE below(id) AS (
  SELECT %(document)s::bigint UNION SELECT w.document_id FROM evidence_wording w JOIN below ON w.after_id = below.id
) UPDATE evidence_document d SET origin_id = %(origin)s FROM below
WHERE d.id = below.id AND d.origin_id IS DISTINCT FROM %(origin)s RETURNING d.id
"""


@dataclass(slots=True)
class Descent:
    """Places documents, the earliest first, and all those that this touches.

    `fresh` are documents that were not compared before: they may turn word sequences common, and others may come after
    them, as they may after those that are `judged`. At least one document is placed, and then as many as time allows.
    Whoever is asked again is later than the document because of which it is asked, so that it comes to an end.
    """

    fresh: set[int] = field(default_factory=set)
    judged: set[int] = field(default_factory=set)
    waiting: set[int] = field(default_factory=set)
    placed: set[int] = field(default_factory=set)
    moved: set[int] = field(default_factory=set)
    texts: Texts = field(default_factory=Texts)
    until: float = field(default_factory=lambda: time.monotonic() + HELD_SECONDS)

    def settle(self, documents: Collection[int], *, first: Collection[int] = ()) -> None:
        """Place these documents, those that come `first` in any case. What time does not allow is noted as waiting."""
        told = set(self.fresh)
        for document in sorted(wordings(Q(pk__in=first)), key=order):
            self.place(document)
        self.waiting |= set(documents) - self.placed
        while self.waiting and (not self.placed or time.monotonic() < self.until):
            earliest = earliest_of(self.waiting)
            if earliest is None:
                self.waiting.clear()  # nothing is remembered of their wording: they were never read
            else:
                self.place(earliest)
        waited = set(Wording.objects.filter(pk__in=self.placed, asked_at__isnull=False).values_list("pk", flat=True))
        untold = tell(*(self.moved | waited | (told & self.placed)), until=self.until)
        note_waiting(self.waiting | untold, waited)

    def place(self, wording: Any) -> None:
        """Place one document; those that it touches wait for their turn."""
        self.waiting.discard(wording.pk)
        self.placed.add(wording.pk)
        self.decide(wording)

    def decide(self, wording: Any) -> None:
        """Find what a document comes after, and which of those after it come after it now."""
        held = kinship.carriers(wording)
        kin = kinship.kin(wording, held, self.texts)
        said = said_of_origins.about(wording, kin)
        kin = self.with_left(wording, kin, said)
        earlier = [each for each in kin if order(each.wording) < order(wording)]
        is_joined = said.beginning is not None and said.beginning.pk != wording.pk
        chosen = said.beginning if is_joined else closest(earlier, said)
        linked.link(wording, earlier, chosen, self.texts)
        moved = self.move(wording, chosen)
        if moved or wording.pk in self.fresh | self.judged:
            self.adopt(wording, kin)
        if wording.pk in self.fresh:
            self.fresh.discard(wording.pk)
            self.waiting |= commonplace.count(wording, held)

    def with_left(self, wording: Any, kin: list[Kin], said: Said) -> list[Kin]:
        """Documents related to one, with the earliest of those whose first document was split from them all: the newest
        carriers of a text may leave out the one that is the first from then on."""
        unknown = said.left - {each.wording.pk for each in kin}
        if not unknown:
            return kin
        left = kinship.told(Q(pk__in=unknown, at__lte=wording.at)).order_by("at", "document__key")[:LEFT]
        more = kinship.related(wording, [each for each in left if order(each) < order(wording)], self.texts)
        return sorted([*kin, *more], key=lambda each: order(each.wording))

    def move(self, wording: Any, chosen: Any) -> set[int]:
        """Let a document come after another one or begin an origin, with all that come after it; those that moved."""
        number = chosen.pk if chosen else None
        if wording.after_id != number:
            Wording.objects.filter(pk=wording.pk).update(after=number)
        origin = (chosen.document.origin or own_origin(chosen)) if chosen else own_origin(wording)
        return self.gather(wording.pk, origin, [wording.document.origin])

    def adopt(self, wording: Any, kin: Sequence[Kin]) -> None:
        """Let those after a document come after it that are closer to it than to any other."""
        weighed = adopting.weigh(wording, root_now(wording.pk), kin)
        self.waiting |= weighed.asked
        if weighed.followers:
            adopting.follow(wording, weighed.followers)
            before = {each.document.origin_id: each.document.origin for each in weighed.followers}
            self.gather(wording.pk, Origin.objects.get(documents=wording.pk), before.values())
        adopting.link(wording, weighed.later, self.texts)

    def gather(self, document: int, origin: Origin, before: Iterable[Origin | None]) -> set[int]:
        """Give an origin to a document and all after it; those that had another, which is left behind or empty."""
        moved = take_along(document, origin.pk)
        for each in before:
            if each and each.pk != Document.objects.values_list("origin", flat=True).get(pk=document):
                stays = leave(each, Origin.objects.get(documents=document))
                self.waiting |= (moved if stays else set()) - {document}
        if moved:
            linked.unlink_within(moved)
            self.waiting |= said_of_origins.banished(root_now(document), moved)
            self.moved |= moved
        return moved


def earliest_of(documents: Iterable[int]) -> Any:
    """The wording of the earliest of some documents."""
    return kinship.told(Q(pk__in=set(documents))).order_by("at", "document__key").first()


def note_waiting(waiting: Iterable[int], waited: Iterable[int]) -> None:
    """Note that documents wait to be placed, and that those that waited do no more."""
    asked = set(waiting)
    if asked:
        Wording.objects.filter(pk__in=asked, asked_at=None).update(asked_at=Now())
    if done := set(waited) - asked:
        Wording.objects.filter(pk__in=done).update(asked_at=None)


def closest(earlier: Sequence[Kin], said: Said) -> Any:
    """The document that one repeats most of those before it, the earliest of equals; None when it repeats none."""
    same = [each for each in earlier if (each.declared or each.relation.is_same) and said.allows(each.wording)]
    return max(same, key=lambda each: each.closeness).wording if same else None


def take_along(document: int, origin: int) -> set[int]:
    """Give an origin to a document and all that come after it, and after those; the ones that had another."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_ALONG, {"document": document, "origin": origin})
        return {pk for (pk,) in cursor.fetchall()}


def own_origin(wording: Any) -> Origin:
    """The origin that a document begins."""
    origin = Origin.objects.filter(root=wording.pk).first()
    if origin is None:
        return Origin.objects.create(root_id=wording.pk, wire=wording.agency)
    if origin.wire != wording.agency:
        Origin.objects.filter(pk=origin.pk).update(wire=wording.agency)
    return origin


def leave(origin: Origin, now: Origin) -> bool:
    """An origin that some documents went out of: it goes when it is empty; whether it stays with others. If all went to
    one that was made for the document they repeat, it is the old one that stays, with the new root, so that its number
    still means the same."""
    rest = Document.objects.filter(origin=origin).order_by("published_at", "first_seen_at", "pk").first()
    if rest is not None:
        if origin.root.origin_id != origin.pk and not Origin.objects.filter(root=rest).exists():
            Origin.objects.filter(pk=origin.pk).update(root=rest)
        return True
    if now.pk < origin.pk:
        Origin.objects.filter(pk=origin.pk).delete()
        return False
    Document.objects.filter(origin=now).update(origin=origin.pk)
    Origin.objects.filter(pk=now.pk).delete()
    Origin.objects.filter(pk=origin.pk).update(root=now.root_id, wire=now.wire)
    return False


def root_now(document: int) -> int:
    """The first document of a document's origin."""
    return Document.objects.values_list("origin__root", flat=True).get(pk=document)
