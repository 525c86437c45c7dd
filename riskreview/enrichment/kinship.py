"""Which documents may share their text with one, and how they do: candidates by kept hashes, compared by sketches.

Reads only; `grouping` writes. A document's whole text is read from the database where its sketch does not decide.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import Q

from riskreview.evidence.models import Snapshot, Wording

from . import rules
from .origins import DERIVED, Fingerprint, Relation, Sketch, estimate, fingerprint, relation

__all__ = ["DERIVED", "Carriers", "Kin", "Texts", "candidates", "carriers", "kin", "order", "wordings"]

WINDOW = timedelta(days=45)
SHARED = 3  # kept hashes two documents have in common before they are compared
CARRIERS = 65  # documents looked at for one hash, the newest; a text in more of them is known by these
CREDIT_WINDOW = timedelta(days=rules.load("origins")["credit"]["days"])

# By hash from one index, which holds the document as well: no row of that table is read. The first documents of their
# origins come along, for those that share enough hashes: the newest carriers of a text may leave out its first.
_CARRIERS = """
SELECT held.document_id, array_agg(kept.h), CASE WHEN count(*) >= %(least)s THEN (
  SELECT o.root_id FROM evidence_document d JOIN evidence_origin o ON o.id = d.origin_id WHERE d.id = held.document_id
) END FROM unnest(%(kept)s::bigint[]) AS kept(h) CROSS JOIN LATERAL (
  SELECT document_id FROM evidence_fingerprint WHERE h = kept.h ORDER BY document_id DESC LIMIT %(most)s
) AS held WHERE held.document_id <> %(document)s AND (%(common)s OR NOT EXISTS (
  SELECT FROM evidence_commonwording WHERE h = kept.h AND publisher IN ('', %(publisher)s)
)) GROUP BY held.document_id
"""
# In words of its own: the index that answers it holds only the few rows that name a source.
_NAMING = "SELECT document_id FROM evidence_wording WHERE based_on && %s::varchar[] AND NOT based_on = '{}'"
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

    def fetch(self, documents: Iterable[int]) -> None:
        """Read the newest texts of some documents at once."""
        missing = set(documents) - self.read.keys()
        texts = Snapshot.objects.filter(document__in=missing).exclude(text=None) if missing else Snapshot.objects.none()
        newest = texts.order_by("document", "-fetched_at", "-pk").distinct("document")
        found = dict(newest.values_list("document", "text"))
        self.read |= {document: found.get(document) or "" for document in missing}

    def text(self, wording: Any) -> str:
        """The newest text of a document; empty when none was read."""
        self.fetch([wording.pk])
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


@dataclass(frozen=True, slots=True)
class Carriers:
    """The other documents that hold hashes of a document, each with those it holds; what is common is left out.

    `roots` are the first documents of the origins of those that share enough of them to be compared.
    """

    hashes: Mapping[int, set[int]]
    roots: frozenset[int] = frozenset()


def carriers(wording: Any) -> Carriers:
    """Who else holds hashes of a document, the newest of them."""
    return carrying(wording, wording.kept)


def carrying(wording: Any, hashes: Sequence[int], *, common: bool = False) -> Carriers:
    """Who else holds these hashes of a document; even those that are common, if `common`."""
    given = {"kept": list(hashes), "document": wording.pk, "publisher": wording.publisher, "most": CARRIERS}
    with connection.cursor() as cursor:
        cursor.execute(_CARRIERS, given | {"least": least(wording), "common": common})
        found = cursor.fetchall()
    return Carriers({document: set(held) for document, held, _ in found}, frozenset(root for *_, root in found if root))


def least(wording: Any) -> int:
    """How many hashes another document must share to be compared."""
    return max(1, min(SHARED, len(wording.kept)))


def common_among(hashes: Iterable[int]) -> dict[str, set[int]]:
    """Of these hashes those that are common, by publisher; under "" those that are common everywhere."""
    found: dict[str, set[int]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(_COMMON, [list(hashes)])
        for h, publisher in cursor.fetchall():
            found[publisher].add(h)
    return found


def candidates(wording: Any, held: Carriers) -> list[Any]:
    """Documents of the same weeks that share enough of the hashes that are not common to be worth comparing, with the
    first documents of their origins, or that are named as a source; `held` are the `carriers` of the document's hashes.
    The earliest first."""
    enough = (pk for pk, hashes in held.hashes.items() if len(hashes) >= least(wording))
    asked = Q(pk__in=held.roots.union(enough))
    if sketch_of(wording).is_short and wording.digest:
        asked |= Q(shingles__lt=25, digest=wording.digest)
    asked &= Q(at__range=(wording.at - WINDOW, wording.at + WINDOW))
    if wording.based_on:
        asked |= Q(document__key__in=wording.based_on)
    if naming := named_by(wording):
        asked |= Q(pk__in=naming)
    return sorted((each for each in told(asked) if each.pk != wording.pk), key=order)


def named_by(wording: Any) -> list[int]:
    """The documents that name this one as the place their text is from."""
    with connection.cursor() as cursor:
        cursor.execute(_NAMING, [[wording.document.key]])
        return [pk for (pk,) in cursor.fetchall()]


def kin(wording: Any, held: Carriers, texts: Texts) -> list[Kin]:
    """The documents that a document is a copy of, or has for copies, or shares passages with; the earliest first."""
    return related(wording, candidates(wording, held), texts)


def related(wording: Any, others: Sequence[Any], texts: Texts) -> list[Kin]:
    """Those of some documents that a document is related to, and how, in the same order."""
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
