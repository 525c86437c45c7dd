"""`/api/v1/flags/`: what cases rest on has changed at its source. A machine raises them, people settle them."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Prefetch, QuerySet
from rest_framework import serializers

from riskreview.accounts.tokens import Scope
from riskreview.cases.models import Finding, Flag

from .documents import ChangeShown
from .filters import Filters
from .inputs import Reason
from .outputs import DocumentReference, Person, Versioned
from .resource import Resource, act


class FlagRow(Versioned):
    """An exhibit, by number, whose source changed after it was cited, and the numbers of the findings that rest on it.

    `passage_stands`: the cited words still stand in the newer capture. `settled_at` null: nobody has said yet whether
    what rests on it `still_holds`.
    """

    case = serializers.CharField(source="exhibit.case.ref", read_only=True)
    case_url = serializers.HyperlinkedRelatedField[Any](
        source="exhibit.case", view_name="api-cases-detail", lookup_field="ref", read_only=True
    )
    exhibit = serializers.IntegerField(source="exhibit.number", read_only=True)
    findings = serializers.SerializerMethodField()
    document = DocumentReference(source="change.document", read_only=True)
    change = ChangeShown(read_only=True)
    settled_by = Person(read_only=True, allow_null=True)

    class Meta:
        model = Flag
        fields = (
            "id", "case", "case_url", "exhibit", "findings", "document", "change", "passage_stands", "raised_at",
            "settled_at", "settled_by", "still_holds", "settlement", "version",
        )  # fmt: skip

    def get_findings(self, flag: Flag) -> list[int]:
        """Numbers of the findings that rest on the exhibit."""
        return [finding.number for finding in flag.findings]


class Settle(Reason):
    """Whether what rests on the exhibit still holds, and why."""

    still_holds = serializers.BooleanField()


class FlagFilters(Filters):
    """Which flags."""

    case = django_filters.CharFilter(field_name="exhibit__case__ref", label="Reference of a case.", max_length=16)
    document = django_filters.NumberFilter(field_name="change__document_id", min_value=0, max_value=2**53)
    open = django_filters.BooleanFilter(field_name="settled_at", lookup_expr="isnull", label="Whether it waits.")


class Flags(Resource):
    """Flags, by id. Lists begin with the newest."""

    model, row, detail_row = Flag, FlagRow, FlagRow
    order = ("-raised_at", "-pk")
    filterset_class = FlagFilters
    write_scope = Scope.CASES_WRITE

    settle = act(Flag.settle, takes=Settle)

    def in_list(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The flags with everything they name."""
        return super().in_list(with_everything(rows))

    def in_detail(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The flag with everything it names."""
        return with_everything(rows)


def with_everything(flags: QuerySet[Any]) -> QuerySet[Any]:
    """Flags with all they show, in two queries."""
    findings = Prefetch("exhibit__findings", Finding.objects.order_by("number"))
    return flags.select_related("exhibit__case", "change__document", "settled_by").prefetch_related(findings)
