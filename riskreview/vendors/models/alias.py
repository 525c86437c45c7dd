"""The names vendors and their products go by."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from riskreview.audit.state import Stateful

from ..meaning import Terms
from .product import Product

COLUMNS_1 = ("vendor", "product", "text", "kind", "strength", "language", "script", "extract", "valid_from", "valid_to")
PRIORS = range(-3_000, 5_001)


class AliasQuerySet(models.QuerySet["Alias"]):
    """Names in use."""

    def in_force(self, on: datetime.date) -> Self:
        """Names that are matched on a day."""
        begun = Q(valid_from=None) | Q(valid_from__lte=on)
        return self.filter(begun, Q(valid_to=None) | Q(valid_to__gt=on), extract=True)


class Alias(Stateful):
    """A name of a vendor, or of one of its products."""

    class Kind(models.TextChoices):
        """Where the name comes from."""

        LEGAL = "LEGAL", "Legal name"
        TRADE = "TRADE", "Trade name"
        PRODUCT = "PRODUCT", "Product name"
        TICKER = "TICKER", "Ticker"
        TRANSLITERATION = "TRANSLITERATION", "Transliteration"

    class Strength(models.TextChoices):
        """A weak name is also an ordinary word or a person's name: it counts only in a fitting context."""

        STRONG = "STRONG", "Strong"
        WEAK = "WEAK", "Weak"

    vendor = models.ForeignKey("vendors.Vendor", on_delete=models.PROTECT, related_name="aliases")
    product = models.ForeignKey(Product, null=True, blank=True, on_delete=models.PROTECT, related_name="aliases")
    text = models.CharField(max_length=200)
    kind = models.CharField(max_length=16, choices=Kind)
    strength = models.CharField(max_length=6, choices=Strength, default=Strength.STRONG)
    prior = models.SmallIntegerField(default=0, help_text="How readily a weak name is believed, in thousandths.")
    language = models.CharField(max_length=8, blank=True, help_text="BCP 47")
    script = models.CharField(max_length=4, blank=True, help_text="ISO 15924")
    extract = models.BooleanField(default=True, help_text="Off: kept for display and search, never matched in texts.")
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=200, blank=True)
    added_at = models.DateTimeField(db_default=Now())

    objects: ClassVar[Any] = AliasQuerySet.as_manager()
    recorded_columns = {1: COLUMNS_1, 2: (*COLUMNS_1, "prior", "source")}

    class Meta:
        verbose_name_plural = "aliases"
        constraints = [
            models.UniqueConstraint(fields=["vendor", "text", "kind"], name="alias_once"),
            models.CheckConstraint(name="alias_has_text", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def terms(self) -> Terms:
        """On what terms the name is matched."""
        return Terms(
            vendor=self.vendor.counts_as,
            product=self.product_id,
            strength=self.strength,
            prior=self.prior,
            extract=self.extract,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
        )
