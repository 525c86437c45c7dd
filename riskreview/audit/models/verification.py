"""A run of the check of the whole record, in portions, with what it found."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from riskreview.lib.work import Terms, Work, WorkQuerySet, work_indexes

KEPT_PROBLEMS = 200


class VerificationQuerySet(WorkQuerySet["Verification"]):
    """Checks of the record, asked for by people and by the calendar."""

    def ask(self, *, by: Any, full: bool = True) -> Verification:
        """Ask for a check; the one that is under way, if there is one."""
        under_way = self.left().order_by("pk").first()
        return under_way or self.create(asked_by=by, full=full)

    def ask_nightly(self, *, by: Any, now: datetime.datetime) -> None:
        """Ask for the check of the day, once a day, in the small hours (UTC) or when they were missed."""
        midnight = now.astimezone(datetime.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        if now >= midnight + datetime.timedelta(hours=2) and not self.filter(asked_at__gte=midnight).exists():
            self.ask(by=by)

    def newest_finished(self) -> Verification | None:
        """The last check that came to its end."""
        return self.exclude(finished_at=None).order_by("-finished_at").first()


class Verification(Work):
    """One check of the record: headers, bodies and rows against the signed log. A machine's observation."""

    terms = Terms(window=1, offer=settings.OFFER_SECONDS, run=settings.RUN_SECONDS, rest=settings.BACKOFF_SECONDS)
    work_left = Q(finished_at=None)

    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(db_default=Now())
    full = models.BooleanField(default=True)
    finished_at = models.DateTimeField(null=True)
    seconds = models.FloatField(default=0)
    place = models.JSONField(default=dict, help_text="Where the next portion begins.")
    counts = models.JSONField(default=dict)
    total = models.PositiveBigIntegerField(default=0)
    problems = ArrayField(models.TextField(), default=list)
    problem_count = models.PositiveIntegerField(default=0)

    objects: ClassVar[Any] = VerificationQuerySet.as_manager()

    class Meta:
        indexes = work_indexes("verification", Q(finished_at=None))

    def __str__(self) -> str:
        return f"check of the record, {self.asked_at:%Y-%m-%d %H:%M}"

    @property
    def holds(self) -> bool:
        """Whether nothing was found."""
        return self.problem_count == 0

    def keep(self, *, over: bool, **found: Any) -> None:
        """Write down how far it is, and whether that was the end."""
        finished = Now() if over else None
        Verification.objects.filter(pk=self.pk).update(finished_at=finished, not_before=Now(), **found)
        self.refresh_from_db()

    @property
    def done(self) -> int:
        """How many entries and rows were looked at so far."""
        return int(sum(self.counts.get(name, 0) for name in ("entries", "rows")))
