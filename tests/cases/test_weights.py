"""Weights are fitted by a machine and put in force by a lead."""

import pytest

from riskreview.audit.models import Entry
from riskreview.audit.refusals import NotAllowed, NotNow
from riskreview.cases.models import MatchWeights
from tests import expect, make

pytestmark = pytest.mark.django_db


def test_proposing_changes_nothing():
    before = Entry.objects.count()
    weights = make.weights()
    assert (weights.entry_seq, weights.is_judged, Entry.objects.count()) == (0, False, before)
    assert not MatchWeights.objects.adopted().exists()


def test_a_lead_puts_them_in_force_and_takes_them_back(carol):
    first, second = make.weights(), make.weights(text_weight=500, signal_weight=250)
    for each in (first, second):
        with expect.one_entry("matchweights.adopt", by=carol, about=each):
            each.adopt(by=carol, reason="Fewer are dismissed.")
    assert MatchWeights.objects.adopted().first() == second
    with expect.one_entry("matchweights.abandon", by=carol, about=second):
        second.abandon(by=carol, reason="They were not better.")
    assert MatchWeights.objects.adopted().first() == first


def test_only_leads_do(alice, bob, dave):
    weights = make.weights()
    for person in (alice, bob, dave):
        with expect.refusal(NotAllowed, weights):
            weights.adopt(by=person, reason="I like them.")


def test_it_is_done_once_and_with_a_reason(carol):
    weights = make.weights()
    with expect.refusal(NotNow, weights, match="not in force"):
        weights.abandon(by=carol, reason="No.")
    with expect.refusal(NotNow, weights, match="Say why"):
        weights.adopt(by=carol, reason=" ")
    weights.adopt(by=carol, reason="Fewer are dismissed.")
    with expect.refusal(NotNow, weights, match="already"):
        weights.adopt(by=carol, reason="Again.")


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [({"text_weight": 999}, "match_weights_are_whole"), ({"accepted": 999}, "match_weights_from_verdicts")],
)
def test_the_database_refuses_nonsense(wrong, constraint):
    with expect.violation(constraint):
        make.weights(**wrong)


def test_the_database_refuses_weights_adopted_by_nobody():
    with expect.violation("match_weights_adopted_by_somebody"):
        MatchWeights.objects.filter(pk=make.weights().pk).update(adopted_at="2026-01-01T00:00Z")
