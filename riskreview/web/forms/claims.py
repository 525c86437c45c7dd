"""The forms of the claims board."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from riskreview.cases.models import Exhibit, Says
from riskreview.vendors.models import Vendor

from .base import Form, VerbForm, date, words

FINGERPRINT = r"[0-9a-f]{64}"


class StandForm(Form):
    """What somebody says, since when, and what shows it."""

    noun = "allegation"

    says = forms.ChoiceField(choices=Says, initial=Says.ALLEGED, label="What is said of it")
    speaker = forms.CharField(max_length=200, label="By whom", help_text="For the vendor itself, its name.")
    as_of = forms.DateField(widget=date(), label="Since")
    exhibit = forms.CharField(required=False, max_length=7, label="Exhibit that shows it", help_text="Such as E3.")
    note = forms.CharField(widget=words(2), required=False, max_length=4_000)

    def clean_exhibit(self) -> Exhibit | None:
        """The exhibit of the case, by its number."""
        given = self.cleaned_data["exhibit"].strip().upper().removeprefix("E")
        if not given:
            return None
        found = self.case.exhibits.filter(number=given).first() if given.isdecimal() else None
        if found is None:
            raise ValidationError("This case has no such exhibit.")
        return found  # type: ignore[no-any-return]


class Enter(StandForm):
    """A claim for the board."""

    verb, heading, button, icon = "enter", "Put a claim on the board", "Put it on the board", "quote"

    text = forms.CharField(widget=words(2), max_length=4_000, label="What is claimed", help_text="One sentence.")
    vendor = forms.ModelChoiceField(
        queryset=Vendor.objects.none(), required=False, label="About", empty_label="No vendor of this case"
    )
    fingerprint = forms.RegexField(regex=rf"\A{FINGERPRINT}\Z", required=False, widget=forms.HiddenInput)

    field_order = ("text", "vendor", "says", "speaker", "as_of", "exhibit", "note", "fingerprint")

    def prepare(self) -> None:
        """The vendors of the case."""
        vendors: Any = self.fields["vendor"]
        vendors.queryset = self.case.vendors.order_by("canonical_name")


class TakeStand(StandForm, VerbForm):
    """What somebody says now."""

    verb, heading, button, icon = "take_stand", "Somebody says something else", "Note it", "plus"
    explained = "Earlier stands stay on record; the newest of a speaker counts."
