"""`/api/v1/incidents/`: what happened, to or by whom, on whose word."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Prefetch, Q, QuerySet
from rest_framework import serializers

from riskreview.accounts.tokens import Scope
from riskreview.incidents.models import Citation, Incident, Involvement
from riskreview.vendors.models import Vendor

from .filters import Filters
from .inputs import LONG_TEXT, ProductField, SnapshotField, VendorField, Words
from .outputs import ProductReference, Shown, VendorReference, Versioned
from .resource import Resource, act, make

YEARS = range(1900, 2101)


class IncidentRow(Versioned):
    """An incident in a list. Only an incident that `is_established` may be stated as a fact."""

    is_established = serializers.BooleanField(read_only=True)

    class Meta:
        model = Incident
        fields: tuple[str, ...] = (
            "ref", "kind", "title", "standing", "is_established", "occurred_from", "occurred_to", "granularity",
            "reported_at", "version",
        )  # fmt: skip


class InvolvementShown(Shown):
    """Who is said to be involved: a vendor or a product."""

    vendor = VendorReference(read_only=True, allow_null=True)
    product = ProductReference(read_only=True, allow_null=True)

    class Meta:
        model = Involvement
        fields = ("id", "role", "alleged", "vendor", "product")


class CitationShown(Shown):
    """A passage, word for word: `text[start:end]` of a snapshot in Unicode code points."""

    class Meta:
        model = Citation
        fields = ("id", "document", "snapshot", "start", "end", "passage")


class IncidentDetail(IncidentRow):
    """An incident, whole."""

    involvements = InvolvementShown(many=True, read_only=True)
    citations = CitationShown(many=True, read_only=True)

    class Meta(IncidentRow.Meta):
        fields = (*IncidentRow.Meta.fields, "neutral_summary", "involvements", "citations")


class Report(Words):
    """Something that happened, or is said to have happened."""

    kind = serializers.ChoiceField(choices=Incident.Kind.choices)
    title = serializers.CharField(max_length=200)
    neutral_summary = serializers.CharField(max_length=LONG_TEXT)
    occurred_from = serializers.DateField()
    occurred_to = serializers.DateField(required=False, allow_null=True)
    granularity = serializers.ChoiceField(choices=Incident.Granularity.choices, required=False)
    standing = serializers.ChoiceField(choices=Incident.Standing.choices, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Dates in order, and in years that are no slip of the pen."""
        ended = attrs.get("occurred_to")
        if ended and ended < attrs["occurred_from"]:
            raise serializers.ValidationError({"occurred_to": ["The end lies before the beginning."]})
        if attrs["occurred_from"].year not in YEARS:
            raise serializers.ValidationError({"occurred_from": [f"Give a year from {YEARS[0]} to {YEARS[-1]}."]})
        return attrs


class Involve(Words):
    """Who, in which role: either a vendor or a product."""

    role = serializers.ChoiceField(choices=Involvement.Role.choices)
    vendor = VendorField(required=False, help_text="Slug of the vendor.")
    product = ProductField(required=False, help_text="Id of the product.")
    alleged = serializers.BooleanField(required=False, default=True)


class Cite(Words):
    """The passage `text[start:end]` of a snapshot."""

    snapshot = SnapshotField(help_text="Id of the snapshot.")
    start = serializers.IntegerField(min_value=0, max_value=10_000_000)
    end = serializers.IntegerField(min_value=1, max_value=10_000_000)


class Reassess(Words):
    """How far the allegation got, and on what ground."""

    standing = serializers.ChoiceField(choices=Incident.Standing.choices)
    reason = serializers.CharField(max_length=LONG_TEXT)


class IncidentFilters(Filters):
    """Which incidents."""

    kind = django_filters.ChoiceFilter(choices=Incident.Kind.choices)
    standing = django_filters.ChoiceFilter(choices=Incident.Standing.choices)
    vendor = django_filters.CharFilter(method="of_vendor", label="Slug of a vendor involved, or of a product's vendor.")
    since = django_filters.DateFilter(field_name="occurred_from", lookup_expr="gte", label="Not before this day.")
    until = django_filters.DateFilter(field_name="occurred_from", lookup_expr="lte", label="Not after this day.")
    q = django_filters.CharFilter(method="saying", label="Part of the title or summary.", max_length=200)

    def of_vendor(self, rows: Any, name: str, slug: str) -> Any:
        """Incidents that involve the vendor or one of its products, or one merged into it."""
        named = Vendor.objects.under(slug)
        return rows.filter(Q(involvements__vendor__in=named) | Q(involvements__product__vendor__in=named)).distinct()

    def saying(self, rows: Any, name: str, text: str) -> Any:
        """Incidents whose title or summary contains the text."""
        return rows.filter(Q(title__icontains=text) | Q(neutral_summary__icontains=text))


class Incidents(Resource):
    """Incidents, by reference. Lists begin with the newest event."""

    model, row, detail_row = Incident, IncidentRow, IncidentDetail
    order = ("-occurred_from", "-pk")
    lookup_field, lookup_value_regex = "ref", r"INC-[0-9]{4}-[0-9]{3,8}"
    filterset_class = IncidentFilters
    write_scope = Scope.INCIDENTS_WRITE

    report = make(Incident.objects.report, takes=Report)
    involve = act(Incident.involve, takes=Involve)
    cite = act(Incident.cite, takes=Cite)
    reassess = act(Incident.reassess, takes=Reassess)

    def in_detail(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The incident with who is involved and what it rests on."""
        involved = Involvement.objects.select_related("vendor", "product__vendor").order_by("pk")
        return rows.prefetch_related(
            Prefetch("involvements", involved), Prefetch("citations", Citation.objects.order_by("pk"))
        )
