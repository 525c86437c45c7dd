"""`/api/v1/consultations/`: whom cases asked, what they said, and what their silence means."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from rest_framework import serializers

from riskreview.accounts.tokens import Scope
from riskreview.cases.models import Case, Consultation, Standing
from riskreview.cases.playbook.vocabulary import RANKS, RESPONSES

from .filters import Filters
from .inputs import LONG_TEXT, Reason, RowField, Words
from .judgements import DocumentField
from .outputs import DocumentReference, Person, Versioned
from .resource import Resource, act, make


class ConsultationRow(Versioned):
    """A body that was asked about `key`, as the case's playbook calls it. `weight` is what an objection counts as:
    COMMENT came from below the rank that counts and defeats nothing, nor does LATE_OBJECTION. `due_on` is the last day
    of its time."""

    case = serializers.SlugRelatedField[Any](slug_field="ref", read_only=True)
    document = DocumentReference(read_only=True, allow_null=True)
    answer_document = DocumentReference(read_only=True, allow_null=True)
    asked_by = Person(read_only=True)
    presumed_by = Person(read_only=True, allow_null=True)
    due_on = serializers.DateField(source="ends.on", read_only=True, allow_null=True)

    class Meta:
        model = Consultation
        fields = (
            "id", "case", "key", "round", "consultee", "state", "sent_at", "due_on", "document", "response", "weight",
            "responder", "rank", "answered_at", "answer_text", "answer_document", "presumed_by", "asked_by", "asked_at",
            "version",
        )  # fmt: skip


class Send(Words):
    """A body that was asked. Its time runs from `sent_at`."""

    case = RowField(Case.objects.visible_to, slug_field="ref", queryset=Case.objects.all())
    key = serializers.CharField(max_length=60)
    consultee = serializers.CharField(max_length=200)
    sent_at = serializers.DateTimeField()
    document = DocumentField(required=False, allow_null=True)


class Answer(Words):
    """What a body said. An objection counts by `rank` where the playbook asks for one, and by `answered_at`."""

    response = serializers.ChoiceField(choices=RESPONSES)
    responder = serializers.CharField(max_length=200, required=False, allow_blank=True)
    rank = serializers.ChoiceField(choices=RANKS, required=False, allow_blank=True)
    answered_at = serializers.DateTimeField()
    answer = serializers.CharField(max_length=LONG_TEXT, required=False, allow_blank=True)
    document = DocumentField(required=False, allow_null=True)


class ConsultationFilters(Filters):
    """Which consultations."""

    case = django_filters.CharFilter(field_name="case__ref", label="Reference of a case.", max_length=16)
    key = django_filters.CharFilter(label="What about, as the playbook calls it.", max_length=60)
    state = django_filters.ChoiceFilter(choices=Standing.choices)


class Consultations(Resource):
    """Whom cases asked, by id. Lists begin with the oldest."""

    model, row, detail_row = Consultation, ConsultationRow, ConsultationRow
    filterset_class = ConsultationFilters
    write_scope = Scope.CASES_WRITE

    send = make(Consultation.objects.send, takes=Send)
    answer = act(Consultation.answer, takes=Answer)
    presume_concurrence = act(Consultation.presume_concurrence)
    mark_undeliverable = act(Consultation.mark_undeliverable, takes=Reason)

    def in_list(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The consultations with everything they name."""
        return super().in_list(self.in_detail(rows))

    def in_detail(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The consultation with everything it names."""
        return asked(rows.select_related("case__playbook"))


def asked(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Consultations with everything they name."""
    named = rows.select_related("document", "answer_document", "asked_by", "presumed_by")
    return named.prefetch_related("case__clocks")
