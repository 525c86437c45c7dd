"""`/api/v1/vendors/`: whom we watch and what they ship, under every name they use."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.text import slugify
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from riskreview.accounts.tokens import Scope
from riskreview.enrichment import rereading
from riskreview.vendors.models import PRIORS, RESERVED_SLUGS, Alias, Product, Relation, Vendor

from .following import Followed, FollowedFilters
from .inforce import WithStanding
from .inputs import LONG_TEXT, Reason, VendorField, Words, own
from .outputs import Shown, VendorReference, Versioned
from .resource import Resource, act, make

PRIOR = "Thousandths; how readily a weak name is believed before its context is read."
COUNTRY = r"^([A-Z]{2})?$"


class VendorRow(Versioned):
    """A vendor in a list."""

    class Meta:
        model = Vendor
        fields = ("slug", "canonical_name", "hq_country", "status", "version")


class AliasShown(Shown):
    """A name of a vendor or of one of its products."""

    product = serializers.SlugRelatedField[Any](slug_field="slug", read_only=True, allow_null=True)

    class Meta:
        model = Alias
        fields = (
            "id", "text", "kind", "strength", "prior", "language", "script", "product", "extract", "valid_from",
            "valid_to", "source",
        )  # fmt: skip


class ProductShown(Shown):
    """Something a vendor ships."""

    class Meta:
        model = Product
        fields = ("id", "slug", "name", "kind", "version", "released_on")


class RelationShown(Shown):
    """`other` is the `kind` (parent, affiliate) of this vendor."""

    other = VendorReference(read_only=True)

    class Meta:
        model = Relation
        fields = ("id", "other", "kind", "share_percent", "valid_from", "valid_to", "source")


class RereadingShown(serializers.Serializer[Any]):
    """Documents that are read again because names changed: how many of those found were read. While `searching`, more
    may be found."""

    names = serializers.ListField(child=serializers.CharField())
    read = serializers.IntegerField()
    documents = serializers.IntegerField()
    searching = serializers.BooleanField()


class VendorDetail(Versioned):
    """A vendor, whole. `merged_into` is the vendor it counts for, `merged` those that count for it."""

    aliases = AliasShown(many=True, read_only=True)
    products = ProductShown(many=True, read_only=True)
    relations = RelationShown(many=True, read_only=True)
    merged_into = serializers.SlugRelatedField[Any](slug_field="slug", read_only=True, allow_null=True)
    merged = serializers.SlugRelatedField[Any](slug_field="slug", read_only=True, many=True)
    rereading = serializers.SerializerMethodField()
    identifiers = serializers.DictField(read_only=True)

    class Meta:
        model = Vendor
        fields = (
            "slug", "canonical_name", "legal_names", "jurisdiction_of_incorporation", "hq_country",
            "controlling_jurisdictions", "data_locations", "identifiers", "summary", "status", "merged_into", "merged",
            "aliases", "products", "relations", "rereading", "version",
        )  # fmt: skip

    @extend_schema_field(RereadingShown(many=True))
    def get_rereading(self, vendor: Vendor) -> Any:
        """What is being read again because of its names."""
        return RereadingShown(rereading.progress(vendor), many=True).data


class Register(Words):
    """A vendor that is new to the register."""

    canonical_name = serializers.CharField(max_length=200)
    legal_names = serializers.ListField(child=serializers.CharField(max_length=200), max_length=20, required=False)
    hq_country = serializers.RegexField(COUNTRY, required=False, allow_blank=True, help_text="ISO 3166-1 alpha-2.")
    slug = serializers.SlugField(max_length=80, required=False, help_text="Made from the name unless given.")
    summary = serializers.CharField(max_length=LONG_TEXT, required=False, allow_blank=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Keep the addresses of acts and pages for them."""
        if (attrs.get("slug") or slugify(attrs["canonical_name"])) in RESERVED_SLUGS:
            raise serializers.ValidationError({"slug": ["This word is taken; choose another slug."]})
        return attrs


class Rename(Words):
    """Another name."""

    canonical_name = serializers.CharField(max_length=200)


class Describe(Words):
    """Who the vendor is. Fields left out stay as they are, but `summary` is needed."""

    summary = serializers.CharField(max_length=LONG_TEXT, allow_blank=True)
    hq_country = serializers.RegexField(COUNTRY, required=False, allow_blank=True, help_text="ISO 3166-1 alpha-2.")
    legal_names = serializers.ListField(child=serializers.CharField(max_length=200), max_length=20, required=False)


class AddAlias(Words):
    """One more name."""

    text = serializers.CharField(max_length=200)
    kind = serializers.ChoiceField(choices=Alias.Kind.choices)
    strength = serializers.ChoiceField(choices=Alias.Strength.choices, required=False)
    language = serializers.RegexField(r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,4})?$", max_length=8, required=False)
    script = serializers.RegexField(r"^[A-Z][a-z]{3}$", max_length=4, required=False, help_text="ISO 15924.")
    product = serializers.SlugField(required=False, help_text="Slug of the vendor's product that has the name.")
    source = serializers.CharField(max_length=200, required=False, allow_blank=True)  # type: ignore[assignment]

    def validate_product(self, slug: str) -> Any:
        """The vendor's own product."""
        return own(self, "products", slug=slug)


