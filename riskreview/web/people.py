"""Lists of people for forms and for "who may"."""

from __future__ import annotations

from typing import Any

from riskreview.accounts.models import User
from riskreview.accounts.roles import Role
from riskreview.cases.models import Authorship, Case


def holding(*roles: Role) -> Any:
    """Active people who hold one of the roles, by name."""
    return User.objects.people().filter(is_active=True, roles__overlap=[*roles]).order_by("name")


def approvers_for(case: Case) -> list[User]:
    """Approvers who had no hand in the recommendation that waits."""
    waiting = case.decisions.filter(approved_at=None, returned_at=None)
    return list(holding(Role.APPROVER).exclude(pk__in=Authorship.objects.filter(decision__in=waiting).values("user")))
