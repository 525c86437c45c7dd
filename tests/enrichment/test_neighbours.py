"""What stands right beside a name speaks for a vendor or against it, by families of words."""

import time

import pytest

from riskreview.enrichment import rules
from riskreview.enrichment.linking import mentions
from riskreview.enrichment.neighbours import Place, other_fields, speaking_against, speaking_for
from riskreview.vendors.matching import Gazetteer, Name, NameKind

SCORES = rules.load("linking")["score"]
SAID = rules.load("linking")["said"]


def place(text, name="Nova"):
    start = text.index(name)
    return Place(text, start, start + len(name), (0, len(text)))


FOR = [
    ("the Nova app", "thing_after", "app"),
    ("two Nova support agents", "thing_after", "agents"),
    ("Nova's new servers", "owned_thing", "servers"),
    ("the chatbot Nova", "kind_before", "chatbot"),
    ("he asked Nova about it", "used", "asked"),
    ("a tool built on Nova", "dealt_with", "built on"),
    ("sales of the Nova", "dealt_with", "sales of"),
    ("Nova refuses one in three", "software_verb", "refuses"),
    ("Nova, which now refuses them", "software_verb", "refuses"),
    ("Nova, the company's video generator", "told_what", "generator"),
    ("a Nova-powered toy", "compound", "powered"),
    ("Nova said that it was not", "thing_pronoun", "it"),
]


@pytest.mark.parametrize(("text", "key", "word"), FOR)
def test_it_speaks_for_a_vendor(text, key, word):
    assert dict(speaking_for(place(text)))[key] == word


@pytest.mark.parametrize(
    "text", ["Nova", "a Nova.", "a cold Nova", "near Nova, users wait", "Nova of the north", "Nova-Ann"]
)
def test_other_words_say_nothing_for_a_vendor(text):
    assert list(speaking_for(place(text))) == []


AGAINST = [
    ("they met Nova Ferrand there", "longer_name", "Ferrand"),
    ("they met Heather Nova there", "name_before", "Heather"),
    ("a house in Nova Street", "place_after", "Street"),
    ("the governor of Nova", "place_before", "governor"),
    ("Nova, in the east of the country", "place_told", "east"),
    ("Nova, 34, sang", "age", "an age"),
    ("Nova, who sang", "who", "who"),
    ("the Nova fell silent", "article", "the"),
    ("her sister Nova", "person_before", "sister"),
    ("Nova smiled", "deed", "smiled"),
    ("Nova nodded as he left", "deed", "nodded"),
    ("Nova spoke before she left", "pronoun", "she"),
]


@pytest.mark.parametrize(("text", "key", "word"), AGAINST)
def test_it_speaks_against_a_vendor(text, key, word):
    assert dict(speaking_against(place(text), person=True, headline=False))[key] == word


@pytest.mark.parametrize(
    "text",
    [
        "the Nova app",
        "they met Nova Pro there",
        "Chinese Nova",
        "Asked Nova about it",
        "On Monday Nova said so",
        "Nova, 4.1",
    ],
)
def test_other_words_say_nothing_against_a_vendor(text):
    assert list(speaking_against(place(text), person=True, headline=False)) == []


def test_in_a_headline_capitals_make_no_longer_names():
    text = "They Met Heather Nova Ferrand There"
    assert list(speaking_against(place(text), person=True, headline=True)) == []


def test_words_of_other_things_are_told_once_each():
    assert other_fields("The poet saw a river, and the river saw the poets.") == ["poet", "river", "poets"]


def test_each_finding_has_a_score_and_its_reason():
    found = {key for _, key, _ in [*FOR, *AGAINST]} | {
        "maker_before",
        "listed",
        "listed_weak",
        "sibling",
        "in_sentence",
    }
    assert found == SAID.keys()
    assert found <= SCORES.keys()


WEAK = Gazetteer(
    [
        Name("Nova", NameKind.PRODUCT_WEAK, 1, 1),
        Name("Vega", NameKind.PRODUCT_WEAK, 1, 2),
        Name("Lyra", NameKind.PRODUCT_WEAK, 2, 3),
        Name("Acme", NameKind.STRONG, 3),
    ],
    "test",
)


def believed(text):
    return [found.surface for found in mentions(text, "", WEAK) if found.state == "ACCEPTED"]


@pytest.mark.parametrize(
    ("text", "surfaces"),
    [
        ("People in the office prefer Vega and Lyra.", ["Vega", "Lyra"]),
        ("They prefer Lyra to Acme.", ["Lyra", "Acme"]),
        ("They saw Lyra there.", []),
        ("They saw Vega, and far away Lyra.", []),
        ("They asked the chatbot Vega about it. In the end they left Vega there.", ["Vega", "Vega"]),
        ("People in the office saw Acme Vega there.", ["Acme", "Vega"]),
        ("asked vega about the chatbot, it said no", ["vega"]),
        ("asked a vega in the garden", []),
    ],
)
def test_names_are_believed_in_company(text, surfaces):
    assert believed(text) == surfaces


@pytest.mark.parametrize(
    "hostile", ["Vega and " * 40_000, "Vega, the " * 30_000, "the Vega's " * 30_000, "vega " * 60_000]
)
def test_what_stands_beside_names_is_read_in_linear_time(hostile):
    started = time.process_time()
    mentions(hostile, "", WEAK)
    assert time.process_time() - started < 8
