"""Every pattern that reads texts needs time linear in the text, whatever the text.

Processor time, the least of several runs, so that a busy machine does not matter. What takes longer than it may is
measured against half of the text as well: linear patterns need about twice the time for twice the text.
"""

import re
import time

import pytest

from riskreview.enrichment import agencies, believing, languages, roles, sameness, surroundings, unknown
from riskreview.enrichment.linking import read_names
from riskreview.lib import spelled, text
from riskreview.vendors import tickers, versions
from tests.enrichment.names import gazetteer

READ = (agencies, believing, languages, roles, sameness, spelled, surroundings, text, tickers, unknown, versions)
SIZE = 50_000
ALLOWED = 0.050
RATIO = 2.5
PIECES = [
    "A",
    "a",
    " ",
    "\n",
    "1",
    "(",
    '"',
    "’s ",
    "Aa ",
    "Aa, ",
    "-a",
    ".A",
    "the ",
    "a AI ",
    "AI company ",
    "said ",
    "on its official ",
    "on Aa, and Bb, and ",
    "linked to ",
    "According to a ",
    "posted a b c ",
    "-1.1-Max",
    "Zz Yy AI ",
    "A, a b c d e ",
    "NYSE: ",
    "。阿里巴巴",
    "وال",
]
HOSTILE = [piece * (SIZE // len(piece)) for piece in PIECES]


def every():
    """Each pattern once, with the flags it is used with and the place where it is kept."""
    found = {}
    for module in READ:
        for name, value in vars(module).items():
            for pattern in _compiled(value):
                found.setdefault((pattern.pattern, pattern.flags), f"{module.__name__.rpartition('.')[2]}.{name}")
    return [(place, re.compile(*key)) for key, place in found.items()]


def _compiled(value, depth=0):
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, believing.Veto | agencies.Agency):
        for key in value.__slots__:
            yield from _compiled(getattr(value, key), depth + 1)
    elif isinstance(value, dict | list | tuple) and depth < 3:
        for each in value.values() if isinstance(value, dict) else value:
            yield from _compiled(each, depth + 1)


def seconds(pattern, hostile):
    """The least processor time of three searches for all."""
    spent = []
    for _ in range(3):
        started = time.process_time()
        for _ in pattern.finditer(hostile):
            pass
        spent.append(time.process_time() - started)
        if spent[-1] < ALLOWED:
            break
    return min(spent)


def is_slow(pattern, hostile):
    """Whether a pattern takes too long, and more than its share for the second half of the text."""
    whole = seconds(pattern, hostile)
    return whole > ALLOWED and (whole > 10 * ALLOWED or whole > RATIO * seconds(pattern, hostile[: len(hostile) // 2]))


@pytest.mark.parametrize(("place", "pattern"), every())
def test_a_pattern_is_linear_on_hostile_text(place, pattern):
    assert [piece for piece, hostile in zip(PIECES, HOSTILE, strict=True) if is_slow(pattern, hostile)] == []


def test_the_patterns_of_all_modules_are_walked():
    modules = {module.__name__.rpartition(".")[2] for module in READ}
    assert {place.partition(".")[0] for place, _ in every()} == modules
    assert len(every()) > 400


@pytest.mark.parametrize("quadratic", [r"a+b", r"a*b"])
def test_a_pattern_that_is_not_linear_would_be_seen(quadratic):
    assert is_slow(re.compile(quadratic), "a" * 10_000)


def test_the_whole_look_is_linear_on_text_of_all_its_words(hostile_words):
    once, twice = (least(hostile_words * times) for times in (1, 2))
    assert twice < RATIO * 1.5 * once


@pytest.fixture
def hostile_words():
    """300 KB of everything the lists speak of, in sentences and without."""
    words = [*agencies.surfaces(), *believing.VETOES, *unknown.FAMILIES, "AI company", "Zz Yy AI", "(NYSE: XYZ)"]
    return " ".join(words) * (300_000 // len(" ".join(words)))


def least(hostile):
    """The least processor time of two looks."""
    spent = []
    for _ in range(2):
        started = time.process_time()
        read_names(hostile, "", gazetteer())
        spent.append(time.process_time() - started)
    return min(spent)
