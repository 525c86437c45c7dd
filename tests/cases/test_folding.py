"""Folding entries together: what a subject said after each act, as far as anything tells it."""

import random

import pytest

from riskreview.audit.state import changes, digest
from riskreview.cases.folding import History, Step

COLUMNS = {
    "": {1: ("title", "due", "lead"), 2: ("title", "due", "lead", "team")},
    "finding": {1: ("number", "judgment")},
}


def lists(kind, version):
    known = [number for number in COLUMNS[kind] if version is None or number <= version]
    return COLUMNS[kind][max(known)]


def steps(*states, erased=(), version=1):
    """The entries of a row that was brought into being and changed."""
    before, told = {}, []
    for index, state in enumerate(states):
        told.append(Step(None) if index in erased else Step(changes(before, state), version, digest(state)))
        before = state
    return told


A = {"title": "a", "due": None, "lead": None}
B = {"title": "b", "due": None, "lead": "x"}
C = {"title": "b", "due": "now", "lead": None, "finding:7.number": 1, "finding:7.judgment": "It is so."}
D = {"title": "b", "due": "now", "lead": None}


def test_every_state_comes_back_with_parts_that_come_and_go():
    history = History(steps(A, B, C, D), {}, lists)
    assert [history.at(index).state for index in range(4)] == [A, B, C, D]
    assert all(history.at(index).agrees for index in range(4))


def test_an_erased_body_leaves_unknown_only_what_nothing_tells():
    history = History(steps(A, B, C, D, erased=[1]), D, lists)
    told = history.at(1)
    assert (told.agrees, told.state["title"], told.state["lead"]) == (None, "b", "x")
    assert history.at(0).state == A
    assert history.at(0).agrees
    assert history.at(2).state == C


def test_what_a_lost_body_alone_told_is_said_to_be_unknown():
    first = {"title": "a", "due": "x", "lead": None}
    last = {"title": "c", "due": "x", "lead": None}
    history = History(steps(first, {**first, "title": "b"}, last, erased=[1, 2]), last, lists)
    told = history.at(1)
    assert (told.unknown, told.agrees, told.state) == (["title", "due", "lead"], None, {})
    assert history.at(0).state["title"] == "a"
    assert history.at(2).state["title"] == "c"


def test_a_part_that_only_lost_bodies_know_is_named():
    history = History(steps(B, C, D, erased=[1, 2]), D, lists)
    assert history.at(0).agrees
    assert not [name for name in history.at(1).state if name.startswith("finding")]


def test_a_column_that_is_younger_than_the_row_says_what_it_says_today():
    today = {**B, "team": "red"}
    told = [*steps(A, B), Step({}, 2, digest(today))]
    assert not History(told, {}, lists).at(2).agrees
    assert History(told, today, lists).at(2).state == today
    assert History(told, today, lists).at(0).state == A


def test_a_state_that_is_not_what_the_entry_says_does_not_agree():
    told = steps(A, B)
    told[1] = Step(told[1].changes, 1, digest(C))
    assert History(told, B, lists).at(1).agrees is False


@pytest.mark.parametrize("seed", range(40))
def test_whatever_happened_nothing_is_guessed(seed):
    chance = random.Random(seed)
    states, state = [], {}
    for _ in range(chance.randint(1, 12)):
        state = {name: chance.choice([None, "x", "y", state.get(name)]) for name in ("title", "due", "lead")}
        for number in range(1, chance.randint(1, 4)):
            state |= {f"finding:{number}.number": number, f"finding:{number}.judgment": chance.choice(["p", "q"])}
        states.append(state)
    erased = [index for index in range(1, len(states)) if chance.random() < 0.3]
    history = History(steps(*states, erased=erased), states[-1], lists)
    for index, wanted in enumerate(states):
        told = history.at(index)
        assert told.state.items() <= wanted.items()
        assert told.agrees is not False
        assert not told.agrees or told.state == wanted
        # A part that came and went within lost bodies has left no trace at all.
        missing = {name for name in wanted if name not in told.state and name in history.mentions}
        assert all(any(name == lost or name.startswith(f"{lost}.") for lost in told.unknown) for name in missing)
        if not erased:
            assert told.agrees
