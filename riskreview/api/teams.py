"""`/api/v1/teams/` and `/api/v1/batches/`: people who share an inbox, and one light act on many cases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.validators import UniqueValidator

from riskreview.accounts.models import Team
from riskreview.accounts.roles import reviewer
from riskreview.accounts.tokens import Scope
from riskreview.audit.refusals import NotAllowed
from riskreview.cases import bulk
from riskreview.cases.models import Batch, BatchItem, Case, Priority
from riskreview.cases.models.batch import AT_ONCE, BulkAct, words_of
from riskreview.cases.models.filed import LABEL_LONGEST, LABELS_MOST

from .authentication import caller
from .cases.acts import each_once
from .cases.together import TeamField
from .inputs import LONG_TEXT, PersonField, RowField, Words
from .outputs import Person, Versioned
from .resource import Resource, act, make

WITHOUT: dict[str, Any] = {"to": None, "priority": None, "labels": (), "team": None, "reason": ""}


class TeamRow(Versioned):
    """A team, by its short name."""

    members = Person(many=True, read_only=True)

    class Meta:
        model = Team
        fields = ("slug", "name", "members", "version")


class Staff(Words):
    """Who is in the team from now on, by id or e-mail address."""

    members = serializers.ListField(child=PersonField(), max_length=200, allow_empty=True)

    def validate_members(self, people: list[Any]) -> list[Any]:
        """Each once."""
        return each_once(people)


class SetUp(Staff):
    """A new team."""

    slug = serializers.SlugField(max_length=40, validators=[UniqueValidator(Team.objects.all())])
    name = serializers.CharField(max_length=80)


class Teams(Resource):
    """Teams, by short name."""

    model, row, detail_row = Team, TeamRow, TeamRow
    lookup_field, lookup_value_regex = "slug", r"[-a-zA-Z0-9_]{1,40}"
    order = ("name", "pk")
    write_scope = Scope.CASES_WRITE

    set_up = make(Team.objects.set_up, takes=SetUp)
    staff = act(Team.staff, takes=Staff)

    def in_list(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The teams with their people."""
        return super().in_list(self.in_detail(rows))

    def in_detail(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The team with its people."""
        return rows.prefetch_related("members")


class ChangeableShown(serializers.Serializer[Any]):
    """What a case says of everything that a batch can change."""

    assigned_to = serializers.UUIDField(allow_null=True)
    priority = serializers.ChoiceField(choices=Priority.choices)
    labels = serializers.ListField(child=serializers.CharField())
    team = serializers.CharField(allow_null=True)


class BatchItemShown(serializers.ModelSerializer[Any]):
    """One case of a batch. `seen` is the version that was looked at, `version` the one after the act."""

    case = serializers.SlugRelatedField[Any](slug_field="ref", read_only=True)

    class Meta:
        model = BatchItem
        fields = ("case", "seen", "outcome", "why", "version")
        read_only_fields = fields


class BatchRow(Versioned):
    """A batch. `done_at` null: a worker is at it. `undoes` is the batch it takes back."""

    asked_by = Person(read_only=True)

    class Meta:
        model = Batch
        fields: tuple[str, ...] = (
            "id", "act", "arguments", "chosen", "asked_by", "asked_at", "undoes", "done_at", "version"
        )  # fmt: skip


class BatchDetail(BatchRow):
    """A batch with what became of each case."""

    items = BatchItemShown(many=True, read_only=True)

    class Meta(BatchRow.Meta):
        fields = (*BatchRow.Meta.fields, "items")


class BeginBatch(Words):
    """One light act on many cases. `versions` are those of the cases, in the same order, as they were looked at.

    ASSIGN wants `to`, PRIORITISE `priority` and `reason`, LABEL `labels`, which are added; FILE takes `team`.
    """

    act = serializers.ChoiceField(choices=BulkAct.choices)
    cases = serializers.ListField(
        child=RowField(Case.objects.visible_to, slug_field="ref", queryset=Case.objects.all()),
        min_length=1,
        max_length=AT_ONCE,
    )
    versions = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=2**31 - 1), min_length=1, max_length=AT_ONCE
    )
    to = PersonField(required=False, allow_null=True)
    priority = serializers.ChoiceField(choices=Priority.choices, required=False)
    labels = serializers.ListField(
        child=serializers.CharField(max_length=LABEL_LONGEST), max_length=LABELS_MOST, required=False
    )
    team = TeamField(required=False, allow_null=True)
    reason = serializers.CharField(max_length=LONG_TEXT, required=False, allow_blank=True)

    def to_internal_value(self, data: Any) -> Any:
        """The checked arguments. Whoever asked to decide in bulk is on record."""
        try:
            return super().to_internal_value(data)
        except serializers.ValidationError:
            self.remember(data)
            raise

    def remember(self, data: Any) -> None:
        """Put an attempt to decide on record, about the cases that the caller may see."""
        told = data if isinstance(data, Mapping) else {}
        act, refs = told.get("act"), told.get("cases")
        if not isinstance(act, str) or not isinstance(refs, list):
            return
        user = caller(self.context["request"])
        named = [each for each in refs[:AT_ONCE] if isinstance(each, str)]
        bulk.remember_deciding(act, Case.objects.visible_to(user).filter(ref__in=named), by=user)


class Foreseen(serializers.Serializer[Any]):
    """What would become of one case. `before` and `after` hold what a batch can change; `why` tells a refusal."""

    case = serializers.CharField(source="case.ref")
    outcome = serializers.ChoiceField(choices=BatchItem.Outcome.choices)
    why = serializers.CharField()
    before = ChangeableShown()
    after = ChangeableShown()


class Undo(Words):
    """The batch to take back."""

    batch = RowField(Batch.objects.visible_to, slug_field="id", queryset=Batch.objects.all())


class Batches(Resource):
    """Batches, by id. Lists begin with the newest."""

    model, row, detail_row = Batch, BatchRow, BatchDetail
    order = ("-pk",)
    write_scope = Scope.CASES_WRITE

    begin = make(Batch.objects.begin, takes=BeginBatch)
    undo = make(Batch.objects.undo, takes=Undo)

    @extend_schema(request=BeginBatch, responses=Foreseen(many=True))
    @action(detail=False, methods=["post"], pagination_class=None, filter_backends=[])
    def preview(self, request: Request) -> Response:
        """What would become of each case, if this were begun. Nothing is changed, and no entry is made."""
        user, told = caller(request), self.words(BeginBatch)
        if not reviewer(None, user):
            raise NotAllowed(str(getattr(reviewer, "refusal", "")))
        words = words_of(BulkAct(told["act"]), WITHOUT | told)
        cases = bulk.as_seen(told["cases"], told["versions"])
        return Response(Foreseen(bulk.preview(cases, told["act"], words, by=user), many=True).data)

    preview.is_plain = True  # type: ignore[attr-defined]

    def in_list(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The batches with who asked."""
        return super().in_list(rows.select_related("asked_by"))

    def in_detail(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The batch with its cases."""
        items = BatchItem.objects.select_related("case").order_by("pk")
        return rows.select_related("asked_by").prefetch_related(Prefetch("items", items))
