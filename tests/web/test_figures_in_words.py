"""Figures stand on a page as a person writes them."""

import pytest

from riskreview.web.understood import figure


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"value": "600000000000", "unit": "money", "currency": "USD", "qualifier": "ABOUT"}, "about USD 600 billion"),
        ({"value": "6000000", "unit": "money", "currency": "USD", "qualifier": "LESS_THAN"}, "less than USD 6 million"),
        ({"value": "31500", "unit": "users"}, "31,500 users"),
        ({"value": "1250000", "unit": ""}, "1.25 million"),
        ({"value": "2048000000000"}, "2.048 trillion"),
        ({"value": "0.5", "unit": "percent"}, "0.5 percent"),
        ({"value": "100"}, "100"),
        ({"value": "-3", "unit": "percent"}, "-3 percent"),
        ({"value": "a dozen"}, "a dozen"),
    ],
)
def test_a_figure_reads_as_it_would_be_said(told, words):
    assert figure(told) == words
