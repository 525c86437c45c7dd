"""Cases that wait for something."""

from __future__ import annotations

import datetime

from django.db import models

from riskreview.accounts.models import User
from riskreview.audit.refusals import said

from .. import guards
from ..workflow import Status, transition
from .staged import Staged


class Pausable(Staged):
    """A case can be put on hold, with the reason, and taken up again."""

    held_reason = models.TextField(blank=True)
    held_until = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True

    @transition(who=guards.assignee_or_lead, sources=(Status.IN_REVIEW,), to=Status.ON_HOLD)
    def hold(self, *, by: User, reason: str, until: datetime.date | None = None) -> None:
        """Pause the case while it waits for something."""
        self.held_reason, self.held_until = said(reason, "Say what the case waits for."), until

    @transition(who=guards.assignee_or_lead, sources=(Status.ON_HOLD,), to=Status.IN_REVIEW)
    def resume(self, *, by: User) -> None:
        """Go on with a paused case."""
        self.held_reason, self.held_until = "", None
