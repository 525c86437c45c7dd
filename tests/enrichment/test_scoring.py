"""The arithmetic of a score can be done again from what is stored."""

import random
from itertools import pairwise

import pytest

from benchmarks._quality_cases import prepared, profile
from benchmarks._quality_labels import OPEN, rows, whole
from riskreview.enrichment import scoring
from riskreview.enrichment.ranking import shipped_background, suggest
from riskreview.enrichment.reasons import steps_told, sum_told
from riskreview.enrichment.scoring import Bands, Weights

SHIPPED = {"text": 400, "vendor": 250, "signal": 350}


@pytest.fixture(scope="module")
def many():
    rng = random.Random(7)
    return [{part: rng.randint(0, 1000) for part in scoring.PARTS} for _ in range(500)]


@pytest.mark.parametrize("factor", [1000, 300])
def test_the_points_of_any_values_add_up(many, factor):
    for values in many:
        score, points = scoring.points(values, SHIPPED, factor)
        assert sum(points.values()) == score
        assert 0 <= score <= 100
        assert all(value >= 0 for value in points.values())


def test_more_of_a_part_is_never_fewer_points(many):
    for one, other in pairwise(many):
        more = {part: max(one[part], other[part]) for part in one}
        assert scoring.points(more, SHIPPED, 1000)[0] >= scoring.points(one, SHIPPED, 1000)[0]


@pytest.fixture(scope="module")
def stored():
    """The parts of every labelled document with every labelled case."""
    cases = [profile(case, whole()) for case in rows(OPEN, "casefile")]
    readings = [prepared(row["title"], row["text"], whole()) for row in rows(OPEN, "cases")]
    return [suggest(reading, case, shipped_background()).parts for reading in readings for case in cases]


def test_every_score_is_found_again_from_its_stored_parts(stored):
    assert len(stored) > 500
    assert [scoring.recomputed(parts) for parts in stored] == [parts["score"] for parts in stored]
    assert len({parts["score"] for parts in stored}) > 30


def test_the_page_adds_up_what_is_stored(stored):
    best = max(stored, key=lambda parts: parts["score"])
    assert sum_told(best).endswith(f" = {best['score']}")
    assert steps_told(best)[-1].endswith(f" = {best['score']}")
    assert f"= {best['text']['raw']};" in steps_told(best)[0]


def test_parts_of_an_earlier_version_are_not_added_up():
    old = {"score": 79, "text": {"w": 400, "v": 917}}
    assert (sum_told(old), steps_told(old)) == ("", ())
    with pytest.raises(KeyError):
        scoring.recomputed(old)


@pytest.mark.parametrize("wrong", [(400, 250, 349), (1200, -200, 0), (0, 0, 0)])
def test_weights_add_up(wrong):
    with pytest.raises(ValueError, match="add up"):
        Weights("test", *wrong)


@pytest.mark.parametrize(("score", "band"), [(100, "SUGGESTED"), (60, "SUGGESTED"), (59, "WEAK"), (34, "HIDDEN")])
def test_bands_begin_at_their_points(score, band):
    assert Bands(60, 35).of(score) == band


@pytest.mark.parametrize(
    ("categories", "asked", "value"),
    [([1000], 1, 1000), ([1000], 3, 500), ([1000, 750], 3, 875), ([900, 900, 900], 3, 1000), ([], 0, 0)],
)
def test_two_kinds_of_risk_fill_the_part_or_the_only_one_asked_for(categories, asked, value):
    assert scoring.signal_value(categories, scoring.enough(asked)) == value


@pytest.mark.parametrize(("raw", "least", "most"), [(0, 0, 0), (170, 90, 120), (385, 490, 510), (600, 890, 910)])
def test_the_cold_curve_passes_where_it_was_fitted(raw, least, most):
    assert least <= scoring.text_value(raw, scoring.CURVES["cold"]) <= most
