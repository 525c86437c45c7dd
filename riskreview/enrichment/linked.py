"""Why documents share an origin, or only a passage: the links between them, each with its reason."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import Q

from riskreview.evidence.models import OriginLink

from . import kinship
from .beside import beside
from .kinship import Kin, Texts, order, wordings

OTHERS = 5  # documents of other origins that a document is shown to share text with
_COLUMNS = ("relation", "containment", "numbers", "a_start", "a_end", "b_start", "b_end", "adds", "why")

# Documents of one origin are linked when one comes after the other, and not otherwise.
_WITHIN = """
SELECT l.id FROM evidence_originlink l
JOIN evidence_document a ON a.id = l.a_id JOIN evidence_document b ON b.id = l.b_id AND b.origin_id = a.origin_id
JOIN evidence_wording one ON one.document_id = l.a_id JOIN evidence_wording other ON other.document_id = l.b_id
WHERE (l.a_id = ANY(%(documents)s) OR l.b_id = ANY(%(documents)s))
AND one.after_id IS DISTINCT FROM l.b_id AND other.after_id IS DISTINCT FROM l.a_id
"""


def link(wording: Any, earlier: Sequence[Kin], chosen: Any, texts: Texts) -> None:
    """Store why a document comes after another one, and with which others before it it shares text."""
    links = OriginLink.objects.filter(Q(a=wording.pk) | Q(b=wording.pk))
    held = {each.a_id + each.b_id - wording.pk: each for each in links}
    near = wanted(wording, earlier, chosen)
    texts.fetch(pk for each in near for pk in (wording.pk, each.wording.pk))
    rows = {each.wording.pk: row(wording, each, texts) for each in near}
    if gone := no_more(wording, held.keys() - rows.keys()):
        OriginLink.objects.filter(pk__in=[held[other].pk for other in gone]).delete()
    store([each for other, each in rows.items() if not says_the_same(each, held.get(other))])


def wanted(wording: Any, earlier: Sequence[Kin], chosen: Any) -> list[Kin]:
    """The documents before a document that it is linked with: the one it comes after, and some of other origins."""
    first = [each for each in earlier if chosen and each.wording.pk == chosen.pk]
    return [*first, *elsewhere([each for each in earlier if each not in first], chosen or wording)]


def store(rows: Collection[OriginLink]) -> None:
    """Write links, over those that are there."""
    if not rows:
        return
    OriginLink.objects.bulk_create(rows, update_conflicts=True, unique_fields=["a", "b"], update_fields=_COLUMNS)


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


def unlink_within(documents: Iterable[int]) -> None:
    """Take away the links of documents with others that have come to the same origin, but for what each comes after."""
    with connection.cursor() as cursor:
        cursor.execute(_WITHIN, {"documents": list(documents)})
        gone = [pk for (pk,) in cursor.fetchall()]
    if gone:
        OriginLink.objects.filter(pk__in=gone).delete()


def row(wording: Any, each: Kin, texts: Texts) -> OriginLink:
    """How a document is related to one before it: the shared passage is looked for in the texts themselves."""
    found = beside(texts.text(each.wording), texts.text(wording))
    spans = {each.wording.pk: found.earlier or (None, None), wording.pk: found.later or (None, None)}
    a, b = sorted(spans)
    (a_start, a_end), (b_start, b_end) = spans[a], spans[b]
    return OriginLink(
        a_id=a,
        b_id=b,
        relation=relation_of(each),
        containment=each.relation.containment,
        numbers=each.relation.numbers,
        a_start=a_start,
        a_end=a_end,
        b_start=b_start,
        b_end=b_end,
        adds=found.adds,
        why=why(each),
    )


def relation_of(each: Kin) -> str:
    """How a relation is stored."""
    return "SHARES" if each.relation.kind == "INDEPENDENT" else each.relation.kind


def why(each: Kin) -> str:
    """How two documents are related, in words."""
    share = f"{each.relation.containment / 10:.0f} % of the shorter text also stands in the other"
    if each.declared:
        return f"One names the other as the place its text is from; {share}"
    if each.relation.kind == "SHARES" and each.relation.containment >= kinship.DERIVED:
        return f"{share}, with other figures: {each.relation.numbers / 10:.0f} % of those in the same words agree"
    return share
