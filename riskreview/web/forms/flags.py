"""The form that settles a flag: what a change at the source means for what rests on it."""

from __future__ import annotations

from django import forms
from django.urls import reverse

from .base import VerbForm, words

HOLDS = [("", "Choose …"), ("True", "It still holds"), ("False", "It no longer holds")]


def is_true(given: object) -> bool:
    """The answer as a program says it."""
    return given in ("True", True)


class Settle(VerbForm):
    """Whether what rests on the exhibit still holds."""

    verb, noun, heading, button, icon = "settle", "flag", "Settle", "Settle", "check"

    still_holds = forms.TypedChoiceField(
        choices=HOLDS,
        coerce=is_true,
        label="What rests on it",
        error_messages={"required": "Say whether it still holds."},
    )
    reason = forms.CharField(widget=words(2), max_length=4_000, help_text="What does the change mean for the case?")

    @property
    def anchor(self) -> str:
        """A case may have several of these forms."""
        return f"settle-{self.subject.pk}"

    @property
    def sent_to(self) -> str:
        """Where the form is sent."""
        return reverse("flag-settle", args=[self.subject.pk])
