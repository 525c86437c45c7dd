"""The form that has a given-up row tried again."""

from __future__ import annotations

from .base import VerbForm


class Retry(VerbForm):
    """Once more, with all its attempts."""

    verb, heading, button, icon = "retry", "Try again", "Try again", "rotate-cw"
