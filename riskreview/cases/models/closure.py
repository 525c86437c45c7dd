"""Days on which offices are closed that no calendar knew of: an order announces them, and running clocks recount."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.utils import timezone

from riskreview.accounts import roles
from riskreview.accounts.models import User
from riskreview.accounts.seeing import SeenByReaders
from riskreview.audit.models import Recorded
from riskreview.audit.recording import recorded, recorded_factory
from riskreview.audit.refusals import HeldAlready, NotNow, said
from riskreview.evidence.models import Document
from riskreview.lib.workdays import NAMES


class ClosureQuerySet(SeenByReaders, models.QuerySet["Closure"]):
    """Announced closures."""

    @recorded_factory(who=roles.lead)
    def announce(
        self, *, by: User, calendar: str, day: datetime.date, why: str, document: Document | None = None
    ) -> Closure:
        """Close the offices of a calendar on a day: the limits of its cases are counted again within minutes."""
        if calendar not in NAMES:
            raise NotNow(f"There is no calendar “{calendar}”. Known are: {', '.join(NAMES)}.")
        known = self.filter(calendar=calendar, day=day).first()
        if known is not None:
            raise HeldAlready("That day is on record already.", known)
        why = said(why, "Say what closes the offices.")
        return self.model(calendar=calendar, day=day, why=why, document=document, recount_after=0)

    def to_recount(self) -> Self:
        """Those that not all cases have heard of yet."""
        return self.filter(recount_after__isnull=False).order_by("pk")

    def counted(self, closure: Closure, *, last: int | None) -> None:
        """Note how far the cases were counted again; None: to the end. One announced or revoked since begins anew."""
        self.filter(pk=closure.pk, recount_after=closure.recount_after).update(recount_after=last)


class Closure(Recorded):
    """One such day of one calendar."""

    calendar = models.CharField(max_length=40)
    day = models.DateField()
    why = models.CharField(max_length=200)
    document = models.ForeignKey(Document, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)
    recount_after = models.BigIntegerField(null=True, default=0, editable=False)

    objects: ClassVar[Any] = ClosureQuerySet.as_manager()
    recorded_columns = {1: ("calendar", "day", "why", "document", "revoked_at")}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["calendar", "day"], name="closure_once")]

    def __str__(self) -> str:
        return f"{self.calendar} {self.day}"

    @recorded(who=roles.lead)
    def revoke(self, *, by: User, reason: str) -> None:
        """Take back that offices are closed: limits are counted again without it."""
        said(reason, "Say why offices are open after all.")
        if self.revoked_at is not None:
            raise NotNow("This closure was revoked already.")
        self.revoked_at, self.recount_after = timezone.now(), 0
