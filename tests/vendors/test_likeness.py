"""Which names look like each other, and why: a suggestion with its reason."""

import time

import pytest

from riskreview.vendors.likeness import Known, Register, bare, pairs

NAMES = [
    Known("Zhipu", 1),
    Known("智谱", 1),
    Known("Moonshot AI", 2),
    Known("Alibaba Cloud", 3),
    Known("Scale AI", 4),
    Known("NYSE: BABA", 3, is_ticker=True),
]


@pytest.mark.parametrize(
    ("name", "vendor"),
    [
        ("Zhipu AI", 1),
        ("Zhipu Technologies Ltd.", 1),
        ("Zhippu", 1),
        ("Moonshot", 2),
        ("MoonShot", 2),
        ("Alibaba Clouds", 3),
        ("Figure AI", None),
        ("AI", None),
        ("Inflection", None),
        ("智谱", 1),
        ("", None),
    ],
)
def test_a_name_is_likely_of_the_vendor_with_the_name_most_alike(name, vendor):
    found = Register(NAMES).like(name)
    assert (found.vendor if found else None) == vendor
    assert found is None or (84 <= found.score <= 100 and "of 100 alike" in found.reason)


@pytest.mark.parametrize(
    ("name", "plain"), [("OpenAI, Inc.", "openai"), ("The Lab", "the lab"), ("A.I. Co", "a i"), ("Z", "z")]
)
def test_words_that_most_companies_carry_say_nothing(name, plain):
    assert bare(name) == plain


def found(names):
    symbols = {"NYSE: BABA": "BABA", "BABA": "BABA"}
    return [(pair.vendor, pair.other, pair.score, pair.reason) for pair in pairs(names, symbols)]


def test_vendors_with_names_alike_one_name_or_one_symbol_are_pairs():
    names = [
        *NAMES,
        Known("Zhipu AI Ltd", 9),
        Known("Moonshot AI", 8),
        Known("BABA", 7, is_ticker=True),
        Known("Scalar", 6),
    ]
    assert found(names) == [
        (1, 9, 100, "“Zhipu” and “Zhipu AI Ltd” are 100 of 100 alike."),
        (2, 8, 100, "Both are called “Moonshot AI”."),
        (3, 7, 100, "Both are listed as BABA."),
    ]


@pytest.mark.parametrize(
    "more",
    [
        [Known("Azure OpenAI", 2, is_product=True)],
        [Known("OpenAI", 2, is_product=True)],
        [Known("Microsoft OpenAI Service", 2), Known("Service Hub", 2)],
        [Known("Azure", 2, is_product=True), Known("Azure OpenAI", 2)],
    ],
)
def test_a_name_beside_words_of_its_own_vendor_or_of_a_product_is_no_evidence(more):
    assert found([Known("OpenAI", 1), Known("Microsoft", 2), *more]) == []


def test_a_name_with_other_words_beside_it_is_evidence():
    names = [Known("Alibaba", 1), Known("Alibaba Cloud", 2), Known("Aliyun", 2)]
    assert [pair[:2] for pair in found(names)] == [(1, 2)]


def test_names_of_one_vendor_are_no_pair():
    assert found([Known("Zhipu", 1), Known("Zhipu AI", 1), Known("A: B", 1, is_ticker=True)]) == []


def test_a_register_of_thousands_is_compared_in_seconds():
    names = [Known(f"Company {index % 97} {chr(97 + index % 26)}{index}", index) for index in range(5_000)]
    begun = time.monotonic()
    pairs(names, {})
    assert time.monotonic() - begun < 10
