"""`/api/v1/publications/`, `/legalstatuses/`, `/exemptions/`: what becomes of decisions. And how a vendor stands on a
day."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from riskreview.accounts.days import site_day
from riskreview.accounts.tokens import Scope
from riskreview.cases import effective
from riskreview.cases.models import Decision, Exemption, LegalEvent, LegalStatus, Publication

from .authentication import caller
from .cases.effects import ConditionShown, EffectShown, TrackShown
from .clocks import CaseField, OfCaseFilters
from .inputs import LONG_TEXT, Reason, Words
from .judgements import DocumentField
from .outputs import DocumentReference, Person, Shown, Versioned
from .resource import Resource, ThroughTheApi, act, make


class OfDecision(Words):
    """About a decision of a case, by its number."""

    case = CaseField()
    decision = serializers.IntegerField(min_value=1, max_value=30_000)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The decision, and the effect if one is named, as rows. Raises `ValidationError`."""
        decision = attrs["case"].decisions.filter(number=attrs["decision"]).first()
        if decision is None:
            raise serializers.ValidationError({"decision": ["The case has no decision of this number."]})
        found: dict[str, Any] = {"decision": decision}
        if attrs.get("effect") is not None:
            found["effect"] = decision.effects.filter(number=attrs["effect"]).first()
            if found["effect"] is None:
                raise serializers.ValidationError({"effect": ["The decision has no effect of this number."]})
        return attrs | found


class OfDecisionOrEffect(OfDecision):
    """About a decision of a case, or about one of its effects."""

    effect = serializers.IntegerField(min_value=1, max_value=30_000, required=False, allow_null=True)


class Publish(OfDecision):
    """Where and when the decision was made public, or the reason `why_not`; one of the two."""

    channel = serializers.CharField(max_length=120)
    reference = serializers.CharField(max_length=200, required=False, allow_blank=True)
    published_on = serializers.DateField(required=False, allow_null=True)
    why_not = serializers.CharField(max_length=LONG_TEXT, required=False, allow_blank=True)
    document = DocumentField(required=False, allow_null=True)


class RecordStatus(OfDecisionOrEffect):
    """What happened on a track, a statute or a docket. `until` is the day from which it holds no more."""

    track = serializers.CharField(max_length=120)
    kind = serializers.ChoiceField(choices=LegalEvent.choices)
    forum = serializers.CharField(max_length=120)
    as_of = serializers.DateField()
    until = serializers.DateField(required=False, allow_null=True)
    citation = serializers.CharField(max_length=300, required=False, allow_blank=True)
    document = DocumentField(help_text="The order or ruling that says so, in the archive.")
    passage = serializers.CharField(
        max_length=LONG_TEXT, help_text="Where it says so, word for word: 20 characters at least, or a whole sentence."
    )


class Grant(OfDecisionOrEffect):
    """Whom the decision does not apply to, from the first day to the last, and on what grounds."""

    kind = serializers.ChoiceField(choices=Exemption.Kind.choices, required=False)
    holder = serializers.CharField(max_length=200)
    grounds = serializers.CharField(max_length=LONG_TEXT)
    starts_on = serializers.DateField()
    expires_on = serializers.DateField()


class Revoke(Reason):
    """The day from which the exemption holds no more."""

    on = serializers.DateField()


class OfDecisionRow(Versioned):
    """A row about a decision of a case; `decision` and `effect` are numbers."""

    case = serializers.SlugRelatedField[Any](slug_field="ref", read_only=True)
    decision = serializers.SlugRelatedField[Any](slug_field="number", read_only=True)


class PublicationRow(OfDecisionRow):
    """Where a decision was made public, or why it is not."""

    document = DocumentReference(read_only=True, allow_null=True)
    recorded_by = Person(read_only=True)

    class Meta:
        model = Publication
        fields = (
            "id", "case", "decision", "channel", "reference", "published_on", "why_not", "document", "recorded_by",
            "recorded_at", "version",
        )  # fmt: skip


class LegalStatusRow(OfDecisionRow):
    """What happened in law on one track; without an effect, to the whole decision. `word` says whether a second person
    confirmed it. What a court or an authority did counts once it is recorded; what we did ourselves (postponed,
    superseded, rescinded, expired) once it is confirmed; what was struck never."""

    effect = serializers.SlugRelatedField[Any](slug_field="number", read_only=True, allow_null=True)
    document = DocumentReference(read_only=True, allow_null=True)
    recorded_by = Person(read_only=True)
    judged_by = Person(read_only=True, allow_null=True)

    class Meta:
        model = LegalStatus
        fields = (
            "id", "case", "decision", "effect", "track", "kind", "forum", "as_of", "until", "citation", "document",
            "passage", "recorded_by", "recorded_at", "word", "judged_by", "judged_at", "why_struck", "version",
        )  # fmt: skip


