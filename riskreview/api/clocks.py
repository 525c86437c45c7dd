"""`/api/v1/milestones/`, `clocks/`, `closures/`, `calendarfeeds/`: dated facts, limits, and what shifts them."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from riskreview.accounts.models import CalendarFeed, Team
from riskreview.accounts.tokens import Scope
from riskreview.cases.models import Case, Clock, Closure, Extension, Milestone, Toll
from riskreview.cases.playbook.vocabulary import FORMS
from riskreview.lib.workdays import NAMES

from .filters import Filters
from .inputs import LONG_TEXT, Reason, RowField, VendorField, Words
from .judgements import DocumentField
from .outputs import DocumentReference, Person, Shown, VendorReference, Versioned
from .resource import Resource, act, make
from .versions import etag


class CaseField(RowField):
    """A case by its reference."""

    def __init__(self, **options: Any) -> None:
        super().__init__(Case.objects.visible_to, slug_field="ref", queryset=Case.objects.all(), **options)


class OfCaseFilters(Filters):
    """Of which case."""

    case = django_filters.CharFilter(field_name="case__ref", label="Reference of a case.", max_length=16)


class MilestoneRow(Versioned):
    """A dated fact. `moved` says what the last correction did to each limit."""

    case = serializers.SlugRelatedField[Any](slug_field="ref", read_only=True)
    party = VendorReference(read_only=True, allow_null=True)
    document = DocumentReference(read_only=True, allow_null=True)
    recorded_by = Person(read_only=True)

    class Meta:
        model = Milestone
        fields = (
            "id", "case", "key", "round", "number", "party", "stated_at", "stated_on", "moved", "document",
            "recorded_by", "recorded_at", "version",
        )  # fmt: skip


class Stated(Words):
    """A day, or an instant."""

    stated_at = serializers.DateTimeField(required=False, allow_null=True)
    stated_on = serializers.DateField(required=False, allow_null=True)


class RecordMilestone(Stated):
    """What happened. `key` is a milestone of the case's playbook."""

    case = CaseField()
    key = serializers.CharField(max_length=60)
    party = VendorField(required=False, allow_null=True)
    document = DocumentField(required=False, allow_null=True)


class Correct(Stated):
    """Another date, and why."""

    reason = serializers.CharField(max_length=LONG_TEXT)


class Milestones(Resource):
    """Dated facts of cases, the newest first."""

    model, row, detail_row = Milestone, MilestoneRow, MilestoneRow
    order = ("-recorded_at", "-pk")
    filterset_class = OfCaseFilters
    write_scope = Scope.CASES_WRITE

    record = make(Milestone.objects.record, takes=RecordMilestone)
    correct = act(Milestone.correct, takes=Correct)

    def get_queryset(self) -> QuerySet[Any]:
        """With whom and what they name."""
        return super().get_queryset().select_related("case", "party", "document", "recorded_by")


class TollShown(Shown):
    """Days on which a limit stands still, both included."""

    stopped_by = Person(read_only=True)

    class Meta:
        model = Toll
        fields = ("first", "last", "reason", "note", "document", "stopped_by")


class ExtensionShown(Shown):
    """More time: days, or a date."""

    decided_by = Person(read_only=True)

    class Meta:
        model = Extension
        fields = ("days", "until", "form", "document", "decided_at", "decided_by")


class ClockRow(Versioned):
    """A limit. It is kept in time before `due_before`; `parts` tells how the date came about. What waits is permitted
    from `due_on` on. `settled` is what was recorded about it for good."""

    case = serializers.SlugRelatedField[Any](slug_field="ref", read_only=True)
    tolls = TollShown(many=True, read_only=True)
    extensions = ExtensionShown(many=True, read_only=True)

    class Meta:
        model = Clock
        fields = (
            "id", "case", "key", "round", "occurrence", "milestone", "consultation", "due_on", "due_before", "parts",
            "satisfied_at", "settled", "settled_at", "settlement", "tolls", "extensions", "version",
        )  # fmt: skip


class StopClock(Words):
    """Why it stands still, and from which day on."""

    first = serializers.DateField()
    reason = serializers.CharField(max_length=60)
    document = DocumentField(required=False, allow_null=True)
    note = serializers.CharField(max_length=2_000, required=False, allow_blank=True)
    last = serializers.DateField(required=False, allow_null=True)


