"""What came together: a message, the files that hang on it, and the articles it points to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db import models

from .document import Document


class CompanionQuerySet(models.QuerySet["Companion"]):
    """What came with what."""

    def keep(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Note which documents came with which message, each pair as the keys of (message, document). Twice is fine."""
        wanted = list(pairs)
        ids = dict(Document.objects.filter(key__in={key for pair in wanted for key in pair}).values_list("key", "pk"))
        rows = (
            Companion(message_id=ids[message], document_id=ids[document])
            for message, document in sorted(wanted)
            if message in ids and document in ids and message != document
        )
        self.bulk_create(rows, ignore_conflicts=True)


class Companion(models.Model):
    """A document that came with a message: attached to it, or linked from it."""

    message = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="companions")
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="carriers")

    objects: ClassVar[Any] = CompanionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "document"], name="companion_once")]

    def __str__(self) -> str:
        return f"document {self.document_id} came with {self.message_id}"
