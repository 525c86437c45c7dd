"""Vendors: whom we watch."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.text import slugify

from riskreview.accounts import roles
from riskreview.accounts.models import User
from riskreview.accounts.seeing import SeenByReaders
from riskreview.audit.recording import recorded, recorded_factory
from riskreview.audit.refusals import NotNow

from . import merging
from .alias import Alias
from .merging import MERGING_RULES, Mergeable
from .namechange import NameChange
from .naming import Named
from .product import Product
from .relation import Relation

COLUMNS = (
    *("slug", "canonical_name", "legal_names", "jurisdiction_of_incorporation", "hq_country"),
    *("controlling_jurisdictions", "data_locations", "identifiers", "summary", "status", "merged_into"),
)
# Addresses of acts and pages beside those of the vendors.
RESERVED_SLUGS = frozenset({"register", "merge"})


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
        if vendor.slug in RESERVED_SLUGS:
            raise NotNow(f"The address “{vendor.slug}” is taken by a page. Choose another.")
        vendor.save()
        alias = vendor.aliases.create(text=vendor.canonical_name, kind=Alias.Kind.TRADE, source="Canonical name")
        NameChange.objects.tell(alias, NameChange.What.ADDED)
        return vendor

    def matching(self, text: str) -> Self:
        """Vendors one of whose names contains the text."""
        return self.filter(Q(canonical_name__icontains=text) | Q(aliases__text__icontains=text)).distinct()

    def standing(self) -> Self:
        """Vendors that stand for themselves: not merged into another."""
        return self.filter(merged_into=None)

    def counting_as(self, vendors: Collection[int]) -> Self:
        """The vendors with these ids, and those merged into one of them."""
        return self.filter(Q(pk__in=vendors) | Q(merged_into__in=vendors))

    def under(self, slug: str) -> Self:
        """The vendor at an address, and those merged into it."""
        return self.filter(Q(slug=slug) | Q(merged_into__slug=slug))


class Vendor(Named, Mergeable):
    """An organisation that makes, ships or hosts AI products."""

    Status = merging.Status

    slug = models.SlugField(max_length=80, unique=True)
    legal_names = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    jurisdiction_of_incorporation = models.CharField(max_length=2, blank=True)
    hq_country = models.CharField(max_length=2, blank=True)
    controlling_jurisdictions = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    data_locations = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    identifiers = models.JSONField(default=dict, blank=True)
    summary = models.TextField(blank=True)

    objects: ClassVar[Any] = VendorQuerySet.as_manager()
    # Version 2 is the aliases' version 2; the vendor's own columns are the same.
    recorded_columns = dict.fromkeys((1, 2), COLUMNS)
    recorded_parts = ("aliases", "products", "relations")

    if TYPE_CHECKING:
        products: Any
        relations: Any

    class Meta:
        constraints = MERGING_RULES

    def __str__(self) -> str:
        return self.canonical_name

    def get_absolute_url(self) -> str:
        """The vendor's page."""
        return reverse("vendor", args=[self.slug])

    @recorded(who=roles.reviewer, changing=True)
    def describe(self, *, by: User, summary: str, hq_country: str = "", legal_names: list[str] | None = None) -> None:
        """Say who the vendor is."""
        self.summary, self.hq_country = summary, hq_country or self.hq_country
        self.legal_names = self.legal_names if legal_names is None else legal_names

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
        made: Product = self.products.create(
            name=name.strip(), slug=slug, kind=kind, version=version, released_on=released_on
        )
        return made

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
        made: Relation = self.relations.create(
            other=other,
            kind=kind,
            share_percent=share_percent,
            valid_from=valid_from,
            valid_to=valid_to,
            source=source,
        )
        return made
