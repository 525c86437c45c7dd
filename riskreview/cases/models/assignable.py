"""Who works on a case."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from riskreview.accounts.models import User
from riskreview.accounts.roles import Role
from riskreview.audit.refusals import NotAllowed, NotNow

from .. import guards
from ..workflow import Status, transition
from .staged import Staged


class Assignable(Staged):
    """A case has a reviewer who works on it, and the lead who gave it to them."""

    lead = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="cases_led"
    )
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="cases_assigned"
    )

    class Meta:
        abstract = True

    @transition(who=guards.reviewer, sources=(Status.NEW, Status.IN_REVIEW), to=Status.IN_REVIEW)
    def assign(self, *, by: User, to: User) -> None:
        """Give the case to a reviewer, or take it. Only a lead gives it to someone else."""
        if to.pk != by.pk and not guards.lead(self, by):
            raise NotAllowed("Only a lead may give a case to someone else. You may take it yourself.")
        if not to.holds(Role.REVIEWER, Role.LEAD):
            raise NotNow(f"{to} is not a reviewer.")
        self.assigned_to = to
        if guards.lead(self, by):
            self.lead = by
