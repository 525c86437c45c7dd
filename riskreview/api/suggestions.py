"""`/api/v1/suggestions/`: documents the machine thinks a case should see. People decide."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import F, QuerySet
from rest_framework import serializers

from riskreview.accounts.tokens import Scope
from riskreview.cases.models import Case, Credibility, MatchWeights, Stance, Suggestion
from riskreview.cases.models.suggestion import snoozed

from .filters import Filters
from .inputs import Reason, RowField, Words
from .outputs import DocumentReference, Person, Versioned
from .resource import Resource, act


class SuggestionRow(Versioned):
    """A suggestion with its score (0 to 100), its reasons and the passage behind it. `state` OPEN: nobody has judged
    it; one that was put off is open, too, and has the day in `snoozed_until`. One that was dismissed and is asked about
    again stays DISMISSED, and says why in `renewal`."""

    case = serializers.SlugRelatedField[Any](slug_field="ref", read_only=True)
    document = DocumentReference(read_only=True)

    class Meta:
        model = Suggestion
        fields: tuple[str, ...] = (
            "id", "case", "document", "snapshot", "score", "band", "state", "reasons", "excerpt", "start", "end",
            "suggested_at", "snoozed_until", "renewal", "version",
        )  # fmt: skip


class SuggestionDetail(SuggestionRow):
    """A suggestion, whole: `parts` add up to the score, `exhibit` is the number it became."""

    parts = serializers.DictField(read_only=True)
    made_by = serializers.CharField(source="version", read_only=True, help_text="Version of the ranking.")
    judged_by = Person(read_only=True, allow_null=True)
    exhibit = serializers.SlugRelatedField[Any](slug_field="number", read_only=True, allow_null=True)

    class Meta(SuggestionRow.Meta):
        fields = (*SuggestionRow.Meta.fields, "parts", "made_by", "judged_by", "dismissal", "exhibit")


class Accept(Words):
    """What the passage does to the question, and how credible it is (1 to 6, NATO Admiralty scale)."""

    stance = serializers.ChoiceField(choices=Stance.choices, required=False)
    credibility = serializers.ChoiceField(choices=Credibility.choices, required=False)


class Refer(Accept):
    """Another case, by its reference, which takes the passage as an exhibit."""

    other = RowField(Case.objects.visible_to, slug_field="ref", queryset=Case.objects.all())


class Snooze(Words):
    """The day on which it is looked at again, one to come (UTC), at most 366 days from today."""

    until = serializers.DateField()


class SuggestionFilters(Filters):
    """Which suggestions. `waiting` are those that people are asked about now: the first page of triage."""

    case = django_filters.CharFilter(field_name="case__ref", label="Reference of a case.", max_length=16)
    document = django_filters.NumberFilter(field_name="document_id", min_value=0, max_value=2**53)
    state = django_filters.ChoiceFilter(
        choices=Suggestion.State.choices,
        label="What became of it. OPEN holds what was put off as well; narrow it with `snoozed`.",
    )
    snoozed = django_filters.BooleanFilter(method="of_snoozed", label="Whether it is put off until a day to come.")
    waiting = django_filters.BooleanFilter(
        method="of_waiting",
        label="Whether people are asked about it now, as the page counts: suggested, not put off, one of each text, "
        "for a case that takes exhibits.",
    )
    band = django_filters.ChoiceFilter(choices=Suggestion.Band.choices)
    min_score = django_filters.NumberFilter(field_name="score", lookup_expr="gte", min_value=0, max_value=100)

    def of_snoozed(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        """Those that wait for their day, or all others."""
        return rows.filter(snoozed() if value else ~snoozed())

    def of_waiting(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        """Those on the first page of triage, or all others."""
        waiting = Suggestion.objects.to_triage().order_by().values("pk")
        return rows.filter(pk__in=waiting) if value else rows.exclude(pk__in=waiting)


class Suggestions(Resource):
    """Suggestions, by id. Lists begin with the highest score."""

    model, row, detail_row = Suggestion, SuggestionRow, SuggestionDetail
    filterset_class = SuggestionFilters
    write_scope = Scope.CASES_WRITE

    accept = act(Suggestion.accept, takes=Accept)
    dismiss = act(Suggestion.dismiss, takes=Reason)
    restore = act(Suggestion.restore)
    refer = act(Suggestion.refer, takes=Refer)
    snooze = act(Suggestion.snooze, takes=Snooze)
    wake = act(Suggestion.wake)

    def in_list(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The suggestions with their cases and documents, best first."""
        newest = F("document__published_at").desc(nulls_last=True)
        return rows.select_related("case", "document").order_by("-score", newest, "pk")

    def in_detail(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The suggestion with everything it names."""
        return rows.select_related("case", "document", "judged_by", "exhibit")


class MatchWeightsRow(Versioned):
    """Weights of the parts of a score, in thousandths that add up to 1000, fitted to verdicts.

    `brier` and `shipped_brier` are in thousandths, less is better. `adopted_at` null: not in force.
    """

    name = serializers.CharField(source="__str__", read_only=True, help_text="How scores name them.")
    adopted_by = Person(read_only=True, allow_null=True)
    reliability = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField()),
        read_only=True,
        help_text="Ten bins of [from, to, verdicts, expected, accepted], shares in thousandths.",
    )

    class Meta:
        model = MatchWeights
        fields: tuple[str, ...] = (
            "id", "name", "text_weight", "vendor_weight", "signal_weight", "intercept", "slope", "verdicts", "accepted",
            "brier", "shipped_brier", "reliability", "fitted_at", "adopted_at", "adopted_by", "version",
        )  # fmt: skip


class Weights(Resource):
    """Weights that were fitted, by id, the newest first. The one adopted last is in force."""

    model, row, detail_row = MatchWeights, MatchWeightsRow, MatchWeightsRow
    order = ("-pk",)
    write_scope = Scope.CASES_WRITE

    adopt = act(MatchWeights.adopt, takes=Reason)
    abandon = act(MatchWeights.abandon, takes=Reason)

    def in_list(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The weights with whoever adopted them."""
        return rows.select_related("adopted_by").order_by(*self.order)
