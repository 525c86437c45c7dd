"""Proving once more who one is, at the moment of signing (21 CFR 11.200(a)): faces ask for it, verbs believe it."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from riskreview.audit.refusals import NotAllowed

from . import throttling

if TYPE_CHECKING:
    from .models import User

FRESH = datetime.timedelta(minutes=5)
PASSWORD = "password"  # noqa: S105 - the name of a way, not a secret


class NotConfirmed(NotAllowed):
    """Whoever signs did not prove who they are."""


class TooManyTries(NotConfirmed):
    """The password was wrong too often: for `wait` seconds none is looked at."""

    def __init__(self, message: str, wait: int) -> None:
        super().__init__(message)
        self.wait = wait


UNCONFIRMED = "Prove once more who you are: whoever signs gives their own password, at most five minutes before."


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Somebody proved who they are: which account, when, and how strongly. It holds no secret."""

    user: uuid.UUID
    at: datetime.datetime
    strength: str

    def holds_for(self, user: User, now: datetime.datetime) -> bool:
        """Whether it is of this very account, and not older than five minutes."""
        return self.user == user.pk and abs(now - self.at) <= FRESH


def refuse_stale(confirmed: Confirmation, user: User) -> None:
    """Raise `NotConfirmed` unless this very person proved who they are a moment ago."""
    if not confirmed.holds_for(user, datetime.datetime.now(datetime.UTC)):
        raise NotConfirmed(UNCONFIRMED)


def confirm(user: User, password: str, *, now: datetime.datetime) -> Confirmation:
    """Ask for the password once more.

    Raises `NotConfirmed` when it is not this person's, and `TooManyTries` when it was wrong too often of late.
    """
    try:
        throttling.before_confirming(user, now)
    except throttling.TooOften as often:
        raise TooManyTries(str(often), often.wait) from often
    if not user.is_active or not user.check_password(password):
        raise NotConfirmed("This is not your password. Whoever signs gives their own, at the moment of signing.")
    throttling.after_confirming(user)
    return Confirmation(user.pk, now, PASSWORD)
