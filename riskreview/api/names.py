"""`/api/v1/names/` and `/api/v1/duplicates/`: names on no register, vendors that may be one, and what people said."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from riskreview.accounts.tokens import Scope
from riskreview.enrichment import unresolved
from riskreview.evidence.models import UnknownName
from riskreview.vendors.likeness import Pair
from riskreview.vendors.models import Alias, DuplicateJudgement, NameJudgement, Vendor, Verdict

from .authentication import caller
from .filters import Filters, check
from .inputs import VendorField, Words
from .outputs import Person, VendorReference, Versioned
from .paging import Pages
from .record import ForReaders
from .resource import Resource, act, make
from .vendors import COUNTRY

GONE = "No document uses this name, or somebody has judged it already."
SLUG = "Made from the name unless given."
PAGE = OpenApiParameter("page", OpenApiTypes.INT, description=Pages.page_query_description)
PAGE_SIZE = OpenApiParameter("page_size", OpenApiTypes.INT, description=Pages.page_size_query_description)


class NameShown(serializers.Serializer[Any]):
    """A name that documents use and no register has. `spelling` is the one by which it is counted, `surfaces` how
    documents write it; `likely` is the vendor it may be of, and `reason` says why."""

    kind = serializers.ChoiceField(choices=UnknownName.Kind.choices)
    spelling = serializers.CharField()
    documents = serializers.IntegerField()
    surfaces = serializers.ListField(child=serializers.CharField())
    likely = VendorReference(allow_null=True)
    reason = serializers.CharField()


class PairShown(serializers.Serializer[Any]):
    """Two vendors that may be one, how alike they are (0 to 100), and why."""

    vendor = VendorReference()
    other = VendorReference()
    score = serializers.IntegerField()
    reason = serializers.CharField()


def paged(shape: type[serializers.Serializer[Any]]) -> Any:
    """A page of rows, as every list answers."""
    return inline_serializer(
        f"{shape.__name__}Page",
        {
            "count": serializers.IntegerField(),
            "next": serializers.URLField(allow_null=True),
            "previous": serializers.URLField(allow_null=True),
            "results": shape(many=True),
        },
    )


class Names(ForReaders):
    """Names that wait to be judged."""

    @extend_schema(
        responses=paged(NameShown),
        operation_id="names",
        parameters=[
            OpenApiParameter("kind", enum=UnknownName.Kind.values, description="What it looks like."),
            OpenApiParameter("q", description="Part of the name."),
            PAGE,
            PAGE_SIZE,
        ],
    )
    def get(self, request: Request) -> Response:
        """The names nobody judged, the most used first."""
        check(request, {"kind": None, "q": None})
        kind = request.query_params.get("kind", "")
        if kind and kind not in UnknownName.Kind:
            raise ValidationError({"kind": ["There is no such kind."]})
        text = request.query_params.get("q", "")[:200]
        pages = Pages()
        rows = pages.paginate_queryset(unresolved.waiting(caller(request), kind=kind, text=text), request) or []
        return pages.get_paginated_response(NameShown(unresolved.told(rows, caller(request)), many=True).data)


class Duplicates(ForReaders):
    """Vendors that may be one."""

    @extend_schema(responses=paged(PairShown), operation_id="duplicates", parameters=[PAGE, PAGE_SIZE])
    def get(self, request: Request) -> Response:
        """Pairs of vendors nobody judged, most alike first."""
        check(request, {})
        pages = Pages()
        rows: Any = pages.paginate_queryset(unresolved.duplicates(), request) or []
        vendors = Vendor.objects.visible_to(caller(request)).in_bulk({pk for pair in rows for pk in ends(pair)})
        told = [
            {"vendor": vendors[pair.vendor], "other": vendors[pair.other], "score": pair.score, "reason": pair.reason}
            for pair in rows
        ]
        return pages.get_paginated_response(PairShown(told, many=True).data)


def ends(pair: Pair) -> tuple[int, int]:
    """The two vendors of a pair."""
    return pair.vendor, pair.other


class NameJudgementRow(Versioned):
    """What somebody said of a name. `undone_by` null: it is in force, and the name is not asked about again."""

    vendor = VendorReference(read_only=True, allow_null=True)
    judged_by = Person(read_only=True)
    undone_by = Person(read_only=True, allow_null=True)

    class Meta:
        model = NameJudgement
        fields = (
            "id", "kind", "spelling", "surfaces", "verdict", "vendor", "reason", "judged_by", "judged_at", "undone_by",
            "undone_at", "version",
        )  # fmt: skip


class AboutAName(Words):
    """A name as `/names/` tells it."""

    kind = serializers.ChoiceField(choices=NameJudgement.Kind.choices)
    spelling = serializers.CharField(max_length=200)
    strength = serializers.ChoiceField(choices=Alias.Strength.choices, required=False)
    reason = serializers.CharField(max_length=2_000, required=False, allow_blank=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The name with the surfaces documents have. Raises `ValidationError` when it does not wait."""
        name = unresolved.one(attrs["kind"], attrs["spelling"], caller(self.context["request"]))
        if name is None:
            raise serializers.ValidationError({"spelling": [GONE]})
        return {"strength": Alias.Strength.STRONG} | attrs | {"surfaces": name.surfaces}


