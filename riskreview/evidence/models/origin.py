"""Whose text a document is, and which event it is about: found by machines, corrected by people.

What machines find here is disposable, rebuilt at will, always with its reasons. What a person said of origins stays,
and goes before the rules on every later run.
"""

from __future__ import annotations

import datetime
from datetime import timedelta
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from .document import Document


class Fingerprint(models.Model):
    """One kept shingle hash of a document, signed 64 bit."""

    h = models.BigIntegerField()
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="fingerprints")

    class Meta:
        # Its index is the look-up by hash as well.
        constraints = [models.UniqueConstraint(fields=["h", "document"], name="fingerprint_once")]

    def __str__(self) -> str:
        return f"{self.h}"


class Wording(models.Model):
    """What is remembered of a document's wording, so that its text need not be read again to compare it.

    The columns `shingles` to `title` are a sketch as the rules make it. `at` is its place in time, `after` the document
    whose text it repeats, null where it is the first of its origin. `based_on` are keys of documents that it names as
    the place its text is from. `asked_at` says since when it waits to be placed anew, null while its place is right.
    """

    document = models.OneToOneField(Document, primary_key=True, on_delete=models.CASCADE, related_name="wording")
    at = models.DateTimeField()
    publisher = models.CharField(max_length=200, blank=True)
    agency = models.CharField(max_length=120, blank=True)
    shingles = models.PositiveIntegerField()
    kept = ArrayField(models.BigIntegerField())
    figures = ArrayField(models.BigIntegerField())
    digest = models.BigIntegerField()
    title = models.BigIntegerField()
    based_on = ArrayField(models.CharField(max_length=2_100), default=list)
    after = models.ForeignKey(Document, null=True, on_delete=models.SET_NULL, related_name="repeated_by")
    asked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["digest"], name="wording_short", condition=Q(shingles__lt=25)),
            GinIndex(fields=["based_on"], name="wording_based_on", condition=~Q(based_on=[])),
            models.Index(fields=["at"], name="wording_asked", condition=Q(asked_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.shingles} sequences of document {self.document_id}"


class CommonWording(models.Model):
    """A word sequence that says nothing about whose text it is: found in texts of several origins (`publisher` is ""),
    or in many texts of one publisher."""

    h = models.BigIntegerField()
    publisher = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["h", "publisher"], name="common_wording_once")]

    def __str__(self) -> str:
        return f"{self.h} of {self.publisher or 'everybody'}"


class Origin(models.Model):
    """One independent text and its copies: what corroboration counts. The root is its earliest document."""

    root = models.OneToOneField(Document, on_delete=models.CASCADE, related_name="roots")
    wire = models.CharField(max_length=120, blank=True)

    def __str__(self) -> str:
        return self.wire or f"origin {self.pk}"

    @property
    def size(self) -> int:
        """How many documents carry this text, all of them."""
        return self.documents.count()


class OriginLink(models.Model):
    """Why two documents share an origin, or only a passage.

    The longest passage they share stands at [a_start, a_end) and [b_start, b_end) of the texts that were compared, null
    where none was looked for. `adds` counts the sentences that the later of the two has of its own.
    """

    class Relation(models.TextChoices):
        """What the shared text means."""

        COPY = "COPY", "Copy"
        DERIVED = "DERIVED", "Derived"
        SHARES = "SHARES", "Shares passages"

    a = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="links_as_a")
    b = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="links_as_b")
    relation = models.CharField(max_length=7, choices=Relation)
    containment = models.PositiveSmallIntegerField(help_text="thousandths of the shorter text")
    numbers = models.PositiveSmallIntegerField(default=1000, help_text="thousandths of the figures in the same words")
    a_start = models.PositiveIntegerField(null=True)
    a_end = models.PositiveIntegerField(null=True)
    b_start = models.PositiveIntegerField(null=True)
    b_end = models.PositiveIntegerField(null=True)
    adds = models.PositiveIntegerField(null=True)
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
        day: datetime.datetime = document.published_at or document.first_seen_at
        return self.filter(first_at__lte=day + timedelta(days=days), last_at__gte=day - timedelta(days=days))


class Story(models.Model):
    """Documents about one event. `opening` is the one it began with."""

    title = models.CharField(max_length=500)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    opening = models.OneToOneField(Document, null=True, on_delete=models.SET_NULL, related_name="opens")

    objects: ClassVar[Any] = StoryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "stories"
        indexes = [models.Index(fields=["-last_at"], name="story_newest")]

    def __str__(self) -> str:
        return self.title


class Telling(models.Model):
    """A document in the course of a story. Copies have none.

    `after` is the one it follows, null for the opening, and `likeness` how alike the two are, in thousandths.
    """

    document = models.OneToOneField(Document, primary_key=True, on_delete=models.CASCADE, related_name="telling")
    at = models.DateTimeField()
    after = models.ForeignKey(Document, null=True, on_delete=models.SET_NULL, related_name="followed_by")
    likeness = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"document {self.document_id} after {self.after_id}"


class TellingTerm(models.Model):
    """One of a document's heaviest terms, as a hash, by which those that may tell one story find each other."""

    term = models.BigIntegerField()
    at = models.DateTimeField()
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="telling_terms")

    class Meta:
        indexes = [models.Index(fields=["term", "at"], include=["document"], name="telling_term")]

    def __str__(self) -> str:
        return f"{self.term} of document {self.document_id}"
