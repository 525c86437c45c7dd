"""One walk through the archive that compares every stored excerpt with its text."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Min, Q
from django.db.models.functions import Now

from riskreview.lib.work import Terms, Work, WorkQuerySet, work_indexes

from .understood import Reading

KEPT = 30  # finished walks
FIRST_AFTER = datetime.timedelta(minutes=10)  # since the first document was read; later walks begin at midnight, UTC


class SpanCheckQuerySet(WorkQuerySet["SpanCheck"]):
    """Walks, ended and under way."""

    def begin(self) -> None:
        """Begin a walk unless one is under way or there is nothing to compare, and forget the oldest that ended."""
        if Reading.objects.exists() and not self.left().exists():
            self.create()
        kept = self.exclude(ended_at=None).order_by("-pk").values("pk")[:KEPT]
        self.exclude(ended_at=None).exclude(pk__in=list(kept.values_list("pk", flat=True))).delete()

    def begin_first(self, *, now: datetime.datetime) -> None:
        """Begin the first walk of all, soon after the first document was read: a night is long to wait for it."""
        if not self.exists() and Reading.objects.filter(read_at__lte=now - FIRST_AFTER).exists():
            self.create()

    def next_at(self, *, now: datetime.datetime) -> datetime.datetime | None:
        """When the next walk begins, or the one under way began; None while there is nothing to compare."""
        if under_way := self.left().order_by("pk").first():
            return under_way.begun_at
        first: datetime.datetime | None = None
        if not self.exists():
            first = Reading.objects.aggregate(at=Min("read_at"))["at"]
        if first is not None:
            return max(first + FIRST_AFTER, now)
        tomorrow = now.astimezone(datetime.UTC) + datetime.timedelta(days=1)
        midnight = tomorrow.replace(hour=0, minute=0, second=0, microsecond=0)
        return midnight if Reading.objects.exists() else None

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
