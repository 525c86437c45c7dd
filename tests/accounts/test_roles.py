"""The table of roles: who reads, and which guard lets whom through."""

import uuid

import pytest

from riskreview.accounts import roles
from riskreview.accounts.models import SYSTEM, User
from riskreview.accounts.roles import Role


def person(*held, active=True, pk=None):
    return User(pk=pk or uuid.uuid4(), name="Somebody", roles=list(held), is_active=active)


@pytest.mark.parametrize(
    ("role", "reads", "reviews", "leads", "administers"),
    [
        (Role.READER, True, False, False, False),
        (Role.REVIEWER, True, True, False, False),
        (Role.APPROVER, True, False, False, False),
        (Role.LEAD, True, True, True, False),
        (Role.AUDITOR, True, False, False, False),
        (Role.ADMINISTRATOR, False, False, False, True),
    ],
)
def test_a_role_is_trusted_with_this(role, reads, reviews, leads, administers):
    user = person(role)
    told = (user.can_read, *(guard(None, user) for guard in (roles.reviewer, roles.lead, roles.administrator)))
    assert told == (reads, reviews, leads, administers)


@pytest.mark.parametrize("role", Role)
def test_a_dismissed_person_is_trusted_with_nothing(role):
    user = person(role, active=False)
    assert not user.can_read
    assert not any(guard(None, user) for guard in (roles.reviewer, roles.lead, roles.administrator))
    assert not roles.themselves(user, user)


def test_without_a_role_nothing_is_read():
    assert not person().can_read
    assert person().role_names == "No access"


def test_roles_add_up():
    user = person(Role.ADMINISTRATOR, Role.READER)
    assert user.can_read
    assert roles.administrator(None, user)
    assert user.role_names == "Administrator, Reader"


def test_the_system_administers_and_reads_nothing():
    system = person(active=False, pk=SYSTEM)
    assert roles.administrator(None, system)
    assert not system.can_read
    assert not roles.reviewer(None, system)


def test_themselves_means_the_row_itself():
    user, other = person(), person()
    assert roles.themselves(user, user)
    assert not roles.themselves(other, user)
    assert not roles.themselves(None, user)


def test_every_guard_says_why_it_refuses():
    for guard in (roles.reviewer, roles.lead, roles.administrator, roles.themselves):
        assert guard.refusal.endswith(".")
