"""`/api/v1/sources/`: whom we collect from, how that goes, and what is asked of each."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from riskreview.accounts.tokens import Scope
from riskreview.audit.refusals import NotNow
from riskreview.evidence import kinds, opml
from riskreview.evidence.models import Reliability, Retention, Source
from riskreview.evidence.models.source import LONGEST_MINUTES, SHORTEST_MINUTES
from riskreview.evidence.standing import Standing, standing

from .authentication import caller
from .documents import AnyForm, uninterpreted
from .filters import Filters, check
from .inputs import LONG_TEXT, PersonField, Reason, Words
from .outputs import Person, Versioned
from .resource import Resource, act, make
from .visits import VisitRow, light

LANGUAGE = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,4})?$"
AMENDABLE = (
    *("name", "url", "config", "credential", "source_class", "language", "interval_minutes", "owner", "heed_robots"),
    "retention",
)
CREDENTIAL = "Name of a secret the operator keeps; never the secret."


class SourceRow(Versioned):
    """A source in a list, with how its visits go. `quiet`: nothing came since `silent_since`, for three times as long
    as usual."""

    owner = Person(read_only=True, allow_null=True)
    quiet = serializers.SerializerMethodField()
    usual_gap_seconds = serializers.SerializerMethodField()

    class Meta:
        model = Source
        fields: tuple[str, ...] = (
            "id", "name", "url", "kind", "source_class", "reliability", "language", "interval_minutes", "enabled",
            "owner", "last_fetch_at", "last_success_at", "last_item_at", "items_seen", "last_error", "quiet",
            "silent_since", "usual_gap_seconds", "ended_at", "ended_why", "version",
        )  # fmt: skip

    def get_quiet(self, source: Source) -> bool:
        """Whether it has gone quiet by now."""
        return source.is_quiet(timezone.now())

    def get_usual_gap_seconds(self, source: Source) -> int | None:
        """How long it usually takes between two visits that bring something; null before the first success."""
        return None if source.usual_gap is None else int(source.usual_gap.total_seconds())


class SourceDetail(SourceRow):
    """A source, whole. `not_before` is the next visit, `attempts` counts requests in a row that failed, `failures`
    answers in a row that could not be read."""

    config = serializers.DictField(child=serializers.CharField(), read_only=True)

    class Meta(SourceRow.Meta):
        fields = (
            *SourceRow.Meta.fields, "config", "credential", "heed_robots", "retention", "registered_at", "not_before",
            "attempts", "failures",
        )  # fmt: skip


class Asked(Words):
    """What a source is asked, and by whom it is looked after."""

    name = serializers.CharField(max_length=120, required=False)
    url = serializers.CharField(max_length=2000, required=False)
    config = serializers.DictField(
        child=serializers.CharField(max_length=2000, allow_blank=True),
        required=False,
        help_text="The settings of its kind; see /api/v1/source-kinds/.",
    )
    credential = serializers.CharField(max_length=60, required=False, allow_blank=True, help_text=CREDENTIAL)
    source_class = serializers.ChoiceField(choices=Source.Class.choices, required=False)
    language = serializers.RegexField(LANGUAGE, max_length=8, required=False, allow_blank=True)
    interval_minutes = serializers.IntegerField(min_value=SHORTEST_MINUTES, max_value=LONGEST_MINUTES, required=False)
    owner = PersonField(required=False, allow_null=True, help_text="Id or e-mail address.")
    heed_robots = serializers.BooleanField(required=False)
    retention = serializers.ChoiceField(choices=Retention.choices, required=False)


class RegisterSource(Asked):
    """A source to collect from. `url` may be left out where its kind has one address only."""

    name = serializers.CharField(max_length=120)
    kind = serializers.ChoiceField(choices=kinds.choices())
    source_class = serializers.ChoiceField(choices=Source.Class.choices)
    reliability = serializers.ChoiceField(choices=Reliability.choices, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """What its kind takes. Raises `ValidationError` for the field it refuses."""
        fitting(attrs["kind"], attrs.get("url", ""), attrs.get("config", {}), attrs.get("credential", ""))
        return attrs


class Amend(Asked):
    """What changes; what is left out stays. Not heeding robots.txt wants a reason."""

    reason = serializers.CharField(max_length=LONG_TEXT, required=False, allow_blank=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The change on top of what is set. Raises `ValidationError` for the field that its kind refuses."""
        row = self.context["row"]
        whole: dict[str, Any] = {name: getattr(row, name) for name in AMENDABLE} | attrs
        whole["config"] = {name: value for name, value in whole["config"].items() if value}
        fitting(row.kind, whole["url"], whole["config"], whole["credential"])
        return whole


