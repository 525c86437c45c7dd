"""Which documents may share their text with one, and how they do: candidates by kept hashes, compared by sketches.

Reads only; `grouping` writes. A document's whole text is read from the database where its sketch does not decide.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import Q

from riskreview.evidence.models import Wording

from . import rules
from .origins import (
    DERIVED,
    PUBLISHER_DOCUMENTS,
    TEMPLATE_ORIGINS,
    Fingerprint,
    Relation,
    Sketch,
    estimate,
    fingerprint,
    relation,
)

__all__ = ["DERIVED", "Kin", "Texts", "candidates", "carriers", "kin", "newly_common", "order", "wordings"]

WINDOW = timedelta(days=45)
SHARED = 3  # kept hashes two documents have in common before they are compared
CARRIERS = 65  # documents looked at for one hash, the newest; a text in more of them is known by these
CREDIT_WINDOW = timedelta(days=rules.load("origins")["credit"]["days"])

# By hash from one index, which holds the document as well: no row of the table is read.
_CARRIERS = """
SELECT kept.h, held.document_id FROM unnest(%s::bigint[]) AS kept(h) CROSS JOIN LATERAL (
  SELECT document_id FROM evidence_fingerprint WHERE h = kept.h ORDER BY document_id DESC LIMIT %s
) AS held WHERE held.document_id <> %s AND NOT EXISTS (
  SELECT FROM evidence_commonwording WHERE h = kept.h AND publisher IN ('', %s)
)
"""
_COLUMNS = (
    *("at", "publisher", "agency", "shingles", "kept", "figures", "digest", "title", "based_on", "after"),
    *("document__key", "document__origin__root", "document__origin__wire"),
)
_COMMON = "SELECT h, publisher FROM evidence_commonwording WHERE h = ANY(%s::bigint[])"


@dataclass(frozen=True, slots=True)
class Kin:
    """A document related to another one, and how. `declared`: one of the two names the other as its source."""

    wording: Any
    relation: Relation
    declared: bool = False

    @property
    def closeness(self) -> tuple[bool, int]:
        """By what a document is placed: a declared source first, then in steps of a tenth of the shorter text."""
        return self.declared, self.relation.containment // 100


@dataclass(slots=True)
class Texts:
    """The whole texts that are at hand or had to be read, each read and fingerprinted once."""

    prints: dict[int, Fingerprint] = field(default_factory=dict)
    read: dict[int, str] = field(default_factory=dict)

    def text(self, wording: Any) -> str:
        """The newest text of a document; empty when none was read."""
        if wording.pk not in self.read:
            texts = wording.document.snapshots.exclude(text=None).order_by("-fetched_at", "-pk")
            self.read[wording.pk] = texts.values_list("text", flat=True).first() or ""
        return self.read[wording.pk]

    def fingerprint(self, wording: Any) -> Fingerprint:
        """The fingerprint of a document's newest text."""
        if wording.pk not in self.prints:
            self.prints[wording.pk] = fingerprint(self.text(wording))
        return self.prints[wording.pk]


def wordings(condition: Q) -> list[Any]:
    """Wordings with what is asked of their documents."""
    return list(told(condition))


def told(condition: Q) -> Any:
    """The query for them; its rows have no more of a document than is asked for here."""
    return Wording.objects.filter(condition).select_related("document__origin").only(*_COLUMNS)


def order(wording: Any) -> tuple[datetime.datetime, str]:
    """The place of a document in time: what comes later may have been copied from what comes before."""
    return wording.at, wording.document.key


