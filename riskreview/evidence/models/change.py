"""What changed between two captures of a document, or in the world around it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from .document import Document
from .snapshot import Snapshot


class ChangeQuerySet(models.QuerySet["Change"]):
    """Changes, material and not."""

    def keep(self, *, document: Document, after: Any, because: Any, told: dict[str, Any]) -> Change:
        """Keep a change, once: per later capture, per correcting document, and per time the address was given up."""
        once = {"document": document, "after": after, "because": because}
        if after is None and because is None:
            return self.create(**once, **told)
        return self.get_or_create(**once, defaults=told)[0]

    def newest_first(self) -> ChangeQuerySet:
        """The newest first."""
        return self.order_by("-found_at", "-pk")


class Change(models.Model):
    """One change of a document. Machines see it; what it means for a case, people decide."""

    class Kind(models.TextChoices):
        """What sort of change (newsroom practice: corrections, clarifications, updates, kills)."""

        CORRECTION = "CORRECTION", "Correction"
        CLARIFICATION = "CLARIFICATION", "Clarification"
        UPDATE = "UPDATE", "Update"
        RETRACTION = "RETRACTION", "Retraction"
        COSMETIC = "COSMETIC", "Cosmetic"
        GONE = "GONE", "Gone from its address"

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="changes")
    before = models.ForeignKey(Snapshot, null=True, on_delete=models.CASCADE, related_name="changes_from")
    after = models.ForeignKey(Snapshot, null=True, on_delete=models.CASCADE, related_name="changes_to")
    because = models.ForeignKey(Document, null=True, on_delete=models.CASCADE, related_name="corrections")
    kind = models.CharField(max_length=13, choices=Kind)
    material = models.BooleanField()
    summary = models.CharField(max_length=500)
    note = models.CharField(max_length=1000, blank=True)
    reasons = ArrayField(models.CharField(max_length=300), default=list, blank=True)
    found_at = models.DateTimeField(db_default=Now())

    objects: ClassVar[Any] = ChangeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["after"], name="change_to_snapshot_once"),
            models.UniqueConstraint(
                fields=["document", "because"], condition=~Q(because=None), name="change_because_once"
            ),
        ]

    def __str__(self) -> str:
        return self.summary