class ExemptionRow(OfDecisionRow):
    """Whom a decision does not apply to, until `expires_on`, the last day, or up to `revoked_on`."""

    effect = serializers.SlugRelatedField[Any](slug_field="number", read_only=True, allow_null=True)
    granted_by = Person(read_only=True)

    class Meta:
        model = Exemption
        fields = (
            "id", "case", "decision", "effect", "kind", "holder", "grounds", "starts_on", "expires_on", "revoked_on",
            "granted_by", "version",
        )  # fmt: skip


class OfDecisions(Resource):
    """Rows about decisions, by id. Lists begin with the oldest."""

    filterset_class = OfCaseFilters
    write_scope = Scope.DECISIONS_WRITE
    named: tuple[str, ...] = ("case", "decision")

    def in_list(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The rows with everything they name."""
        return super().in_list(self.in_detail(rows))

    def in_detail(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The row with everything it names."""
        return rows.select_related(*self.named)


class Publications(OfDecisions):
    """Publications."""

    model, row, detail_row = Publication, PublicationRow, PublicationRow
    named = ("case", "decision", "document", "recorded_by")

    publish = make(Publication.objects.publish, takes=Publish)


class LegalStatuses(OfDecisions):
    """Events in law."""

    model, row, detail_row = LegalStatus, LegalStatusRow, LegalStatusRow
    named = ("case", "decision", "effect", "document", "recorded_by", "judged_by")

    record = make(LegalStatus.objects.record, takes=RecordStatus)
    confirm = act(LegalStatus.confirm)
    strike = act(LegalStatus.strike, takes=Reason)


class Exemptions(OfDecisions):
    """Exemptions."""

    model, row, detail_row = Exemption, ExemptionRow, ExemptionRow
    named = ("case", "decision", "effect", "granted_by")

    grant = make(Exemption.objects.grant, takes=Grant)
    revoke = act(Exemption.revoke, takes=Revoke)


class DecisionReference(Shown):
    """A decision, by number, with its words and when it was signed."""

    title = serializers.CharField(source="get_disposition_display", read_only=True)

    class Meta:
        model = Decision
        fields = ("number", "disposition", "title", "approved_at")


class HeldShown(serializers.Serializer[Any]):
    """An effect on a day, with the case and the decision it comes from, each track, and who is exempt on that day."""

    case = serializers.CharField(source="case.ref")
    decision = DecisionReference()
    decision_state = serializers.CharField(source="state.value")
    decision_state_confirmed = serializers.BooleanField(
        source="stand.confirmed", help_text="False: it rests on an event that no second person confirmed."
    )
    effect = EffectShown()
    tracks = TrackShown(source="force.tracks", many=True)
    breach = serializers.CharField(
        help_text="In force while conditions of its decision are broken: which, and whether the case is open again."
    )
    exemptions = ExemptionRow(many=True)


class AskedShown(ConditionShown):
    """A condition of a decision that stands. `state` is that of the day; without a watch, that of now."""

    case = serializers.CharField(read_only=True)

    class Meta(ConditionShown.Meta):
        fields = ("case", *ConditionShown.Meta.fields)  # type: ignore[assignment]

    def to_representation(self, asked: Any) -> dict[str, Any]:
        """The condition, with its state on the day."""
        asked.condition.case = asked.case
        return super().to_representation(asked.condition) | {"case": asked.case.ref, "state": asked.state.value}


class VendorStandingShown(serializers.Serializer[Any]):
    """How a vendor stands on a day. `in_force`: on at least one track; `conditions`: what those decisions ask, and
    those that have no effects."""

    on = serializers.DateField()
    in_force = HeldShown(many=True)
    not_in_force = HeldShown(many=True)
    conditions = AskedShown(many=True)


class Day(serializers.Serializer[Any]):
    """The day that is asked for."""

    on = serializers.DateField(required=False)


class WithStanding(ThroughTheApi):
    """A resource of vendors that tells how one stands."""

    @extend_schema(
        responses=VendorStandingShown, parameters=[OpenApiParameter("on", type=str, description="A day, today.")]
    )
    @action(detail=True, pagination_class=None, filter_backends=[])
    def standing(self, request: Request, **lookup: str) -> Response:
        """What is in force against a vendor and what it ships on a day, and what is decided and not in force."""
        given = Day(data=request.query_params)
        given.is_valid(raise_exception=True)
        on = given.validated_data.get("on") or site_day(timezone.now())
        vendor = self.get_object()  # type: ignore[attr-defined]
        found = effective.standing(vendor, on, user=caller(request))
        return Response(VendorStandingShown(found, context=self.get_serializer_context()).data)  # type: ignore[attr-defined]
