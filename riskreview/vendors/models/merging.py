"""Two entries of the register that are one vendor: merged, and taken apart again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q

from riskreview.accounts import roles
from riskreview.accounts.models import User
from riskreview.audit.models import Recorded
from riskreview.audit.recording import recorded
from riskreview.audit.refusals import NotNow, said

from .namechange import NameChange


class Status(models.TextChoices):
    """Whether we still watch it."""

    ACTIVE = "ACTIVE", "Active"
    DORMANT = "DORMANT", "Dormant"
    MERGED = "MERGED", "Merged into another"


MERGING_RULES: list[models.BaseConstraint] = [
    models.CheckConstraint(
        name="vendor_merged_says_where",
        condition=Q(status="MERGED", merged_into__isnull=False) | (~Q(status="MERGED") & Q(merged_into__isnull=True)),
    ),
    models.CheckConstraint(name="vendor_not_into_itself", condition=~Q(merged_into=F("id"))),
]


class Mergeable(Recorded):
    """A vendor can be merged into another. Its names mean the other one from then on; what cases, incidents and
    exhibits say of it stays as it was written, and counts for the other one in lists."""

    status = models.CharField(max_length=8, choices=Status, default=Status.ACTIVE)
    merged_into = models.ForeignKey(
        "vendors.Vendor", null=True, blank=True, on_delete=models.PROTECT, related_name="merged"
    )

    if TYPE_CHECKING:
        aliases: Any
        merged: Any
        merged_into_id: int | None

    class Meta:
        abstract = True

    @property
    def is_merged(self) -> bool:
        """Whether it is another vendor by now."""
        return self.merged_into_id is not None

    @property
    def counts_as(self) -> int:
        """The id of the vendor it counts for: its own unless it was merged."""
        return self.merged_into_id or self.pk

    @recorded(who=roles.lead, also=("other",), sources=(Status.ACTIVE, Status.DORMANT))
    def merge_into(self, *, by: User, other: Any, reason: str) -> None:
        """Say that this is the same vendor as the other one. All of its names mean the other one from now on."""
        said(reason, "Say how you know that they are the same vendor.")
        if other.pk == self.pk:
            raise NotNow("A vendor cannot be merged into itself.")
        if other.is_merged:
            raise NotNow(f"{other} is itself merged into {other.merged_into}. Merge into that one.")
        if first := self.merged.order_by("pk").first():
            raise NotNow(f"{first} is merged into {self}. Take that merge back first, then merge both into {other}.")
        self._count_as(Status.MERGED, other)

    @recorded(who=roles.lead, sources=(Status.MERGED,))
    def unmerge(self, *, by: User, reason: str) -> None:
        """Take a merge back: the vendor stands for itself again, under all of its names."""
        said(reason, "Say why they are two vendors after all.")
        self._count_as(Status.ACTIVE, None)

    def _count_as(self, status: Status, other: Any) -> None:
        names = list(self.aliases.order_by("pk"))
        before = [name.terms for name in names]
        self.status, self.merged_into = status, other
        for name, terms in zip(names, before, strict=True):
            name.vendor = self
            NameChange.objects.tell(name, NameChange.What.MOVED, before=terms)
