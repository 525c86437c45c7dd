"""The claims board of a case: what is alleged, who says what of it, and on what evidence (docs/casework.md)."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from riskreview.accounts import roles
from riskreview.accounts.models import User
from riskreview.audit.recording import recorded, recorded_factory
from riskreview.audit.refusals import NotNow, said
from riskreview.audit.state import Stateful
from riskreview.lib.vocabulary import known
from riskreview.vendors.models import Vendor

from .exhibit import Exhibit
from .ofcase import OfCase, OfCaseQuerySet

if TYPE_CHECKING:
    from .case import Case


class Says(models.TextChoices):
    """What a speaker says of an allegation. Only the three `CONFIRMED`/`FINDING` states make it a fact."""

    ALLEGED = "ALLEGED", "Alleged"
    DENIED = "DENIED", "Denied"
    PARTLY_ADMITTED = "PARTLY_ADMITTED", "Partly admitted"
    CONFIRMED_BY_VENDOR = "CONFIRMED_BY_VENDOR", "Confirmed by the vendor"
    OFFICIAL_FINDING = "OFFICIAL_FINDING", "Official finding"
    COURT_FINDING = "COURT_FINDING", "Court finding"
    SETTLED = "SETTLED", "Settled"
    WITHDRAWN = "WITHDRAWN", "Withdrawn"
    RETRACTED = "RETRACTED", "Retracted"
    NOT_SOUGHT = "NOT_SOUGHT", "Comment not sought"
    NO_REPLY = "NO_REPLY", "Asked, no reply"
    DECLINED = "DECLINED", "Declined to comment"


# What is said of the vendor's silence is about the vendor, whoever noted it.
SILENCE = (Says.NOT_SOUGHT, Says.NO_REPLY, Says.DECLINED)


class AllegationQuerySet(OfCaseQuerySet):
    """The claims of cases."""

    @recorded_factory(who=roles.reviewer)
    def enter(
        self,
        *,
        by: User,
        case: Case,
        text: str,
        speaker: str,
        as_of: datetime.date,
        says: Says = Says.ALLEGED,
        vendor: Vendor | None = None,
        fingerprint: str = "",
        exhibit: Exhibit | None = None,
        note: str = "",
    ) -> Allegation:
        """Put a claim on the board of a case, with who makes it, since when, and the exhibit that shows it.

        `fingerprint` names the claim of a document that it was taken from.
        """
        case.lock()  # one number at a time, and the state that it has now
        claim: Allegation = self.model(
            case=case,
            number=(case.allegations.aggregate(last=models.Max("number"))["last"] or 0) + 1,
            text=said(text, "Write down what is claimed."),
            vendor=vendor,
            fingerprint=fingerprint,
            entered_by=by,
        )
        stand = claim.stand_of(by=by, says=says, speaker=speaker, as_of=as_of, exhibit=exhibit, note=note)
        claim.save()
        stand.allegation = claim
        stand.save()
        return claim


class Allegation(OfCase):
    """One statement that the case has to weigh. `fingerprint` names the claim that it was taken from, if any."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="allegations")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    vendor = models.ForeignKey(Vendor, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    fingerprint = models.CharField(max_length=64, blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(db_default=Now(), editable=False)

    objects: ClassVar[Any] = AllegationQuerySet.as_manager()
    recorded_columns = {1: ("case", "number", "text", "vendor", "fingerprint", "entered_by")}
    recorded_parts = ("stands",)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="allegation_number_once"),
            models.CheckConstraint(name="allegation_says_something", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def short(self) -> str:
        """Its number inside the case: C1, C2, …"""
        return f"C{self.number}"

    @recorded(who=roles.reviewer, also=("case",))
    def take_stand(
        self,
        *,
        by: User,
        says: Says,
        speaker: str,
        as_of: datetime.date,
        exhibit: Exhibit | None = None,
        note: str = "",
    ) -> Stand:
        """Note what somebody says of the claim from a day on. Earlier stands stay; the newest of a speaker counts.

        A claim is taken back in the same way: its speaker has withdrawn or retracted it.
        """
        stand = self.stand_of(by=by, says=says, speaker=speaker, as_of=as_of, exhibit=exhibit, note=note)
        stand.save()
        return stand

    def stand_of(
        self, *, by: User, says: Says, speaker: str, as_of: datetime.date, exhibit: Exhibit | None, note: str
    ) -> Stand:
        """A stand on this claim, checked and not saved. Raises `NotNow` where the case takes none."""
        if not self.case.is_open:
            raise NotNow(f"{self.case.ref} is {self.case.get_status_display().lower()}. Open it again first.")
        if exhibit and (exhibit.case_id != self.case_id or exhibit.withdrawn_at):
            raise NotNow("Name an exhibit of this case that was not withdrawn.")
        return Stand(
            allegation=self,
            says=Says(says),
            speaker=said(speaker, "Say who says so."),
            as_of=as_of,
            exhibit=exhibit,
            note=note.strip(),
            recorded_by=by,
        )


class Stand(Stateful):
    """One speaker's stand on an allegation, on one day. Never changed: a later stand follows it."""

    allegation = models.ForeignKey(Allegation, on_delete=models.PROTECT, related_name="stands")
    says = models.CharField(max_length=20, choices=Says)
    speaker = models.CharField(max_length=200)
    as_of = models.DateField()
    exhibit = models.ForeignKey(Exhibit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    recorded_columns = {1: ("says", "speaker", "as_of", "exhibit", "note", "recorded_by")}

    class Meta:
        constraints = [known("stand", "says", Says)]

    def __str__(self) -> str:
        return f"{self.speaker}: {self.says}"