class EndStop(Words):
    """Which stop ends, and its last day."""

    reason = serializers.CharField(max_length=60)
    last = serializers.DateField()


class MoreTime(Words):
    """A written determination: days, or the date that it states."""

    form = serializers.ChoiceField(choices=FORMS)
    document = DocumentField()
    decided_at = serializers.DateTimeField()
    days = serializers.IntegerField(required=False, min_value=1, max_value=3_660)
    until = serializers.DateField(required=False, allow_null=True)


class ClockFilters(OfCaseFilters):
    """Which limits."""

    due_before = django_filters.IsoDateTimeFilter(field_name="due_before", lookup_expr="lt", label="Ends before.")
    running = django_filters.BooleanFilter(method="still_runs", label="Neither done nor settled.")

    def still_runs(self, rows: Any, name: str, wanted: bool) -> Any:
        """Limits that are, or are not, neither done nor settled."""
        running = {"satisfied_at": None, "settled": ""}
        return rows.filter(**running) if wanted else rows.exclude(**running)


class Clocks(Resource):
    """Limits of cases, the earliest end first. They start from dated facts and are made by nobody."""

    model, row, detail_row = Clock, ClockRow, ClockRow
    order = ("due_before", "pk")
    filterset_class = ClockFilters
    write_scope = Scope.CASES_WRITE

    toll = act(Clock.toll, takes=StopClock)
    end_toll = act(Clock.end_toll, takes=EndStop)
    extend = act(Clock.extend, takes=MoreTime)
    waive = act(Clock.waive, takes=Reason)

    def get_queryset(self) -> QuerySet[Any]:
        """With what happened to them."""
        rows = super().get_queryset().select_related("case")
        return rows.prefetch_related("tolls__stopped_by", "extensions__decided_by")


class ClosureRow(Versioned):
    """A day on which the offices of a calendar are closed."""

    class Meta:
        model = Closure
        fields = ("id", "calendar", "day", "why", "document", "revoked_at", "version")


class Announce(Words):
    """Which day, and what closes them."""

    calendar = serializers.ChoiceField(choices=NAMES)
    day = serializers.DateField()
    why = serializers.CharField(max_length=200)
    document = DocumentField(required=False, allow_null=True)


class Closures(Resource):
    """Announced closures, the latest day first."""

    model, row, detail_row = Closure, ClosureRow, ClosureRow
    order = ("-day", "pk")
    write_scope = Scope.CASES_WRITE

    announce = make(Closure.objects.announce, takes=Announce)
    revoke = act(Closure.revoke, takes=Reason)


class FeedRow(Versioned):
    """A calendar feed. `address` is told once, when it is made: its secret is not kept."""

    team = serializers.SlugRelatedField[Any](slug_field="slug", read_only=True, allow_null=True)
    address = serializers.SerializerMethodField()

    class Meta:
        model = CalendarFeed
        fields = ("id", "team", "address", "revoked_at", "version")

    @extend_schema_field(serializers.URLField(allow_null=True))
    def get_address(self, feed: CalendarFeed) -> str | None:
        """Where a calendar program reads, in the answer that made it."""
        return self.context["request"].build_absolute_uri(feed.path) if feed.secret else None


class Offer(Words):
    """Whose dates: one's own, or those of a team one is in."""

    team = RowField(
        Team.objects.visible_to, slug_field="slug", queryset=Team.objects.all(), required=False, allow_null=True
    )


class CalendarFeeds(Resource):
    """The caller's own calendar feeds, newest first."""

    model, row, detail_row = CalendarFeed, FeedRow, FeedRow
    order = ("-pk",)
    write_scope = Scope.CASES_WRITE

    offer = make(CalendarFeed.objects.offer, takes=Offer)
    revoke = act(CalendarFeed.revoke, now=timezone.now)

    def get_queryset(self) -> QuerySet[Any]:
        """With the team."""
        return super().get_queryset().select_related("team")

    def made(self, row: Any) -> Response:
        """The feed with its address, this once."""
        response = super().made(row)
        response.data = self.detail_row(row, context=self.get_serializer_context()).data
        response["ETag"] = etag(row)
        return response
