"""The forms for many cases at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.forms import BoundField
from django.http import QueryDict
from django.urls import reverse

from riskreview.accounts.models import Team, User
from riskreview.accounts.roles import Role
from riskreview.cases.models import Case, Priority
from riskreview.cases.models.batch import AT_ONCE, BulkAct

from ..people import holding
from .base import Form
from .together import LabelsField

MOST_SHOWN = 2 * AT_ONCE
NEEDS = {
    BulkAct.ASSIGN: ("to",),
    BulkAct.PRIORITISE: ("priority", "reason"),
    BulkAct.LABEL: ("labels",),
    BulkAct.FILE: ("team",),
}
MISSED = ("to", "priority", "reason", "labels")
MISSING = {
    BulkAct.ASSIGN: ("to", "Choose who is to have the cases."),
    BulkAct.PRIORITISE: ("priority", "Choose a priority."),
    BulkAct.LABEL: ("labels", "Name at least one label."),
}


@dataclass(frozen=True, slots=True)
class Ticked:
    """A case that was ticked, and how its box says so."""

    case: Case
    value: str


class Rows(forms.MultipleHiddenInput):
    """The ticked rows: each a reference and the version that was looked at, such as RR-2025-0001:7."""


class BeginBatch(Form):
    """One light act on the ticked cases."""

    verb, noun, heading, button = "begin", "batch", "Change many cases", "Do it"

    acts = BulkAct.values

    row = forms.Field(widget=Rows, required=False, label="Cases")
    act = forms.ChoiceField(
        choices=BulkAct,
        label="What to do",
        error_messages={"invalid_choice": "Cases are assigned, prioritised, labelled and filed in bulk, not decided."},
    )
    to = forms.ModelChoiceField(queryset=User.objects.none(), required=False, label="Reviewer")
    priority = forms.TypedChoiceField(
        choices=[("", "Choose…"), *Priority.choices], coerce=int, empty_value=None, required=False
    )
    reason = forms.CharField(required=False, max_length=2_000, label="Why")
    labels = LabelsField(required=False, max_length=800, help_text="With commas between them.")
    team = forms.ModelChoiceField(queryset=Team.objects.none(), required=False, empty_label="No team")

    def prepare(self) -> None:
        """Offer people and teams."""
        self.fields["to"].queryset = holding(Role.REVIEWER, Role.LEAD)  # type: ignore[attr-defined]
        self.fields["to"].empty_label = "Choose…"  # type: ignore[attr-defined]
        for name in ("to", "priority", "reason", "labels", "team"):
            self.fields[name].widget.attrs["class"] = "input"
        self.fields["team"].queryset = Team.objects.visible_to(self.user).order_by("name")  # type: ignore[attr-defined]

    @property
    def asked(self) -> list[BoundField]:
        """What the act that was chosen needs to be told; all of it where none was, the choice of the act first."""
        for name in MISSED:
            self.fields[name].required = True  # the page says so; what is missing is told by `clean`
        act = self.data.get("act", "")
        return [self[name] for name in (NEEDS[BulkAct(act)] if act in NEEDS else ("act", *sum(NEEDS.values(), ())))]

    def ticked(self) -> list[Ticked]:
        """The rows that were sent, for the form to come back with: each case with the version that was looked at."""
        sent = [row.partition(":") for row in cast("QueryDict", self.data).getlist("row")[:MOST_SHOWN]]
        found = Case.objects.visible_to(self.user).in_bulk({ref for ref, _, _ in sent}, field_name="ref")
        return [Ticked(found[ref], f"{ref}:{seen}") for ref, _, seen in sent if ref in found and seen.isdecimal()]

    def clean_row(self) -> list[tuple[Case, int]]:
        """The cases with the versions that were looked at, in the order of the page."""
        rows = [row for row in self.cleaned_data["row"] or [] if isinstance(row, str)]
        pairs = {ref: seen for ref, _, seen in (row.partition(":") for row in rows) if seen.isdecimal()}
        found = {case.ref: case for case in Case.objects.visible_to(self.user).filter(ref__in=pairs)}
        if not found or len(pairs) > AT_ONCE:
            raise forms.ValidationError(f"Tick at least one case, and at most {AT_ONCE}.")
        return [(found[ref], int(seen[:9])) for ref, seen in pairs.items() if ref in found]

    def clean(self) -> dict[str, Any]:
        """Each act says what it needs."""
        cleaned = super().clean() or self.cleaned_data
        name, why = MISSING.get(cleaned.get("act", ""), ("", ""))
        if name and not cleaned.get(name) and name not in self.errors:
            self.add_error(name, why)
        if cleaned.get("act") == BulkAct.PRIORITISE and not cleaned.get("reason", "").strip():
            self.add_error("reason", "Say why the priority changes.")
        return cleaned

    def arguments(self) -> dict[str, Any]:
        """What the verb takes: cases and versions apart."""
        told = {name: value for name, value in self.cleaned_data.items() if name != "row"}
        rows = self.cleaned_data["row"]
        return told | {"cases": [case for case, _ in rows], "versions": [seen for _, seen in rows]}


class UndoBatch(Form):
    """Back to what the cases said before."""

    verb, noun, heading, button, icon = "undo", "batch", "Undo", "Take it back", "undo-2"
    explained = "Each case that nobody changed since says again what it said before. What cannot be taken back is told."

    @property
    def sent_to(self) -> str:
        """Where the form is sent."""
        return reverse("batch-undo", args=[self.subject.pk])

    @property
    def changed_nothing(self) -> bool:
        """It makes another batch."""
        return False
