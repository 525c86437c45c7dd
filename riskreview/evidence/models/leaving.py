"""Leaving a row that the workers gave up as it is, for a reason, so that it needs nobody any more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from riskreview.accounts import roles
from riskreview.accounts.models import User
from riskreview.audit.models import Recorded
from riskreview.audit.recording import recorded
from riskreview.audit.refusals import NotNow, said

# A row that was tried again since, and given up again, needs a person again: the moments tell.
LEFT_AS_IT_IS = Q(dead_at__isnull=False, set_aside_at__gte=F("dead_at"))


class Leavable(Recorded):
    """A given-up row that somebody may leave as it is: when, who, and why."""

    set_aside_at = models.DateTimeField(null=True, editable=False)
    set_aside_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    set_aside_why = models.CharField(max_length=500, blank=True, editable=False)

    if TYPE_CHECKING:
        dead_at: models.DateTimeField[Any, Any]

    class Meta:
        abstract = True

    @property
    def is_left(self) -> bool:
        """Whether somebody left it as it is, since it was given up last."""
        return bool(self.dead_at and self.set_aside_at and self.set_aside_at >= self.dead_at)

    @recorded(who=roles.reviewer)
    def set_aside(self, *, by: User, reason: str) -> None:
        """Leave the row as it is, after it was given up, and say why. It can still be tried again."""
        if self.dead_at is None:
            raise NotNow("This was not given up: the workers are still at it.")
        if self.is_left:
            raise NotNow("This was left as it is already. Try it again if it matters after all.")
        self.set_aside_why = said(reason, "Say why it can be left as it is.")[:500]
        self.set_aside_at, self.set_aside_by = Now(), by