def fitting(kind: str, url: str, config: dict[str, str], credential: str) -> None:
    """Raise `ValidationError` for what a source of the kind cannot be asked."""
    questions: tuple[tuple[str, Callable[[], Any]], ...] = (
        ("url", partial(kinds.addressed, kind, url)),
        ("config", partial(kinds.configured, kind, config)),
        ("credential", partial(kinds.credited, kind, credential)),
    )
    for field, refuse in questions:
        try:
            refuse()
        except NotNow as refusal:
            raise serializers.ValidationError({field: [str(refusal)]}) from refusal


class Grade(Reason):
    """How reliable the source is (NATO Admiralty scale), and why."""

    reliability = serializers.ChoiceField(choices=Reliability.choices)


class SourceFilters(Filters):
    """Which sources."""

    kind = django_filters.ChoiceFilter(choices=kinds.choices())
    source_class = django_filters.ChoiceFilter(choices=Source.Class.choices)
    reliability = django_filters.ChoiceFilter(choices=Reliability.choices)
    enabled = django_filters.BooleanFilter()
    owner = django_filters.UUIDFilter(field_name="owner_id", label="Id of the owner.")
    state = django_filters.ChoiceFilter(choices=Standing.choices, method="standing", label="How it stands.")

    def standing(self, rows: Any, name: str, wanted: str) -> Any:
        """The sources that stand so now."""
        return standing(rows, wanted, timezone.now())


class Sources(Resource):
    """Sources, by id. Lists are in the order of their names."""

    model, row, detail_row = Source, SourceRow, SourceDetail
    order = ("name", "pk")
    filterset_class = SourceFilters
    write_scope = Scope.DOCUMENTS_WRITE

    register = make(Source.objects.register, takes=RegisterSource)
    amend = act(Source.amend, takes=Amend)
    grade = act(Source.grade, takes=Grade)
    pause = act(Source.pause, takes=Reason)
    unpause = act(Source.unpause)
    collect_now = act(Source.collect_now)

    def in_list(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The sources with their owners."""
        return super().in_list(rows.select_related("owner"))

    def in_detail(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The source with its owner."""
        return rows.select_related("owner")

    @extend_schema(responses=VisitRow(many=True), filters=False)
    @action(detail=True)
    def visits(self, request: Request, **lookup: str) -> Response:
        """What its visits brought, newest first. A visit that found nothing changed is not on the list."""
        check(request, {})
        found = self.found(self.get_queryset())
        rows = self.paginate_queryset(light(found.visits.order_by("-at", "-pk")))
        return self.get_paginated_response(VisitRow(rows, many=True).data)

    @extend_schema(responses={(200, "text/x-opml"): OpenApiTypes.STR}, filters=False)
    @action(detail=False, pagination_class=None, content_negotiation_class=AnyForm)
    def opml(self, request: Request) -> HttpResponse:
        """The register as an OPML 2.0 file, without secrets and names of credentials. The audit trail notes who took
        it."""
        content = opml.taken(by=caller(request))
        return HttpResponse(content, content_type="text/x-opml", headers=uninterpreted(opml.FILE_NAME))
