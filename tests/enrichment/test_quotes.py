import time

import pytest

from riskreview.enrichment.quotes import LONGEST, quotes


def found(text):
    return [text[start:end] for start, end in quotes(text).spans]


@pytest.mark.parametrize(
    "quotation",
    [
        '"It is safe."',
        "“It is safe.”",
        "„It is safe.“",
        "«It is safe.»",
        "»It is safe.«",
        "‹It is safe.›",
        "「安全です。」",
        "『安全です。』",
        "‘It is safe,’",
        "'It is safe,'",
        "``It is safe.''",
        "”It is safe.”",
        "“It is ‘safe’ now.”",
        '“It is "safe" now.”',
        "«It is «safe» now.»",
        "‘The companies’ answers are safe,’",
    ],
)
def test_a_quotation_is_found_with_its_marks(quotation):
    text = f"Roe said: {quotation} Nobody laughed."
    assert found(text) == [quotation]


@pytest.mark.parametrize(
    "text",
    [
        "The users' data isn't the companies' own.",
        "He is 5' 10\" tall and it's 12\" wide.",
        "In the '90s rock 'n' roll was the companies' friend.",
        "It ended there.” Nobody laughed.",
        "No quotation",
        "",
    ],
)
def test_a_mark_that_faces_nobody_quotes_nothing(text):
    assert found(text) == []


def test_a_quotation_that_is_never_closed_runs_to_the_end_of_its_line():
    assert found('"It goes on.\n"And ends," he said.') == ['"It goes on.', '"And ends,"']
    assert found("Roe said: “It goes on.\nNext.") == ["“It goes on."]
    assert found("A stray “mark in a line.") == []


def test_a_stray_mark_does_not_swallow_the_next_quotation():
    assert found('The "first was open. He said "it is closed."') == ['"it is closed."']
    assert found("The “first was open. He said “it is closed.”") == ["“it is closed.”"]


def test_two_quotations_stay_two():
    assert found('"We know," she said, "that it is late."') == ['"We know,"', '"that it is late."']
    assert found("‘One,’ he said, and ‘two’.") == ["‘One,’", "‘two’"]


def test_a_quotation_without_end_is_none():
    assert found("“" + "a " * LONGEST + "”") == []


def test_places_are_looked_up():
    held = quotes('He said "yes, now" twice.')
    assert held.holding(10) == (8, 18)
    assert held.holding(3) is None
    assert held.holding(18) is None
    assert list(held.within(0, 12)) == [(8, 12)]
    assert list(held.within(18, 25)) == []


@pytest.mark.parametrize("mark", ['"', "“", "”", "«", "»«", "‘a ", "’ s’ ", "“«„「", '"a b" ', "``", "“”"], ids=repr)
def test_a_hundred_thousand_marks_take_linear_time(mark):
    assert seconds(mark * 100_000) < 4  # the square would take minutes


def seconds(text):
    started = time.process_time()
    quotes(text)
    return time.process_time() - started
