"""How much the parts of a score weigh: fitted to what reviewers accepted and dismissed, put in force by a lead."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse

from riskreview.accounts import roles
from riskreview.accounts.models import User
from riskreview.accounts.seeing import SeenByReaders
from riskreview.audit.models import Recorded
from riskreview.audit.recording import recorded
from riskreview.audit.refusals import NotNow, said

WHOLE = Q(text_weight=1000 - F("vendor_weight") - F("signal_weight"))


class MatchWeightsQuerySet(SeenByReaders, models.QuerySet["MatchWeights"]):
    """Weights that were proposed."""

    def propose(self, **fitted: Any) -> MatchWeights:
        """Keep what a machine fitted. It changes nothing until a lead adopts it."""
        return self.create(**fitted)

    def adopted(self) -> Self:
        """Those that a lead put in force and nobody took back, the newest first: the first is the one in force."""
        return self.exclude(adopted_at=None).order_by("-adopted_at", "-pk")

    def newest_first(self) -> Self:
        """The newest first."""
        return self.order_by("-pk")


class MatchWeights(Recorded):
    """Weights of the words, the vendors and the kinds of risk, in thousandths that add up to 1000.

    The probability that a reviewer accepts is 1 / (1 + exp(-(intercept + slope x score / 100) / 1000)). `brier` is in
    thousandths, for the verdicts it was fitted to; `shipped_brier` the same for the shipped weights; `reliability` has
    ten bins of [from, to, verdicts, expected, accepted], the last two in thousandths.
    """

    text_weight = models.PositiveSmallIntegerField()
    vendor_weight = models.PositiveSmallIntegerField()
    signal_weight = models.PositiveSmallIntegerField()
    intercept = models.IntegerField()
    slope = models.PositiveIntegerField()
    verdicts = models.PositiveIntegerField()
    accepted = models.PositiveIntegerField()
    brier = models.PositiveIntegerField()
    shipped_brier = models.PositiveIntegerField()
    reliability = models.JSONField(default=list)
    fitted_at = models.DateTimeField(db_default=Now())
    adopted_at = models.DateTimeField(null=True)
    adopted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )

    objects: ClassVar[Any] = MatchWeightsQuerySet.as_manager()
    recorded_columns = {1: ("text_weight", "vendor_weight", "signal_weight", "adopted_by")}

    class Meta:
        verbose_name_plural = "match weights"
        constraints = [
            models.CheckConstraint(name="match_weights_are_whole", condition=WHOLE),
            models.CheckConstraint(name="match_weights_from_verdicts", condition=Q(verdicts__gte=F("accepted"))),
            models.CheckConstraint(
                name="match_weights_adopted_by_somebody",
                condition=Q(adopted_at=None, adopted_by=None) | Q(adopted_at__isnull=False, adopted_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.version

    @property
    def version(self) -> str:
        """How scores name it."""
        return f"fitted-{self.pk}"

    @property
    def is_judged(self) -> bool:
        """A machine fits them; they are a judgement once a lead has put them in force."""
        return self.adopted_at is not None

    def get_absolute_url(self) -> str:
        """The page of the weights."""
        return reverse("weights")

    @recorded(who=roles.lead)
    def adopt(self, *, by: User, reason: str) -> None:
        """Put the weights in force for documents read from now on. Suggestions that were made keep theirs."""
        if self.adopted_at:
            raise NotNow("These weights were adopted already.")
        said(reason, "Say why these weights are better.")
        self.adopted_at, self.adopted_by = Now(), by

    @recorded(who=roles.lead)
    def abandon(self, *, by: User, reason: str) -> None:
        """Take the weights out of force: those that were adopted before count again, or else the shipped ones."""
        if not self.adopted_at:
            raise NotNow("These weights are not in force.")
        said(reason, "Say why these weights are taken back.")
        self.adopted_at, self.adopted_by = None, None
