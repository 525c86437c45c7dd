"""What the acts on a case take."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from riskreview.cases.models import Priority

from ..inputs import LONG_TEXT, PersonField, ProductField, Reason, VendorField, Words
from .procedure import PlaybookField


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
    playbook = PlaybookField(
        max_length=60, required=False, allow_blank=True, help_text="Key of the process it follows."
    )

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


class Hold(Reason):
    """What the case waits for, and until when."""

    until = serializers.DateField(required=False, allow_null=True)
