"""The three ways a verb says no. Faces turn them into 403, 409 and 412 (a page says 409 for both of the latter)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Guard = Callable[[Any, Any], bool]


class Refusal(Exception):
    """A verb did not happen, and nothing changed. The message is for the person who asked."""

    verb = ""
    subject: object | None = None

    def about(self, verb: str, subject: object) -> Refusal:
        """The same refusal, knowing which verb on which row it answers."""
        self.verb, self.subject = verb, subject
        return self


class NotAllowed(Refusal):
    """A guard said no: this person may not do this."""


class NotNow(Refusal):
    """The state, or something the act needs, is not there: nobody may do this now."""


class HeldAlready(NotNow):
    """What somebody would bring in is on record: `existing` is its row."""

    def __init__(self, message: str, existing: object) -> None:
        super().__init__(message)
        self.existing = existing


class Stale(Refusal):
    """The row changed after the caller looked at it."""


def said(text: str, otherwise: str) -> str:
    """What somebody wrote, without blanks around it. Raises `NotNow` with the other sentence when nothing is left."""
    words = text.strip()
    if not words:
        raise NotNow(otherwise)
    return words


def refuses(message: str) -> Callable[[Guard], Guard]:
    """Give a guard the sentence it refuses with."""

    def decorate(guard: Guard) -> Guard:
        guard.refusal = message  # type: ignore[attr-defined]
        return guard

    return decorate
