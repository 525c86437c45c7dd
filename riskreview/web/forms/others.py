"""The forms of suggestions, vendors and incidents."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from riskreview.cases.models import Credibility, Stance
from riskreview.incidents.models import Incident, Involvement
from riskreview.vendors.models import Alias, Product, Relation, Vendor

from .base import Form, VerbForm, date, words
from .passages import PassageForm

LANGUAGE = "Language tag, such as zh or en."
YEARS = range(1900, 2101)


class Accept(VerbForm):
    """Take the passage into the case."""

    verb, heading, button, icon = "accept", "Accept", "Accept into the case", "check"

    stance = forms.ChoiceField(choices=Stance, initial=Stance.CONTEXT, label="What it does to the question")
    credibility = forms.TypedChoiceField(choices=Credibility, coerce=int, initial=Credibility.UNKNOWN)


class Dismiss(VerbForm):
    """It does not belong to the case."""

    verb, heading, button, icon = "dismiss", "Dismiss", "Dismiss", "x"

    reason = forms.CharField(max_length=400, label="Reason to dismiss it")


class Restore(VerbForm):
    """Undo a dismissal."""

    verb, heading, button, icon = "restore", "Undo", "Undo", "undo-2"


class RegisterVendor(Form):
    """A vendor for the register."""

    verb, noun, heading, button = "register", "vendor", "Register a vendor", "Register"

    canonical_name = forms.CharField(label="Name", max_length=200)
    hq_country = forms.RegexField(
        r"^[A-Z]{2}$", required=False, label="Country of its headquarters", help_text="Two capital letters, such as CN."
    )
    summary = forms.CharField(widget=words(2), required=False, max_length=4_000)


class Rename(VerbForm):
    """Another canonical name."""

    verb, heading, button, icon = "rename", "Rename", "Rename", "tag"
    explained = "The old name stays on record as a name of the vendor."

    canonical_name = forms.CharField(label="New name", max_length=200)


class Describe(VerbForm):
    """Who it is, in a few sentences."""

    verb, heading, button, icon = "describe", "Describe", "Save the description", "file-text"

    summary = forms.CharField(widget=words(), required=False, max_length=4_000)
    hq_country = forms.RegexField(
        r"^[A-Z]{2}$", required=False, label="Country of its headquarters", help_text="Empty: as it is on record."
    )
    legal_names = forms.CharField(widget=words(2), required=False, help_text="One on each line.")

    def prepare(self) -> None:
        """Start from what is on record."""
        self.initial.setdefault("summary", self.subject.summary)
        self.initial.setdefault("hq_country", self.subject.hq_country)
        self.initial.setdefault("legal_names", "\n".join(self.subject.legal_names))

    def clean_legal_names(self) -> list[str]:
        """The names, one for each line."""
        names = [name for line in self.cleaned_data["legal_names"].splitlines() if (name := line.strip())]
        if len(names) > 20 or any(len(name) > 200 for name in names):
            raise ValidationError("Give at most 20 names of at most 200 characters.")
        return names


class RetireAlias(VerbForm):
    """A name that is matched no more."""

    verb, heading, button, icon = "retire_alias", "Retire a name", "Retire", "x"
    explained = "It is not matched in texts any more. It stays for search and for the record."

    alias = forms.ModelChoiceField(queryset=Alias.objects.none(), label="Name")
    on = forms.DateField(widget=date(), label="From this day on")
    reason = forms.CharField(widget=words(2), max_length=2_000, help_text="Why is it not matched any more?")

    def prepare(self) -> None:
        """The names that are matched."""
        self.fields["alias"].queryset = self.subject.aliases.filter(valid_to=None).order_by("text")  # type: ignore[attr-defined]
        self.initial.setdefault("on", timezone.now().date())


class AddAlias(VerbForm):
    """One more name."""

    verb, heading, button = "add_alias", "Add name", "Add name"

    text = forms.CharField(label="Name", max_length=200)
    kind = forms.ChoiceField(choices=Alias.Kind, initial=Alias.Kind.TRADE)
    strength = forms.ChoiceField(
        choices=Alias.Strength, help_text="Weak: also an ordinary word, so it counts only in a fitting context."
    )
    language = forms.CharField(required=False, max_length=8, help_text=LANGUAGE)
    script = forms.CharField(required=False, max_length=4, help_text="ISO 15924, such as Hans or Latn.")
    source = forms.CharField(required=False, max_length=200, label="Where it is used")


class AddProduct(VerbForm):
    """One more product."""

    verb, heading, button = "add_product", "Add product", "Add product"

    name = forms.CharField(max_length=200)
    kind = forms.ChoiceField(choices=Product.Kind)
    version = forms.CharField(required=False, max_length=40)
    released_on = forms.DateField(required=False, widget=date())


class Relate(VerbForm):
    """Who owns it, or stands beside it."""

    verb, heading, button = "relate", "Add relation", "Add relation"

    other = forms.ModelChoiceField(queryset=Vendor.objects.none(), label="Other vendor")
    kind = forms.ChoiceField(choices=Relation.Kind, label="What the other is to this one")
    share_percent = forms.IntegerField(required=False, min_value=0, max_value=100, label="Share in percent")
    valid_from = forms.DateField(required=False, widget=date(), label="From")
    valid_to = forms.DateField(required=False, widget=date(), label="To")
    source = forms.CharField(required=False, max_length=300, label="Source of the statement")

    def prepare(self) -> None:
        """Any other vendor of the register."""
        others = Vendor.objects.visible_to(self.user).standing().exclude(pk=self.subject.pk).order_by("canonical_name")
        self.fields["other"].queryset = others  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The dates are in order."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("valid_from") and cleaned.get("valid_to") and cleaned["valid_to"] < cleaned["valid_from"]:
            self.add_error("valid_to", "The end is before the beginning.")
        return cleaned


class Report(Form):
    """An incident for the record."""

    verb, noun, heading, button = "report", "incident", "Report an incident", "Put on record"

    title = forms.CharField(max_length=200)
    kind = forms.ChoiceField(choices=Incident.Kind, initial=Incident.Kind.ALLEGATION)
    neutral_summary = forms.CharField(
        widget=words(), max_length=4_000, help_text="What is said to have happened, by whom, in neutral words."
    )
    occurred_from = forms.DateField(widget=date(), label="First day")
    occurred_to = forms.DateField(widget=date(), required=False, label="Last day")
    granularity = forms.ChoiceField(choices=Incident.Granularity, label="How exact the date is")
    standing = forms.ChoiceField(choices=Incident.Standing, label="How far it got")

    def clean_occurred_from(self) -> datetime.date:
        """Any other year is a slip of the pen."""
        day: datetime.date = self.cleaned_data["occurred_from"]
        if day.year not in YEARS:
            raise ValidationError(f"Give a year from {YEARS[0]} to {YEARS[-1]}.")
        return day

    def clean(self) -> dict[str, Any]:
        """The dates are in order."""
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("occurred_from"), cleaned.get("occurred_to")
        if first and last and last < first:
            self.add_error("occurred_to", "The last day is before the first.")
        return cleaned


class Involve(VerbForm):
    """Who is said to be involved."""

    verb, heading, button, icon = "involve", "Name somebody involved", "Add", "users"

    vendor = forms.ModelChoiceField(queryset=Vendor.objects.none(), required=False)
    product = forms.ModelChoiceField(queryset=Product.objects.none(), required=False)
    role = forms.ChoiceField(choices=Involvement.Role)
    alleged = forms.BooleanField(required=False, initial=True, label="Only alleged")

    def prepare(self) -> None:
        """Offer the register."""
        self.fields["vendor"].queryset = Vendor.objects.visible_to(self.user).standing().order_by("canonical_name")  # type: ignore[attr-defined]
        self.fields["product"].queryset = Product.objects.order_by("name")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Either a vendor or a product."""
        cleaned = super().clean() or self.cleaned_data
        if bool(cleaned.get("vendor")) == bool(cleaned.get("product")):
            self.add_error("vendor", "Name either a vendor or a product.")
        return cleaned


class Cite(PassageForm):
    """A passage the incident rests on."""

    verb, heading, button, icon = "cite", "Cite a passage", "Cite", "quote"


class Reassess(VerbForm):
    """How far the allegation got."""

    verb, heading, button, icon = "reassess", "Reassess", "Reassess", "scale"

    standing = forms.ChoiceField(choices=Incident.Standing, label="How far it got")
    reason = forms.CharField(widget=words(2), max_length=2_000, help_text="On what ground?")

    def prepare(self) -> None:
        """Start from what is set."""
        self.initial.setdefault("standing", self.subject.standing)
