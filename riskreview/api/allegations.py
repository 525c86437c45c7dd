"""`/api/v1/allegations/`: the claims boards of cases. What is alleged, who says what of it, and on what evidence."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Prefetch, QuerySet
from rest_framework import serializers

from riskreview.accounts.tokens import Scope
from riskreview.cases.models import Allegation, Case, Says, Stand
from riskreview.enrichment.alleging import Claimed, Support

from .filters import Filters
from .inputs import LONG_TEXT, RowField, VendorField, Words
from .outputs import Person, Shown, VendorReference, Versioned
from .resource import Resource, act, make


class StandShown(Shown):
    """What one speaker says of a claim from a day on. `exhibit` is the number of an exhibit of the case."""

    exhibit = serializers.SlugRelatedField[Any](slug_field="number", read_only=True, allow_null=True)
    recorded_by = Person(read_only=True)

    class Meta:
        model = Stand
        fields = ("says", "speaker", "as_of", "exhibit", "note", "recorded_by", "recorded_at")


class AllegationRow(Versioned):
    """A claim, with every stand on it in order of time; the newest of a speaker counts."""

    case = serializers.SlugRelatedField[Any](slug_field="ref", read_only=True)
    vendor = VendorReference(read_only=True, allow_null=True)
    stands = StandShown(many=True, read_only=True)
    entered_by = Person(read_only=True)

    class Meta:
        model = Allegation
        fields = (
            "id", "case", "number", "text", "vendor", "fingerprint", "stands", "entered_by", "entered_at", "version"
        )  # fmt: skip


class ClaimShown(serializers.Serializer[Any]):
    """A claim on the board of its case. `standing` stays ALLEGED until an official or court finding, or the vendor,
    confirms it; `support` counts independent sources graded C3 or better; `vendor_says` is the vendor's own word."""

    id = serializers.IntegerField()
    number = serializers.IntegerField()
    text = serializers.CharField()
    standing = serializers.ChoiceField(choices=Says.choices)
    support = serializers.ChoiceField(choices=Support.choices)
    supporting = serializers.IntegerField()
    disputing = serializers.IntegerField()
    vendor_says = serializers.ChoiceField(choices=Says.choices, allow_null=True)


def told(claimed: Claimed) -> dict[str, Any]:
    """A claim as the case's detail shows it."""
    claim = claimed.claim
    return {
        "id": claim.pk,
        "number": claim.number,
        "text": claim.text,
        "standing": claimed.standing.value,
        "support": claimed.support.value,
        "supporting": claimed.counted.independent,
        "disputing": len(claimed.counted.disputing),
        "vendor_says": claimed.vendor.says if claimed.vendor else None,
    }


class TakeStand(Words):
    """What somebody says of a claim, from a day on. `exhibit` is the number of an exhibit of the case."""

    says = serializers.ChoiceField(choices=Says.choices)
    speaker = serializers.CharField(max_length=200)
    as_of = serializers.DateField()
    exhibit = serializers.IntegerField(min_value=1, max_value=30_000, required=False, allow_null=True)
    note = serializers.CharField(max_length=LONG_TEXT, required=False, allow_blank=True)

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        """The exhibit of the case that the claim is of."""
        case = given.get("case") or self.context["row"].case
        if (number := given.get("exhibit")) is not None:
            given["exhibit"] = case.exhibits.filter(number=number).first()
            if given["exhibit"] is None:
                raise serializers.ValidationError({"exhibit": [f"This case has no exhibit {number}."]})
        return given


class Enter(TakeStand):
    """A claim for the board of a case, with its first stand."""

    case = RowField(Case.objects.visible_to, slug_field="ref", queryset=Case.objects.all())
    text = serializers.CharField(max_length=LONG_TEXT)
    says = serializers.ChoiceField(choices=Says.choices, required=False)
    vendor = VendorField(required=False, allow_null=True)
    fingerprint = serializers.RegexField(r"^[0-9a-f]{64}$", required=False, allow_blank=True)


class AllegationFilters(Filters):
    """Which claims."""

    case = django_filters.CharFilter(field_name="case__ref", label="Reference of a case.", max_length=16)


class Allegations(Resource):
    """Claims, by id. Lists begin with the oldest."""

    model, row, detail_row = Allegation, AllegationRow, AllegationRow
    filterset_class = AllegationFilters
    write_scope = Scope.CASES_WRITE

    enter = make(Allegation.objects.enter, takes=Enter)
    take_stand = act(Allegation.take_stand, takes=TakeStand)

    def in_list(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The claims with everything they name."""
        return super().in_list(with_everything(rows))

    def in_detail(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The claim with everything it names."""
        return with_everything(rows)


def with_everything(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Claims with all they show, in two queries."""
    stands = Stand.objects.select_related("exhibit", "recorded_by").order_by("as_of", "recorded_at", "pk")
    return rows.select_related("case", "vendor", "entered_by").prefetch_related(Prefetch("stands", stands))
