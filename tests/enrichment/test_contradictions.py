from decimal import Decimal

import pytest

from riskreview.enrichment.amounts import amounts
from riskreview.enrichment.contradictions import bounds, passages, questions
from riskreview.enrichment.linking import mentions
from riskreview.enrichment.signals import signals
from riskreview.lib.text import sentences
from tests.enrichment.names import gazetteer


def of(document, text):
    spans = sentences(text)
    return passages(document, text, spans, signals(text, spans, mentions(text, "", gazetteer())))


SAYS = "DeepSeek leaked chat records."
DENIES = "DeepSeek denied that it had leaked chat records."


@pytest.mark.parametrize(("this", "other"), [(SAYS, DENIES), (DENIES, SAYS)])
def test_a_denial_against_an_assertion_is_a_question(this, other):
    [question] = questions(of("new", this), of("old", other))
    assert (question.kind, question.this.words, question.other.words) == ("DENIAL", this, other)
    assert question.text.endswith("Which holds?")


@pytest.mark.parametrize(
    "other",
    [
        "DeepSeek may leak chat records, a plan would change that.",
        "DeepSeek was banned in Taiwan.",
        "OpenAI denied that it had leaked chat records.",
    ],
)
def test_another_category_vendor_or_a_plan_is_none(other):
    assert questions(of("new", SAYS), of("old", other)) == []


def test_a_text_does_not_question_itself():
    assert questions(of("one", SAYS), of("one", DENIES)) == []


def test_a_differing_figure_of_the_same_thing_is_a_question():
    this = "Rome fined OpenAI 15 million euros over its handling of data."
    other = "Rome fined OpenAI 20 million euros over its handling of data."
    [question] = questions(of("new", this), of("old", other))
    assert question.kind == "FIGURE"
    assert question.text.startswith('"15 million euros" here, "20 million euros" in an earlier text')


@pytest.mark.parametrize(
    "other",
    [
        "Rome fined OpenAI about 15.5 million euros over its handling of data.",
        "Rome fined OpenAI more than 10 million euros over its handling of data.",
        "Rome fined OpenAI 15 million dollars over its handling of data.",
        "In spring Berlin fined OpenAI 20 million euros for late replies.",
        "Rome fined OpenAI 5 million euros, then 20 million euros over its handling of data.",
    ],
)
def test_a_figure_that_may_be_the_same_or_of_something_else_is_none(other):
    this = "Rome fined OpenAI 15 million euros over its handling of data."
    assert questions(of("new", this), of("old", other)) == []


def test_the_most_alike_come_first_and_only_three():
    earlier = [p for n in range(9) for p in of(n, f"{SAYS[:-1]} of {n} banks.")] + of("alike", SAYS)
    found = questions(of("new", DENIES), earlier)
    assert len(found) == 3
    assert found[0].other.document == "alike"


@pytest.mark.parametrize(
    ("words", "least", "most"),
    [
        ("5%", "5", "5"),
        ("as much as 5%", "-Infinity", "5"),
        ("more than 5%", "5", "Infinity"),
        ("about 5%", "4.5", "5.5"),
    ],
)
def test_a_figure_has_bounds(words, least, most):
    [figure] = amounts(f"It rose {words}.")
    assert bounds(figure) == (Decimal(least), Decimal(most))
