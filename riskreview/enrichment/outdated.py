"""Texts that were read by earlier rules are read again, a portion at a time, behind everything that is new."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now

from riskreview.evidence.models import Document, Reading, Snapshot

from .analysis import pipeline_version


def hand_over() -> int:
    """Put so many documents with an outdated reading back into the queue that not more than REREAD_AT_ONCE documents
    wait in it; how many those were.

    Nothing is handed over while as many are waiting anyway, so that what is new never waits for a whole archive.
    """
    # Those whose fetch was given up are read again when somebody tries them again; here they would stand in the way.
    free = {"snapshot__document__digested_at__isnull": False, "snapshot__document__dead_at": None}
    outdated = Reading.objects.outdated(pipeline_version()).filter(**free)
    if not outdated.exists():
        return 0
    room = settings.REREAD_AT_ONCE - Document.objects.undigested().left().count()
    found = outdated.order_by("pk").values_list("snapshot__document", flat=True)[: max(room, 0)]
    again = {"digested_at": None, "not_before": Now(), "attempts": 0}
    rows = Document.objects.filter(pk__in=list(found), dead_at=None).exclude(digested_at=None)
    changed: int = rows.update(**again)
    return changed


def queues() -> tuple[Any, Any]:
    """The documents to be read: first those with a capture that nobody has read, then all."""
    unread: Any = Document.objects.undigested()
    return unread.filter(Exists(Snapshot.objects.filter(document=OuterRef("pk"), text=None))), unread


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of the texts that were read were read by the rules of today."""

    version: str
    read: int
    of: int

    @property
    def is_complete(self) -> bool:
        """Whether no text is left that was read by other rules."""
        return self.read >= self.of


def progress() -> Progress:
    """How far the reading by the rules of today has come."""
    version, of = pipeline_version(), Reading.objects.count()
    return Progress(version, of - Reading.objects.outdated(version).count(), of)
