"""The captures of a document."""

from __future__ import annotations

import hashlib

from django.db import models
from django.db.models import F, Q

from riskreview.audit.refusals import NotNow

from .. import archive
from .document import Document


class Snapshot(models.Model):
    """One capture of a document: exact bytes by hash, and the text read from them once. Never changed afterwards."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="snapshots")
    fetched_at = models.DateTimeField()
    final_url = models.CharField(max_length=2000, blank=True)
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    content_type = models.CharField(max_length=200, blank=True)
    raw_sha256 = models.CharField(max_length=64, db_index=True)
    raw_bytes = models.PositiveBigIntegerField()
    title = models.CharField(max_length=500, blank=True)
    text = models.TextField(null=True)  # noqa: DJ001 - None says "not read yet", which is not the empty text
    text_sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    extractor_version = models.CharField(max_length=60, blank=True)
    supersedes = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="superseded_by")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["document"], condition=Q(supersedes=None), name="snapshot_one_first_per_document"
            ),
            models.CheckConstraint(name="snapshot_not_its_own_successor", condition=~Q(supersedes=F("id"))),
            models.CheckConstraint(
                name="snapshot_text_has_hash", condition=Q(text=None, text_sha256="") | ~Q(text_sha256="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.raw_sha256[:12]} of document {self.document_id}"

    @property
    def raw(self) -> bytes:
        """The exact bytes. Raises `archive.Damaged` when they changed on disk."""
        return archive.get(self.raw_sha256)

    def passage(self, start: int, end: int) -> str:
        """The words `text[start:end]`. Raises `NotNow` when the archived text has no such place."""
        if self.text is None or not 0 <= start < end <= len(self.text):
            raise NotNow("This passage is not in the archived text.")
        return self.text[start:end]

    def read_as(self, *, title: str, text: str, extractor_version: str) -> None:
        """Keep the text read from the bytes. The first reading stays: passages are cited by its offsets."""
        if self.text is not None:
            return
        self.title, self.text, self.extractor_version = title[:500], text, extractor_version
        self.text_sha256 = hashlib.sha256(text.encode("utf-8")).hexdigest()
        self.save(update_fields=["title", "text", "text_sha256", "extractor_version"])
