"""The forms for what a decision does and asks for: effects and conditions, before it is made and afterwards."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.http import QueryDict

from riskreview.accounts.models import User
from riskreview.accounts.roles import Role
from riskreview.cases import watches
from riskreview.cases.models import Action, Condition, Effect, Kept, TargetKind
from riskreview.evidence.models import Source
from riskreview.vendors.models import Product, Vendor

from ..people import holding
from .base import VerbForm, date, words
from .picking import DocumentField
from .signing import SignedForm

WATCHED = "For a list, or a document that changes. The whole document is watched, not a passage of it."
LAST_DAY = "The last day it holds. Empty: without end."
SETTLED = [("", "Choose…"), *(choice for choice in Kept.choices if choice[0] != Kept.OPEN)]


class PartForm(VerbForm):
    """A form about one effect or condition; the page shows one for each, filled with what it says."""

    part: str
    rows: Any

    def __init__(self, data: QueryDict | None = None, *, row: Any = None, **given: Any) -> None:
        self.row = row
        given["initial"] = (given.get("initial") or {}) | ({self.part: row.pk} | self.of(row) if row else {})
        super().__init__(data, **given)

    def of(self, row: Any) -> dict[str, Any]:
        """What the form starts with, beside the row it is about."""
        return {}

    def prepare(self) -> None:
        """Only rows of this case."""
        self.fields[self.part].queryset = self.rows.filter(case=self.subject)  # type: ignore[attr-defined]
        super().prepare()

    @property
    def place(self) -> str:
        """The anchor, with the row it is about."""
        return f"{self.anchor}-{self.row.pk}" if self.row else self.anchor


class EffectForm(VerbForm):
    """What an effect says."""

    action = forms.ChoiceField(choices=Action, label="What it does")
    target_kind = forms.ChoiceField(choices=TargetKind, label="At which level")
    target = forms.CharField(max_length=200, label="To what", help_text="As the decision is to name it.")
    vendor = forms.ModelChoiceField(queryset=Vendor.objects.none(), required=False, label="On the register, it is")
    product = forms.ModelChoiceField(queryset=Product.objects.none(), required=False, label="Or this product")
    population = forms.CharField(max_length=200, label="For whom")
    jurisdiction = forms.CharField(max_length=200, label="Where")
    clause = forms.CharField(widget=words(2), required=False, max_length=4_000, label="Clause it rests on")
    starts_on = forms.DateField(
        required=False, widget=date(), label="From", help_text="Empty: from the day it is made public."
    )
    ends_on = forms.DateField(required=False, widget=date(), label="To", help_text=LAST_DAY)

    def prepare(self) -> None:
        """Offer the vendors and products of the case first of all: most effects are on them."""
        self.fields["vendor"].queryset = Vendor.objects.visible_to(self.user).standing().order_by("canonical_name")  # type: ignore[attr-defined]
        self.fields["product"].queryset = Product.objects.order_by("name")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Days in order."""
        cleaned = super().clean() or self.cleaned_data
        begun, ended = cleaned.get("starts_on"), cleaned.get("ends_on")
        if begun and ended and ended < begun:
            self.add_error("ends_on", "The effect ends before it begins.")
        return cleaned


class DraftEffect(EffectForm):
    """One more thing the decision does."""

    verb, heading, button, icon = "draft_effect", "Add effect", "Add effect", "gavel"
    explained = "What the decision does becomes part of what is submitted and signed."


class OfEffect(PartForm):
    """A form about one effect."""

    part, rows = "effect", Effect.objects.all()
    effect = forms.ModelChoiceField(queryset=Effect.objects.none(), widget=forms.HiddenInput)


class AmendEffect(OfEffect, EffectForm):
    """Another wording of an effect."""

    verb, heading, button, icon = "amend_effect", "Amend", "Save the effect", "settings"

    def of(self, row: Effect) -> dict[str, Any]:
        """What the effect says now."""
        names = ("action", "target_kind", "target", "population", "jurisdiction", "clause", "starts_on", "ends_on")
        return {name: getattr(row, name) for name in names} | {"vendor": row.vendor_id, "product": row.product_id}


class DropEffect(OfEffect):
    """Not this after all."""

    verb, heading, button, icon = "drop_effect", "Drop", "Drop the effect", "x"


class PostponeEffect(OfEffect):
    """Later than decided."""

    verb, heading, button, icon = "postpone_effect", "Postpone", "Ask to postpone", "calendar"
    explained = (
        "Two people signed this: an approver agrees before another effect stands in its place, and it does from the day"
        " of that agreement at the earliest."
    )

    on = forms.DateField(widget=date(), label="Ordered on", help_text="From this day the earlier one holds no more.")
    starts_on = forms.DateField(widget=date(), label="Begins on")
    reason = forms.CharField(widget=words(2), max_length=4_000)


class AgreePostponement(OfEffect, SignedForm):
    """The second person's word for it."""

    verb, heading, button, icon = "agree_postponement", "Agree", "Agree and sign", "gavel"
    explained = "It changes what two people signed. From now on this effect stands in the place of the other one."
    field_order = ("seen", "effect", "password")

    def arguments(self) -> dict[str, Any]:
        """Which, and who says so."""
        return {name: self.cleaned_data[name] for name in ("seen", "effect")} | {"confirmed": self.confirmed}


