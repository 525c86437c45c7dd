"""Findings: what the evidence means, in estimative words (ICD 203), with confidence kept apart."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

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


class Finding(Stateful):
    """A judgement that rests on exhibits."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="findings")
    number = models.PositiveSmallIntegerField()
    risk_area = models.CharField(max_length=30, choices=RiskArea)
    judgment = models.TextField()
    likelihood = models.CharField(max_length=16, choices=Likelihood)
    confidence = models.CharField(max_length=8, choices=Confidence)
    basis = models.TextField(blank=True)
    exhibits = models.ManyToManyField(Exhibit, related_name="findings")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(db_default=Now())

    recorded_columns = {
        1: ("number", "risk_area", "judgment", "likelihood", "confidence", "basis", "exhibits", "author")
    }

    class Meta:
        indexes = [GinIndex(SearchVector("judgment", "basis", config="english"), name="finding_words")]
        constraints = [
            known("finding", "risk_area", RiskArea),
            known("finding", "likelihood", Likelihood),
            known("finding", "confidence", Confidence),
            models.UniqueConstraint(fields=["case", "number"], name="finding_number_once"),
            models.CheckConstraint(name="finding_says_something", condition=~Q(judgment="")),
        ]

    def __str__(self) -> str:
        return self.judgment

    @property
    def ref(self) -> str:
        """The finding's number inside its case: F1, F2, …"""
        return f"F{self.number}"