class AmendAlias(Words):
    """On what terms a name is matched. What is left out stays; null takes a date away."""

    alias = serializers.IntegerField(min_value=1, help_text="The alias's id.")
    strength = serializers.ChoiceField(choices=Alias.Strength.choices, required=False)
    prior = serializers.IntegerField(min_value=PRIORS[0], max_value=PRIORS[-1], required=False, help_text=PRIOR)
    extract = serializers.BooleanField(required=False, help_text="False: never matched in texts.")
    valid_from = serializers.DateField(required=False, allow_null=True)
    valid_to = serializers.DateField(required=False, allow_null=True, help_text="First day it is matched no more.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The terms, with those left out as they are. Raises `ValidationError` for dates out of order."""
        alias = own(self, "aliases", pk=attrs["alias"])
        terms = {name: getattr(alias, name) for name in ("strength", "prior", "extract", "valid_from", "valid_to")}
        terms |= attrs | {"alias": alias}
        if terms["valid_from"] and terms["valid_to"] and terms["valid_to"] < terms["valid_from"]:
            raise serializers.ValidationError({"valid_to": ["The end lies before the beginning."]})
        return terms


class MergeInto(Reason):
    """The vendor it is, and how you know."""

    other = VendorField()


class RetireAlias(Words):
    """A name that is matched no more from a day on (today unless given)."""

    alias = serializers.IntegerField(min_value=1, help_text="The alias's id.")
    reason = serializers.CharField(max_length=LONG_TEXT)
    on = serializers.DateField(required=False)

    def validate_alias(self, number: int) -> Any:
        """The vendor's own alias."""
        return own(self, "aliases", pk=number)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Today, unless a day is given."""
        return {"on": timezone.now().date()} | attrs


class AddProduct(Words):
    """Something the vendor ships."""

    name = serializers.CharField(max_length=200)
    kind = serializers.ChoiceField(choices=Product.Kind.choices)
    version = serializers.CharField(max_length=40, required=False)
    released_on = serializers.DateField(required=False, allow_null=True)
    slug = serializers.SlugField(max_length=80, required=False, help_text="Made from the name unless given.")


class Relate(Words):
    """`other` owns this vendor, or is its affiliate."""

    other = VendorField()
    kind = serializers.ChoiceField(choices=Relation.Kind.choices)
    share_percent = serializers.IntegerField(min_value=0, max_value=100, required=False, allow_null=True)
    valid_from = serializers.DateField(required=False, allow_null=True)
    valid_to = serializers.DateField(required=False, allow_null=True)
    source = serializers.CharField(max_length=300, required=False, allow_blank=True)  # type: ignore[assignment]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Dates in order."""
        begun, ended = attrs.get("valid_from"), attrs.get("valid_to")
        if begun and ended and ended < begun:
            raise serializers.ValidationError({"valid_to": ["The end lies before the beginning."]})
        return attrs


class VendorFilters(FollowedFilters):
    """Which vendors."""

    q = django_filters.CharFilter(method="named", label="Part of any of the names.", max_length=200)
    status = django_filters.ChoiceFilter(choices=Vendor.Status.choices)

    def named(self, rows: Any, name: str, text: str) -> Any:
        """Vendors one of whose names contains the text."""
        return rows.matching(text)


class Vendors(Followed, WithStanding, Resource):
    """Vendors, by slug. Lists are in the order of their names."""

    model, row, detail_row = Vendor, VendorRow, VendorDetail
    order = ("canonical_name", "pk")
    lookup_field, lookup_value_regex = "slug", r"[-a-zA-Z0-9_]{1,80}"
    filterset_class = VendorFilters
    write_scope = Scope.VENDORS_WRITE

    register = make(Vendor.objects.register, takes=Register)
    rename = act(Vendor.rename, takes=Rename)
    describe = act(Vendor.describe, takes=Describe)
    add_alias = act(Vendor.add_alias, takes=AddAlias)
    amend_alias = act(Vendor.amend_alias, takes=AmendAlias)
    retire_alias = act(Vendor.retire_alias, takes=RetireAlias)
    merge_into = act(Vendor.merge_into, takes=MergeInto)
    unmerge = act(Vendor.unmerge, takes=Reason)
    add_product = act(Vendor.add_product, takes=AddProduct)
    relate = act(Vendor.relate, takes=Relate)

    def in_detail(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The vendor with its names, products and relations."""
        return rows.select_related("merged_into").prefetch_related(
            Prefetch("aliases", Alias.objects.select_related("product").order_by("pk")),
            Prefetch("products", Product.objects.order_by("pk")),
            Prefetch("merged", Vendor.objects.order_by("pk")),
            Prefetch("relations", Relation.objects.select_related("other").order_by("pk")),
        )
