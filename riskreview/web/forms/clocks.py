"""The forms of dated facts, limits, closures and calendar feeds."""

from __future__ import annotations

from typing import Any

from django import forms

from riskreview.accounts.models import Team
from riskreview.cases.deadlines import ON_HOLD
from riskreview.cases.playbook.vocabulary import FORMS
from riskreview.lib.datafile import words as in_words
from riskreview.lib.workdays import NAMES
from riskreview.vendors.models import Vendor

from .base import Form, VerbForm, date, moment, words
from .picking import DocumentField

WHY = "The record keeps it."


class Dated(Form):
    """A form with a day, or a day and an hour."""

    stated_on = forms.DateField(label="Day", required=False, widget=date(), help_text="Where the procedure is.")
    stated_at = forms.DateTimeField(
        label="Or day and time", required=False, widget=moment(), help_text="In UTC, where the hour counts."
    )


class Record(Dated):
    """That something happened, and when."""

    verb, noun, heading, button, icon = "record", "milestone", "Record a date", "Put on record", "calendar"
    explained = "Limits start from dated facts, and stop with them."

    key = forms.ChoiceField(label="What happened")
    party = forms.ModelChoiceField(queryset=Vendor.objects.none(), required=False, empty_label="The case as a whole")
    document = DocumentField(label="The proof")

    field_order = ("key", "party", "stated_on", "stated_at", "document")

    def prepare(self) -> None:
        """What the playbook dates, and the vendors of the case."""
        super().prepare()
        rules = self.case.playbook.rules if self.case.playbook else None
        self.fields["key"].choices = [(row.key, row.title) for row in rules.milestone] if rules else []  # type: ignore[attr-defined]
        self.fields["party"].queryset = self.case.vendors.order_by("canonical_name")  # type: ignore[attr-defined]


class Correct(Dated, VerbForm):
    """Another date."""

    verb, noun, heading, button, icon = "correct", "milestone", "Correct", "Correct the date", "undo-2"

    reason = forms.CharField(widget=words(2), max_length=2_000, help_text=WHY)


class Toll(VerbForm):
    """The limit stands still."""

    verb, noun, heading, button, icon = "toll", "clock", "Stop", "Stop the clock", "pause"

    reason = forms.ChoiceField()
    first = forms.DateField(label="From", widget=date())
    last = forms.DateField(label="To", required=False, widget=date(), help_text="The last day; empty: not ended.")
    document = DocumentField(label="The paper that says so")
    note = forms.CharField(required=False, max_length=2_000)

    def prepare(self) -> None:
        """The reasons that its rule knows."""
        super().prepare()
        rule = self.subject.rule
        own = [ON_HOLD] if rule.basis == "self_set" else []
        self.fields["reason"].choices = [(key, in_words(key)) for key in (*rule.toll, *own)]  # type: ignore[attr-defined]


class EndToll(VerbForm):
    """It runs again."""

    verb, noun, heading, button, icon = "end_toll", "clock", "Let it run again", "Let it run", "rotate-cw"

    reason = forms.ChoiceField(label="Which stop")
    last = forms.DateField(label="Last day on which it stood still", widget=date())

    def prepare(self) -> None:
        """The stops that have not ended."""
        open_ones = [toll for toll in self.subject.tolls.all() if toll.last is None]
        self.fields["reason"].choices = [(toll.reason, in_words(toll.reason)) for toll in open_ones]  # type: ignore[attr-defined]


class Extend(VerbForm):
    """More time."""

    verb, noun, heading, button, icon = "extend", "clock", "Extend", "Give more time", "calendar"

    form = forms.ChoiceField(choices=[(each, in_words(each)) for each in FORMS], label="Form")
    document = DocumentField(label="The determination", required=True)
    decided_at = forms.DateTimeField(label="Signed", widget=moment(), help_text="In UTC.")
    days = forms.IntegerField(label="Days", required=False, min_value=1, max_value=3_660)
    until = forms.DateField(label="Or until", required=False, widget=date())

    def prepare(self) -> None:
        """The form that its rule asks for comes first."""
        super().prepare()
        self.initial.setdefault("form", self.subject.rule.extended_form)

    def arguments(self) -> dict[str, Any]:
        """No days are zero days."""
        return self.cleaned_data | {"days": self.cleaned_data["days"] or 0}


class Waive(VerbForm):
    """Do without."""

    verb, noun, heading, button, icon = "waive", "clock", "Waive", "Waive the limit", "x"

    reason = forms.CharField(widget=words(2), max_length=2_000, help_text=WHY)


class Announce(Form):
    """A day on which offices are closed."""

    verb, noun, heading, button, icon = "announce", "closure", "Announce a closure", "Announce", "calendar"

    calendar = forms.ChoiceField(choices=[(name, name) for name in NAMES if name != "none"])
    day = forms.DateField(widget=date())
    why = forms.CharField(label="What closes them", max_length=200, help_text="Such as the order and its number.")
    document = DocumentField(label="The order")


class Reopen(VerbForm):
    """Offices are open after all."""

    verb, noun, heading, button, icon = "revoke", "closure", "Revoke", "Revoke the closure", "undo-2"

    reason = forms.CharField(max_length=2_000, help_text=WHY)


class Offer(Form):
    """An address for a calendar program."""

    verb, noun, heading, button, icon = "offer", "calendarfeed", "Make an address", "Make the address", "calendar"

    team = forms.ModelChoiceField(
        queryset=Team.objects.none(), required=False, empty_label="My own", label="Whose dates"
    )  # fmt: skip

    def prepare(self) -> None:
        """Oneself, or a team one is in."""
        self.fields["team"].queryset = Team.objects.filter(members=self.user).order_by("name")  # type: ignore[attr-defined]
