"""`/api/v1/judgements/`: what people said of mentions, claims and signals that were read in documents."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from riskreview.accounts.tokens import Scope
from riskreview.evidence.models import Document, Judgement, Signal

from .filters import Filters
from .inputs import RowField, Words
from .outputs import DocumentReference, Person, Versioned
from .resource import Resource, act, make


class JudgementRow(Versioned):
    """A verdict on what was read at `text[start:end]`. `withdrawn_by` null: it is in force. `state` ORPHANED: the
    newest text does not have the target any more; the judgement holds again if it comes back. One that was taken back
    has no `state`."""

    document = DocumentReference(read_only=True)
    judged_by = Person(read_only=True)
    withdrawn_by = Person(read_only=True, allow_null=True)
    state = serializers.SerializerMethodField()

    class Meta:
        model = Judgement
        fields = (
            "id", "document", "target_kind", "fingerprint", "start", "end", "words", "verdict", "value", "reason",
            "state", "judged_by", "judged_at", "withdrawn_by", "withdrawn_at", "version",
        )  # fmt: skip

    @extend_schema_field(serializers.ChoiceField(choices=Judgement.State.choices, allow_null=True))
    def get_state(self, row: Judgement) -> str | None:
        """Whether the newest text has what was judged; None for what was taken back."""
        return row.state if row.withdrawn_at is None else None


class DocumentField(RowField):
    """A document by its id."""

    default_error_messages = {"invalid": "An id is a number."}

    def __init__(self, **options: Any) -> None:
        super().__init__(Document.objects.visible_to, slug_field="id", queryset=Document.objects.all(), **options)


class JudgeReading(Words):
    """Whether what has this `fingerprint` (of `/documents/{id}/analysis/`) was read rightly. DISPUTED is for claims;
    `value`, for signals read rightly, is the status they have in truth."""

    document = DocumentField()
    target_kind = serializers.ChoiceField(choices=Judgement.Kind.choices)
    fingerprint = serializers.RegexField(r"^[0-9a-f]{64}\Z")
    verdict = serializers.ChoiceField(choices=Judgement.Verdict.choices)
    value = serializers.ChoiceField(choices=Signal.Status.choices, required=False, allow_blank=True)
    reason = serializers.CharField(max_length=2_000, required=False, allow_blank=True)


class JudgementFilters(Filters):
    """Which judgements."""

    document = django_filters.NumberFilter(field_name="document_id", min_value=0, max_value=2**53)
    target_kind = django_filters.ChoiceFilter(choices=Judgement.Kind.choices)
    verdict = django_filters.ChoiceFilter(choices=Judgement.Verdict.choices)
    state = django_filters.ChoiceFilter(
        choices=Judgement.State.choices, method="in_state", label="Of those that nobody took back."
    )
    in_force = django_filters.BooleanFilter(
        field_name="withdrawn_at", lookup_expr="isnull", label="Whether nobody took it back."
    )

    def in_state(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those in a state."""
        return rows.filter(state=value, withdrawn_at=None)


class Judgements(Resource):
    """What people said of readings, by id. Lists begin with the newest."""

    model, row, detail_row = Judgement, JudgementRow, JudgementRow
    order = ("-judged_at", "-pk")
    filterset_class = JudgementFilters
    write_scope = Scope.DOCUMENTS_WRITE

    judge = make(Judgement.objects.judge, takes=JudgeReading)
    withdraw = act(Judgement.withdraw, now=timezone.now)

    def in_list(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The judgements with everything they name."""
        return super().in_list(self.in_detail(rows))

    def in_detail(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The judgement with everything it names."""
        return rows.select_related("document", "judged_by", "withdrawn_by")
