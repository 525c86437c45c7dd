"""A colleague of each sort, for the tables of who may do what."""

import pytest

from riskreview.accounts.roles import Role


@pytest.fixture
def mallory(invite):
    """Reviews too, but has nothing to do with the case."""
    return invite("Mallory", Role.REVIEWER)


@pytest.fixture
def outsiders(invite, bob, dave, erin):
    """Everyone who neither reviews nor leads: approver, reader, auditor, administrator, nobody."""
    return [bob, dave, erin, invite("Audrey", Role.AUDITOR), invite("Adam", Role.ADMINISTRATOR)]
