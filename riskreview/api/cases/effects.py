"""What a decision does and asks for: how it is sent, and how it looks in answers."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from riskreview.accounts.days import site_day
from riskreview.cases import effective
from riskreview.cases.models import Action, Condition, Effect, Kept, TargetKind

from ..inputs import LONG_TEXT, PersonField, ProductField, Reason, VendorField, Words, own
from ..outputs import Person, ProductReference, Shown, VendorReference
from .signing import Signed

EFFECT = ("action", "target_kind", "target", "population", "jurisdiction", "vendor", "product", "clause")
DAYS = ("starts_on", "ends_on")
POSTPONED = ("supersedes", "supersedes_on", "is_asked", "is_refused", "agreed_by")
CONDITION = ("text", "due_on", "owner", "watch", "parameters", "every_days", "on_trip")


class TrackShown(serializers.Serializer[Any]):
    """How an effect stands on one track (a statute or a docket; empty where nothing has happened in law), and why."""

    track = serializers.CharField(source="name")
    in_force = serializers.BooleanField()
    why = serializers.CharField()
    confirmed = serializers.BooleanField(help_text="False: it rests on an event that no second person confirmed.")


class EffectShown(Shown):
    """An effect. `decision` is the number of the version it is bound to; `tracks` tell, once that is approved, how it
    stands today: never in force while the decision is not made public. One that `is_asked` is a postponement that
    nobody has agreed to; one that `is_refused` was not to be."""

    decision = serializers.SlugRelatedField[Any](slug_field="number", read_only=True, allow_null=True)
    supersedes = serializers.SlugRelatedField[Any](slug_field="number", read_only=True, allow_null=True)
    vendor = VendorReference(read_only=True, allow_null=True)
    product = ProductReference(read_only=True, allow_null=True)
    agreed_by = Person(read_only=True, allow_null=True)
    tracks = serializers.SerializerMethodField()

    class Meta:
        model = Effect
        fields = ("number", "decision", *EFFECT, *DAYS, *POSTPONED, "tracks")

    @extend_schema_field(TrackShown(many=True))
    def get_tracks(self, effect: Effect) -> Any:
        """How it stands today."""
        if effect.decision is None or effect.decision.approved_at is None:
            return []
        return TrackShown(effective.force(effect, site_day(timezone.now())).tracks, many=True).data


class ConditionShown(Shown):
    """A condition. With a `watch` the product looks by itself: `looked_at` and `outcome` tell of the last look.
    `unseen_since` is set when it could not look: it is then not known whether the condition is kept."""

    decision = serializers.SlugRelatedField[Any](slug_field="number", read_only=True, allow_null=True)
    owner = Person(read_only=True, allow_null=True)
    looked_at = serializers.DateTimeField(source="looking.looked_at", read_only=True, default=None, allow_null=True)
    outcome = serializers.CharField(source="looking.outcome", read_only=True, default="")
    trouble = serializers.CharField(source="looking.last_error", read_only=True, default="")
    unseen_since = serializers.SerializerMethodField()

    class Meta:
        model = Condition
        fields = ("number", "decision", *CONDITION, "state", "note", "looked_at", "outcome", "trouble", "unseen_since")

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_unseen_since(self, condition: Condition) -> Any:
        """Since when nobody looked, if a look failed or is late."""
        looking = getattr(condition, "looking", None)
        return looking.unseen_since(timezone.now()) if looking else None


class DraftEffect(Words):
    """What the decision is to do: to what, for whom, where, from the first day to the last."""

    action = serializers.ChoiceField(choices=Action.choices)
    target_kind = serializers.ChoiceField(choices=TargetKind.choices)
    target = serializers.CharField(max_length=200)
    population = serializers.CharField(max_length=200)
    jurisdiction = serializers.CharField(max_length=200)
    vendor = VendorField(required=False, allow_null=True)
    product = ProductField(required=False, allow_null=True)
    clause = serializers.CharField(max_length=LONG_TEXT, required=False, allow_blank=True)
    starts_on = serializers.DateField(required=False, allow_null=True)
    ends_on = serializers.DateField(required=False, allow_null=True)


class OfEffect(Words):
    """An effect of the case, by its number."""

    effect = serializers.IntegerField(min_value=1, max_value=30_000)

    def validate_effect(self, number: int) -> Any:
        """The case's own effect."""
        return own(self, "effects", number=number)


class OfCondition(Words):
    """A condition of the case, by its number."""

    condition = serializers.IntegerField(min_value=1, max_value=30_000)

    def validate_condition(self, number: int) -> Any:
        """The case's own condition."""
        return own(self, "conditions", number=number)


def optional(field: serializers.Field[Any, Any, Any, Any]) -> serializers.Field[Any, Any, Any, Any]:
    """The same field, which may be left out."""
    field.required = False
    return field


class AmendEffect(DraftEffect, OfEffect):
    """Another wording of a draft. What is left out stays; null takes a day, a vendor or a product away."""

    def get_fields(self) -> dict[str, Any]:
        """Only the number is needed."""
        return {name: field if name == "effect" else optional(field) for name, field in super().get_fields().items()}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """What it says, with what is left out as it is."""
        return {name: getattr(attrs["effect"], name) for name in (*EFFECT, *DAYS)} | attrs


class PostponeEffect(Reason, OfEffect):
    """The day it begins instead, and the day `on` that this was ordered."""

    starts_on = serializers.DateField()
    on = serializers.DateField()


class AgreePostponement(OfEffect, Signed):
    """The password of the approver who agrees, and the effect that somebody asked for."""

    verb = "agree_postponement"


class RefusePostponement(Reason, OfEffect):
    """The effect that somebody asked for, and why it is not to be."""


class DraftCondition(Words):
    """What the decision is to ask for. `parameters` are those of the watch (docs/casework.md)."""

    text = serializers.CharField(max_length=LONG_TEXT)
    due_on = serializers.DateField(required=False, allow_null=True)
    owner = PersonField(required=False, allow_null=True, help_text="Id or e-mail address.")
    watch = serializers.ChoiceField(choices=Condition.Watch.choices, required=False, allow_blank=True)
    parameters = serializers.DictField(required=False, allow_null=True)
    every_days = serializers.IntegerField(min_value=1, max_value=366, required=False)
    on_trip = serializers.ChoiceField(choices=Condition.OnTrip.choices, required=False)


class AmendCondition(DraftCondition, OfCondition):
    """Another wording of a draft. What is left out stays; null takes a day or an owner away."""

    def get_fields(self) -> dict[str, Any]:
        """Only the number is needed."""
        return {name: field if name == "condition" else optional(field) for name, field in super().get_fields().items()}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """What it says, with what is left out as it is."""
        told = {name: getattr(attrs["condition"], name) for name in CONDITION} | attrs
        return told | {"parameters": told["parameters"] or None}


class SettleCondition(OfCondition):
    """How the condition went, and what was found."""

    state = serializers.ChoiceField(choices=[choice for choice in Kept.choices if choice[0] != Kept.OPEN])
    note = serializers.CharField(max_length=LONG_TEXT)
