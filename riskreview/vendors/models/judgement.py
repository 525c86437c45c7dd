"""What people said of names that are on no register, and of vendors that look like each other: asked once."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from riskreview.accounts import roles
from riskreview.accounts.models import User
from riskreview.accounts.seeing import SeenByReaders
from riskreview.audit.models import Recorded
from riskreview.audit.recording import recorded, recorded_factory
from riskreview.audit.refusals import NotNow

from .alias import Alias
from .vendor import Vendor

KEPT = 20  # spellings of one name
UNDONE = "The judgement on this name was taken back."


class Verdict(models.TextChoices):
    """What somebody said."""

    SAME = "SAME", "Same"
    DIFFERENT = "DIFFERENT", "Different"
    UNSURE = "UNSURE", "Unsure"


class Judged(Recorded):
    """A verdict of a person, in force until somebody takes it back."""

    verdict = models.CharField(max_length=9, choices=Verdict)
    reason = models.CharField(max_length=2_000, blank=True)
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    judged_at = models.DateTimeField(db_default=Now())
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    def _take_back(self, by: User, now: datetime.datetime) -> None:
        if self.undone_at is not None:
            raise NotNow("This judgement was taken back already.")
        self.undone_by, self.undone_at = by, now


class JudgedQuerySet(SeenByReaders, models.QuerySet[Any]):
    """Judgements."""

    def in_force(self) -> Self:
        """Those that nobody took back."""
        return self.filter(undone_at=None)


class NameJudgementQuerySet(JudgedQuerySet):
    """What people said of names on no register."""

    @recorded_factory(who=roles.reviewer)
    def judge(
        self,
        *,
        by: User,
        kind: NameJudgement.Kind,
        spelling: str,
        surfaces: Sequence[str],
        verdict: Verdict,
        vendor: Vendor | None = None,
        strength: Alias.Strength | None = None,
        reason: str = "",
    ) -> NameJudgement:
        """Say whether a name is a vendor's. One that is becomes a name of the vendor, in every spelling met."""
        if (verdict == Verdict.SAME) != (vendor is not None):
            raise NotNow("Name the vendor if the name is a vendor's, and none if it is not.")
        judgement = self._made(by, kind, spelling, surfaces, verdict, reason)
        if vendor:
            judgement.take_as_names_of(vendor, by, strength)
        return judgement

    @recorded_factory(who=roles.reviewer)
    def register(
        self,
        *,
        by: User,
        kind: NameJudgement.Kind,
        spelling: str,
        surfaces: Sequence[str],
        canonical_name: str,
        hq_country: str = "",
        slug: str = "",
        strength: Alias.Strength | None = None,
        reason: str = "",
    ) -> NameJudgement:
        """Put the vendor on the register that the name is of."""
        judgement = self._made(by, kind, spelling, surfaces, Verdict.SAME, reason)
        vendor = Vendor.objects.register(by=by, canonical_name=canonical_name, hq_country=hq_country, slug=slug)
        judgement.names_added = list(vendor.aliases.order_by("pk").values_list("pk", flat=True))
        judgement.take_as_names_of(vendor, by, strength)
        return judgement

    def _made(
        self, by: User, kind: str, spelling: str, surfaces: Sequence[str], verdict: Verdict, reason: str
    ) -> NameJudgement:
        if self.in_force().filter(kind=kind, spelling=spelling).exists():
            raise NotNow(f"Somebody has judged {spelling} already. Take that back first.")
        if not surfaces:
            raise NotNow(f"No document names {spelling}.")
        kept = list(dict.fromkeys(surfaces))[:KEPT]
        return NameJudgement(
            kind=kind, spelling=spelling, surfaces=kept, verdict=verdict, reason=reason.strip(), judged_by=by
        )


