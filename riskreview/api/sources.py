"""`/api/v1/sources/`: the feeds and pages that are visited on a schedule."""

from __future__ import annotations

import django_filters
from rest_framework import serializers

from riskreview.accounts.tokens import Scope
from riskreview.evidence.models import Reliability, Source
from riskreview.lib.urls import safe_url

from .filters import Filters
from .inputs import Reason, Words
from .outputs import Versioned
from .resource import Resource, act, make


class SourceRow(Versioned):
    """A source in a list, with how its visits go."""

    class Meta:
        model = Source
        fields: tuple[str, ...] = (
            "id", "name", "url", "kind", "source_class", "reliability", "language", "interval_minutes", "enabled",
            "last_fetch_at", "last_success_at", "last_item_at", "items_seen", "last_error", "version",
        )  # fmt: skip


class SourceDetail(SourceRow):
    """A source, whole. `not_before` is the next visit."""

    class Meta(SourceRow.Meta):
        fields = (*SourceRow.Meta.fields, "registered_at", "not_before", "attempts")


class RegisterSource(Words):
    """A feed or page to collect from."""

    name = serializers.CharField(max_length=120)
    url = serializers.URLField(max_length=2000)
    kind = serializers.ChoiceField(choices=Source.Kind.choices)
    source_class = serializers.ChoiceField(choices=Source.Class.choices)
    language = serializers.RegexField(r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,4})?$", max_length=8, required=False)
    interval_minutes = serializers.IntegerField(min_value=1, max_value=43_200, required=False)
    reliability = serializers.ChoiceField(choices=Reliability.choices, required=False)

    def validate_url(self, url: str) -> str:
        """A public web address without user name or password."""
        if safe_url(url) is None:
            raise serializers.ValidationError("This must be an http or https address without user name and password.")
        return url


class Grade(Reason):
    """How reliable the source is (NATO Admiralty scale), and why."""

    reliability = serializers.ChoiceField(choices=Reliability.choices)


class SourceFilters(Filters):
    """Which sources."""

    kind = django_filters.ChoiceFilter(choices=Source.Kind.choices)
    source_class = django_filters.ChoiceFilter(choices=Source.Class.choices)
    reliability = django_filters.ChoiceFilter(choices=Reliability.choices)
    enabled = django_filters.BooleanFilter()


class Sources(Resource):
    """Sources, by id. Lists are in the order of their names."""

    model, row, detail_row = Source, SourceRow, SourceDetail
    order = ("name", "pk")
    filterset_class = SourceFilters
    write_scope = Scope.DOCUMENTS_WRITE

    register = make(Source.objects.register, takes=RegisterSource)
    grade = act(Source.grade, takes=Grade)
    pause = act(Source.pause, takes=Reason)
    unpause = act(Source.unpause)
    collect_now = act(Source.collect_now)
