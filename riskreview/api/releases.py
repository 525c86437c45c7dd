"""`/api/v1/releases/`: versions of approved decisions for other eyes."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request

from riskreview.accounts.tokens import Scope
from riskreview.cases.memo import taking
from riskreview.cases.models import Case, Redaction, Release

from .authentication import caller
from .documents import AnyForm, uninterpreted
from .filters import Filters
from .inputs import RowField, Words
from .outputs import Person, Shown, Versioned
from .resource import Resource, act, make


class RedactionShown(Shown):
    """A path of the dossier, or a part of it (`exhibit.3`), that is left out, and on what ground."""

    redacted_by = Person(read_only=True)

    class Meta:
        model = Redaction
        fields = ("path", "ground", "redacted_by", "redacted_at")


class ReleaseRow(Versioned):
    """A version for an audience. `sha256` is that of the released file, once a second person issued it."""

    case = serializers.SlugRelatedField[Any](slug_field="ref", read_only=True)
    decision = serializers.SlugRelatedField[Any](slug_field="number", read_only=True)
    prepared_by = Person(read_only=True)
    issued_by = Person(read_only=True, allow_null=True)
    redactions = RedactionShown(many=True, read_only=True)

    class Meta:
        model = Release
        fields = (
            "id", "case", "decision", "number", "audience", "marking", "redactions", "prepared_by", "issued_by",
            "issued_at", "sha256", "version",
        )  # fmt: skip


class Prepare(Words):
    """A new version of an approved decision, by its number."""

    case = RowField(Case.objects.visible_to, slug_field="ref", queryset=Case.objects.all())
    decision = serializers.IntegerField(min_value=1, max_value=30_000)
    audience = serializers.CharField(max_length=200)
    marking = serializers.CharField(max_length=40, required=False, allow_blank=True)

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        """The decision of the case."""
        given["decision"] = given["case"].decisions.filter(number=given["decision"]).first()
        if given["decision"] is None:
            raise serializers.ValidationError({"decision": ["This case has no such decision."]})
        return given


class Redact(Words):
    """What to leave out, and on what ground."""

    path = serializers.CharField(max_length=120)
    ground = serializers.CharField(max_length=300)


class Restore(Words):
    """What to show again."""

    path = serializers.CharField(max_length=120)


class ReleaseFilters(Filters):
    """Which versions."""

    case = django_filters.CharFilter(field_name="case__ref", label="Reference of a case.", max_length=16)


class Releases(Resource):
    """Versions for others, by id. Lists begin with the oldest."""

    model, row, detail_row = Release, ReleaseRow, ReleaseRow
    filterset_class = ReleaseFilters
    write_scope = Scope.CASES_WRITE

    prepare = make(Release.objects.prepare, takes=Prepare)
    redact = act(Release.redact, takes=Redact)
    restore = act(Release.restore, takes=Restore)
    issue = act(Release.issue, scope=Scope.DECISIONS_WRITE)

    @extend_schema(responses={(200, "application/json"): OpenApiTypes.BINARY})
    @action(detail=True, content_negotiation_class=AnyForm)
    def file(self, request: Request, **lookup: str) -> HttpResponse:
        """The released file: the dossier line by line, what is left out by its hash alone. It verifies against the
        digest that was signed (`manage.py verify_release`). The audit trail notes who took it."""
        release = self.found(self.get_queryset())
        data = taking.take_file(release, by=caller(request))
        headers = uninterpreted(f"{release.case.ref}-{release}.json")
        return HttpResponse(data, content_type="application/json", headers=headers)

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    @action(detail=True, content_negotiation_class=AnyForm)
    def memo(self, request: Request, **lookup: str) -> HttpResponse:
        """The version as a tagged PDF, once it was issued. The audit trail notes who took it."""
        taken = taking.take_release(self.found(self.get_queryset()), by=caller(request), form="pdf")
        return HttpResponse(taken.data, content_type=taken.content_type, headers=uninterpreted(taken.name))

    def in_list(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The versions with everything they name."""
        return super().in_list(with_everything(rows))

    def in_detail(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The version with everything it names."""
        return with_everything(rows)


def with_everything(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Versions with all they show, in two queries."""
    hidden = Prefetch(
        "redactions", Redaction.objects.filter(restored_at=None).select_related("redacted_by").order_by("path")
    )
    return rows.select_related("case", "decision", "prepared_by", "issued_by").prefetch_related(hidden)