class JudgeName(AboutAName):
    """Whether the name is a vendor's, and whose. In the other cases there is no `vendor`."""

    verdict = serializers.ChoiceField(choices=Verdict.choices)
    vendor = VendorField(required=False, allow_null=True)


class RegisterName(AboutAName):
    """The vendor the name is of, which is not on the register yet."""

    canonical_name = serializers.CharField(max_length=200)
    hq_country = serializers.RegexField(COUNTRY, required=False, allow_blank=True, help_text="ISO 3166-1 alpha-2.")
    slug = serializers.SlugField(max_length=80, required=False, help_text=SLUG)


class NameJudgementFilters(Filters):
    """Which judgements."""

    verdict = django_filters.ChoiceFilter(choices=Verdict.choices)
    kind = django_filters.ChoiceFilter(choices=NameJudgement.Kind.choices)
    in_force = django_filters.BooleanFilter(
        field_name="undone_at", lookup_expr="isnull", label="Whether nobody took it back."
    )


class NameJudgements(Resource):
    """What people said of names, by id. Lists begin with the newest."""

    model, row, detail_row = NameJudgement, NameJudgementRow, NameJudgementRow
    order = ("-judged_at", "-pk")
    filterset_class = NameJudgementFilters
    write_scope = Scope.VENDORS_WRITE

    judge = make(NameJudgement.objects.judge, takes=JudgeName)
    register = make(NameJudgement.objects.register, takes=RegisterName)
    undo = act(NameJudgement.undo, now=timezone.now)

    def in_list(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The judgements with everything they name."""
        return super().in_list(self.in_detail(rows))

    def in_detail(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The judgement with everything it names."""
        return rows.select_related("vendor", "judged_by", "undone_by")


class DuplicateJudgementRow(Versioned):
    """What somebody said of two vendors. `undone_by` null: it is in force, and the two are not asked about again."""

    vendor = VendorReference(read_only=True)
    other = VendorReference(read_only=True)
    judged_by = Person(read_only=True)
    undone_by = Person(read_only=True, allow_null=True)

    class Meta:
        model = DuplicateJudgement
        fields = (
            "id", "vendor", "other", "verdict", "reason", "judged_by", "judged_at", "undone_by", "undone_at", "version"
        )  # fmt: skip


class JudgePair(Words):
    """Whether two vendors of the register are one. A lead merges those that are."""

    vendor = VendorField()
    other = VendorField()
    verdict = serializers.ChoiceField(choices=Verdict.choices)
    reason = serializers.CharField(max_length=2_000, required=False, allow_blank=True)


class DuplicateJudgementFilters(Filters):
    """Which judgements."""

    verdict = django_filters.ChoiceFilter(choices=Verdict.choices)
    in_force = django_filters.BooleanFilter(
        field_name="undone_at", lookup_expr="isnull", label="Whether nobody took it back."
    )


class DuplicateJudgements(Resource):
    """What people said of pairs of vendors, by id. Lists begin with the newest."""

    model, row, detail_row = DuplicateJudgement, DuplicateJudgementRow, DuplicateJudgementRow
    order = ("-judged_at", "-pk")
    filterset_class = DuplicateJudgementFilters
    write_scope = Scope.VENDORS_WRITE

    judge = make(DuplicateJudgement.objects.judge, takes=JudgePair)
    undo = act(DuplicateJudgement.undo, now=timezone.now)

    def in_list(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The judgements with everything they name."""
        return super().in_list(self.in_detail(rows))

    def in_detail(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The judgement with everything it names."""
        return rows.select_related("vendor", "other", "judged_by", "undone_by")
