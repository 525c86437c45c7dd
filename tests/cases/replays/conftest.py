"""The second reviewer of the replays; the others are the cast."""

import pytest

from riskreview.accounts.roles import Role


@pytest.fixture
def mallory(invite):
    """Reads what alice writes."""
    return invite("Mallory", Role.REVIEWER)
