import time

import pytest

from riskreview.enrichment.hedges import anonymous, hedges, withholds_name


def found(text):
    return [(text[hedge.start : hedge.end], hedge.kind) for hedge in hedges(text)]


@pytest.mark.parametrize(
    ("text", "hedge", "kind"),
    [
        ("It is understood that the deal fell through.", "It is understood that", "HEARSAY"),
        ("It’s believed the keys were sold.", "It’s believed", "HEARSAY"),
        ("It is being said that it failed.", "It is being said that", "HEARSAY"),
        ("The grid is said to be full.", "is said to", "HEARSAY"),
        ("The app was widely rumoured to spy.", "was widely rumoured to", "HEARSAY"),
        ("The talks are reported to have failed.", "are reported to", "HEARSAY"),
        ("Reportedly nobody knew.", "Reportedly", "HEARSAY"),
        ("They were blocked over suspicions of copying.", "over suspicions", "HEARSAY"),
        ("The alleged copying went on.", "alleged", "HEARSAY"),
        ("People familiar with the talks were calm.", "People familiar with", "HEARSAY"),
        ("He spoke on condition of anonymity.", "on condition of anonymity", "HEARSAY"),
        ("The list could not be independently verified.", "could not be independently verified", "HEARSAY"),
        ("AI is poised to grow.", "is poised to", "FORECAST"),
        ("The ban is widely expected to hold.", "is widely expected to", "FORECAST"),
        ("The lab is on track to lose.", "on track to", "FORECAST"),
        ("It will likely fail.", "will likely", "FORECAST"),
        ("The model may have copied.", "may have", "MODAL"),
        ("The answer seems to be wrong.", "seems to", "MODAL"),
        ("There are potential risks.", "potential", "MODAL"),
        ("The ban might fall.", "might", "MODAL"),
        ("It may fail.", "may", "MODAL"),
    ],
)
def test_a_hedge_has_its_words_and_its_class(text, hedge, kind):
    assert found(text) == [(hedge, kind)]


@pytest.mark.parametrize(
    "text",
    ["The fault was reported to us in May.", "It said that it would pay.", "Nobody may", "The app was banned.", ""],
)
def test_plain_words_hedge_nothing(text):
    assert found(text) == []


def test_only_the_part_that_is_asked_for_is_read():
    text = "It may fail. It might pass."
    assert [hedge.start for hedge in hedges(text, 12)] == [text.index("might")]


@pytest.mark.parametrize(
    ("text", "somebody"),
    [
        ("Then one American company blocked it.", "one American company"),
        ("Several people told us.", "Several people"),
        ("An official at the ministry denied it.", "An official"),
        ("On Monday sources said so.", "sources"),
        ("Acme said so.", None),
        ("The officials' car was late.", None),
    ],
)
def test_somebody_without_a_name_is_found(text, somebody):
    span = anonymous(text, 0, len(text))
    assert (text[slice(*span)] if span else None) == somebody


def test_a_name_may_be_kept_back():
    text = "a nurse who asked not to be named"
    assert withholds_name(text, 0, len(text))
    assert not withholds_name(text, 0, 7)


@pytest.mark.parametrize("text", ["one big ", "it is ", "could not ", "is now ", "may ", "over ", "a" * 50, "who "])
def test_hostile_text_is_read_quickly(text):
    hostile = text * (50_000 // len(text))
    started = time.process_time()
    hedges(hostile)
    anonymous(hostile, 0, len(hostile))
    withholds_name(hostile, 0, len(hostile))
    assert time.process_time() - started < 0.5
