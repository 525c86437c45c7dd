"""`/api/v1/cases/`: questions put to reviewers, worked to a decision by two people."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request

from riskreview.accounts.tokens import Scope
from riskreview.cases.models import Case, Priority
from riskreview.cases.warc import Evidence
from riskreview.cases.workflow import OPEN, Status
from riskreview.vendors.models import Vendor

from ..authentication import caller
from ..documents import AnyForm, uninterpreted
from ..filters import Filters
from ..inputs import Reason
from ..resource import Resource, act, make
from . import acts
from .answers import CaseDetail, CaseRow, with_everything


class CaseFilters(Filters):
    """Which cases."""

    status = django_filters.ChoiceFilter(choices=Status.choices)
    unfinished = django_filters.BooleanFilter(method="still_open", label="Whether the case still needs a decision.")
    priority = django_filters.TypedChoiceFilter(choices=Priority.choices, coerce=int)
    assigned_to = django_filters.UUIDFilter(field_name="assigned_to_id", label="Id of the reviewer.")
    vendor = django_filters.CharFilter(method="about", label="Slug of a vendor the case is about.", max_length=80)
    due_before = django_filters.IsoDateTimeFilter(field_name="due_at", lookup_expr="lt", label="Due before.")
    q = django_filters.CharFilter(method="asking", label="Part of the title or question.", max_length=200)

    def still_open(self, rows: Any, name: str, wanted: bool) -> Any:
        """Cases with, or without, a decision still to come."""
        return rows.unfinished() if wanted else rows.exclude(status__in=OPEN)

    def about(self, rows: Any, name: str, slug: str) -> Any:
        """Cases about a vendor or one of its products, or about one merged into it."""
        named = Vendor.objects.under(slug)
        return rows.filter(Q(vendors__in=named) | Q(products__vendor__in=named)).distinct()

    def asking(self, rows: Any, name: str, text: str) -> Any:
        """Cases whose title or question contains the text."""
        return rows.filter(Q(title__icontains=text) | Q(question__icontains=text))


class Cases(Resource):
    """Cases, by reference. Lists are in the order of the queue: due time, then priority, then age."""

    model, row, detail_row = Case, CaseRow, CaseDetail
    lookup_field, lookup_value_regex = "ref", r"RR-[0-9]{4}-[0-9]{4,8}"
    filterset_class = CaseFilters
    write_scope = Scope.CASES_WRITE

    open = make(Case.objects.open, takes=acts.Open)
    assign = act(Case.assign, takes=acts.Assign)
    reschedule = act(Case.reschedule, takes=acts.Reschedule)
    add_exhibit = act(Case.add_exhibit, takes=acts.AddExhibit)
    add_finding = act(Case.add_finding, takes=acts.AddFinding)
    search_again = act(Case.search_again)
    hold = act(Case.hold, takes=acts.Hold)
    resume = act(Case.resume)
    submit = act(Case.submit, takes=acts.Recommend, scope=Scope.DECISIONS_WRITE)
    revise = act(Case.revise, takes=acts.Recommend, scope=Scope.DECISIONS_WRITE)
    approve = act(Case.approve, takes=acts.Approve, scope=Scope.DECISIONS_WRITE)
    send_back = act(Case.send_back, takes=Reason, scope=Scope.DECISIONS_WRITE)
    withdraw = act(Case.withdraw, takes=Reason)
    reopen = act(Case.reopen, takes=Reason)

    @extend_schema(responses={(200, "application/gzip"): OpenApiTypes.BINARY})
    @action(detail=True, content_negotiation_class=AnyForm)
    def warc(self, request: Request, **lookup: str) -> StreamingHttpResponse:
        """The evidence of the case as a web archive (WARC 1.1, one gzip member per record).

        Every capture of every document that the exhibits cite. The audit trail notes who took it.
        """
        case = self.found(self.get_queryset())
        pieces = Evidence(case).taken(by=caller(request))
        headers = uninterpreted(f"{case.ref}.warc.gz")
        return StreamingHttpResponse(pieces, content_type="application/gzip", headers=headers)

    def in_list(self, rows: Any) -> QuerySet[Any]:
        """The queue with people and vendors."""
        queue: QuerySet[Any] = rows.select_related("assigned_to").prefetch_related("vendors").most_urgent_first()
        return queue

    def in_detail(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The case with everything on its page."""
        return with_everything(rows)
