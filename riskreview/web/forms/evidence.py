"""The forms with which evidence is brought, graded, weighed and taken back."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from riskreview.cases.matrix import Level
from riskreview.cases.models import Confidence, Credibility, Exhibit, Likelihood, RiskArea, SourceClass, Stance
from riskreview.cases.tradecraft import marked

from .base import VerbForm, words
from .passages import PassageForm


def to_choose(choices: Any) -> list[tuple[str, str]]:
    """A judgement is chosen, never left as the page loaded it."""
    return [("", "Choose…"), *choices.choices]


def of_five(label: str) -> forms.TypedChoiceField:
    """A step of the matrix, which may be left open."""
    steps = [("", "Not placed"), *Level.choices]
    return forms.TypedChoiceField(choices=steps, coerce=int, empty_value=None, required=False, label=label)


class AddExhibit(PassageForm):
    """A passage for the reviewers."""

    verb, heading, button, icon, shortcut = "add_exhibit", "Add evidence", "Add exhibit", "link", "e"

    stance = forms.ChoiceField(choices=Stance, initial=Stance.CONTEXT, label="What it does to the question")
    credibility = forms.TypedChoiceField(
        choices=Credibility, coerce=int, initial=Credibility.UNKNOWN, help_text="The letter comes from the source."
    )
    note = forms.CharField(widget=words(2), required=False, max_length=2_000)
    source_class = forms.ChoiceField(choices=SourceClass, initial=SourceClass.PUBLIC, label="How its source stands")


class PartForm(VerbForm):
    """A form for one exhibit or finding of the case, which stands in its row: `part` is its reference (E2, F1)."""

    column: ClassVar[str]
    icon: ClassVar[str] = "settings"

    @property
    def part(self) -> str:
        """The exhibit or finding it is about, such as E2."""
        letter, named = self.column[0].upper(), str(self.initial.get("part") or "")
        given = self.data.get(self.column, "") if self.is_bound else named[1:] if named[:1] == letter else ""
        return f"{letter}{given}" if given else ""

    def prepare(self) -> None:
        """The part by its number, and what it says now."""
        super().prepare()
        field: Any = forms.ModelChoiceField(
            queryset=getattr(self.subject, f"{self.column}s").filter(withdrawn_at=None),
            to_field_name="number",
            widget=forms.HiddenInput,
            error_messages={"invalid_choice": "There is no such row here, or it was withdrawn."},
        )
        self.fields[self.column] = field
        number = self.part[1:]
        row = field.queryset.filter(number=number).first() if number.isdecimal() and not self.is_bound else None
        if row:
            self.initial = {**self.initial, self.column: row.number, **self.now(row)}

    def now(self, row: Any) -> dict[str, Any]:
        """What the form starts from."""
        return {name: getattr(row, name) for name in self.fields if hasattr(row, name)}


class OfExhibit(PartForm):
    """About an exhibit."""

    column = "exhibit"


class AmendExhibit(OfExhibit):
    """An exhibit, judged anew."""

    verb, heading, button = "amend_exhibit", "Judge it anew", "Save"

    stance = forms.ChoiceField(choices=Stance, label="What it does to the question")
    credibility = forms.TypedChoiceField(
        choices=Credibility, coerce=int, help_text="1 needs another exhibit of the same stance and another origin."
    )
    note = forms.CharField(widget=words(2), required=False, max_length=2_000)
    source_class = forms.ChoiceField(choices=SourceClass, label="How its source stands")


class WithdrawExhibit(OfExhibit):
    """An exhibit, taken back."""

    verb, heading, button, icon = "withdraw_exhibit", "Withdraw", "Withdraw the exhibit", "x"
    explained = "It stays on record, struck through. No finding may rest on it."

    reason = forms.CharField(widget=words(2), max_length=2_000)


class RestsOn(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """The exhibits of a finding: at least one, but what is named in the words needs no tick."""

    says_optional = False


class AddFinding(VerbForm):
    """What the evidence means."""

    verb, heading, button, icon, shortcut = "add_finding", "Add finding", "Add finding", "scale", "f"

    risk_area = forms.ChoiceField(choices=to_choose(RiskArea))
    judgment = forms.CharField(
        label="Judgement",
        widget=words(),
        max_length=4_000,
        help_text="One sentence. If you need more, end each with its exhibits: “… are kept abroad [E1, E2].”",
    )
    is_fact = forms.BooleanField(required=False, label="It states a fact, and needs no likelihood")
    likelihood = forms.ChoiceField(
        choices=to_choose(Likelihood),
        error_messages={"required": "Say how likely it is, or mark the finding as a fact."},
    )
    confidence = forms.ChoiceField(
        choices=to_choose(Confidence), help_text="How sure you are, apart from how likely it is."
    )
    exhibits = RestsOn(
        queryset=Exhibit.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        label="Rests on",
        required=False,
        help_text="At least one exhibit: tick it here, or name it in the words: [E1].",
    )
    basis = forms.CharField(widget=words(2), required=False, max_length=4_000, label="Why these exhibits carry it")
    assumptions = forms.CharField(widget=words(2), required=False, max_length=4_000, label="What it assumes")
    alternatives = forms.CharField(widget=words(2), required=False, max_length=4_000, label="What else may be so")
    risk_likelihood = of_five("Risk: likelihood")
    risk_impact = of_five("Risk: impact")
    treatment = forms.CharField(widget=words(2), required=False, max_length=4_000, label="What is to be done about it")
    residual_likelihood = of_five("After that: likelihood")
    residual_impact = of_five("After that: impact")

    def prepare(self) -> None:
        """Only exhibits of this case carry a finding, and none that was withdrawn. Only a fact needs no likelihood."""
        super().prepare()
        self.fields["likelihood"].required = not self.data.get("is_fact")
        rests: Any = self.fields["exhibits"]
        rests.queryset = self.subject.exhibits.filter(withdrawn_at=None).select_related("document").order_by("number")
        rests.label_from_instance = lambda exhibit: f"{exhibit.ref} {exhibit.document}"

    def clean(self) -> dict[str, Any]:
        """What is named in the words needs no tick."""
        cleaned = super().clean() or self.cleaned_data
        named = len(marked(f"{cleaned.get('judgment', '')} {cleaned.get('basis', '')}")) > 1
        if not cleaned.get("exhibits") and not named:
            self.add_error("exhibits", "Tick at least one exhibit, or name it in the words: [E1].")
        return cleaned


class AmendFinding(AddFinding, PartForm):
    """A finding, worded anew."""

    verb, heading, button, icon, shortcut = "amend_finding", "Amend", "Save the finding", "settings", ""
    explained = "Its author stays, you are named as its editor, and a second reader must read it again."
    column = "finding"

    def now(self, row: Any) -> dict[str, Any]:
        """What the finding says, and what it rests on."""
        return super().now(row) | {"exhibits": [each.pk for each in row.exhibits.all()]}


class OfFinding(PartForm):
    """About a finding."""

    column = "finding"


class WithdrawFinding(OfFinding):
    """A finding, taken back."""

    verb, heading, button, icon = "withdraw_finding", "Withdraw", "Withdraw the finding", "x"
    explained = "It stays on record, struck through, and no longer carries the decision."

    reason = forms.CharField(widget=words(2), max_length=2_000)


class ReviewFinding(OfFinding):
    """A second reader."""

    verb, heading, button, icon = "review_finding", "I reviewed it", "Yes, it follows from its exhibits", "eye"
    explained = "Say so once you have read the passages it rests on."


FORMS: dict[str, type[VerbForm]] = {
    form.verb: form
    for form in (
        AddExhibit,
        AmendExhibit,
        WithdrawExhibit,
        AddFinding,
        AmendFinding,
        WithdrawFinding,
        ReviewFinding,
    )
}
