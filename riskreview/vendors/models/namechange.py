"""A name that means something else from a day on: the documents that contain it are to be read again."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone

from riskreview.lib.work import Terms as WorkTerms
from riskreview.lib.work import Work, WorkQuerySet, work_indexes

from ..meaning import Terms, turning_days
from .alias import Alias

TOGETHER = 200  # so many names are looked for in one pass over the archive


class NameChangeQuerySet(WorkQuerySet["NameChange"]):
    """Changes of names, carried out and not."""

    def tell(self, alias: Alias, what: NameChange.What, *, before: Terms | None = None) -> None:
        """Note that a name changed, once for each day on which it means something else. The verbs of a vendor call
        this, and nobody else does; `before` are the terms the name was matched on until now."""
        today = timezone.now().date()
        self.bulk_create(
            self.model(
                vendor_id=alias.vendor_id,
                surface=alias.text,
                kind=alias.kind,
                what=what,
                not_before=Now() if day == today else beginning(day),
            )
            for day in turning_days(before, alias.terms, today)
        )

    def join(self, leader: NameChange) -> None:
        """Let one change carry out the others that are due and that nobody has begun: one pass looks for all."""
        idle = Q(lease_until=None) | Q(lease_until__lte=Now())
        carries = Exists(self.model._base_manager.filter(joined=OuterRef("pk")))
        with transaction.atomic():
            due = self.left().filter(idle, ~carries, not_before__lte=Now(), looked_through=0, searched_at=None)
            rows = due.exclude(pk=leader.pk).order_by("pk").select_for_update(skip_locked=True)
            self.filter(pk__in=list(rows.values_list("pk", flat=True)[:TOGETHER])).update(joined=leader)

    def carried_by(self, leader: NameChange) -> Self:
        """A change, and the others it carries out."""
        return self.filter(Q(pk=leader.pk) | Q(joined=leader))

    def count_found(self, found: Mapping[int, int]) -> None:
        """Add to each change, by id, how many more documents contain its name."""
        for change, documents in found.items():
            self.filter(pk=change).update(found=F("found") + documents)

    def end(self, leader: NameChange) -> None:
        """A change is carried out, and so are those it carried."""
        self.carried_by(leader).update(done_at=Now())

    def under_way(self, vendor: Any) -> Self:
        """What is not carried out yet of the changes of a vendor's names, with what carries each out."""
        begun = Q(attempts__gt=0) | Q(looked_through__gt=0) | ~Q(searched_at=None) | ~Q(joined=None)
        due = self.filter(begun | Q(not_before__lte=Now()), vendor=vendor, done_at=None)
        return due.select_related("joined").defer("documents", "joined__documents").order_by("pk")


def beginning(day: datetime.date) -> datetime.datetime:
    """The first moment of a day. Days are those of UTC."""
    return datetime.datetime.combine(day, datetime.time(), datetime.UTC)


class NameChange(Work):
    """One name, changed. First the archive is looked through for it, then the documents found are read again.

    `looked_through` is the id of the last snapshot looked at and `documents` what was found, both only of the change
    that carries out those `joined` to it; `handed_over` counts the documents, in that order, that were handed over to
    be read. `found` counts the documents that contain this name.
    """

    class What(models.TextChoices):
        """What happened to the name."""

        ADDED = "ADDED", "Added"
        CHANGED = "CHANGED", "Changed"
        RETIRED = "RETIRED", "Retired"
        MOVED = "MOVED", "Means another vendor"

    # Steps follow each other as slowly as documents are read, so one at a time is enough; none is ever given up.
    terms = WorkTerms(window=1, offer=settings.OFFER_SECONDS, run=settings.RUN_SECONDS, attempts=0)
    work_left = Q(done_at=None, joined=None)

    vendor = models.ForeignKey("vendors.Vendor", on_delete=models.CASCADE, related_name="name_changes")
    surface = models.CharField(max_length=200)
    kind = models.CharField(max_length=16, choices=Alias.Kind)
    what = models.CharField(max_length=7, choices=What)
    made_at = models.DateTimeField(db_default=Now())
    joined = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="carried")
    looked_through = models.BigIntegerField(default=0)
    searched_at = models.DateTimeField(null=True)
    documents = ArrayField(models.BigIntegerField(), default=list)
    found = models.PositiveIntegerField(default=0)
    to_read = models.PositiveIntegerField(default=0)
    handed_over = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = NameChangeQuerySet.as_manager()

    class Meta:
        indexes = [
            *work_indexes("namechange", Q(done_at=None, joined=None)),
            models.Index(fields=["vendor"], name="namechange_open", condition=Q(done_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.surface} {self.get_what_display().lower()}"
