"""Proving once more who one is, at the moment of signing (21 CFR 11.200(a)): faces ask for it, verbs believe it."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from riskreview.audit.refusals import NotAllowed

if TYPE_CHECKING:
    from .models import User

FRESH = datetime.timedelta(minutes=5)
PASSWORD = "password"  # noqa: S105 - the name of a way, not a secret


class NotConfirmed(NotAllowed):
    """Whoever signs did not prove who they are."""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Somebody proved who they are: which account, when, and how strongly. It holds no secret."""

    user: uuid.UUID
    at: datetime.datetime
    strength: str

    def holds_for(self, user: User, now: datetime.datetime) -> bool:
        """Whether it is of this very account, and not older than five minutes."""
        return self.user == user.pk and abs(now - self.at) <= FRESH


def confirm(user: User, password: str, *, now: datetime.datetime) -> Confirmation:
    """Ask for the password once more. Raises `NotConfirmed` when it is not this person's."""
    if not user.is_active or not user.check_password(password):
        raise NotConfirmed("This is not your password. Whoever signs gives their own, at the moment of signing.")
    return Confirmation(user.pk, now, PASSWORD)
