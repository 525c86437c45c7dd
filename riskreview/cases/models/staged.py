"""A row that moves through the workflow."""

from __future__ import annotations

from django.db import models

from riskreview.accounts.models import User
from riskreview.audit.models import Recorded

from ..workflow import OPEN, Status


class Staged(Recorded):
    """A recorded row with a status that only its transitions change."""

    status = models.CharField(max_length=20, choices=Status, default=Status.NEW)

    class Meta:
        abstract = True

    @property
    def is_open(self) -> bool:
        """Whether the question still needs a decision."""
        return self.status in OPEN

    def may(self, verb: str, user: User) -> bool:
        """Whether a verb is open to this person now."""
        method = getattr(type(self), verb)
        return self.status in method.sources and bool(method.guard(self, user))

    def next_number(self, parts: str) -> int:
        """The number of the next exhibit, finding or decision of this row."""
        last = getattr(self, parts).aggregate(last=models.Max("number"))["last"] or 0
        return int(last) + 1
