import math

import pytest

from riskreview.enrichment.vectors import Background, cosine, heaviest, shipped_background, spellings, tokens, vector

BACKGROUND = Background({"company": 500}, 999)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The companies’ policies", ["company", "policy"]),
        ("data-centre data centers", ["data", "center", "data", "center"]),
        ("reviewed reviewing reviews", ["review", "review", "review"]),
        ("DeepSeek's R1", ["deepseek", "r1"]),
        ("$10.45 billion in 2025", ["10.45", "billion", "2025"]),
        ("boxes buses process is", ["box", "buse", "process"]),
        ("", []),
    ],
)
def test_it_makes_terms(text, expected):
    assert tokens(text) == expected


def test_people_read_words_not_stems():
    assert spellings("Reviews of companies") == {"review": "Reviews", "company": "companies"}


def test_rare_words_weigh_more():
    weights = vector(["company", "deepseek"], BACKGROUND)
    assert weights["deepseek"] > 3 * weights["company"]
    assert math.isclose(sum(w * w for w in weights.values()), 1)


def test_likeness_runs_from_nothing_to_one():
    one = vector(["deepseek", "review"], BACKGROUND)
    assert math.isclose(cosine(one, one), 1)
    assert cosine(one, vector(["price"], BACKGROUND)) == 0
    assert cosine(one, {}) == 0
    assert vector([], BACKGROUND) == {}


def test_the_heaviest_terms_are_whole_thousandths():
    assert heaviest({"b": 0.5, "a": 0.5, "c": 0.1}, most=2) == {"a": 500, "b": 500}


def test_the_shipped_table_knows_common_words():
    table = shipped_background()
    assert table.rarity("company") < table.rarity("electricity") < table.rarity("deepseek")
