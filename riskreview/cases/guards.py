"""Who may do what to a case: plain functions `(case, user) -> bool`, named like the noun in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from riskreview.accounts.roles import Role, lead, reviewer
from riskreview.audit.refusals import refuses

if TYPE_CHECKING:
    from riskreview.accounts.models import User

    from .models import Case

__all__ = ["approver_or_submitter", "assignee", "assignee_or_lead", "lead", "reviewer", "second_pair_of_eyes"]


@refuses("Only the reviewer this case is assigned to may do this.")
def assignee(case: Case, user: User) -> bool:
    """The reviewer who works on the case."""
    return reviewer(case, user) and case.assigned_to_id == user.pk


@refuses("Only the assigned reviewer or a lead may do this.")
def assignee_or_lead(case: Case, user: User) -> bool:
    """The reviewer who works on the case, or a lead."""
    return assignee(case, user) or lead(case, user)


@refuses(
    "A second person must approve: not the submitter, and nobody who wrote or edited what is to be approved."
    " Ask an approver who did not work on this case."
)
def second_pair_of_eyes(case: Case, user: User) -> bool:
    """An approver who neither submitted the recommendation nor had a hand in it. No role gets around this."""
    return user.holds(Role.APPROVER) and not case.open_decision().has_author(user)


@refuses("Only an approver, or the person who submitted it, may send this back.")
def approver_or_submitter(case: Case, user: User) -> bool:
    """Someone who may return a recommendation to the reviewer."""
    return user.holds(Role.APPROVER) or case.open_decision().submitted_by_id == user.pk
