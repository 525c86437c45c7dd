"""The forms of triage beyond accepting and dismissing: another case, later, and the weights of the score."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from riskreview.cases.models import Case, Credibility, Stance
from riskreview.cases.models.suggestion import TOO_LONG, last_day
from riskreview.lib.text import without_bidi

from .base import VerbForm, date, words

SNOOZED_DAYS = 7


class Refer(VerbForm):
    """Take the passage into another case."""

    verb, heading, button, icon, shortcut = "refer", "Choose another case", "Accept into that case", "arrow-right", "c"
    explained = "The passage becomes an exhibit of the other case; for this one the suggestion is dismissed."

    near = forms.CharField(
        required=False, max_length=16, label="Case", widget=forms.Select, help_text="Choose one, or give its reference."
    )
    other = forms.CharField(required=False, max_length=16, label="Its reference", help_text="Such as RR-2025-0002.")
    stance = forms.ChoiceField(choices=Stance, initial=Stance.CONTEXT, label="What it does to the question")
    credibility = forms.TypedChoiceField(choices=Credibility, coerce=int, initial=Credibility.UNKNOWN)

    def prepare(self) -> None:
        """What was chosen before stays, whatever is offered now."""
        self.offer(())

    def offer(self, cases: Sequence[Case]) -> None:
        """Let one of these be chosen."""
        known = {case.ref: f"{case.ref} {without_bidi(case.title)}" for case in cases}
        chosen = str(self.data.get("near", ""))[:16]
        choices = {"": "Choose a case"} | ({chosen: chosen} if chosen else {}) | known
        self.fields["near"].widget.choices = list(choices.items())

    def clean(self) -> dict[str, Any]:
        """The case that was meant, if this person may see it. What was typed goes before what was chosen."""
        cleaned = super().clean() or self.cleaned_data
        ref = (cleaned.get("other") or cleaned.get("near") or "").strip().upper()
        cleaned.pop("near", None)
        if "other" not in self.errors:
            try:
                cleaned["other"] = self.case_of(ref)
            except ValidationError as error:
                self.add_error("other" if cleaned.get("other") else "near", error)
        return cleaned

    def case_of(self, ref: str) -> Case:
        """The case with a reference. Raises `ValidationError`."""
        if not ref:
            raise ValidationError("Choose a case, or give its reference.")
        case: Case | None = Case.objects.visible_to(self.user).filter(ref=ref).first()
        if case is None:
            raise ValidationError("There is no case with this reference.")
        if not case.takes_exhibits:
            raise ValidationError(f"{case.ref} is {case.get_status_display().lower()}. It takes no exhibits now.")
        return case


class Snooze(VerbForm):
    """Look at it on another day."""

    verb, heading, button, icon, shortcut = "snooze", "Put it off", "Put it off", "clock", "s"
    explained = "It leaves the list, and comes back on that day."

    until = forms.DateField(widget=date(), label="Until")

    def prepare(self) -> None:
        """In a week, unless another day is chosen."""
        today = timezone.now().date()
        self.initial.setdefault("until", today + datetime.timedelta(days=SNOOZED_DAYS))
        self.fields["until"].widget.attrs["max"] = last_day().isoformat()

    def clean_until(self) -> datetime.date:
        """A day to come, within a year."""
        day: datetime.date = self.cleaned_data["until"]
        if day <= timezone.now().date():
            raise ValidationError("Choose a day to come.")
        if day > last_day():
            raise ValidationError(TOO_LONG)
        return day


class Wake(VerbForm):
    """Undo a snooze."""

    verb, heading, button, icon = "wake", "Undo", "Undo", "undo-2"


class Adopt(VerbForm):
    """Put fitted weights in force."""

    noun, verb, heading, button, icon = "matchweights", "adopt", "Adopt these weights", "Adopt", "check"
    explained = "Documents read from now on are scored with them. Suggestions that were made keep their score."

    reason = forms.CharField(widget=words(2), max_length=2_000, help_text="Why are they better?")


class Abandon(VerbForm):
    """Take fitted weights out of force."""

    noun, verb, heading, button, icon = "matchweights", "abandon", "Take them back", "Take them back", "undo-2"
    explained = "The weights that were adopted before count again, or else the shipped ones."

    reason = forms.CharField(widget=words(2), max_length=2_000, help_text="Why are they taken back?")
