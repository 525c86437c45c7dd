"""Which document one follows."""

import pytest

from riskreview.enrichment.stories import Told, choose, keys

REVIEW = {"deepseek": 600, "council": 500, "review": 400}
PRICES = {"price": 700, "qwen": 500, "war": 300}


def told(name, terms, opening=None):
    return Told(name, terms, opening or terms)


def test_it_follows_the_one_most_alike():
    assert choose(REVIEW, [told(1, PRICES), told(2, REVIEW), told(3, {"council": 900})]) == (2, 1000)


@pytest.mark.parametrize(("terms", "before"), [(REVIEW, [told(1, PRICES)]), (REVIEW, []), ({}, [told(1, REVIEW)])])
def test_it_opens_a_story_when_none_is_alike(terms, before):
    assert choose(terms, before) is None


def test_the_earliest_of_equals_is_followed():
    assert choose(REVIEW, [told(4, REVIEW), told(2, REVIEW)]) == (4, 1000)


def test_a_story_does_not_drift_from_one_event_to_the_next():
    close = {"deepseek": 400, "other": 1000}  # just alike enough by itself
    assert choose(REVIEW, [told(1, close)]) == (1, 254)
    assert choose(REVIEW, [told(1, close, opening=PRICES)]) is None


def test_the_length_of_a_vector_does_not_matter():
    assert choose({"a": 1}, [told(1, {"a": 1000})]) == choose({"a": 1000}, [told(1, {"a": 1})]) == (1, 1000)


def test_a_document_is_found_by_its_heaviest_terms():
    terms = {f"t{n:02}": n // 2 for n in range(40)}
    assert keys(terms)[:3] == ["t38", "t39", "t36"]
    assert len(keys(terms)) == 12
    assert keys({}) == []
