"""Delegations: somebody who may sign while another is away."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from riskreview.audit.models import Recorded
from riskreview.audit.recording import recorded, recorded_factory
from riskreview.audit.refusals import NotNow, refuses, said

from ..roles import Role
from .user import User


@refuses("Only an approver may be stood in for, and only by their own word.")
def approver(subject: object, user: User) -> bool:
    """Somebody who may sign."""
    return user.holds(Role.APPROVER)


@refuses("Only the person who is stood in for may end it.")
def delegator(delegation: Delegation, user: User) -> bool:
    """The person who is stood in for."""
    return delegation.of_id == user.pk and user.is_active


class DelegationQuerySet(models.QuerySet["Delegation"]):
    """Who stands in for whom."""

    @recorded_factory(who=approver)
    def delegate(
        self, *, by: User, to: User, starts_on: datetime.date, ends_on: datetime.date, reason: str
    ) -> Delegation:
        """Let another approver sign in one's place, for some days. Both must then be free of what is signed."""
        said(reason, "Say why somebody stands in for you.")
        if not to.holds(Role.APPROVER) or to.human == by.human:
            raise NotNow("Only another approver can stand in for you.")
        if ends_on < starts_on:
            raise NotNow("It ends on its first day or later.")
        return self.model(of=by, to=to, starts_on=starts_on, ends_on=ends_on, reason=reason.strip())

    def visible_to(self, user: User) -> Self:
        """One's own: those one gave and those one was given."""
        return self.filter(Q(of=user) | Q(to=user))

    def for_whom(self, user: User, on: datetime.date) -> models.QuerySet[User]:
        """The people this person may sign in the place of on a day."""
        return User.objects.filter(delegations_given__in=self.in_force(on).filter(to=user)).distinct().order_by("name")

    def in_force(self, on: datetime.date) -> Self:
        """Those that count on a day."""
        return self.filter(starts_on__lte=on, ends_on__gte=on, ended_at=None)


class Delegation(Recorded):
    """One approver stands in for another, from a day to a day."""

    of = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="delegations_given")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="delegations_held")
    starts_on = models.DateField()
    ends_on = models.DateField()
    reason = models.TextField()
    ended_at = models.DateTimeField(null=True, editable=False)

    objects: ClassVar[Any] = DelegationQuerySet.as_manager()
    recorded_columns = {1: ("of", "to", "starts_on", "ends_on", "reason", "ended_at")}

    class Meta:
        constraints = [
            models.CheckConstraint(name="delegation_ends_later", condition=Q(ends_on__gte=F("starts_on"))),
            models.CheckConstraint(name="delegation_to_another", condition=~Q(of=F("to"))),
        ]

    def __str__(self) -> str:
        return f"{self.to_id} for {self.of_id}"

    @recorded(who=delegator)
    def end(self, *, by: User, now: datetime.datetime) -> None:
        """Take one's own pen back."""
        self.ended_at = self.ended_at or now
