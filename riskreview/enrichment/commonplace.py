"""Which word sequences say nothing about whose text it is, because texts that have nothing to do with each other hold
them. Counted anew whenever a document is placed that holds them; what no longer holds is forgotten."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Q

from riskreview.evidence.models import CommonWording

from .kinship import Carriers, carrying, order, sketch_of, wordings
from .origins import PUBLISHER_DOCUMENTS, TEMPLATE_ORIGINS, estimate

Common = tuple[int, str]


def count(wording: Any, held: Carriers) -> set[int]:
    """Count what is common among the sequences of a document, and remember it; `held` are its `carriers`, which leave
    out what is common so far. All documents that hold what has become common with it, or is common no more."""
    known = CommonWording.objects.filter(h__in=wording.kept, publisher__in={"", wording.publisher})
    rows = {(row.h, row.publisher): row.pk for row in known}
    again = carrying(wording, sorted({h for h, _ in rows}), common=True) if rows else Carriers({})
    holders = by_hash(held.hashes, again.hashes)
    found = common(wording, holders)
    fresh, gone = found - rows.keys(), rows.keys() - found
    if fresh:
        made = [CommonWording(h=h, publisher=publisher) for h, publisher in sorted(fresh)]
        CommonWording.objects.bulk_create(made, ignore_conflicts=True)
    if gone:
        CommonWording.objects.filter(pk__in=[rows[each] for each in gone]).delete()
    return set().union(*({wording.pk, *holders[h]} for h, _ in fresh | gone))


def by_hash(*carried: Mapping[int, set[int]]) -> dict[int, set[int]]:
    """The documents that hold each hash."""
    holders: dict[int, set[int]] = defaultdict(set)
    for held in carried:
        for document, hashes in held.items():
            for h in hashes:
                holders[h].add(document)
    return holders


def common(wording: Any, holders: Mapping[int, set[int]]) -> set[Common]:
    """Hashes of a document that are common, as (hash, publisher); `holders` are the other documents that hold each.

    A hash is common everywhere when it stands in texts of four origins. Counted are texts that differ by the rules
    alone, so that the count depends on what there is and not on what came first; what is syndicated counts once. It is
    common for a publisher when eight of its texts have it.
    """
    many = {h: frozenset({wording.pk, *found}) for h, found in holders.items() if len(found) + 1 >= TEMPLATE_ORIGINS}
    if not many:
        return set()
    known = {each.pk: each for each in wordings(Q(pk__in=set().union(*many.values())))}
    telling = TellingApart(known)
    found = set[Common]()
    for h, documents in many.items():
        those = [known[pk] for pk in documents if pk in known]
        if telling.are_many(documents):
            found.add((h, ""))
        elif is_house_style(those, wording.publisher):
            found.add((h, wording.publisher))
    return found


class TellingApart:
    """Tells texts apart by the rules alone, each two of them once, and each group of them once."""

    def __init__(self, known: Mapping[int, Any]) -> None:
        self.known = known
        self.sketches = {pk: sketch_of(each) for pk, each in known.items()}
        self.pairs: dict[tuple[int, int], bool] = {}
        self.groups: dict[frozenset[int], bool] = {}

    def are_many(self, documents: frozenset[int]) -> bool:
        """Whether these are four texts or more. When their origins of today are fewer, nobody asks for more."""
        if documents not in self.groups:
            held = [self.known[pk] for pk in documents if pk in self.known]
            origins = {each.document.origin_id or -each.pk for each in held}
            self.groups[documents] = len(origins) >= TEMPLATE_ORIGINS and self._are_many(held)
        return self.groups[documents]

    def _are_many(self, held: Collection[Any]) -> bool:
        """Each belongs with the first one, the longest first, that it repeats."""
        found: list[int] = []
        for each in sorted(held, key=lambda one: (-one.shingles, order(one))):
            if not any(self._is_same(first, each.pk) for first in found):
                found.append(each.pk)
                if len(found) >= TEMPLATE_ORIGINS:
                    return True
        return False

    def _is_same(self, one: int, other: int) -> bool:
        if (one, other) not in self.pairs:
            how = estimate(self.sketches[one], self.sketches[other])
            self.pairs[one, other] = bool(how and how.is_same)
        return self.pairs[one, other]


def is_house_style(held: Collection[Any], publisher: str) -> bool:
    """Whether so many different texts are of one publisher that what they share is its own habit."""
    return bool(publisher) and len({each.digest for each in held if each.publisher == publisher}) >= PUBLISHER_DOCUMENTS
