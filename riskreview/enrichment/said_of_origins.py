"""What people said of origins, as far as it concerns one document. It goes before the rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from riskreview.evidence.models import OriginJudgement

from .kinship import Kin, order, wordings

SPLIT, JOIN = OriginJudgement.Kind.SPLIT, OriginJudgement.Kind.JOIN


@dataclass(frozen=True, slots=True)
class Said:
    """`beginning` is the earliest of the documents it was joined with, itself perhaps; None when nobody joined it.

    `is_split`: it comes after no other. `barred` are documents that no document of this one's origin may begin with,
    `left` those that they were split from together with this one.
    """

    beginning: Any = None
    is_split: bool = False
    barred: frozenset[int] = field(default_factory=frozenset)
    left: frozenset[int] = field(default_factory=frozenset)

    def allows(self, wording: Any) -> bool:
        """Whether it may come after this document."""
        origin = wording.document.origin
        return not self.is_split and wording.pk not in self.barred and (not origin or origin.root_id not in self.barred)


def about(wording: Any, kin: Iterable[Kin]) -> Said:
    """What was said of a document, and of those it may come after."""
    others = {pk for each in kin for pk in (each.wording.pk, root_of(each.wording)) if pk}
    concerned = Q(document=wording.pk) | Q(other=wording.pk) | Q(document__in=others, kind=SPLIT)
    said = list(OriginJudgement.objects.in_force().filter(concerned).values_list("kind", "document", "apart"))
    from_this = [(document, apart) for kind, document, apart in said if kind == SPLIT and wording.pk in apart]
    barred = frozenset(document for document, _ in from_this)
    left = frozenset(pk for _, apart in from_this for pk in apart) - barred - {wording.pk}
    is_split = (SPLIT, wording.pk) in {(kind, document) for kind, document, _ in said}
    is_joined = any(kind == JOIN for kind, _, _ in said)
    return Said(beginning(wording.pk) if is_joined else None, is_split, barred, left)


def spoken_of(documents: set[int]) -> set[int]:
    """Of some documents those that a judgement names: the rules alone do not place them."""
    named = OriginJudgement.objects.in_force().filter(Q(document__in=documents) | Q(other__in=documents))
    return {pk for pair in named.values_list("document", "other") for pk in pair} & documents


def beginning(document: int) -> Any:
    """The earliest of all documents that were joined with one, by themselves or through others."""
    joined, fresh = set[int](), {document}
    while fresh:
        joined |= fresh
        pairs = OriginJudgement.objects.in_force().filter(Q(document__in=fresh) | Q(other__in=fresh), kind=JOIN)
        fresh = {pk for pair in pairs.values_list("document", "other") for pk in pair} - joined
    return min(wordings(Q(pk__in=joined)), key=order, default=None)


def banished(root: int, members: set[int]) -> set[int]:
    """Of the documents that came to an origin those that do not belong there, because its root was split from them."""
    if len(members) < 2 and root in members:
        return set()
    splits = OriginJudgement.objects.in_force().filter(document=root, kind=SPLIT).values_list("apart", flat=True)
    return {pk for apart in splits for pk in apart if pk in members}


def root_of(wording: Any) -> int | None:
    """The first document of a document's origin."""
    origin = wording.document.origin
    return origin.root_id if origin else None