class RefusePostponement(OfEffect):
    """Not later than decided."""

    verb, heading, button, icon = "refuse_postponement", "Refuse", "Refuse the postponement", "x"

    reason = forms.CharField(widget=words(2), max_length=4_000)


class ConditionForm(VerbForm):
    """What a condition says."""

    text = forms.CharField(widget=words(2), max_length=4_000, label="What is asked for")
    due_on = forms.DateField(required=False, widget=date(), label="By")
    owner = forms.ModelChoiceField(queryset=User.objects.none(), required=False, label="Who sees to it")
    watch = forms.ChoiceField(
        choices=[("", "Nothing: a person looks"), *Condition.Watch.choices],
        required=False,
        label="The product watches whether",
    )
    document = DocumentField(label="Document that is watched", help_text=WATCHED)
    name = forms.CharField(required=False, max_length=200, label="Name on the list")
    wanted = forms.ChoiceField(
        required=False,
        choices=[("", "It must not be on it"), (watches.PRESENT, "It must be on it")],
        label="The list and the name",
    )
    source = forms.ModelChoiceField(queryset=Source.objects.none(), required=False, label="Source that goes quiet")
    any_source = forms.BooleanField(
        required=False, label="Believe any source, not only authorities", help_text="Brings more false alarms."
    )
    vendor = forms.ModelChoiceField(
        queryset=Vendor.objects.none(),
        required=False,
        label="Only incidents of this vendor",
        empty_label="All vendors of the case",
        help_text="Incidents have no scale of severity: any that is confirmed counts.",
    )
    product = forms.ModelChoiceField(
        queryset=Product.objects.none(), required=False, label="Or of this product", empty_label="All products"
    )
    every_days = forms.IntegerField(min_value=1, max_value=366, initial=1, label="Look every so many days")
    on_trip = forms.ChoiceField(choices=Condition.OnTrip, initial=Condition.OnTrip.REOPEN, label="When it is broken")

    def prepare(self) -> None:
        """Reviewers and leads see to conditions."""
        named = {each.pk for each in self.subject.vendors.all()}
        made = Product.objects.filter(Q(vendor__in=named) | Q(cases=self.subject)).distinct()
        about = Vendor.objects.filter(Q(pk__in=named) | Q(products__in=made)).distinct()
        self.fields["vendor"].queryset = about.order_by("canonical_name")  # type: ignore[attr-defined]
        self.fields["product"].queryset = made.order_by("name")  # type: ignore[attr-defined]
        self.fields["owner"].queryset = holding(Role.REVIEWER, Role.LEAD)  # type: ignore[attr-defined]
        self.fields["source"].queryset = Source.objects.visible_to(self.user).order_by("name")  # type: ignore[attr-defined]

    def arguments(self) -> dict[str, Any]:
        """What a watch needs goes to it as its parameters."""
        told = super().arguments()
        rows = ("document", "source", "vendor", "product")
        asked = {name: told.pop(name) for name in (*rows, "name", "wanted", "any_source")}
        for name in rows:
            asked[name] = asked[name].pk if asked[name] else None
        told["parameters"] = {name: value for name, value in asked.items() if value} or None
        return told


class DraftCondition(ConditionForm):
    """One more thing the decision asks for."""

    verb, heading, button, icon = "draft_condition", "Add condition", "Add condition", "list-checks"
    explained = "With a watch, the product looks by itself once the decision is signed, and says so when it could not."


class OfCondition(PartForm):
    """A form about one condition."""

    part, rows = "condition", Condition.objects.all()
    condition = forms.ModelChoiceField(queryset=Condition.objects.none(), widget=forms.HiddenInput)


class AmendCondition(OfCondition, ConditionForm):
    """Another wording of a condition."""

    verb, heading, button, icon = "amend_condition", "Amend", "Save the condition", "settings"

    def of(self, row: Condition) -> dict[str, Any]:
        """What the condition says now."""
        names = ("text", "due_on", "watch", "every_days", "on_trip")
        told = {name: getattr(row, name) for name in names}
        return {**told, "owner": row.owner_id, **row.parameters}


class DropCondition(OfCondition):
    """Not asked for after all."""

    verb, heading, button, icon = "drop_condition", "Drop", "Drop the condition", "x"


class SettleCondition(OfCondition):
    """How it went."""

    verb, heading, button, icon = "settle_condition", "Settle", "Settle the condition", "check"

    state = forms.ChoiceField(choices=SETTLED, label="It is")
    note = forms.CharField(widget=words(2), max_length=4_000, label="What you found")


FORMS: dict[str, type[VerbForm]] = {
    form.verb: form
    for form in (
        DraftEffect,
        AmendEffect,
        DropEffect,
        PostponeEffect,
        AgreePostponement,
        RefusePostponement,
        DraftCondition,
        AmendCondition,
        DropCondition,
        SettleCondition,
    )
}
