"""Figures are equal when they mean the same."""

import pytest

from riskreview.enrichment.figures import figures


def keys(text):
    return [part.key for part in figures(text)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1,000 people", "1000 people"),
        ("1 000 people", "1'000 people"),
        ("1.000.000 people", "one million people"),
        ("40 million users", "40m users"),
        ("$40 million", "US$40m"),
        ("$40 million", "40 million dollars"),
        ("5 percent", "5%"),
        ("5 per cent", "5 %"),
        ("1.50 euros", "€1.5"),
        ("28 January 2025", "January 28, 2025"),
        ("28 Jan. 2025", "Jan. 28th, 2025"),
        ("three ministries", "3 ministries"),
        ("forty-two cases", "42 cases"),
        ("two dozen", "24"),
        ("a hundred and two hundred", "100 and 200"),
        ("the third quarter", "the 3rd quarter"),
        ("the first quarter", "the 1st quarter"),
        ("one day", "1 day"),
        ("１４", "14"),
        ("200万用户", "2 million users"),
        ("2,5 million", "2.5 million"),
    ],
)
def test_equal_figures_have_one_key(one, other):
    assert sorted(keys(one)) == sorted(keys(other)) != []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("40 million", "40 billion"),
        ("40 days", "40 hours"),
        ("$40", "€40"),
        ("5 percent", "5 percentage points"),
        ("-5 degrees", "5 degrees"),
        ("1.5", "15"),
        ("in March", "in May"),
        ("on Monday", "on Sunday"),
        ("10 a.m.", "10 p.m."),
        ("R1", "R2"),
        ("三千名", "五千名"),
        ("½", "¼"),
        ("200万", "200亿"),
    ],
)
def test_other_figures_have_other_keys(one, other):
    assert keys(one) != keys(other)


@pytest.mark.parametrize(
    "text", ["May I march on?", "the first to say so", "a second look", "百度 千问", "one of them", ""]
)
def test_words_are_no_figures(text):
    assert keys(text) == []


def test_a_figure_is_where_its_span_says():
    text = "Of 1,000 it sold 40 million in May 2024."
    assert [text[part.start : part.end] for part in figures(text)] == ["1,000", "40 million", "May", "2024"]
