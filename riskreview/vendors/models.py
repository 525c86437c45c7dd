"""Vendors, their names in every script, their products and whom they belong to."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.text import slugify

from riskreview.accounts import roles
from riskreview.accounts.models import User
from riskreview.accounts.seeing import SeenByReaders
from riskreview.audit.models import Recorded
from riskreview.audit.recording import recorded, recorded_factory
from riskreview.audit.refusals import NotNow, said
from riskreview.audit.state import Stateful


def named(name: str) -> str:
    """A name without blanks around it. Raises `NotNow` when nothing is left."""
    return said(name, "A name needs at least one character.")


COLUMNS = (
    *("slug", "canonical_name", "legal_names", "jurisdiction_of_incorporation", "hq_country"),
    *("controlling_jurisdictions", "data_locations", "identifiers", "summary", "status", "merged_into"),
)
ALIAS_1 = ("vendor", "product", "text", "kind", "strength", "language", "script", "extract", "valid_from", "valid_to")


class VendorQuerySet(SeenByReaders, models.QuerySet["Vendor"]):
    """The vendor register."""

    @recorded_factory(who=roles.reviewer)
    def register(
        self,
        *,
        by: User,
        canonical_name: str,
        legal_names: list[str] | None = None,
        hq_country: str = "",
        slug: str = "",
        summary: str = "",
    ) -> Vendor:
        """Put a vendor on the register. Its canonical name becomes its first alias."""
        vendor = self.model(canonical_name=canonical_name.strip(), legal_names=legal_names or [], summary=summary)
        vendor.slug, vendor.hq_country = slug or slugify(canonical_name)[:80], hq_country
        if not vendor.slug or self.filter(slug=vendor.slug).exists():
            raise NotNow(f"There is a vendor called {canonical_name} already, or the name has no Latin letters.")
        vendor.save()
        vendor.aliases.create(text=vendor.canonical_name, kind=Alias.Kind.TRADE, source="Canonical name")
        return vendor

    def matching(self, text: str) -> Self:
        """Vendors one of whose names contains the text."""
        return self.filter(Q(canonical_name__icontains=text) | Q(aliases__text__icontains=text)).distinct()


class Vendor(Recorded):
    """An organisation that makes, ships or hosts AI products."""

    class Status(models.TextChoices):
        """Whether we still watch it."""

        ACTIVE = "ACTIVE", "Active"
        DORMANT = "DORMANT", "Dormant"
        MERGED = "MERGED", "Merged into another"

    slug = models.SlugField(max_length=80, unique=True)
    canonical_name = models.CharField(max_length=200)
    legal_names = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    jurisdiction_of_incorporation = models.CharField(max_length=2, blank=True)
    hq_country = models.CharField(max_length=2, blank=True)
    controlling_jurisdictions = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    data_locations = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    identifiers = models.JSONField(default=dict, blank=True)
    summary = models.TextField(blank=True)
    status = models.CharField(max_length=8, choices=Status, default=Status.ACTIVE)
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged")

    objects: ClassVar[Any] = VendorQuerySet.as_manager()
    # Version 2 is the aliases' version 2; the vendor's own columns are the same.
    recorded_columns = dict.fromkeys((1, 2), COLUMNS)
    recorded_parts = ("aliases", "products", "relations")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="vendor_merged_says_where",
                condition=Q(status="MERGED", merged_into__isnull=False)
                | (~Q(status="MERGED") & Q(merged_into__isnull=True)),
            ),
            models.CheckConstraint(name="vendor_not_into_itself", condition=~Q(merged_into=F("id"))),
        ]

    def __str__(self) -> str:
        return self.canonical_name

    def get_absolute_url(self) -> str:
        """The vendor's page."""
        return reverse("vendor", args=[self.slug])

    @recorded(who=roles.reviewer, changing=True)
    def rename(self, *, by: User, canonical_name: str) -> None:
        """Call the vendor by another name. The old one stays an alias."""
        self.canonical_name = named(canonical_name)
        alias = self.aliases.filter(text=self.canonical_name).order_by("valid_to", "pk").last()
        alias = alias or Alias(vendor=self, text=self.canonical_name, kind=Alias.Kind.TRADE)
        alias.valid_to = None
        alias.save()

    @recorded(who=roles.reviewer, changing=True)
    def describe(self, *, by: User, summary: str, hq_country: str = "", legal_names: list[str] | None = None) -> None:
        """Say who the vendor is."""
        self.summary, self.hq_country = summary, hq_country or self.hq_country
        self.legal_names = self.legal_names if legal_names is None else legal_names

    @recorded(who=roles.reviewer)
    def add_alias(
        self,
        *,
        by: User,
        text: str,
        kind: Alias.Kind,
        strength: Alias.Strength | None = None,
        language: str = "",
        script: str = "",
        product: Product | None = None,
        source: str = "",
    ) -> Alias:
        """Add a name the vendor or one of its products goes by."""
        text = named(text)
        if product and product.vendor_id != self.pk:
            raise NotNow(f"{product} is not a product of {self}.")
        known = self.aliases.filter(text=text, kind=kind).first()
        if known and known.valid_to is None:
            raise NotNow(f"{text} is already a name of {self}.")
        alias = known or Alias(vendor=self, text=text, kind=kind)
        alias.strength, alias.valid_to = strength or Alias.Strength.STRONG, None
        alias.language, alias.script, alias.product, alias.source = language, script, product, source
        alias.save()
        return alias

    @recorded(who=roles.reviewer)
    def retire_alias(self, *, by: User, alias: Alias, reason: str, on: datetime.date) -> Alias:
        """Stop matching a name from a date on. It stays for search and for the record."""
        if alias.vendor_id != self.pk:
            raise NotNow(f"{alias} is not a name of {self}.")
        said(reason, "Say why the name is not matched any more.")
        alias.valid_to = on
        alias.save()
        return alias

    @recorded(who=roles.reviewer)
    def add_product(
        self,
        *,
        by: User,
        name: str,
        kind: Product.Kind,
        version: str = "",
        released_on: datetime.date | None = None,
        slug: str = "",
    ) -> Product:
        """Add something the vendor ships."""
        slug = slug or slugify(name)[:80]
        if not slug or self.products.filter(slug=slug).exists():
            raise NotNow(f"{self} has a product called {name} already, or the name has no Latin letters.")
        return self.products.create(name=name.strip(), slug=slug, kind=kind, version=version, released_on=released_on)

    @recorded(who=roles.reviewer, also=("other",))
    def relate(
        self,
        *,
        by: User,
        other: Vendor,
        kind: Relation.Kind,
        share_percent: int | None = None,
        valid_from: datetime.date | None = None,
        valid_to: datetime.date | None = None,
        source: str = "",
    ) -> Relation:
        """State that another vendor owns this one, or is its affiliate, from a date to a date."""
        if other.pk == self.pk:
            raise NotNow("A vendor is not its own parent or affiliate.")
        return self.relations.create(
            other=other,
            kind=kind,
            share_percent=share_percent,
            valid_from=valid_from,
            valid_to=valid_to,
            source=source,
        )


