"""What the acts on exhibits and findings take."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from riskreview.cases.matrix import Level
from riskreview.cases.models import Confidence, Credibility, Likelihood, RiskArea, SourceClass, Stance

from ..inputs import LONG_TEXT, Reason, SnapshotField, Words, own


def number() -> serializers.IntegerField:
    """The number of an exhibit or finding in its case."""
    return serializers.IntegerField(min_value=1, max_value=30_000)


def text() -> serializers.CharField:
    """Words that may be left out."""
    return serializers.CharField(max_length=LONG_TEXT, required=False, allow_blank=True)


def of_five(**options: Any) -> serializers.ChoiceField:
    """A step of the matrix, 1 (very low) to 5 (very high), or null."""
    return serializers.ChoiceField(choices=Level.choices, required=False, allow_null=True, **options)


class AddExhibit(Words):
    """The passage `text[start:end]` of a snapshot, in Unicode code points. Credibility 1 needs exhibits of the same
    stance from two independent texts."""

    snapshot = SnapshotField(help_text="Id of the snapshot.")
    start = serializers.IntegerField(min_value=0, max_value=10_000_000)
    end = serializers.IntegerField(min_value=1, max_value=10_000_000)
    stance = serializers.ChoiceField(choices=Stance.choices, required=False)
    credibility = serializers.ChoiceField(choices=Credibility.choices, required=False)
    note = text()
    source_class = serializers.ChoiceField(choices=SourceClass.choices, required=False)


class OfExhibit(Words):
    """An act on an exhibit, by its number in the case."""

    exhibit = number()

    def validate_exhibit(self, given: int) -> Any:
        """The case's own exhibit."""
        return own(self, "exhibits", number=given)


class AmendExhibit(OfExhibit):
    """What an exhibit does to the question, how credible it is, and how its source stands in law; all of it anew."""

    stance = serializers.ChoiceField(choices=Stance.choices)
    credibility = serializers.ChoiceField(choices=Credibility.choices)
    note = serializers.CharField(max_length=LONG_TEXT, allow_blank=True)
    source_class = serializers.ChoiceField(choices=SourceClass.choices)


class WithdrawExhibit(Reason, OfExhibit):
    """An exhibit, and why it is taken back."""


class AddFinding(Words):
    """What the evidence means. `exhibits` are numbers of exhibits of this case; those that `judgment` and `basis` cite
    (“… [E1, E2]”) are counted with them. Without `likelihood` it must be a fact. The four numbers place the risk in
    the 5 × 5 matrix before and after its `treatment`."""

    risk_area = serializers.ChoiceField(choices=RiskArea.choices)
    judgment = serializers.CharField(max_length=LONG_TEXT)
    likelihood = serializers.ChoiceField(choices=Likelihood.choices, required=False, allow_blank=True)
    confidence = serializers.ChoiceField(choices=Confidence.choices)
    exhibits = serializers.ListField(child=number(), min_length=1, max_length=100)
    basis = text()
    is_fact = serializers.BooleanField(required=False)
    assumptions = text()
    alternatives = text()
    treatment = text()
    risk_likelihood = of_five()
    risk_impact = of_five()
    residual_likelihood = of_five()
    residual_impact = of_five()

    def validate_exhibits(self, numbers: list[int]) -> list[Any]:
        """The case's own exhibits with these numbers."""
        found = {each.number: each for each in self.context["row"].exhibits.filter(number__in=numbers)}
        if absent := sorted(set(numbers) - found.keys()):
            raise serializers.ValidationError(f"This case has no exhibit {absent[0]}.")
        return [found[each] for each in sorted(set(numbers))]


class OfFinding(Words):
    """An act on a finding, by its number in the case."""

    finding = number()

    def validate_finding(self, given: int) -> Any:
        """The case's own finding."""
        return own(self, "findings", number=given)


class AmendFinding(AddFinding, OfFinding):
    """A finding worded anew, whole: what is left out is empty from now on."""


class WithdrawFinding(Reason, OfFinding):
    """A finding, and why it is taken back."""


class ReviewFinding(OfFinding):
    """A finding that you read against its exhibits."""
