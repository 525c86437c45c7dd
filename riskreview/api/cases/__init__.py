"""`/api/v1/cases/`: questions put to reviewers, worked to a decision by two people."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from riskreview.accounts.tokens import Scope
from riskreview.cases import likeness
from riskreview.cases.models import Case, Priority
from riskreview.cases.models.case import DUE_BY
from riskreview.cases.warc import Evidence
from riskreview.cases.workflow import OPEN, Status
from riskreview.vendors.models import Vendor

from ..authentication import caller
from ..documents import AnyForm, uninterpreted
from ..following import Followed, FollowedFilters
from ..inputs import Reason
from ..resource import Resource, act, make
from . import acts, effects, evidence, procedure, signing, together
from .answers import CaseDetail, CaseRow, with_everything
from .kept import Kept


class CaseFilters(FollowedFilters):
    """Which cases."""

    status = django_filters.ChoiceFilter(choices=Status.choices)
    unfinished = django_filters.BooleanFilter(method="still_open", label="Whether the case still needs a decision.")
    priority = django_filters.TypedChoiceFilter(choices=Priority.choices, coerce=int)
    assigned_to = django_filters.UUIDFilter(field_name="assigned_to_id", label="Id of the reviewer.")
    vendor = django_filters.CharFilter(method="about", label="Slug of a vendor the case is about.", max_length=80)
    due_before = django_filters.IsoDateTimeFilter(method="pressing", label="Due before.")
    team = django_filters.CharFilter(field_name="team__slug", label="Short name of a team.", max_length=40)
    label = django_filters.CharFilter(method="labelled", label="A label.", max_length=40)
    q = django_filters.CharFilter(method="asking", label="Part of the title or question.", max_length=200)

    def still_open(self, rows: Any, name: str, wanted: bool) -> Any:
        """Cases with, or without, a decision still to come."""
        return rows.unfinished() if wanted else rows.exclude(status__in=OPEN)

    def pressing(self, rows: Any, name: str, moment: Any) -> Any:
        """Cases whose day, or whose binding limit, comes before a moment."""
        return rows.alias(due_by=DUE_BY).filter(due_by__lt=moment)

    def about(self, rows: Any, name: str, slug: str) -> Any:
        """Cases about a vendor or one of its products, or about one merged into it."""
        named = Vendor.objects.under(slug)
        return rows.filter(Q(vendors__in=named) | Q(products__vendor__in=named)).distinct()

    def labelled(self, rows: Any, name: str, label: str) -> Any:
        """Cases under a label."""
        return rows.filter(labels__contains=[label.strip().lower()])

    def asking(self, rows: Any, name: str, text: str) -> Any:
        """Cases whose title or question contains the text."""
        return rows.filter(Q(title__icontains=text) | Q(question__icontains=text))


class Cases(Followed, Kept, Resource):
    """Cases, by reference. Lists are in the order of the queue: due time, then priority, then age."""

    model, row, detail_row = Case, CaseRow, CaseDetail
    lookup_field, lookup_value_regex = "ref", r"RR-[0-9]{4}-[0-9]{4,8}"
    filterset_class = CaseFilters
    write_scope = Scope.CASES_WRITE

    open = make(Case.objects.open, takes=acts.Open)
    assign = act(Case.assign, takes=acts.Assign)
    reschedule = act(Case.reschedule, takes=acts.Reschedule)
    add_exhibit = act(Case.add_exhibit, takes=evidence.AddExhibit)
    amend_exhibit = act(Case.amend_exhibit, takes=evidence.AmendExhibit)
    withdraw_exhibit = act(Case.withdraw_exhibit, takes=evidence.WithdrawExhibit)
    add_finding = act(Case.add_finding, takes=evidence.AddFinding)
    amend_finding = act(Case.amend_finding, takes=evidence.AmendFinding)
    withdraw_finding = act(Case.withdraw_finding, takes=evidence.WithdrawFinding)
    review_finding = act(Case.review_finding, takes=evidence.ReviewFinding)
    search_again = act(Case.search_again)
    hold = act(Case.hold, takes=acts.Hold)
    resume = act(Case.resume)
    submit = act(Case.submit, takes=signing.Recommend, scope=Scope.DECISIONS_WRITE)
    revise = act(Case.revise, takes=signing.Recommend, scope=Scope.DECISIONS_WRITE)
    approve = act(Case.approve, takes=signing.Approve, scope=Scope.DECISIONS_WRITE)
    dissent = act(Case.dissent, takes=signing.Dissent, scope=Scope.DECISIONS_WRITE)
    send_back = act(Case.send_back, takes=Reason, scope=Scope.DECISIONS_WRITE)
    withdraw = act(Case.withdraw, takes=Reason)
    reopen = act(Case.reopen, takes=Reason)
    draft_effect = act(Case.draft_effect, takes=effects.DraftEffect)
    amend_effect = act(Case.amend_effect, takes=effects.AmendEffect)
    drop_effect = act(Case.drop_effect, takes=effects.OfEffect)
    postpone_effect = act(Case.postpone_effect, takes=effects.PostponeEffect, scope=Scope.DECISIONS_WRITE)
    agree_postponement = act(Case.agree_postponement, takes=effects.AgreePostponement, scope=Scope.DECISIONS_WRITE)
    refuse_postponement = act(Case.refuse_postponement, takes=effects.RefusePostponement, scope=Scope.DECISIONS_WRITE)
    draft_condition = act(Case.draft_condition, takes=effects.DraftCondition)
    amend_condition = act(Case.amend_condition, takes=effects.AmendCondition)
    drop_condition = act(Case.drop_condition, takes=effects.OfCondition)
    settle_condition = act(Case.settle_condition, takes=effects.SettleCondition, scope=Scope.DECISIONS_WRITE)
    enter_stage = act(Case.enter_stage, takes=procedure.EnterStage)
    countersign_stage = act(Case.countersign_stage)
    seat = act(Case.seat, takes=procedure.Sitting)
    unseat = act(Case.unseat, takes=procedure.Sitting)
    attach_output = act(Case.attach_output, takes=procedure.AttachOutput)
    state_particular = act(Case.state_particular, takes=procedure.StateParticular)
    adopt_playbook = act(Case.adopt_playbook, takes=procedure.AdoptPlaybook)
    new_round = act(Case.new_round, takes=Reason)
    relabel = act(Case.relabel, takes=together.Relabel)
    file = act(Case.file, takes=together.File)
    snooze = act(Case.snooze, takes=together.SnoozeCase)
    wake = act(Case.wake)

    @extend_schema(responses=together.SimilarShown)
    @action(detail=True, pagination_class=None, filter_backends=[])
    def similar(self, request: Request, **lookup: str) -> Response:
        """The cases most like this one, with the reasons, and how the same risk was decided before."""
        case, user = self.found(self.get_queryset()), caller(request)
        found = {"similar": likeness.similar(case, user), "precedents": likeness.precedents(case, user)}
        return Response(together.SimilarShown(found, context=self.get_serializer_context()).data)

    @extend_schema(responses=signing.DifferenceShown(many=True))
    @action(detail=True, url_path=r"decisions/(?P<number>[0-9]{1,4})/changes", pagination_class=None)
    def changes(self, request: Request, number: str, **lookup: str) -> Response:
        """What differs between what was submitted as this version and the next one, or the case as it is now."""
        case = self.found(self.get_queryset())
        decision = get_object_or_404(case.decisions, number=int(number))
        return Response(signing.DifferenceShown(case.changes_since(decision), many=True).data)

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
        people = rows.select_related("assigned_to", "team").prefetch_related("vendors")
        queue: QuerySet[Any] = people.most_urgent_first()
        return queue

    def in_detail(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The case with everything on its page."""
        return with_everything(rows)
