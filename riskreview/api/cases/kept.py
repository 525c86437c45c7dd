"""What is kept of a case: how it was, what was known when, and its memo."""

from __future__ import annotations

import datetime
from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from riskreview.audit.models import Entry
from riskreview.cases import asof, knowing, trail
from riskreview.cases.asof import Seen
from riskreview.cases.memo import taking

from ..authentication import caller
from ..documents import AnyForm, uninterpreted
from ..inputs import Words


class When(Words):
    """After which entry, or at which moment; now, if neither is given."""

    entry = serializers.UUIDField(required=False)
    at = serializers.DateTimeField(required=False)


class Which(Words):
    """Which recommendation, by its number; else the one that waits or is in force."""

    decision = serializers.IntegerField(required=False, min_value=1, max_value=30_000)
    form = serializers.ChoiceField(choices=[*taking.TYPES], required=False)


class SeenShown(serializers.Serializer[Any]):
    """A row as it was. `agrees`: whether its state has the SHA-256 that the entry recorded; null where something was
    erased, and then `unknown` names what nothing tells any more. `since`: what differs today, as `[then, now]`."""

    type = serializers.CharField(source="kind")
    id = serializers.CharField(source="pk")
    entry = serializers.UUIDField(source="entry.uuid")
    state = serializers.SerializerMethodField()
    unknown = serializers.ListField(child=serializers.CharField(), source="told.unknown")
    agrees = serializers.BooleanField(allow_null=True, source="told.agrees")
    since = serializers.SerializerMethodField()

    def get_state(self, seen: Seen) -> dict[str, Any]:
        """Column by column, parts as `finding:57.judgment`; long texts where the row still has them."""
        return {name: seen.shown(value) for name, value in seen.told.state.items()}

    def get_since(self, seen: Seen) -> dict[str, list[Any]]:
        """What differs today."""
        return {name: [seen.shown(each) for each in both] for name, both in seen.since.items()}


class KnownShown(serializers.Serializer[Any]):
    """Something that happened at a day or moment, and since when we know."""

    kind = serializers.CharField()
    at = serializers.SerializerMethodField()
    since = serializers.SerializerMethodField()
    words = serializers.CharField()

    def get_at(self, known: knowing.Known) -> str:
        """A day, or a moment."""
        return known.at.isoformat()

    def get_since(self, known: knowing.Known) -> str:
        """A day, or a moment."""
        return known.since.isoformat()


class Kept:
    """Reading the past of a case, and taking its memo."""

    @extend_schema(parameters=[When], responses=SeenShown(many=True), filters=False)
    @action(detail=True, url_path="as-of", url_name="as-of", pagination_class=None, filter_backends=[])
    def as_of(self: Any, request: Request, **lookup: str) -> Response:
        """The case and its own rows as they were, each state proven by the entry about it."""
        case = self.found(self.get_queryset())
        given = When(data=request.query_params)
        given.is_valid(raise_exception=True)
        at = given.validated_data.get("at") or datetime.datetime.now(datetime.UTC)
        if identity := given.validated_data.get("entry"):
            entry = Entry.objects.filter(trail.about([case]), uuid=identity).first()
            if entry is None:
                raise serializers.ValidationError({"entry": ["This case has no such entry."]})
            at = entry.recorded_at
        return Response(SeenShown(asof.as_of(case, at), many=True).data)

    @extend_schema(responses=KnownShown(many=True), filters=False)
    @action(detail=True, pagination_class=None, filter_backends=[])
    def timeline(self: Any, request: Request, **lookup: str) -> Response:
        """What happened and since when it was known, the latest first."""
        case = self.found(self.get_queryset())
        return Response(KnownShown(knowing.known(case, caller(request)), many=True).data)

    @extend_schema(
        parameters=[OpenApiParameter("form", enum=[*taking.TYPES]), OpenApiParameter("decision", OpenApiTypes.INT)],
        responses={(200, each): OpenApiTypes.BINARY for each in taking.TYPES.values()},
        filters=False,
    )
    @action(detail=True, content_negotiation_class=AnyForm, filter_backends=[])
    def memo(self: Any, request: Request, **lookup: str) -> HttpResponse:
        """The memo of a recommendation or decision, as `pdf` (tagged, the default), `docx` or `html`. The audit trail
        notes who took it."""
        case = self.found(self.get_queryset())
        given = Which(data=request.query_params)
        given.is_valid(raise_exception=True)
        form, number = given.validated_data.get("form", "pdf"), given.validated_data.get("decision")
        taken = taking.take(case, by=caller(request), form=form, number=number)
        return HttpResponse(taken.data, content_type=taken.content_type, headers=uninterpreted(taken.name))

    memo.also = (409,)  # type: ignore[attr-defined]