def carriers(wording: Any) -> dict[int, set[int]]:
    """The other documents that hold hashes of a document, each with those it holds; what is common is left out."""
    found: dict[int, set[int]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(_CARRIERS, [wording.kept, CARRIERS, wording.pk, wording.publisher])
        for h, document in cursor.fetchall():
            found[document].add(h)
    return found


def common_among(hashes: Iterable[int]) -> dict[str, set[int]]:
    """Of these hashes those that are common, by publisher; under "" those that are common everywhere."""
    found: dict[str, set[int]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(_COMMON, [list(hashes)])
        for h, publisher in cursor.fetchall():
            found[publisher].add(h)
    return found


def candidates(wording: Any, held: Mapping[int, set[int]]) -> list[Any]:
    """Documents of the same weeks that share enough of the hashes that are not common to be worth comparing, or that
    are named as a source; `held` are the `carriers` of the document's hashes. The earliest first."""
    least = max(1, min(SHARED, len(wording.kept)))
    near = Q(at__range=(wording.at - WINDOW, wording.at + WINDOW))
    asked = Q(pk__in=[pk for pk, hashes in held.items() if len(hashes) >= least]) & near
    if sketch_of(wording).is_short and wording.digest:
        asked |= Q(shingles__lt=25, digest=wording.digest) & near
    if wording.based_on:
        asked |= Q(document__key__in=wording.based_on)
    naming = Q(based_on__overlap=[wording.document.key]) & ~Q(based_on=[])
    found = {each.pk: each for each in told(asked).union(told(naming))}
    found.pop(wording.pk, None)
    return sorted(found.values(), key=order)


def kin(wording: Any, held: Mapping[int, set[int]], texts: Texts) -> list[Kin]:
    """The documents that a document is a copy of, or has for copies, or shares passages with; the earliest first."""
    others = candidates(wording, held)
    common = common_among({h for each in (wording, *others) for h in each.kept}) if others else {}
    told = (compare(wording, other, common, texts) for other in others)
    return [each for each in told if each.relation.kind != "INDEPENDENT" or each.declared]


def compare(one: Any, other: Any, common: Mapping[str, set[int]], texts: Texts) -> Kin:
    """How two documents are related: by what they say of each other, by their wording, by the agency they credit."""
    left_out = set().union(*(common.get(each, set()) for each in ("", one.publisher, other.publisher)))
    found = estimate(sketch_of(one), sketch_of(other), left_out)
    if found is None:
        found = relation(texts.fingerprint(one), texts.fingerprint(other), left_out)
    if one.document.key in other.based_on or other.document.key in one.based_on:
        return Kin(other, Relation("COPY" if found.kind == "COPY" else "DERIVED", *amounts(found)), declared=True)
    near = abs(one.at - other.at) <= CREDIT_WINDOW
    if near and one.agency and one.agency == other.agency:
        found = found.credited()
    return Kin(other, found)


def amounts(found: Relation) -> tuple[int, int]:
    """How much is shared, and how many of the figures agree."""
    return found.containment, found.numbers


def sketch_of(wording: Any) -> Sketch:
    """What the rules compare."""
    return Sketch(wording.shingles, tuple(wording.kept), tuple(wording.figures), wording.digest, wording.title)


def newly_common(wording: Any, held: Mapping[int, set[int]]) -> dict[tuple[int, str], set[int]]:
    """Hashes of a document that have become common with it, as (hash, publisher), and the documents that hold them.

    A hash is common everywhere when it stands in texts of four origins. Counted are texts that differ by the rules
    alone, so that the count depends on what there is and not on what came first; what is syndicated counts once. It is
    common for a publisher when eight of its texts have it. `held` are the `carriers` of the document's hashes.
    """
    holders: dict[int, set[int]] = defaultdict(set)
    for document, hashes in held.items():
        for h in hashes:
            holders[h].add(document)
    many = {h: found for h, found in holders.items() if len(found) + 1 >= TEMPLATE_ORIGINS}
    if not many:
        return {}
    known = {each.pk: each for each in wordings(Q(pk__in={wording.pk}.union(*many.values())))}
    found: dict[tuple[int, str], set[int]] = {}
    told_apart = {pk: group for group, members in enumerate(groups(known.values())) for pk in members}
    for h, documents in many.items():
        those = {pk for pk in (*documents, wording.pk) if pk in known}
        if len({told_apart[pk] for pk in those}) >= TEMPLATE_ORIGINS:
            found[h, ""] = those
        elif is_house_style([known[pk] for pk in those], wording.publisher):
            found[h, wording.publisher] = those
    return found


def groups(held: Collection[Any]) -> list[set[int]]:
    """Texts told apart by the rules alone: each belongs with the first one, the longest first, that it repeats.

    When today's origins tell fewer than four apart, they are one group here: nobody asks for more.
    """
    if len({each.document.origin_id or -each.pk for each in held}) < TEMPLATE_ORIGINS:
        return [{each.pk for each in held}]
    found: list[tuple[Sketch, set[int]]] = []
    for each in sorted(held, key=lambda one: (-one.shingles, order(one))):
        sketch = sketch_of(each)
        same = (members for first, members in found if (how := estimate(first, sketch)) and how.is_same)
        members = next(same, None)
        if members is None:
            found.append((sketch, {each.pk}))
        else:
            members.add(each.pk)
    return [members for _, members in found]


def is_house_style(held: Collection[Any], publisher: str) -> bool:
    """Whether so many different texts are of one publisher that what they share is its own habit."""
    return bool(publisher) and len({each.digest for each in held if each.publisher == publisher}) >= PUBLISHER_DOCUMENTS
