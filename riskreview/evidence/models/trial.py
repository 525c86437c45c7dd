"""A dry run: what a source would bring in, before it is on the register."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse

from riskreview.audit.refusals import NotNow
from riskreview.lib.work import Terms, Work, WorkQuerySet, work_indexes

from .. import kinds

KEPT_FOR = datetime.timedelta(days=1)
AT_MOST, LATELY = 20, datetime.timedelta(hours=1)  # so many dry runs one person gets in that time


class TrialQuerySet(WorkQuerySet["Trial"]):
    """Dry runs. They hold nothing and change nothing, so no entry tells of them."""

    def ask(self, *, kind: str, url: str, config: dict[str, str], credential: str, asked_by: Any) -> Trial:
        """Have a worker see what such a source would bring. Raises `NotNow` for what no source could be, and for
        somebody who tried too much already."""
        if self.visible_to(asked_by).of_late().count() >= AT_MOST:
            raise NotNow(f"You tried {AT_MOST} sources within the last hour. Wait a while before you try another.")
        return self.create(
            kind=kind,
            url=kinds.addressed(kind, url),
            config=kinds.configured(kind, config),
            credential=kinds.credited(kind, credential),
            asked_by=asked_by,
        )

    def visible_to(self, user: Any) -> Self:
        """A person's own dry runs."""
        return self.filter(asked_by=user)

    def of_late(self) -> Self:
        """Dry runs of the last hour, and earlier ones that are still to be done."""
        return self.filter(Q(asked_at__gte=Now() - LATELY) | Q(done_at=None, dead_at=None))

    def forget(self) -> None:
        """Drop the dry runs of yesterday."""
        self.filter(asked_at__lt=Now() - KEPT_FOR).delete()


class Trial(Work):
    """One dry run: asked by somebody, carried out by a worker, kept for a day."""

    terms = Terms(window=8, offer=settings.OFFER_SECONDS, run=settings.RUN_SECONDS, attempts=1)
    work_left = Q(done_at=None)

    kind = models.CharField(max_length=24)
    url = models.CharField(max_length=2000)
    config = models.JSONField(default=dict)
    credential = models.CharField(max_length=60, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField(db_default=Now())
    done_at = models.DateTimeField(null=True)
    count = models.PositiveIntegerField(default=0)
    items = models.JSONField(default=list, help_text="the first items: title, url, published, summary, known")
    refused = ArrayField(models.CharField(max_length=300), default=list)

    objects: ClassVar[Any] = TrialQuerySet.as_manager()

    class Meta:
        indexes = work_indexes("trial", Q(done_at=None))

    def __str__(self) -> str:
        return f"dry run of {self.url}"

    def get_absolute_url(self) -> str:
        """The page that waits for it."""
        return reverse("trial", args=[self.pk])

    @property
    def kind_label(self) -> str:
        """What people call its kind."""
        return kinds.label(self.kind)
