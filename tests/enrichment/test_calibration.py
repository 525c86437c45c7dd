"""The weights of the score, fitted to verdicts: openly, and honest about how good they are."""

import io
import math
import random

import pytest
from django.core.management import CommandError, call_command

from riskreview.cases.models import MatchWeights, Suggestion
from riskreview.enrichment import watched
from riskreview.enrichment.calibration import TooFew, Verdict, brier, fit, logistic, regress, reliability
from riskreview.enrichment.scoring import SHIPPED
from riskreview.enrichment.verdicts_given import verdicts
from tests import make


def given(count, text=6.0, vendor=0.0, signal=3.0, constant=-4.0, seed=3):
    """Verdicts of somebody who weighs the parts like this."""
    rng = random.Random(seed)
    for _ in range(count):
        parts = [rng.randint(0, 1000) for _ in range(3)]
        total = constant + (text * parts[0] + vendor * parts[1] + signal * parts[2]) / 1000
        yield Verdict(*parts, accepted=rng.random() < logistic(total))


def test_it_finds_the_weights_that_were_used():
    fitted = fit(list(given(4_000)))
    assert fitted.text_weight + fitted.vendor_weight + fitted.signal_weight == 1000
    assert fitted.text_weight == pytest.approx(667, abs=60)
    assert fitted.signal_weight == pytest.approx(333, abs=60)
    assert fitted.slope == pytest.approx(9_000, rel=0.15)
    assert fitted.intercept == pytest.approx(-4_000, rel=0.15)


def test_it_is_better_than_the_shipped_weights_where_people_weigh_otherwise():
    fitted = fit(list(given(4_000, text=0.0, vendor=9.0, signal=0.0)))
    assert fitted.brier < fitted.shipped_brier < 250
    assert fitted.vendor_weight > 900


def test_a_part_that_speaks_against_gets_no_weight():
    assert fit(list(given(2_000, vendor=-3.0))).vendor_weight == 0


def test_it_is_the_same_twice():
    assert fit(list(given(500))) == fit(list(given(500)))


def test_it_stands_where_no_small_step_is_better():
    rows = [verdict.row for verdict in given(400)]
    said = [verdict.accepted for verdict in given(400)]
    model = regress(rows, said)

    def loss(weights):
        chances = [logistic(sum(w * x for w, x in zip(weights, row, strict=True))) for row in rows]
        wrong = sum(-math.log(c if was else 1 - c) for c, was in zip(chances, said, strict=True))
        return wrong + sum(w * w for w in weights[1:]) / 2

    for place in range(4):
        for step in (-0.01, 0.01):
            moved = [w + step * (index == place) for index, w in enumerate(model)]
            if min(moved[1:]) >= 0:
                assert loss(moved) > loss(model)


@pytest.mark.parametrize(
    ("count", "accepted", "complaint"),
    [(199, 100, "199 verdicts"), (200, 49, "49 were accepted"), (300, 251, "49 were dismissed")],
)
def test_it_asks_for_enough(count, accepted, complaint):
    rows = [Verdict(n % 1000, 500, 500, accepted=n < accepted) for n in range(count)]
    with pytest.raises(TooFew, match=complaint):
        fit(rows)


def test_it_says_when_no_part_tells_anything():
    with pytest.raises(TooFew, match="No part"):
        fit([Verdict(0, 0, 0, accepted=n % 2 == 0) for n in range(300)])


def test_the_table_has_ten_bins_and_all_verdicts():
    table = reliability([0.0, 0.05, 0.95, 1.0], [False, True, True, True])
    assert [row[:2] for row in table] == [[100 * n, 100 * n + 100] for n in range(10)]
    assert table[0][2:] == [2, 25, 500]
    assert table[9][2:] == [2, 975, 1000]
    assert sum(row[2] for row in table) == 4


@pytest.mark.parametrize(("chances", "expected"), [([1.0, 0.0], 0), ([0.5, 0.5], 250), ([0.0, 1.0], 1000)])
def test_a_brier_score_is_the_mean_square(chances, expected):
    assert brier(chances, [True, False]) == expected


def judged(case, rng, person):
    """A suggestion with parts, accepted when its words say so."""
    text = rng.randint(0, 1000)
    suggestion = make.suggestion(case)
    values = {"text": {"v": text}, "vendor": {"v": 500}, "signal": {"v": 500, "w": 350}}
    Suggestion.objects.filter(pk=suggestion.pk).update(parts=values | {"factor": 1000})
    if text > 500:
        suggestion.accept(by=person)
    else:
        suggestion.dismiss(by=person, reason="Old news.")


@pytest.mark.django_db
def test_verdicts_come_from_what_people_judged(alice):
    case, rng = make.case(by=alice, status="IN_REVIEW"), random.Random(1)
    for _ in range(6):
        judged(case, rng, alice)
    make.suggestion(case)
    make.suggestion(case).dismiss(by=alice, reason="Its parts cannot be computed with.")
    found = verdicts()
    assert len(found) == 6
    assert all(verdict.accepted == (verdict.text > 500) for verdict in found)


@pytest.mark.django_db
def test_the_command_proposes_and_says_what_is_missing(monkeypatch):
    with pytest.raises(CommandError, match="0 verdicts"):
        call_command("fit_weights")
    enough = list(given(300))
    monkeypatch.setattr("riskreview.enrichment.management.commands.fit_weights.verdicts", lambda: enough)
    out = io.StringIO()
    call_command("fit_weights", show=True, stdout=out)
    assert "from 300 verdicts" in out.getvalue()
    assert not MatchWeights.objects.exists()
    call_command("fit_weights", stdout=out)
    assert MatchWeights.objects.get().verdicts == 300


@pytest.mark.django_db
def test_the_weights_in_force_are_those_a_lead_adopted_last(carol):
    weights = make.weights(text_weight=500, signal_weight=250)
    assert watched.weights() == SHIPPED
    weights.adopt(by=carol, reason="Fewer are dismissed.")
    assert (watched.weights().version, watched.weights().text) == (f"fitted-{weights.pk}", 500)
    weights.abandon(by=carol, reason="Not better.")
    assert watched.weights() == SHIPPED
