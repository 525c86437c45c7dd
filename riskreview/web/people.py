"""Lists of people for forms and for "who may"."""

from __future__ import annotations

from typing import Any

from riskreview.accounts.models import User
from riskreview.accounts.roles import Role
from riskreview.cases.guards import signing_seats
from riskreview.cases.models import Case


def holding(*roles: Role) -> Any:
    """Active people who hold one of the roles, by name."""
    return User.objects.people().filter(is_active=True, roles__overlap=[*roles]).order_by("name")


def approvers_for(case: Case) -> list[User]:
    """Approvers who had no hand in the recommendation that waits."""
    waiting = [each for each in case.decisions.all() if each.is_open]
    barred = {person.human for each in waiting for person in each.authors.all()}
    barred |= {signature.person for each in waiting for signature in each.signatures.all()}
    seats = {seat.user.human for seat in signing_seats(case)}
    free = [person for person in holding(Role.APPROVER) if person.human not in barred]
    return [person for person in free if not seats or person.human in seats]
