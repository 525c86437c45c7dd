"""What machines read out of documents: disposable, rebuilt at will, always with its reasons."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from riskreview.vendors.models import Alias, Product, Vendor

from .document import Document
from .snapshot import Snapshot


class Mention(models.Model):
    """A vendor or product named at `text[start:end]` of a snapshot (half-open, Unicode code points)."""

    class State(models.TextChoices):
        """Whether it counts."""

        ACCEPTED = "ACCEPTED", "Accepted"
        UNCERTAIN = "UNCERTAIN", "Uncertain"

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


class Fingerprint(models.Model):
    """One kept shingle hash of a document, signed 64 bit."""

    h = models.BigIntegerField()
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="fingerprints")

    class Meta:
        # Its index is the look-up by hash as well.
        constraints = [models.UniqueConstraint(fields=["h", "document"], name="fingerprint_once")]

    def __str__(self) -> str:
        return f"{self.h}"


class Origin(models.Model):
    """One independent text and its copies: what corroboration counts. The root is its earliest document."""

    root = models.OneToOneField(Document, on_delete=models.CASCADE, related_name="roots")
    wire = models.CharField(max_length=120, blank=True)

    def __str__(self) -> str:
        return self.wire or f"origin {self.pk}"


class OriginLink(models.Model):
    """Why two documents share an origin, or only a passage."""

    class Relation(models.TextChoices):
        """What the shared text means."""

        COPY = "COPY", "Copy"
        DERIVED = "DERIVED", "Derived"
        SHARES = "SHARES", "Shares passages"

    a = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="links_as_a")
    b = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="links_as_b")
    relation = models.CharField(max_length=7, choices=Relation)
    containment = models.PositiveSmallIntegerField(help_text="thousandths of the shorter text")
    why = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["a", "b"], name="origin_link_once"),
            models.CheckConstraint(name="origin_link_in_order", condition=Q(a__lt=F("b"))),
        ]

    def __str__(self) -> str:
        return self.why


class StoryQuerySet(models.QuerySet["Story"]):
    """Events in the news."""

    def near(self, document: Document, days: int = 14) -> Self:
        """Stories whose documents appeared within some days of this one."""
        day = document.published_at or document.first_seen_at
        return self.filter(first_at__lte=day + timedelta(days=days), last_at__gte=day - timedelta(days=days))


class Story(models.Model):
    """Documents about one event."""

    title = models.CharField(max_length=500)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    objects: ClassVar[Any] = StoryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "stories"
        indexes = [models.Index(fields=["-last_at"], name="story_newest")]

    def __str__(self) -> str:
        return self.title
