"""A document held against all cases at once gets the same scores as held against each."""

import random
import time

import pytest

from benchmarks._quality_cases import prepared, profile
from benchmarks._quality_labels import OPEN, rows, whole
from riskreview.enrichment.prepared import CaseProfile, prepare
from riskreview.enrichment.ranking import shipped_background, suggest
from riskreview.enrichment.scoring import Bands, Weights
from riskreview.enrichment.watchlist import Watchlist

BACKGROUND = shipped_background()


def file_of(count):
    """So many cases: those of the labelled file again and again, each with words of others beside its own."""
    rng, known = random.Random(5), rows(OPEN, "casefile")
    words = sorted({word for case in known for word in case["summary"].split()})
    for number in range(count):
        case = known[number % len(known)]
        summary = f"{case['summary']} {' '.join(rng.choices(words, k=12))}"
        yield profile(case | {"id": number, "summary": summary}, whole())


@pytest.fixture(scope="module")
def cases():
    """Many cases, many of them alike; some with evidence, some about nobody, some about no risk."""
    made = list(file_of(200))
    texts = [row["text"] for row in rows(OPEN, "cases")]
    for number in range(0, 200, 7):
        one = made[number]
        vendors = frozenset() if number % 2 else one.vendors
        categories = frozenset() if number % 3 else one.categories
        evidence = (texts[number % len(texts)],) if number % 5 else ()
        made[number] = CaseProfile(number, one.title, one.summary, vendors, categories, evidence)
    return made


@pytest.fixture(scope="module")
def readings():
    return [prepared(row["title"], row["text"], whole()) for row in rows(OPEN, "cases")[:12]]


def one_by_one(reading, cases, most, **rules):
    found = [(suggest(reading, case, BACKGROUND, **rules), case.id) for case in cases]
    shown = [(-scored.score, number) for scored, number in found if scored.band != "HIDDEN"]
    return sorted(shown)[:most]


@pytest.mark.parametrize("most", [1, 30, 1000])
@pytest.mark.parametrize(
    "rules",
    [
        {},
        {"bands": Bands(80, 10)},
        {"weights": Weights("test", 100, 200, 700)},
        {"weights": Weights("test", 1000, 0, 0)},
    ],
    ids=["as shipped", "other bands", "other weights", "words alone"],
)
def test_it_finds_exactly_the_best(cases, readings, most, rules):
    watchlist = Watchlist([prepare(case, BACKGROUND) for case in cases], BACKGROUND, **rules)
    for reading in readings:
        got = [(-scored.score, case.profile.id) for case, scored in watchlist.rank(reading, most)]
        assert got == one_by_one(reading, cases, most, **rules)


def test_what_it_finds_is_whole(cases, readings):
    watchlist = Watchlist([prepare(case, BACKGROUND) for case in cases], BACKGROUND)
    case, scored = watchlist.rank(readings[0])[0]
    assert scored == suggest(readings[0], case.profile, BACKGROUND)


def test_nothing_and_nobody_is_fine(cases, readings):
    assert Watchlist([], BACKGROUND).rank(readings[0]) == []
    assert Watchlist([prepare(cases[1], BACKGROUND)], BACKGROUND).rank(prepared("", "", whole())) == []


def test_a_thousand_cases_take_some_milliseconds():
    watchlist = Watchlist([prepare(case, BACKGROUND) for case in file_of(1_000)], BACKGROUND)
    texts = [row["text"] for row in rows(OPEN, "cases")]
    long = ["\n".join(texts[place : place + 4]) for place in range(0, 36, 4)]
    times = sorted(_seconds(watchlist, prepared("", text, whole())) for text in long)
    assert times[len(times) // 2] < 0.05


def _seconds(watchlist, reading):
    started = time.process_time()
    watchlist.rank(reading)
    return time.process_time() - started
