"""Rows of a data file become dataclasses, or every fault is told at once, in words."""

import datetime
from dataclasses import dataclass

import pytest

from riskreview.lib.datafile import (
    Fault,
    Refused,
    Table,
    Wrong,
    date,
    flag,
    inside,
    key,
    many,
    one_of,
    rows_of,
    text,
    words,
)
from riskreview.lib.datafile import whole as number


@dataclass(frozen=True, kw_only=True)
class Tree:
    """A row with a key that is a word of the language, and a default."""

    key: str
    from_: str
    tall: int = 1


TREE = Table("tree", Tree, {"key": key, "from": text, "tall": number(1, 100)})


def read(*rows):
    faults = []
    return rows_of(TREE, list(rows), faults), [(fault.row, f"{fault.what} {fault.do}") for fault in faults]


def test_a_row_becomes_its_dataclass_with_defaults():
    assert read({"key": "oak", "from": "Kent"}) == ((Tree(key="oak", from_="Kent", tall=1),), [])


def test_every_fault_of_every_row_is_told_and_whole_rows_are_kept():
    made, faults = read({"key": "oak", "from": "Kent"}, {"key": "elm", "tall": 0, "age": 3}, 7)
    assert [tree.key for tree in made] == ["oak"]
    assert faults == [
        ("tree “elm”", "The key “age” is not known. Known are: key, from, tall."),
        ("tree “elm”", "The key “from” is missing. Add it: it has no default."),
        ("tree “elm”", "tall: “0” is no number from 1 to 100. Write digits, without quotes."),
        ("tree 3", "“7” is no row. Write a table: {key = …, …}."),
    ]


@pytest.mark.parametrize(
    ("reader", "value", "kept"),
    [
        (text, " words ", "words"),
        (key, "final_notice_2", "final_notice_2"),
        (flag, False, False),
        (number(0, 3), 3, 3),
        (date, datetime.date(2026, 7, 1), datetime.date(2026, 7, 1)),
        (date, "2026-07-01", datetime.date(2026, 7, 1)),
        (one_of(["a", "b"]), "b", "b"),
        (many(key), ["a", "b"], ("a", "b")),
        (inside(TREE), {"key": "oak", "from": "Kent"}, Tree(key="oak", from_="Kent")),
    ],
)
def test_a_value_is_kept(reader, value, kept):
    assert reader(value) == kept


@pytest.mark.parametrize(
    ("reader", "value"),
    [
        *[(text, value) for value in ("", " ", 1, None, ["x"])],
        *[(key, value) for value in ("", "A", "a b", "_a", "a_", "a__b", "1a", "a\n", 1)],
        *[(flag, value) for value in (0, 1, "true", None)],
        *[(number(0, 3), value) for value in (-1, 4, "1", 1.0, True)],
        *[(date, value) for value in (20260701, "July", None, datetime.datetime(2026, 7, 1))],
        *[(one_of(["a"]), value) for value in ("b", "", 1, ["a"])],
        *[(many(key), value) for value in ("a", ["a", "a"], ["A"], {"a": 1})],
        *[(inside(TREE), value) for value in ({"key": "oak"}, "oak", [])],
    ],
)
def test_a_value_is_refused(reader, value):
    with pytest.raises(Wrong):
        reader(value)


def test_a_fault_says_where_what_and_what_to_do():
    fault = Fault("tree “elm”", "It is ill.", "Cut it.", "wood.toml")
    assert str(fault) == "wood.toml, tree “elm”: It is ill. Cut it."
    assert str(Refused([fault, Fault("", "No.", "Go.")])) == f"{fault}\nNo. Go."


def test_a_long_value_is_cut_in_messages():
    with pytest.raises(Wrong) as wrong:
        key("x" * 200 + " ")
    assert len(wrong.value.what) < 90


def test_a_key_is_told_in_words():
    assert (words("final_notice"), words("a")) == ("Final notice", "A")
