"""Roles, and the guards that ask for one. A guard is `(subject, user) -> bool` and reads like a noun."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from riskreview.audit.refusals import refuses

if TYPE_CHECKING:
    from .models import User


class Role(models.TextChoices):
    """What a person is trusted with. A person may hold several."""

    READER = "READER", "Reader"
    REVIEWER = "REVIEWER", "Reviewer"
    APPROVER = "APPROVER", "Approver"
    LEAD = "LEAD", "Lead"
    AUDITOR = "AUDITOR", "Auditor"
    ADMINISTRATOR = "ADMINISTRATOR", "Administrator"


# An administrator manages people and reads nothing by that role alone.
READING = frozenset({Role.READER, Role.REVIEWER, Role.APPROVER, Role.LEAD, Role.AUDITOR})


@refuses("Only reviewers and leads may do this. Ask a lead for the reviewer role.")
def reviewer(subject: object, user: User) -> bool:
    """Someone who works on cases."""
    return user.holds(Role.REVIEWER, Role.LEAD)


@refuses("Only leads may do this.")
def lead(subject: object, user: User) -> bool:
    """Someone who hands out work and keeps the registers."""
    return user.holds(Role.LEAD)


@refuses("Only administrators may do this.")
def administrator(subject: object, user: User) -> bool:
    """Someone who manages people; the command line acts as the system."""
    return user.holds(Role.ADMINISTRATOR) or user.is_system


@refuses("You may only do this for yourself.")
def themselves(subject: object, user: User) -> bool:
    """The person the row is about."""
    return subject is not None and getattr(subject, "pk", None) == user.pk and user.is_active
