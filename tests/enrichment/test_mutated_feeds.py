"""Damaged feeds are read, or marked with a reason. `script/faults feeds` does the same with ten thousand."""

import pytest

from benchmarks import _mutations
from benchmarks.faults_feeds import Outcome, take


@pytest.mark.parametrize("seed", [11, 12])
def test_every_damaged_feed_is_read_or_marked_with_a_reason(seed):
    outcome = Outcome()
    for number, (kind, body, said) in enumerate(_mutations.feeds(seed, 200)):
        take(outcome, number, kind, body, said)
    assert outcome.escaped == []
    assert outcome.read + outcome.reasons.total() == 200
    assert outcome.reasons[""] == 0
    assert min(outcome.read, outcome.reasons.total()) > 10


def test_equal_seeds_give_equal_feeds():
    assert list(_mutations.feeds(3, 20)) == list(_mutations.feeds(3, 20))
    assert list(_mutations.feeds(3, 20)) != list(_mutations.feeds(4, 20))
