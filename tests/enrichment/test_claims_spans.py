"""Whatever the text, every span lies in it and quotes it; hostile text takes its time in proportion."""

import gc
import random
import time

import pytest

from riskreview.enrichment.claims import CLAIMS_MOST, claims
from riskreview.enrichment.found import NamesRead
from riskreview.enrichment.stated import stated
from riskreview.lib.text import sentences
from tests.enrichment.said import said

NOBODY = NamesRead([], [], [])
STORY = """“We know,” said Jane Roe, who leads the lab. “It is late.” The firm – it said – had paid $5 million.
According to a report by the bank, “demand” will rise by 160%, adding that it's poised to double.
It is understood that one company's claim that the app "spies" was dismissed as ‘nonsense’; critics say it wasn't.
「安全です」 the minister said: "The app stays off.
It emerged, X told reporters, that 阿里巴巴 may have left."""
ADDED = [
    '"',
    "“",
    "”",
    "‘",
    "’",
    "「",
    "」",
    "«",
    "»",
    "\n",
    " ",
    ",",
    ".",
    ":",
    "—",
    "(",
    "e\u0301",
    "\u0301",
    "😀",
    "阿里",
    "said",
    " that ",
]


@pytest.mark.parametrize("seed", range(150))
def test_every_span_of_an_edited_text_lies_in_it(seed):
    text = edited(random.Random(seed))
    found = said(text)
    for claim in [*found, *stated(text, sentences(text), NOBODY, [], found)]:
        assert_sound(claim, text)
    keys = [(claim.content[0][0], claim.kind) for claim in found]
    assert len(keys) == len(set(keys))
    assert found == sorted(found, key=lambda claim: (claim.content, claim.kind))


def edited(chance):
    text = list(STORY)
    for _ in range(chance.randrange(1, 30)):
        place = chance.randrange(len(text))
        if chance.random() < 0.5:
            del text[place : place + chance.randrange(1, 12)]
        else:
            text.insert(place, chance.choice(ADDED))
    return "".join(text)


def assert_sound(claim, text):
    places = [*claim.content, claim.cue, claim.source.span, claim.anonymous]
    places += [(mark.start, mark.end) for mark in (*claim.hedges, *claim.figures)]
    assert all(0 <= start < end <= len(text) for start, end in filter(None, places))
    assert 1 <= len(claim.content) <= 2
    assert list(claim.content) == sorted(claim.content)
    if claim.cue:
        assert all(end <= claim.cue[0] or claim.cue[1] <= start for start, end in claim.content)
    for start, end in claim.content:
        assert not text[start].isspace()
        assert not text[end - 1].isspace()


HOSTILE = [
    '"',
    "“",
    "'",
    "said ",
    "the man said, ",
    "that ",
    "claims that ",
    "claims by A ",
    "it is said ",
    "according to ",
    'X said "a b c d," and ',
    "X, which it said ",
    "A and ",
    "A. ",
    "( ",
    "— ",
    ", adding that it ",
    "A's claim that the app is ",
    "the company said it was. ",
    '"a b c d" ',
    "«",
    "“«「",
    "1,111",
    "$1 ",
    "e\u0301 said that ",
    "他说",
    "A said: ",
    "a-",
    "\n",
]


@pytest.mark.parametrize("part", HOSTILE, ids=repr)
def test_hostile_text_takes_time_in_proportion(part):
    assert seconds(part * (50_000 // len(part))) < 1.5


def test_a_hundred_thousand_quotations_and_a_line_of_five_million_characters_are_read():
    assert seconds('"a b c d" ' * 100_000) < 10
    assert seconds("x" * 5_000_000) < 5


def test_no_more_claims_are_kept_than_any_article_holds():
    text = 'Roe said that it was late. "We know that it is," he said.\n' * CLAIMS_MOST
    assert len(claims(text, sentences(text), NOBODY)) == CLAIMS_MOST


def seconds(text):
    spans = sentences(text)
    gc.disable()  # it would walk through all that earlier tests left in memory, which says nothing of this text
    try:
        started = time.process_time()
        found = claims(text, spans, NOBODY)
        stated(text, spans, NOBODY, [], found)
        return time.process_time() - started
    finally:
        gc.enable()
