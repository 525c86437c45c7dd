"""How a source stands, as lists are asked for it."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import TextChoices

if TYPE_CHECKING:
    from .models.source import SourceQuerySet


class Standing(TextChoices):
    """What to look at. A source can fail and be quiet at once; it works when it is neither."""

    WORKING = "working", "Working"
    FAILING = "failing", "Failing"
    QUIET = "quiet", "Gone quiet"
    PAUSED = "paused", "Paused"
    ENDED = "ended", "Ended"


def standing(rows: SourceQuerySet, wanted: str, now: datetime.datetime) -> Any:
    """The sources that stand so. Raises `ValueError` for a word that is no standing."""
    visited = rows.filter(enabled=True, ended_at=None)
    quiet = rows.quiet(now)
    return {
        Standing.WORKING: visited.filter(last_error="").exclude(pk__in=quiet.values("pk")),
        Standing.FAILING: visited.exclude(last_error=""),
        Standing.QUIET: quiet,
        Standing.PAUSED: rows.filter(enabled=False),
        Standing.ENDED: rows.filter(enabled=True).exclude(ended_at=None),
    }[Standing(wanted)]
