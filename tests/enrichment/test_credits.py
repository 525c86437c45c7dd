"""Whose text a document says it is."""

import time

import pytest

from riskreview.enrichment.credits import agency, credit, elsewhere


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        ("WASHINGTON, Jan 29 (Reuters) - The council met.", "Reuters"),
        ("BEIJING (AP) — Shares fell.", "Associated Press"),
        ("By Ada Example, Agence France-Presse\nShares fell.", "Agence France-Presse"),
        ("Shares fell.\n(Reporting by Ada Example; Editing by Bo Example)", "Reuters"),
        ("Shares fell.\n© 2025 Bloomberg", "Bloomberg"),
        ("Shares fell.\n(UPI)", "UPI"),
        ("Reuters reported that shares fell.", ""),
        ("He told AP that shares fell.", ""),
        ("", ""),
    ],
)
def test_a_credit_names_the_agency_and_a_quotation_does_not(text, agency):
    assert credit(text) == agency


@pytest.mark.parametrize(
    ("name", "found"),
    [("Reuters", "Reuters"), ("The Associated Press", "Associated Press"), ("The Herald", ""), ("", "")],
)
def test_an_agency_is_known_as_a_publisher(name, found):
    assert agency(name) == found


@pytest.mark.parametrize(
    ("named", "own", "found"),
    [
        (["https://wire.example/a"], "https://paper.example/b", ("https://wire.example/a",)),
        (["https://www.paper.example/a"], "https://paper.example/b", ()),
        (["https://amp.paper.co.uk/a"], "https://www.paper.co.uk/b", ()),
        (["https://other.co.uk/a"], "https://paper.co.uk/b", ("https://other.co.uk/a",)),
        (["https://[broken", None, "", "/a"], "https://paper.example/b", ()),
        (["https://wire.example/a"] * 3, "", ("https://wire.example/a",)),
    ],
)
def test_only_another_site_is_the_place_a_text_is_from(named, own, found):
    assert elsewhere(named, own) == found


@pytest.mark.parametrize(
    "hostile", ["(Reuters) " * 5_000, "© 2025 " * 8_000, "By a, " * 9_000, "(Reporting by " * 4_000]
)
def test_hostile_credits_take_linear_time(hostile):
    started = time.process_time()
    credit(hostile)
    assert time.process_time() - started < 1
