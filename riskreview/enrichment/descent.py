"""Which document comes after which, and so where each origin begins. Writes what `kinship` finds."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Q

from riskreview.evidence.models import CommonWording, Document, Origin, OriginLink, Wording

from . import kinship, said_of_origins
from .beside import beside
from .kinship import Kin, Texts, order, wordings
from .said_of_origins import Said
from .telling import tell

OTHERS = 5  # documents of other origins that a document is shown to share text with
REDONE = 400  # documents put in order because of one; a group larger than that is put in order as its parts are read
_COLUMNS = ("relation", "containment", "numbers", "a_start", "a_end", "b_start", "b_end", "adds", "why")

_TAKE_ALONG = """
WITH RECURSIVE below(id) AS (
  SELECT %(document)s::bigint UNION SELECT w.document_id FROM evidence_wording w JOIN below ON w.after_id = below.id
) UPDATE evidence_document d SET origin_id = %(origin)s FROM below
WHERE d.id = below.id AND d.origin_id IS DISTINCT FROM %(origin)s RETURNING d.id
"""


@dataclass(slots=True)
class Descent:
    """Puts documents in order, the earliest first, and all those that this touches.

    `fresh` are documents that were not compared before: they may turn word sequences common.
    """

    fresh: set[int] = field(default_factory=set)
    waiting: set[int] = field(default_factory=set)
    moved: set[int] = field(default_factory=set)
    texts: Texts = field(default_factory=Texts)

    def settle(self, documents: Collection[int]) -> None:
        """Put these documents in order."""
        self.waiting, told = set(documents), set(self.fresh)
        for _ in range(REDONE):
            first = (
                Wording.objects.filter(pk__in=self.waiting).order_by("at", "document__key").values_list("pk").first()
            )
            if first is None:
                break
            self.waiting.discard(first[0])
            self.decide(wordings(Q(pk=first[0]))[0])
        tell(*(self.moved | told))

    def decide(self, wording: Any) -> None:
        """Find what a document comes after, and ask those again that may come after it."""
        held = kinship.carriers(wording)
        kin = kinship.kin(wording, held, self.texts)
        said = said_of_origins.about(wording, kin)
        earlier = [each for each in kin if order(each.wording) < order(wording)]
        is_joined = said.beginning is not None and said.beginning.pk != wording.pk
        chosen = said.beginning if is_joined else closest(earlier, said)
        link(wording, earlier, chosen, self.texts)
        moved = put(wording, chosen)
        self.moved |= moved
        if moved:
            self.waiting |= said_of_origins.banished(root_now(wording.pk), moved)
        if moved or wording.pk in self.fresh:
            self.waiting |= {each.wording.pk for each in kin if follows_perhaps(wording, each)}
        if wording.pk in self.fresh:
            self.fresh.discard(wording.pk)
            self.waiting |= notice(wording, held)


def closest(earlier: Sequence[Kin], said: Said) -> Any:
    """The document that one repeats most of those before it, the earliest of equals; None when it repeats none."""
    same = [each for each in earlier if (each.declared or each.relation.is_same) and said.allows(each.wording)]
    return max(same, key=lambda each: each.closeness).wording if same else None


def follows_perhaps(wording: Any, each: Kin) -> bool:
    """Whether a later document may come after this one: it does not come after a closer one already."""
    later = each.wording
    if order(later) < order(wording):
        return False
    if later.after_id is None or later.after_id == wording.pk or not each.relation.is_same:
        return True
    a, b = sorted((later.pk, later.after_id))
    now = OriginLink.objects.filter(a=a, b=b).values_list("containment", flat=True).first()
    return each.declared or now is None or each.relation.containment // 100 >= now // 100


def notice(wording: Any, held: Mapping[int, set[int]]) -> set[int]:
    """Remember what has become common with a document; all documents that hold it."""
    common = kinship.newly_common(wording, held)
    rows = [CommonWording(h=h, publisher=publisher) for h, publisher in sorted(common)]
    CommonWording.objects.bulk_create(rows, ignore_conflicts=True)
    return set().union(*common.values())


def link(wording: Any, earlier: Sequence[Kin], chosen: Any, texts: Texts) -> None:
    """Store why a document comes after another one, and with which others before it it shares text."""
    links = OriginLink.objects.filter(Q(a=wording.pk) | Q(b=wording.pk))
    held = {each.a_id + each.b_id - wording.pk: each for each in links}
    first = [each for each in earlier if chosen and each.wording.pk == chosen.pk]
    others = elsewhere([each for each in earlier if each not in first], chosen or wording)
    rows = {each.wording.pk: row(wording, each, texts) for each in (*first, *others)}
    if gone := no_more(wording, held.keys() - rows.keys()):
        OriginLink.objects.filter(pk__in=[held[other].pk for other in gone]).delete()
    fresh = [each for other, each in rows.items() if not says_the_same(each, held.get(other))]
    OriginLink.objects.bulk_create(fresh, update_conflicts=True, unique_fields=["a", "b"], update_fields=_COLUMNS)


def says_the_same(link: OriginLink, held: OriginLink | None) -> bool:
    """Whether a link is stored already, so that a second reading writes nothing."""
    return held is not None and all(getattr(link, column) == getattr(held, column) for column in _COLUMNS)


def elsewhere(kin: Iterable[Kin], near: Any) -> list[Kin]:
    """The closest documents of other origins than the one that is near, one for each, the closest few."""
    found: dict[int, Kin] = {}
    for each in kin:
        origin = each.wording.document.origin_id or -each.wording.pk
        if origin != near.document.origin_id and (
            origin not in found or each.relation.containment > found[origin].relation.containment
        ):
            found[origin] = each
    return sorted(found.values(), key=lambda each: (-each.relation.containment, order(each.wording)))[:OTHERS]


def no_more(wording: Any, others: Collection[int]) -> set[int]:
    """Of the documents that a document is linked with those that it need not be: its links to later ones are theirs."""
    later = {each.pk for each in wordings(Q(pk__in=others)) if order(each) > order(wording)} if others else set()
    return set(others) - later


def row(wording: Any, each: Kin, texts: Texts) -> OriginLink:
    """How a document is related to one before it: the shared passage is looked for in the texts themselves."""
    found = beside(texts.text(each.wording), texts.text(wording))
    spans = {each.wording.pk: found.earlier or (None, None), wording.pk: found.later or (None, None)}
    a, b = sorted(spans)
    (a_start, a_end), (b_start, b_end) = spans[a], spans[b]
    return OriginLink(
        a_id=a,
        b_id=b,
        relation="SHARES" if each.relation.kind == "INDEPENDENT" else each.relation.kind,
        containment=each.relation.containment,
        numbers=each.relation.numbers,
        a_start=a_start,
        a_end=a_end,
        b_start=b_start,
        b_end=b_end,
        adds=found.adds,
        why=why(each),
    )


def why(each: Kin) -> str:
    """How two documents are related, in words."""
    share = f"{each.relation.containment / 10:.0f} % of the shorter text also stands in the other"
    if each.declared:
        return f"One names the other as the place its text is from; {share}"
    if each.relation.kind == "SHARES" and each.relation.containment >= kinship.DERIVED:
        return f"{share}, with other figures: {each.relation.numbers / 10:.0f} % of those in the same words agree"
    return share


def put(wording: Any, after: Any) -> set[int]:
    """Let a document come after another one, or begin an origin; the documents whose origin changed by that."""
    number = after.pk if after else None
    if wording.after_id != number:
        Wording.objects.filter(pk=wording.pk).update(after=number)
    before = wording.document.origin
    origin = (after.document.origin or own_origin(after)) if after else own_origin(wording)
    moved = take_along(wording.pk, origin.pk)
    if before and before.pk != origin.pk:
        leave(before, origin)
    return moved


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


def leave(origin: Origin, now: Origin) -> None:
    """An origin that some documents went out of: it goes when it is empty. If all went to one that was made for the
    document they repeat, it is the old one that stays, with the new root, so that its number still means the same."""
    rest = Document.objects.filter(origin=origin).order_by("published_at", "first_seen_at", "pk").first()
    if rest is not None:
        if origin.root.origin_id != origin.pk and not Origin.objects.filter(root=rest).exists():
            Origin.objects.filter(pk=origin.pk).update(root=rest)
    elif now.pk < origin.pk:
        Origin.objects.filter(pk=origin.pk).delete()
    else:
        Document.objects.filter(origin=now).update(origin=origin.pk)
        Origin.objects.filter(pk=now.pk).delete()
        Origin.objects.filter(pk=origin.pk).update(root=now.root_id, wire=now.wire)


def root_now(document: int) -> int:
    """The first document of a document's origin."""
    return Document.objects.values_list("origin__root", flat=True).get(pk=document)
