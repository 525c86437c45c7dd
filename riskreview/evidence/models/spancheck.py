"""One walk through the archive that compares every stored excerpt with its text."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from riskreview.lib.work import Terms, Work, WorkQuerySet, work_indexes

from .understood import Reading

KEPT = 30  # finished walks


class SpanCheckQuerySet(WorkQuerySet["SpanCheck"]):
    """Walks, ended and under way."""

    def begin(self) -> None:
        """Begin a walk unless one is under way or there is nothing to compare, and forget the oldest that ended."""
        if Reading.objects.exists() and not self.left().exists():
            self.create()
        kept = self.exclude(ended_at=None).order_by("-pk").values("pk")[:KEPT]
        self.exclude(ended_at=None).exclude(pk__in=list(kept.values_list("pk", flat=True))).delete()

    def newest_ended(self) -> Any:
        """The last walk that came to its end, or None."""
        return self.exclude(ended_at=None).order_by("-pk").first()


class SpanCheck(Work):
    """How far a walk has come (`through`, the id of the last snapshot), how many excerpts it compared, and how many
    differ from their texts; `examples` name the first of those."""

    terms = Terms(window=1, offer=settings.OFFER_SECONDS, run=settings.RUN_SECONDS, rest=settings.BACKOFF_SECONDS)
    work_left = Q(ended_at=None)

    begun_at = models.DateTimeField(db_default=Now())
    through = models.BigIntegerField(default=0)
    excerpts = models.PositiveBigIntegerField(default=0)
    wrong = models.PositiveBigIntegerField(default=0)
    examples = ArrayField(models.CharField(max_length=200), default=list)
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = SpanCheckQuerySet.as_manager()

    class Meta:
        indexes = work_indexes("spancheck", Q(ended_at=None))

    def __str__(self) -> str:
        return f"{self.excerpts} excerpts compared, {self.wrong} wrong"
