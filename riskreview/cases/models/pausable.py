"""Cases that wait for something."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone

from riskreview.accounts.models import User
from riskreview.audit.refusals import said

from .. import guards
from ..deadlines import local_day
from ..winding import wind
from ..workflow import Status, transition
from .clock import Clock
from .staged import Staged

if TYPE_CHECKING:
    from .playbook import Playbook


class Pausable(Staged):
    """A case can be put on hold, with the reason, and taken up again."""

    held_reason = models.TextField(blank=True)
    held_until = models.DateField(null=True, blank=True)

    if TYPE_CHECKING:
        playbook: models.ForeignKey[Playbook | None, Playbook | None]

    class Meta:
        abstract = True

    @transition(who=guards.assignee_or_lead, sources=(Status.IN_REVIEW,), to=Status.ON_HOLD)
    def hold(self, *, by: User, reason: str, until: datetime.date | None = None) -> None:
        """Pause the case while it waits for something, and with it the limits that we set ourselves."""
        self.held_reason, self.held_until = said(reason, "Say what the case waits for."), until
        if self.playbook is not None:
            day = local_day(timezone.now(), self.playbook.rules.zone)
            Clock.objects.pause(by=by, case=self, day=day, why=self.held_reason)
            wind(self, timezone.now())  # type: ignore[arg-type]

    @transition(who=guards.assignee_or_lead, sources=(Status.ON_HOLD,), to=Status.IN_REVIEW)
    def resume(self, *, by: User) -> None:
        """Go on with a paused case: today counts again."""
        self._go_on(by)

    def _go_on(self, by: User) -> None:
        """Wait no longer, and let the limits run again that stood still for it. Nothing where it does not wait."""
        if self.status != Status.ON_HOLD:
            return
        self.held_reason, self.held_until = "", None
        if self.playbook is not None:
            Clock.objects.unpause(by=by, case=self, day=local_day(timezone.now(), self.playbook.rules.zone))
            wind(self, timezone.now())  # type: ignore[arg-type]
