"""Where a case is filed: its team, its labels, and until when it is out of sight."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING

from riskreview.accounts.models import Team, User
from riskreview.audit.entries import now
from riskreview.audit.refusals import NotNow

from .. import guards
from ..workflow import OPEN, Status, transition
from .staged import Staged

VERBS: tuple[str, ...] = ("relabel", "file", "snooze", "wake")
ANYWHERE = tuple(Status)
LABELS_MOST, LABEL_LONGEST = 20, 40
SNOOZED_MOST = 366  # days: what is put off for longer is forgotten


class Filed(Staged):
    """A case lies in an inbox, under labels, and can be put off until a day."""

    if TYPE_CHECKING:
        team: Team | None
        labels: list[str]
        snoozed_until: datetime.date | None
        snoozed_at: datetime.datetime | None
        snoozed_by: User | None

    class Meta:
        abstract = True

    @transition(who=guards.reviewer, sources=ANYWHERE, changing=True)
    def relabel(self, *, by: User, labels: Sequence[str]) -> None:
        """Put the case under these labels, and no others."""
        self.labels = tidy(labels)

    @transition(who=guards.reviewer, sources=ANYWHERE, changing=True)
    def file(self, *, by: User, team: Team | None) -> None:
        """Put the case into the inbox of a team, or out of every inbox."""
        self.team = team

    @transition(who=guards.assignee_or_lead, sources=OPEN)
    def snooze(self, *, by: User, until: datetime.date) -> None:
        """Take the case out of the queue until a day. Whatever happens to it brings it back before that."""
        moment = now().at
        if not 0 < (until - moment.date()).days <= SNOOZED_MOST:
            raise NotNow(f"Put it off until a later day, at most {SNOOZED_MOST} days from now.")
        self.snoozed_until, self.snoozed_at, self.snoozed_by = until, moment, by

    @transition(who=guards.assignee_or_lead, sources=OPEN)
    def wake(self, *, by: User) -> None:
        """Put the case back into the queue now."""
        if self.snoozed_until is None:
            raise NotNow("This case is not put off.")
        self.snoozed_until = self.snoozed_at = self.snoozed_by = None


def tidy(labels: Sequence[str]) -> list[str]:
    """Labels in lower case, each once, in order. Raises `NotNow` for too many or too long ones."""
    told = sorted({" ".join(label.split()).lower() for label in labels} - {""})
    if len(told) > LABELS_MOST or any(len(label) > LABEL_LONGEST for label in told):
        raise NotNow(f"A case has at most {LABELS_MOST} labels of at most {LABEL_LONGEST} characters each.")
    if any("," in label for label in told):
        raise NotNow("A label has no comma: commas stand between labels.")
    return told
