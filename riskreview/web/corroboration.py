"""Corroboration: independent origins count, copies of one text are shown hollow and counted once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count

from riskreview.cases.models import Exhibit, Stance
from riskreview.evidence.models import Document

MOST_DOTS = 12


@dataclass(slots=True)
class Corroboration:
    """What the exhibits of one case rest on."""

    origins: set[str] = field(default_factory=set)
    against: set[str] = field(default_factory=set)
    items: int = 0
    copies: int = 0

    @property
    def independent(self) -> int:
        """How many independent origins there are."""
        return len(self.origins)

    @property
    def disputing(self) -> int:
        """How many of them contradict."""
        return len(self.against)

    @property
    def dots(self) -> list[str]:
        """One dot per origin, then one per copy: ind, dis or copy."""
        told = ["ind"] * (self.independent - self.disputing) + ["dis"] * self.disputing + ["copy"] * self.copies
        return told[:MOST_DOTS]


def tally(rows: Iterable[tuple[int, int, int | None, str]], sizes: dict[int, int]) -> dict[int, Corroboration]:
    """Per case, from (case, document, origin, stance) rows and the number of documents of each origin."""
    found: dict[int, Corroboration] = {}
    for case, document, origin, stance in rows:
        corroboration = found.setdefault(case, Corroboration())
        key = f"o{origin}" if origin else f"d{document}"
        corroboration.items += 1
        if key not in corroboration.origins and origin:
            corroboration.copies += sizes.get(origin, 1) - 1
        corroboration.origins.add(key)
        if stance == Stance.CONTRADICTS:
            corroboration.against.add(key)
    return found


def corroborations(cases: Iterable[Any]) -> dict[int, Corroboration]:
    """The corroboration of each case, by its id: two queries."""
    rows = list(
        Exhibit.objects.filter(case__in=[case.pk for case in cases], withdrawn_at=None).values_list(
            "case_id", "document_id", "document__origin_id", "stance"
        )
    )
    origins = {origin for _, _, origin, _ in rows if origin}
    counted = Document.objects.filter(origin__in=origins).values_list("origin").annotate(n=Count("pk"))
    return tally(rows, dict(counted.order_by()))
