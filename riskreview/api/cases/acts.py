"""What the acts on a case take."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from riskreview.cases.models import Confidence, Credibility, Disposition, Likelihood, Priority, RiskArea, Stance

from ..inputs import LONG_TEXT, PersonField, ProductField, Reason, SnapshotField, VendorField, Words


def each_once(rows: list[Any]) -> list[Any]:
    """The rows in the order they were made, so that the same act leaves the same entry however it was spelt."""
    return sorted(set(rows), key=lambda row: row.pk)


class Open(Words):
    """A question for the reviewers. `on` is the day it was asked, today unless given."""

    title = serializers.CharField(max_length=200)
    question = serializers.CharField(max_length=LONG_TEXT)
    requester = serializers.CharField(max_length=200)
    vendors = serializers.ListField(child=VendorField(), max_length=50, required=False)
    products = serializers.ListField(child=ProductField(), max_length=50, required=False)
    priority = serializers.ChoiceField(choices=Priority.choices, required=False)
    due_at = serializers.DateTimeField(required=False, allow_null=True)
    on = serializers.DateField(required=False)

    def validate_vendors(self, rows: list[Any]) -> list[Any]:
        """Each once."""
        return each_once(rows)

    def validate_products(self, rows: list[Any]) -> list[Any]:
        """Each once."""
        return each_once(rows)

    def validate_on(self, day: Any) -> Any:
        """A day whose year a reference can carry."""
        if day.year < 1000:
            raise serializers.ValidationError("Give the year with four digits.")
        return day


class Assign(Words):
    """Who works on the case."""

    to = PersonField(help_text="Id or e-mail address of the reviewer.")


class Reschedule(Reason):
    """When the case is due and how urgent it is, and why that changed."""

    due_at = serializers.DateTimeField(allow_null=True)
    priority = serializers.ChoiceField(choices=Priority.choices)


class AddExhibit(Words):
    """The passage `text[start:end]` of a snapshot, in Unicode code points."""

    snapshot = SnapshotField(help_text="Id of the snapshot.")
    start = serializers.IntegerField(min_value=0, max_value=10_000_000)
    end = serializers.IntegerField(min_value=1, max_value=10_000_000)
    stance = serializers.ChoiceField(choices=Stance.choices, required=False)
    credibility = serializers.ChoiceField(choices=Credibility.choices, required=False)
    note = serializers.CharField(max_length=LONG_TEXT, required=False, allow_blank=True)


class AddFinding(Words):
    """What the evidence means. `exhibits` are numbers of exhibits of this case."""

    risk_area = serializers.ChoiceField(choices=RiskArea.choices)
    judgment = serializers.CharField(max_length=LONG_TEXT)
    likelihood = serializers.ChoiceField(choices=Likelihood.choices)
    confidence = serializers.ChoiceField(choices=Confidence.choices)
    exhibits = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=30_000), min_length=1, max_length=100
    )
    basis = serializers.CharField(max_length=LONG_TEXT, required=False, allow_blank=True)

    def validate_exhibits(self, numbers: list[int]) -> list[Any]:
        """The case's own exhibits with these numbers."""
        found = {each.number: each for each in self.context["row"].exhibits.filter(number__in=numbers)}
        if absent := sorted(set(numbers) - found.keys()):
            raise serializers.ValidationError(f"This case has no exhibit {absent[0]}.")
        return [found[number] for number in sorted(set(numbers))]


class Hold(Reason):
    """What the case waits for, and until when."""

    until = serializers.DateField(required=False, allow_null=True)


class Recommend(Words):
    """A recommendation: what to do, why, who disagrees, and to whom the case is referred."""

    disposition = serializers.ChoiceField(choices=Disposition.choices)
    rationale = serializers.CharField(max_length=LONG_TEXT)
    dissent = serializers.CharField(max_length=LONG_TEXT, required=False, allow_blank=True)
    referred_to = serializers.CharField(max_length=200, required=False, allow_blank=True)


class Approve(Words):
    """What the approver wants on record with the signature."""

    statement = serializers.CharField(max_length=LONG_TEXT, required=False, allow_blank=True)
