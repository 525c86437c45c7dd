"""Flags: what a case rests on has changed at its source. A machine raises them; a person says what it means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from riskreview.accounts import roles
from riskreview.accounts.models import User
from riskreview.audit.models import Recorded
from riskreview.audit.recording import recorded
from riskreview.audit.refusals import NotNow, said
from riskreview.evidence.models import Change

from ..workflow import Status
from .exhibit import Exhibit

if TYPE_CHECKING:
    from .case import Case
    from .finding import Finding


class FlagQuerySet(models.QuerySet["Flag"]):
    """What changed under the cases' feet."""

    def raise_for(self, change: Change) -> None:
        """Flag each exhibit that rests on an earlier capture, once. A withdrawn case rests on nothing."""
        exhibits = resting().filter(document=change.document)
        if change.after:  # an archive may tell late of changes before the capture that is cited
            exhibits = exhibits.filter(snapshot__fetched_at__lt=change.after.fetched_at)
        flags = [Flag(exhibit=each, change=change, passage_stands=stands(each, change)) for each in exhibits]
        self.bulk_create(flags, ignore_conflicts=True)

    def raise_on(self, exhibit: Exhibit) -> None:
        """Flag a new exhibit whose source has changed since the capture it cites."""
        since = exhibit.snapshot.fetched_at
        later = Change.objects.filter(document=exhibit.document, material=True, after__fetched_at__gt=since)
        self.bulk_create([Flag(exhibit=exhibit, change=each, passage_stands=stands(exhibit, each)) for each in later])

    def open(self) -> Self:
        """Flags nobody has settled."""
        return self.filter(settled_at=None)

    def about(self, case: Any) -> Self:
        """The flags of a case, newest first."""
        rows = self.filter(exhibit__case=case).select_related("exhibit", "change__document", "settled_by")
        return rows.order_by("-raised_at", "-pk")

    def visible_to(self, user: User) -> Self:
        """Flags of the cases this person may see."""
        from .case import Case  # a case has exhibits, and those have flags

        return self.filter(exhibit__case__in=Case.objects.visible_to(user))


def resting() -> models.QuerySet[Exhibit]:
    """Exhibits that an open or a decided case rests on."""
    return Exhibit.objects.filter(withdrawn_at=None).exclude(case__status=Status.WITHDRAWN)


def stands(exhibit: Exhibit, change: Change) -> bool:
    """Whether the cited words still stand, word for word, in the newer capture."""
    return change.after is not None and exhibit.passage in (change.after.text or "")


class Flag(Recorded):
    """One exhibit whose source changed materially after it was cited: so may be the findings and the decision on it."""

    exhibit = models.ForeignKey(Exhibit, on_delete=models.PROTECT, related_name="flags")
    change = models.ForeignKey(Change, on_delete=models.PROTECT, related_name="flags")
    passage_stands = models.BooleanField()
    raised_at = models.DateTimeField(db_default=Now())
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    still_holds = models.BooleanField(null=True)
    settlement = models.TextField(blank=True)

    objects: ClassVar[Any] = FlagQuerySet.as_manager()
    recorded_columns = {1: ("exhibit", "change", "settled_by", "still_holds", "settlement")}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["exhibit", "change"], name="flag_once"),
            models.CheckConstraint(
                name="flag_settled_whole",
                condition=Q(settled_at=None, settled_by=None, still_holds=None, settlement="")
                | Q(settled_at__isnull=False, settled_by__isnull=False, still_holds__isnull=False) & ~Q(settlement=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.exhibit.ref}: {self.change.summary}"

    @property
    def is_judged(self) -> bool:
        """A machine raises it; it is a judgement once somebody settled it."""
        return self.settled_at is not None

    @property
    def case(self) -> Case:
        """The case whose exhibit it is."""
        return self.exhibit.case

    @property
    def findings(self) -> list[Finding]:
        """The findings that rest on the exhibit, in their order, without those that were withdrawn."""
        return sorted((each for each in self.exhibit.findings.all() if each.stands), key=lambda finding: finding.number)

    @property
    def label(self) -> str:
        """The case and the exhibit it is about, so that its entry tells both."""
        return f"{self.case.ref} {self}"

    def get_absolute_url(self) -> str:
        """The case it is about."""
        return self.case.get_absolute_url()

    @recorded(who=roles.reviewer, also=("case",))
    def settle(self, *, by: User, still_holds: bool, reason: str) -> None:
        """Say whether what rests on the exhibit still holds, and why. The change and the flag stay on record."""
        if self.settled_at:
            raise NotNow("Somebody has settled this flag already.")
        self.settlement = said(reason, "Say what the change means for what rests on this exhibit.")
        self.settled_at, self.settled_by, self.still_holds = Now(), by, still_holds
