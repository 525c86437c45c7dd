"""How common terms are in the archive: counted now and then, each count kept, because scores name the one they used."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Now

LONGEST = 100


class VocabularyQuerySet(models.QuerySet["Vocabulary"]):
    """The counts that were made."""

    def keep(self, *, documents: int, df: Mapping[str, int]) -> Vocabulary:
        """Keep a count: in how many of so many documents each term occurs."""
        with transaction.atomic():
            vocabulary = self.create(documents=documents)
            rows = (Term(vocabulary=vocabulary, term=term, df=n) for term, n in df.items() if len(term) <= LONGEST)
            Term.objects.bulk_create(rows, batch_size=5_000)
            return vocabulary

    def newest(self) -> Vocabulary | None:
        """The count that is in use; None before the first."""
        return self.order_by("-pk").first()


class Vocabulary(models.Model):
    """One count of the terms of so many documents, the newest at that time."""

    documents = models.PositiveIntegerField()
    counted_at = models.DateTimeField(db_default=Now())

    objects: ClassVar[Any] = VocabularyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "vocabularies"
        constraints = [models.CheckConstraint(name="vocabulary_of_something", condition=Q(documents__gt=0))]

    def __str__(self) -> str:
        return self.version

    @property
    def version(self) -> str:
        """How scores name it."""
        return f"archive-{self.pk}"


class Term(models.Model):
    """A term, and in how many of the counted documents it occurs. Terms that are missing occur in next to none."""

    vocabulary = models.ForeignKey(Vocabulary, on_delete=models.CASCADE, related_name="terms")
    term = models.CharField(max_length=LONGEST)
    df = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vocabulary", "term"], name="term_once"),
            models.CheckConstraint(name="term_occurs", condition=Q(df__gt=0)),
        ]
        indexes = [GinIndex(OpClass("term", name="gin_trgm_ops"), name="term_alike")]

    def __str__(self) -> str:
        return self.term
