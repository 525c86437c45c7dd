import time

import pytest

from riskreview.enrichment.amounts import amounts


def found(text):
    return [(text[f.start : f.end], f.value, f.unit, f.currency, f.qualifier) for f in amounts(text)]


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("worth $75 billion", ("$75 billion", "75000000000", "money", "USD", "")),
        ("paid US$40m in cash", ("US$40m", "40000000", "money", "USD", "")),
        ("a fine of €1,250.50.", ("€1,250.50", "1250.5", "money", "EUR", "")),
        ("cost ¥300 million", ("¥300 million", "300000000", "money", "¥", "")),
        ("40 million yuan", ("40 million yuan", "40000000", "money", "CNY", "")),
        ("1.94 billion won", ("1.94 billion won", "1940000000", "money", "KRW", "")),
        ("up by as much as 5.5% today", ("5.5%", "5.5", "percent", "", "AT_MOST")),
        ("at least 60 per cent", ("60 per cent", "60", "percent", "", "AT_LEAST")),
        ("rose 3 percentage points", ("3 percentage points", "3", "percentage points", "", "")),
        ("more than five billion images", ("five billion images", "5000000000", "images", "", "MORE_THAN")),
        ("some 1.3 million accounts", ("1.3 million accounts", "1300000", "accounts", "", "ABOUT")),
        ("fewer than 200 employees", ("200 employees", "200", "employees", "", "LESS_THAN")),
        ("100 million users or more", ("100 million users", "100000000", "users", "", "AT_LEAST")),
        ("half a million homes", ("half a million homes", "500000", "homes", "", "")),
        ("a 300-megawatt plant", ("300-megawatt", "300", "MW", "", "")),
        ("exposed 65,000 patient records", ("65,000 patient records", "65000", "records", "", "")),
        (
            "40 million paying business customers",
            ("40 million paying business customers", "40000000", "customers", "", ""),
        ),
        ("cost $65 stolen customer records", ("$65", "65", "money", "USD", "")),
        ("fell -2% in May", ("-2%", "-2", "percent", "", "")),
    ],
)
def test_a_figure_has_value_unit_and_what_is_said_of_it(text, figure):
    assert found(text) == [figure]


@pytest.mark.parametrize(
    "text",
    [
        "In 2025 two firms met.",
        "GPT-4o and R1",
        "Llama-3.1-405B",
        "on 4 March",
        "room 12",
        "version 2.5",
        "12,000 were users",
        "40 of the customers",
        "By 2024 most paying customers left.",
        "By 2024 paying customers left.",
        "Five people?",
    ],
)
def test_bare_numbers_dates_and_models_are_none(text):
    assert [figure for figure in found(text) if figure[2] != "people"] == []


def test_figures_stand_in_order():
    assert [f.value for f in amounts("five percent of $3 million, or 40 chips")] == ["5", "3000000", "40"]


@pytest.mark.parametrize("text", ["1", "1,111", "$1 ", "one ", "up to ", "1.1", "$", "-1 ", "five hundred "])
def test_hostile_text_is_read_quickly(text):
    hostile = text * (50_000 // len(text))
    started = time.process_time()
    amounts(hostile)
    assert time.process_time() - started < 0.5
