"""The forms for a given-up row: try it again, or leave it as it is."""

from __future__ import annotations

from django import forms

from .base import VerbForm, words


class Retry(VerbForm):
    """Once more, with all its attempts."""

    verb, heading, button, icon = "retry", "Try again", "Try again", "rotate-cw"


class SetAside(VerbForm):
    """It needs nobody any more, for a reason."""

    verb, heading, button, icon = "set_aside", "Leave it, with a reason", "Leave it", "circle-check"

    reason = forms.CharField(widget=words(2), max_length=500, help_text="It can still be tried again later.")
