"""What two texts share, to the character, and what the later one adds."""

import random
import time

import pytest

from riskreview.enrichment.beside import beside
from riskreview.enrichment.prose import spans
from tests.enrichment import wires

OPENING = "The council met on Tuesday and decided nothing of note about the new machine."


def test_the_longest_shared_passage_is_found_in_both():
    earlier, later = f"Rain fell. {OPENING} Then all went home.", f"{OPENING} Snow is expected by the end of the week."
    found = beside(earlier, later)
    assert earlier[slice(*found.earlier)] == OPENING.rstrip(".")
    assert later[slice(*found.later)] == OPENING.rstrip(".")
    assert found.adds == 1


@pytest.mark.parametrize(
    ("earlier", "later", "adds"),
    [
        (OPENING, OPENING, 0),
        (OPENING, f"{OPENING} Nobody spoke against it at all.", 1),
        (OPENING, f"{OPENING} Oh no.", 0),
        (OPENING, f"{OPENING} “Nobody spoke against it at all,” said one.", 0),
        (OPENING, "Nobody spoke against it at all. Nobody was asked what they thought.", 2),
        ("", OPENING, 1),
    ],
)
def test_sentences_of_its_own_are_counted(earlier, later, adds):
    assert beside(earlier, later).adds == adds


def test_texts_that_share_nothing_have_no_passage():
    found = beside(wires.FERRY, wires.PORT)
    assert (found.earlier, found.later) == (None, None)


@pytest.mark.parametrize("seed", range(30))
def test_passages_are_the_same_words_whatever_stands_between(seed):
    chance = random.Random(seed)
    pieces = [*wires.HARBOUR.split(". "), "“a quote”", "深度求索", "e\u0301", "👩‍👩‍👧", '"', "\n", "Read more: this"]
    earlier, later = ("".join(chance.choices(pieces, k=12)) for _ in range(2))
    found = beside(earlier, later)
    if found.earlier:
        assert 0 <= found.earlier[0] < found.earlier[1] <= len(earlier)
        assert 0 <= found.later[0] < found.later[1] <= len(later)
        assert earlier[found.earlier[0]].isalnum()
        assert later[found.later[1] - 1].isalnum()


def test_quotes_and_furniture_are_nobodys_prose():
    text = 'He said "never again" twice.\nRead more: other things\nShe left.'
    assert "".join(text[start:end] for start, end in spans(text)) == "He said  twice.\n\nShe left."


@pytest.mark.parametrize("hostile", ["word " * 200_000, '"' * 200_000, "a b c d e " * 100_000, "Read more\n" * 100_000])
def test_hostile_texts_take_linear_time(hostile):
    started = time.process_time()
    beside(hostile, hostile)
    assert time.process_time() - started < 12