class NameJudgement(Judged):
    """Whether a name on no register is a vendor's. It is not asked again while the judgement is in force.

    `spelling` is the one spelling by which such names are counted, `surfaces` how texts write it, `names_added` the ids
    of the aliases that the judgement brought.
    """

    class Kind(models.TextChoices):
        """What the name looks like."""

        MODEL = "MODEL", "Model"
        TICKER = "TICKER", "Ticker"
        NAME = "NAME", "Organisation"

    kind = models.CharField(max_length=6, choices=Kind)
    spelling = models.CharField(max_length=200)
    surfaces = ArrayField(models.CharField(max_length=200))
    vendor = models.ForeignKey(Vendor, null=True, on_delete=models.PROTECT, related_name="name_judgements")
    names_added = ArrayField(models.BigIntegerField(), default=list)

    objects: ClassVar[Any] = NameJudgementQuerySet.as_manager()
    recorded_columns = {
        1: (
            *("kind", "spelling", "surfaces", "verdict", "vendor", "names_added", "reason", "judged_by"),
            *("undone_by", "undone_at"),
        )
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "spelling"], condition=Q(undone_at=None), name="name_judgement_once"
            ),
            models.CheckConstraint(
                name="name_judgement_same_as_whom",
                condition=Q(verdict="SAME", vendor__isnull=False) | (~Q(verdict="SAME") & Q(vendor__isnull=True)),
            ),
        ]
        indexes = [models.Index(fields=["-judged_at", "-id"], name="name_judgement_newest")]

    def __str__(self) -> str:
        return self.surfaces[0] if self.surfaces else self.spelling

    @recorded(who=roles.reviewer)
    def undo(self, *, by: User, now: datetime.datetime) -> None:
        """Take a judgement back: the name is asked about again, and names it brought are matched no more."""
        self._take_back(by, now)
        if self.vendor is not None:
            for alias in self.vendor.aliases.filter(pk__in=self.names_added, valid_to=None).order_by("pk"):
                self.vendor.retire_alias(by=by, alias=alias, reason=UNDONE, on=now.date())

    def take_as_names_of(self, vendor: Vendor, by: User, strength: Alias.Strength | None) -> None:
        """Make the surfaces names of a vendor, as far as they are not yet."""
        self.vendor, kind = vendor, ALIAS_KIND[self.Kind(self.kind)]
        known = set(vendor.aliases.filter(valid_to=None).values_list("text", flat=True))
        for text in self._texts():
            if text not in known:
                alias = vendor.add_alias(by=by, text=text, kind=kind, strength=strength, source="Judged from texts")
                self.names_added.append(alias.pk)

    def _texts(self) -> list[str]:
        """The names as the register writes them: a symbol with its exchange, the others as texts do."""
        if self.kind == self.Kind.TICKER:
            return [self.spelling.replace(":", ": ", 1)]
        return list(self.surfaces)


ALIAS_KIND = {
    NameJudgement.Kind.MODEL: Alias.Kind.PRODUCT,
    NameJudgement.Kind.TICKER: Alias.Kind.TICKER,
    NameJudgement.Kind.NAME: Alias.Kind.TRADE,
}


class DuplicateJudgementQuerySet(JudgedQuerySet):
    """What people said of vendors that look like each other."""

    @recorded_factory(who=roles.reviewer)
    def judge(
        self, *, by: User, vendor: Vendor, other: Vendor, verdict: Verdict, reason: str = ""
    ) -> DuplicateJudgement:
        """Say whether two vendors of the register are one. Those that are wait for a lead to merge them."""
        if vendor.pk == other.pk:
            raise NotNow("These are not two vendors.")
        first, second = sorted((vendor, other), key=lambda each: each.pk)
        if self.in_force().filter(vendor=first, other=second).exists():
            raise NotNow(f"Somebody has judged {first} and {second} already. Take that back first.")
        return DuplicateJudgement(vendor=first, other=second, verdict=verdict, reason=reason.strip(), judged_by=by)


class DuplicateJudgement(Judged):
    """Whether two vendors of the register are one. It is not asked again while the judgement is in force."""

    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[Any] = DuplicateJudgementQuerySet.as_manager()
    recorded_columns = {1: ("vendor", "other", "verdict", "reason", "judged_by", "undone_by", "undone_at")}

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vendor", "other"], condition=Q(undone_at=None), name="duplicate_judgement_once"
            ),
            models.CheckConstraint(name="duplicate_judgement_in_order", condition=Q(vendor__lt=F("other"))),
        ]
        indexes = [models.Index(fields=["-judged_at", "-id"], name="duplicate_judgement_newest")]

    def __str__(self) -> str:
        return f"{self.vendor} and {self.other}"

    @recorded(who=roles.reviewer)
    def undo(self, *, by: User, now: datetime.datetime) -> None:
        """Take a judgement back: the two are asked about again. A merge is taken back by itself."""
        self._take_back(by, now)
