"""What machines read out of documents: disposable, rebuilt at will, always with its reasons."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from riskreview.vendors.models import Alias, Product, Vendor

from ..fingerprints import fingerprint, mention_key
from .document import Document
from .snapshot import Snapshot


class Mention(models.Model):
    """A vendor or product named at `text[start:end]` of a snapshot (half-open, Unicode code points)."""

    class State(models.TextChoices):
        """Whether it counts."""

        ACCEPTED = "ACCEPTED", "Accepted"
        UNCERTAIN = "UNCERTAIN", "Uncertain"
        REJECTED = "REJECTED", "Rejected"

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="mentions")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    surface = models.CharField(max_length=200)
    vendor = models.ForeignKey(Vendor, on_delete=models.CASCADE, related_name="mentions")
    product = models.ForeignKey(Product, null=True, on_delete=models.SET_NULL, related_name="mentions")
    alias = models.ForeignKey(Alias, null=True, on_delete=models.SET_NULL, related_name="mentions")
    product_key = models.CharField(max_length=80, blank=True)
    kind = models.CharField(max_length=16)
    role = models.CharField(max_length=12, blank=True)
    state = models.CharField(max_length=9, choices=State)
    score = models.IntegerField(help_text="thousandths")
    reasons = ArrayField(models.CharField(max_length=200), default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "start", "end"], name="mention_once"),
            models.CheckConstraint(name="mention_span", condition=Q(end__gt=F("start"))),
        ]

    def __str__(self) -> str:
        return self.surface

    @property
    def key(self) -> str:
        """Whose name it is, as its fingerprint tells."""
        return mention_key(self.vendor_id)

    @property
    def fingerprint(self) -> str:
        """What a judgement of it hangs on."""
        return fingerprint(self.snapshot.text_sha256, "MENTION", [(self.start, self.end)], self.key)

    @property
    def judged_span(self) -> tuple[int, int]:
        """What a person looks at to judge it."""
        return self.start, self.end


class Salience(models.Model):
    """How much a document is about a vendor, in thousandths of its leading vendor."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="salience")
    vendor = models.ForeignKey(Vendor, on_delete=models.CASCADE, related_name="salience")
    value = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name_plural = "salience"
        constraints = [models.UniqueConstraint(fields=["document", "vendor"], name="salience_once")]

    def __str__(self) -> str:
        return f"{self.vendor_id} in {self.document_id}: {self.value}"