class Product(Stateful):
    """Something a vendor ships."""

    class Kind(models.TextChoices):
        """In which form it reaches people."""

        MODEL_FAMILY = "MODEL_FAMILY", "Model family"
        MODEL = "MODEL", "Model"
        APP = "APP", "App"
        API = "API", "Hosted API"
        OPEN_WEIGHTS = "OPEN_WEIGHTS", "Open weights"

    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="products")
    slug = models.SlugField(max_length=80)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=12, choices=Kind)
    version = models.CharField(max_length=40, blank=True)
    released_on = models.DateField(null=True, blank=True)

    recorded_columns = {1: ("vendor", "slug", "name", "kind", "version", "released_on")}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["vendor", "slug"], name="product_slug_once")]

    def __str__(self) -> str:
        return self.name


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

    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="aliases")
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
    recorded_columns = {1: ALIAS_1, 2: (*ALIAS_1, "prior", "source")}

    class Meta:
        verbose_name_plural = "aliases"
        constraints = [
            models.UniqueConstraint(fields=["vendor", "text", "kind"], name="alias_once"),
            models.CheckConstraint(name="alias_has_text", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return self.text


class Relation(Stateful):
    """Who owns whom, or stands beside whom, from when to when."""

    class Kind(models.TextChoices):
        """What `other` is to `vendor`."""

        PARENT = "PARENT", "Parent"
        AFFILIATE = "AFFILIATE", "Affiliate"

    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="relations")
    other = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="related_by")
    kind = models.CharField(max_length=9, choices=Kind)
    share_percent = models.PositiveSmallIntegerField(null=True, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=300, blank=True)

    recorded_columns = {1: ("vendor", "other", "kind", "share_percent", "valid_from", "valid_to", "source")}

    class Meta:
        constraints = [
            models.CheckConstraint(name="relation_not_itself", condition=~Q(vendor=F("other"))),
            models.CheckConstraint(
                name="relation_share_percent", condition=Q(share_percent=None) | Q(share_percent__range=(0, 100))
            ),
            models.CheckConstraint(
                name="relation_dates_in_order",
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gte=F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.other} is {self.get_kind_display().lower()} of {self.vendor}"
