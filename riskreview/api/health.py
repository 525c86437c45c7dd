"""`/api/v1/health/`: how collection goes, for monitors."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from riskreview.enrichment import indexing, outdated
from riskreview.enrichment.health import hosts_left_alone, work
from riskreview.evidence.models import Host, Source, SpanCheck

from .outputs import Shown
from .record import ForReaders

LISTED = 200


class LoadShown(serializers.Serializer[Any]):
    """The work of one kind: due now, left in all, given up; and how long the oldest due row has waited."""

    kind = serializers.CharField()
    due = serializers.IntegerField()
    left = serializers.IntegerField()
    dead = serializers.IntegerField()
    oldest_due_seconds = serializers.IntegerField(allow_null=True)


class QuietShown(Shown):
    """A source that has brought nothing for three times as long as it usually takes."""

    usual_gap_seconds = serializers.SerializerMethodField()

    class Meta:
        model = Source
        fields: tuple[str, ...] = ("id", "name", "silent_since", "usual_gap_seconds", "last_success_at")

    def get_usual_gap_seconds(self, source: Source) -> int:
        """How long it usually takes."""
        return int(source.usual_gap.total_seconds()) if source.usual_gap else 0


class FailingShown(Shown):
    """A source whose last visit did not work."""

    class Meta:
        model = Source
        fields = ("id", "name", "last_error", "attempts", "failures", "last_success_at", "not_before")


class HostShown(Shown):
    """A host that failed too often and is left alone for a while."""

    class Meta:
        model = Host
        fields = ("name", "open_until", "failures", "reason")


class RulesShown(serializers.Serializer[Any]):
    """How many of the texts that were read (`of`) were read by the rules of today."""

    version = serializers.CharField()
    read = serializers.IntegerField()
    of = serializers.IntegerField()


class SearchableShown(serializers.Serializer[Any]):
    """How many of the documents that were read (`of`) can be searched."""

    searchable = serializers.IntegerField()
    of = serializers.IntegerField()


class SpansShown(Shown):
    """The last walk that compared every stored excerpt with its text."""

    class Meta:
        model = SpanCheck
        fields = ("begun_at", "ended_at", "excerpts", "wrong", "examples")


class HealthShown(serializers.Serializer[Any]):
    """How collection goes. Each list has at most 200 rows. `spans` null: no walk has ended yet; `spans_next_at` is when
    the next one begins (or the one under way began), null while no document was read."""

    work = LoadShown(many=True)
    quiet = QuietShown(many=True)
    failing = FailingShown(many=True)
    hosts_open = HostShown(many=True)
    rules = RulesShown()
    words = SearchableShown()
    spans = SpansShown(allow_null=True)
    spans_next_at = serializers.DateTimeField(allow_null=True)


class Health(ForReaders):
    """How collection goes."""

    @extend_schema(responses=HealthShown, operation_id="health")
    def get(self, request: Request) -> Response:
        """What is due and given up, which sources are quiet or fail, and which hosts are left alone."""
        now = timezone.now()
        told = {
            "work": work(now),
            "quiet": Source.objects.quiet(now).order_by("silent_since", "pk")[:LISTED],
            "failing": Source.objects.failing().order_by("name", "pk")[:LISTED],
            "hosts_open": hosts_left_alone(now)[:LISTED],
            "rules": outdated.progress(),
            "words": indexing.progress(),
            "spans": SpanCheck.objects.newest_ended(),
            "spans_next_at": SpanCheck.objects.next_at(now=now),
        }
        return Response(HealthShown(told).data)
