"""Who may do what to a case: plain functions `(case, user) -> bool`, named like the noun in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import prefetch_related_objects
from django.utils import timezone

from riskreview.accounts.days import site_day
from riskreview.accounts.roles import Role, lead, reviewer
from riskreview.audit.refusals import refuses

if TYPE_CHECKING:
    from riskreview.accounts.models import User

    from .models import Case, Comment, Decision, LegalStatus, Release

__all__ = ["approver_or_submitter", "assignee", "assignee_or_lead", "lead", "reviewer", "second_pair_of_eyes"]


@refuses("Only the reviewer this case is assigned to may do this.")
def assignee(case: Case, user: User) -> bool:
    """The reviewer who works on the case."""
    return reviewer(case, user) and case.assigned_to_id == user.pk


@refuses("Only the assigned reviewer or a lead may do this.")
def assignee_or_lead(case: Case, user: User) -> bool:
    """The reviewer who works on the case, or a lead."""
    return assignee(case, user) or lead(case, user)


@refuses("Only whoever holds the present stage may do this; where nobody does, the assigned reviewer or a lead.")
def stage_keeper(case: Case, user: User) -> bool:
    """Who sits in the seat that holds the present stage; where nobody sits, the assigned reviewer or a lead."""
    stage = case.stage_now()
    row = case.rules.row("stage", stage.key) if stage else None
    holders = {each.user_id for each in case.seats.all() if each.role == getattr(row, "owner", "")}
    return user.can_read and user.pk in holders if holders else assignee_or_lead(case, user)


@refuses("A second person signs: not who entered the stage. Where somebody sits as second reviewer, only they.")
def second_at_stage(case: Case, user: User) -> bool:
    """Somebody who works on cases and did not enter the present stage, whatever they sign in with."""
    stage = case.stage_now()
    if stage is None or stage.entered_by.human == user.human:
        return False
    seated = {each.user_id for each in case.seats.all() if each.role == "second_reviewer"}
    works = user.holds(Role.REVIEWER, Role.LEAD, Role.APPROVER)
    return works and (not seated or user.pk in seated)


@refuses(
    "A second person must approve: not the submitter, nobody who wrote or edited what is to be approved, whatever they"
    " sign in with, and nobody twice. Ask an approver who did not work on this case, and sits where it is signed."
)
def second_pair_of_eyes(case: Case, user: User) -> bool:
    """An approver who had no hand in the dossier and has not signed it. No role gets around this.

    Where the procedure seats people to sign, it is one of them, or somebody whom one of them asked to stand in today.
    """
    if not user.holds(Role.APPROVER):
        return False
    decision = case.open_decision()
    return is_free(decision, user) and (may_sign_for(case, user) or stands_in(case, user))


def is_free(decision: Decision, user: User) -> bool:
    """Whether this approver, under no account, wrote, edited, submitted or signed what waits, nor had it signed."""
    return user.holds(Role.APPROVER) and not decision.has_author(user) and not decision.has_signed(user)


def may_sign_for(case: Case, user: User) -> bool:
    """Whether the procedure leaves the signature to this person: it seats nobody to sign, or them."""
    seats = list(signing_seats(case))
    return not seats or any(seat.user.human == user.human for seat in seats)


def seat_of(case: Case, user: User) -> str:
    """The role in which the procedure has this person sign; empty where it seats nobody."""
    return next((str(seat.role) for seat in signing_seats(case) if seat.user.human == user.human), "")


def stands_in(case: Case, user: User) -> bool:
    """Whether one of the people seated to sign asked this person to sign in their place today."""
    today = site_day(timezone.now())
    people = [seat.user_id for seat in signing_seats(case)]
    return bool(people) and user.delegations_held.in_force(today).filter(of__in=people).exists()


def signing_seats(case: Case) -> Any:
    """Who is seated in a role that signs the decision, by the case's playbook."""
    approve = case.playbook.rules.decision.approve if case.playbook else None
    seats = [seat for seat in case.seats.all() if seat.role in approve.by] if approve else []
    prefetch_related_objects(seats, "user")
    return seats


def is_decided(case: Case) -> bool:
    """Whether the recommendation has all its signatures."""
    return case.decision is not None


@refuses("Only an approver, or the person who submitted it, may send this back.")
def approver_or_submitter(case: Case, user: User) -> bool:
    """Someone who may return a recommendation to the reviewer."""
    return user.holds(Role.APPROVER) or case.open_decision().submitted_by_id == user.pk


@refuses("A second person must let it out: an approver or a lead who neither prepared it nor chose what it hides.")
def second_to_release(release: Release, user: User) -> bool:
    """An approver or a lead who had no hand in the release, whatever they sign in with."""
    return user.holds(Role.APPROVER, Role.LEAD) and user.human not in release.makers


@refuses("Only an approver may do this: it changes what was signed.")
def approver(case: Case, user: User) -> bool:
    """Someone who signs decisions."""
    return user.holds(Role.APPROVER)


@refuses("Only an approver or a lead may do this.")
def approver_or_lead(case: Case, user: User) -> bool:
    """Someone who signs decisions, or who may ask that one be changed."""
    return user.holds(Role.APPROVER, Role.LEAD)


@refuses("Only people who work on cases may do this: reviewers, approvers and leads.")
def works_on_cases(subject: object, user: User) -> bool:
    """Somebody who judges, in whatever part."""
    return user.holds(Role.REVIEWER, Role.APPROVER, Role.LEAD)


@refuses("A second person confirms it: one who works on cases and did not record it, whatever they sign in with.")
def second_reader(event: LegalStatus, user: User) -> bool:
    """Somebody who works on cases and is not who recorded the event."""
    return works_on_cases(event, user) and event.recorded_by.human != user.human


@refuses("Only a watch that the product keeps may do this.")
def watch(case: Case, user: User) -> bool:
    """The product itself, which looks at what conditions ask for."""
    return user.is_system


@refuses("Only people who work on cases may do this: reviewers, approvers, leads and auditors.")
def colleague(subject: object, user: User) -> bool:
    """Somebody who works on cases, in whatever part, or a watch that asks a person; readers only read."""
    return user.holds(Role.REVIEWER, Role.APPROVER, Role.LEAD, Role.AUDITOR) or user.is_system


@refuses("Only the person who wrote this may change its words.")
def author(comment: Comment, user: User) -> bool:
    """The person who wrote the comment."""
    return comment.author_id == user.pk and user.can_read


@refuses("Only the person who wrote this, or a lead, may take it off the page.")
def author_or_lead(comment: Comment, user: User) -> bool:
    """The person who wrote the comment, or a lead."""
    return author(comment, user) or lead(comment, user)


@refuses("Only reviewers and leads may do this, and the product where the rule leaves nothing to choose.")
def reviewer_or_system(subject: object, user: User) -> bool:
    """Someone who works on cases; the product where a rule says what time alone does."""
    return reviewer(subject, user) or user.is_system


@refuses("Only the product does this, when the time is over.")
def the_system(subject: object, user: User) -> bool:
    """Nobody in particular: what a rule makes of time."""
    return user.is_system
