"""`/api/v1/submissions/`: what reviewed parties said, and how that was considered."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from rest_framework import serializers

from riskreview.accounts.tokens import Scope
from riskreview.cases.models import Case, Consideration, Heard, Submission
from riskreview.cases.playbook.vocabulary import CONTENTS

from .filters import Filters
from .inputs import LONG_TEXT, RowField, VendorField, Words
from .judgements import DocumentField
from .outputs import DocumentReference, Person, Shown, VendorReference, Versioned
from .resource import Resource, act, make


class ConsiderationShown(Shown):
    """How a submission was considered, and whether that changed the outcome."""

    considered_by = Person(read_only=True)

    class Meta:
        model = Consideration
        fields = ("text", "changed_outcome", "considered_by", "considered_at")


class SubmissionRow(Versioned):
    """What a party said within the right of reply `key`, as the case's playbook calls it. `state` NO_REPLY: it said
    nothing; NOT_SOUGHT: it was not asked, and `why` says why. Before something received has its consideration, no
    decision is proposed."""

    case = serializers.SlugRelatedField[Any](slug_field="ref", read_only=True)
    party = VendorReference(read_only=True)
    document = DocumentReference(read_only=True, allow_null=True)
    recorded_by = Person(read_only=True)
    considerations = ConsiderationShown(many=True, read_only=True)

    class Meta:
        model = Submission
        fields = (
            "id", "case", "key", "round", "number", "party", "state", "received_at", "is_late", "confidential", "kinds",
            "summary", "document", "why", "considerations", "recorded_by", "recorded_at", "version",
        )  # fmt: skip


class Replying(Words):
    """One party within one right of reply of a case."""

    case = RowField(Case.objects.visible_to, slug_field="ref", queryset=Case.objects.all())
    key = serializers.CharField(max_length=60)
    party = VendorField()


class Receive(Replying):
    """What a party submitted. It is taken however late it came."""

    received_at = serializers.DateTimeField()
    kinds = serializers.ListField(child=serializers.ChoiceField(choices=CONTENTS), required=False, max_length=20)
    confidential = serializers.BooleanField(required=False)
    summary = serializers.CharField(max_length=LONG_TEXT, required=False, allow_blank=True)
    document = DocumentField(required=False, allow_null=True)


class NoteSilence(Replying):
    """That a party did not reply, or, with `sought` false, that no reply was sought, and why."""

    sought = serializers.BooleanField()
    why = serializers.CharField(max_length=LONG_TEXT, required=False, allow_blank=True)


class Consider(Words):
    """How a submission was considered. Sent again, it takes the place of what was written before."""

    text = serializers.CharField(max_length=LONG_TEXT)
    changed_outcome = serializers.BooleanField()


class SubmissionFilters(Filters):
    """Which submissions."""

    case = django_filters.CharFilter(field_name="case__ref", label="Reference of a case.", max_length=16)
    state = django_filters.ChoiceFilter(choices=Heard.choices)


class Submissions(Resource):
    """What parties said, by id. Lists begin with the oldest."""

    model, row, detail_row = Submission, SubmissionRow, SubmissionRow
    filterset_class = SubmissionFilters
    write_scope = Scope.CASES_WRITE

    receive = make(Submission.objects.receive, takes=Receive)
    note_silence = make(Submission.objects.note_silence, takes=NoteSilence)
    consider = act(Submission.consider, takes=Consider)

    def in_list(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The submissions with everything they name."""
        return super().in_list(self.in_detail(rows))

    def in_detail(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The submission with everything it names."""
        return heard(rows.select_related("case"))


def heard(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Submissions with everything they name."""
    named = rows.select_related("party", "document", "recorded_by")
    return named.prefetch_related("considerations__considered_by")
