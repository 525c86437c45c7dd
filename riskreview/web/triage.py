"""What a line of triage says beside the title: whom it is about, how many copies, on how many sources, which risks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from riskreview.accounts.models import User
from riskreview.cases.models import Suggestion
from riskreview.enrichment.categories import CATEGORIES
from riskreview.enrichment.reasons import status_told
from riskreview.evidence.models import Document
from riskreview.vendors.models import Vendor


@dataclass(frozen=True, slots=True)
class Line:
    """One suggestion of the list. `copies` are documents with the same text, itself among them; `documents` tell of
    the same event, and come from so many independent `origins`."""

    suggestion: Suggestion
    vendors: list[str]
    copies: int
    documents: int
    origins: int
    risks: list[tuple[str, str]]

    @property
    def reason(self) -> str:
        """The first reason for the score."""
        return self.suggestion.reasons[0] if self.suggestion.reasons else ""

    @property
    def origins_told(self) -> str:
        """On how many independent sources the event rests, "" for a single document."""
        if self.documents < 2:
            return ""
        return f"{self.documents} documents, {self.origins} origin{'' if self.origins == 1 else 's'}"


def lines(suggestions: Iterable[Suggestion], user: User) -> list[Line]:
    """Lines for suggestions whose documents are loaded: three queries, however many they are."""
    rows = list(suggestions)
    copies = _counted("origin", {row.document.origin_id for row in rows})
    stories = _counted("story", {row.document.story_id for row in rows})
    named = _names({vendor for row in rows for vendor in vendors_of(row.parts)}, user)
    return [
        Line(
            suggestion=row,
            vendors=[named[vendor] for vendor in vendors_of(row.parts) if vendor in named],
            copies=copies.get(row.document.origin_id, (1, 1))[0],
            documents=stories.get(row.document.story_id, (1, 1))[0],
            origins=stories.get(row.document.story_id, (1, 1))[1],
            risks=risks_of(row.parts),
        )
        for row in rows
    ]


def _counted(column: str, wanted: set[Any]) -> dict[Any, tuple[int, int]]:
    """Documents and origins of each origin or story."""
    rows = Document.objects.filter(**{f"{column}__in": wanted - {None}}).values(column).order_by()
    counted = rows.annotate(documents=Count("pk"), origins=Count("origin", distinct=True))
    return {row[column]: (row["documents"], max(1, row["origins"])) for row in counted}


def _names(wanted: set[int], user: User) -> dict[int, str]:
    vendors = Vendor.objects.visible_to(user).filter(pk__in=wanted)
    return dict(vendors.values_list("pk", "canonical_name"))


def vendors_of(parts: Mapping[str, Any]) -> list[int]:
    """The vendors that a score was given for."""
    return [int(vendor) for vendor in parts.get("vendor", {}).get("vendors", ()) if str(vendor).isdecimal()]


def risks_of(parts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The kinds of risk that a score was given for, each with where the matter stands ("" for asserted)."""
    signal = parts.get("signal", {})
    statuses, values = signal.get("statuses", {}), signal.get("categories", {})
    known = sorted((key for key in values if key in CATEGORIES), key=lambda key: (-values[key], key))
    return [(CATEGORIES[key].label, status_told(statuses.get(key, ""))) for key in known]
