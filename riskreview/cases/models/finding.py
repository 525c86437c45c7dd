"""Findings: what the evidence means, in estimative words (ICD 203), with confidence kept apart."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from riskreview.audit.refusals import NotNow, said
from riskreview.audit.state import Stateful
from riskreview.lib.vocabulary import known

from .exhibit import Exhibit


class RiskArea(models.TextChoices):
    """Which risk the judgement is about."""

    DATA_JURISDICTION = "DATA_JURISDICTION", "Data jurisdiction"
    FOREIGN_CONTROL = "FOREIGN_CONTROL", "Foreign control"
    MODEL_SECURITY = "MODEL_SECURITY", "Model security"
    MODEL_INTEGRITY_CENSORSHIP = "MODEL_INTEGRITY_CENSORSHIP", "Model integrity and censorship"
    IP_AND_DISTILLATION = "IP_AND_DISTILLATION", "Intellectual property and distillation"
    EXPORT_CONTROL = "EXPORT_CONTROL", "Export control"
    SANCTIONS_LISTS = "SANCTIONS_LISTS", "Sanctions lists"
    PRIVACY = "PRIVACY", "Privacy"
    SUPPLY_CHAIN_DEPENDENCY = "SUPPLY_CHAIN_DEPENDENCY", "Supply-chain dependency"
    RESILIENCE = "RESILIENCE", "Resilience"
    COMPETITION_MARKET = "COMPETITION_MARKET", "Competition and market"
    SAFETY_HARM = "SAFETY_HARM", "Safety and harm"
    LEGAL_COMPLIANCE = "LEGAL_COMPLIANCE", "Legal compliance"
    TRANSPARENCY = "TRANSPARENCY", "Transparency"


class Likelihood(models.TextChoices):
    """The seven likelihood terms of ICD 203; the shares are in percent."""

    ALMOST_NO_CHANCE = "ALMOST_NO_CHANCE", "Almost no chance (1-5 %)"
    VERY_UNLIKELY = "VERY_UNLIKELY", "Very unlikely (5-20 %)"
    UNLIKELY = "UNLIKELY", "Unlikely (20-45 %)"
    ROUGHLY_EVEN = "ROUGHLY_EVEN", "Roughly even chance (45-55 %)"
    LIKELY = "LIKELY", "Likely (55-80 %)"
    VERY_LIKELY = "VERY_LIKELY", "Very likely (80-95 %)"
    ALMOST_CERTAIN = "ALMOST_CERTAIN", "Almost certain (95-99 %)"


class Confidence(models.TextChoices):
    """How sure the author is, apart from how likely it is."""

    LOW = "LOW", "Low"
    MODERATE = "MODERATE", "Moderate"
    HIGH = "HIGH", "High"


COLUMNS_1 = ("number", "risk_area", "judgment", "likelihood", "confidence", "basis", "exhibits", "author")
COLUMNS_3 = (
    *(*COLUMNS_1, "is_fact", "assumptions", "alternatives", "treatment", "risk_likelihood", "risk_impact"),
    *("residual_likelihood", "residual_impact", "edited_by", "edited_at", "reviewed_by", "reviewed_at"),
    *("withdrawn_by", "withdrawn_at", "withdrawal"),
)
COLUMNS_4 = (*COLUMNS_3, "review_cleared_at")
Pair = tuple[int | None, int | None]
FIVE = ("risk_likelihood", "risk_impact", "residual_likelihood", "residual_impact")


class Finding(Stateful):
    """A judgement that rests on exhibits, or a fact that they establish (`is_fact`), which needs no likelihood.

    `risk_likelihood` and `risk_impact` place it in the 5 × 5 matrix before `treatment`, the residual pair after it.
    """

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="findings")
    number = models.PositiveSmallIntegerField()
    risk_area = models.CharField(max_length=30, choices=RiskArea)
    judgment = models.TextField()
    likelihood = models.CharField(max_length=16, choices=Likelihood, blank=True)
    confidence = models.CharField(max_length=8, choices=Confidence)
    basis = models.TextField(blank=True)
    exhibits = models.ManyToManyField(Exhibit, related_name="findings")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(db_default=Now())
    is_fact = models.BooleanField(default=False)
    assumptions = models.TextField(blank=True)
    alternatives = models.TextField(blank=True)
    treatment = models.TextField(blank=True)
    risk_likelihood = models.PositiveSmallIntegerField(null=True, blank=True)
    risk_impact = models.PositiveSmallIntegerField(null=True, blank=True)
    residual_likelihood = models.PositiveSmallIntegerField(null=True, blank=True)
    residual_impact = models.PositiveSmallIntegerField(null=True, blank=True)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    edited_at = models.DateTimeField(null=True, editable=False)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True, editable=False)
    review_cleared_at = models.DateTimeField(null=True, editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawal = models.TextField(blank=True)

    recorded_columns = {1: COLUMNS_1, 2: COLUMNS_1, 3: COLUMNS_3, 4: COLUMNS_4}

    class Meta:
        indexes = [
            GinIndex(SearchVector("judgment", "basis", config="english"), name="finding_words"),
            models.Index(fields=["risk_area", "case"], name="finding_area"),
        ]
        constraints = [
            known("finding", "risk_area", RiskArea),
            models.CheckConstraint(
                name="finding_likelihood_known",
                condition=Q(likelihood__in=[*Likelihood.values]) | Q(likelihood="", is_fact=True),
            ),
            known("finding", "confidence", Confidence),
            models.UniqueConstraint(fields=["case", "number"], name="finding_number_once"),
            models.CheckConstraint(name="finding_says_something", condition=~Q(judgment="")),
            *(
                models.CheckConstraint(
                    name=f"finding_{each}_of_five", condition=Q(**{each: None}) | Q(**{f"{each}__range": (1, 5)})
                )
                for each in FIVE
            ),
            models.CheckConstraint(
                name="finding_reviewed_by_another", condition=Q(reviewed_by=None) | ~Q(reviewed_by=F("author"))
            ),
            models.CheckConstraint(
                name="finding_withdrawn_whole",
                condition=Q(withdrawn_by=None, withdrawn_at=None)
                | Q(withdrawn_by__isnull=False, withdrawn_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.judgment

    @property
    def ref(self) -> str:
        """The finding's number inside its case: F1, F2, …"""
        return f"F{self.number}"

    @property
    def stands(self) -> bool:
        """Whether it was not withdrawn."""
        return self.withdrawn_at is None

    @staticmethod
    def content(
        risk_area: RiskArea,
        judgment: str,
        likelihood: str,
        confidence: Confidence,
        basis: str,
        is_fact: bool,
        *,
        texts: Mapping[str, str],
        risk: Pair,
        residual: Pair,
    ) -> dict[str, Any]:
        """The words of a finding, checked. Raises `NotNow` when they do not say enough."""
        judgment = said(judgment, "Write the judgement down.")
        if not (likelihood or is_fact):
            raise NotNow("Say how likely it is, or mark the finding as a fact.")
        for pair in (risk, residual):
            if (pair[0] is None) != (pair[1] is None):
                raise NotNow("Give both the likelihood and the impact of a risk, or neither.")
        if residual != (None, None) and risk == (None, None):
            raise NotNow("Say how high the risk is before its treatment, too.")
        return {
            "risk_area": RiskArea(risk_area),
            "judgment": judgment,
            "likelihood": Likelihood(likelihood) if likelihood else "",
            "confidence": Confidence(confidence),
            "basis": basis.strip(),
            "is_fact": is_fact,
            **{name: text.strip() for name, text in texts.items()},
            **dict(zip(FIVE, (*risk, *residual), strict=True)),
        }

    def reword(self, words: Mapping[str, Any]) -> None:
        """Take other words, which are saved by whoever asks for it."""
        for name, value in words.items():
            setattr(self, name, value)

    def unreviewed(self, by: Any) -> None:
        """Note who changed the words, and that whoever had reviewed them has not read these."""
        if self.reviewed_by_id:
            self.review_cleared_at = Now()
        self.edited_by, self.edited_at, self.reviewed_by, self.reviewed_at = by, Now(), None, None

    def written_by(self, human: uuid.UUID) -> bool:
        """Whether this person wrote or edited it, whatever they signed in with. Nobody reviews their own words."""
        return human in {each.human for each in (self.author, self.edited_by) if each}
