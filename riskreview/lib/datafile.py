"""Reads the rows of a data file into frozen dataclasses, and says in words what is wrong with each.

A `Table` names, per key of a row, the reader of its value; which keys are required follows from the dataclass. A reader
returns the value as it is kept, or raises `Wrong`. All faults of a file are found in one pass.
"""

from __future__ import annotations

import datetime
import keyword
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any

Reader = Callable[[Any], Any]
KEY = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*\Z")
SHOWN = 60


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: in which row (empty: the file as a whole), what, and what to do about it."""

    row: str
    what: str
    do: str
    file: str = ""

    def __str__(self) -> str:
        place = ", ".join(filter(None, (self.file, self.row)))
        return f"{place}: {self.what} {self.do}" if place else f"{self.what} {self.do}"


class Refused(ValueError):
    """A file that cannot be taken; `faults` says everything that is wrong with it."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


class Wrong(Exception):
    """A value that cannot be taken: what is wrong with it, and what to do."""

    def __init__(self, what: str, do: str) -> None:
        super().__init__(f"{what} {do}")
        self.what, self.do = what, do


@dataclass(frozen=True, slots=True)
class Table:
    """A kind of row: what it is called in messages, the dataclass it makes, and the reader of each key."""

    name: str
    makes: type[Any]
    keys: Mapping[str, Reader]

    @property
    def required(self) -> Iterator[str]:
        """The keys a row cannot do without."""
        for each in fields(self.makes):
            if each.default is MISSING and each.default_factory is MISSING:
                yield each.name.rstrip("_")

    def place(self, row: Any, index: int) -> str:
        """How a message calls a row: by its key, or by its place in the list."""
        key = row.get("key") if isinstance(row, Mapping) else None
        return f"{self.name} “{key}”" if isinstance(key, str) else f"{self.name} {index}"

    def strays(self, row: Mapping[str, Any], place: str) -> Iterator[Fault]:
        """Keys that are there and not known, and keys that are not there and must be."""
        for key in (each for each in row if each not in self.keys):
            yield Fault(place, f"The key {_shown(key)} is not known.", f"Known are: {', '.join(self.keys)}.")
        for key in (each for each in self.required if each not in row):
            yield Fault(place, f"The key “{key}” is missing.", "Add it: it has no default.")

    def read(self, row: Any, place: str, faults: list[Fault]) -> Any:
        """The row as its dataclass, or None after adding to `faults` all that is wrong with it."""
        if not isinstance(row, Mapping):
            faults.append(Fault(place, f"{_shown(row)} is no row.", "Write a table: {key = …, …}."))
            return None
        before, values = len(faults), {}
        faults += self.strays(row, place)
        for key in (known for known in self.keys if known in row):
            try:
                values[field_of(key)] = self.keys[key](row[key])
            except Wrong as wrong:
                faults.append(Fault(place, f"{key}: {wrong.what}", wrong.do))
        return self.makes(**values) if len(faults) == before else None


def field_of(key: str) -> str:
    """The field of a dataclass that holds a key: words of the language take an underscore."""
    return f"{key}_" if keyword.iskeyword(key) else key


def rows_of(table: Table, given: Any, faults: list[Fault]) -> tuple[Any, ...]:
    """The rows of a list, each as its dataclass; what is wrong with them goes to `faults`."""
    if not isinstance(given, list):
        faults.append(Fault("", f"“{table.name}” holds {_shown(given)}.", "Write a list of tables."))
        return ()
    made = [table.read(row, table.place(row, index), faults) for index, row in enumerate(given, 1)]
    return tuple(row for row in made if row is not None)


def text(value: Any) -> str:
    """A text that says something."""
    if not isinstance(value, str) or not value.strip():
        raise Wrong(f"{_shown(value)} is no text.", "Write words between quotes, or leave the key out.")
    return value.strip()


def key(value: Any) -> str:
    """A name for use in references: lower case, digits, underscores."""
    if not isinstance(value, str) or not KEY.match(value):
        raise Wrong(f"{_shown(value)} is no key.", "Write small letters, digits and single underscores: final_notice.")
    return value


def flag(value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise Wrong(f"{_shown(value)} is neither true nor false.", "Write true or false, without quotes.")
    return value


def whole(low: int, high: int) -> Reader:
    """A whole number within bounds, both included."""

    def read(value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise Wrong(f"{_shown(value)} is no number from {low} to {high}.", "Write digits, without quotes.")
        return value

    return read


def date(value: Any) -> datetime.date:
    """A calendar date, as TOML or as ISO 8601 writes it."""
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return value
    try:
        return datetime.date.fromisoformat(value)
    except (TypeError, ValueError):
        raise Wrong(f"{_shown(value)} is no date.", "Write it as 2026-07-01.") from None


def one_of(words: Collection[str]) -> Reader:
    """One of a closed list of words."""

    def read(value: Any) -> str:
        if not isinstance(value, str) or value not in words:
            raise Wrong(f"{_shown(value)} is not on the list.", f"Write one of: {', '.join(words)}.")
        return value

    return read


def many(reader: Reader) -> Reader:
    """A list without repetitions, each by the same reader."""

    def read(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list | tuple):
            raise Wrong(f"{_shown(value)} is no list.", "Write values between square brackets.")
        made = tuple(reader(each) for each in value)
        if len(set(made)) != len(made):
            raise Wrong("A value stands there twice.", "Take one of the two out.")
        return made

    return read


def inside(table: Table) -> Reader:
    """A table within a row."""

    def read(value: Any) -> Any:
        faults: list[Fault] = []
        made = table.read(value, table.name, faults)
        if faults:
            raise Wrong(faults[0].what, faults[0].do)
        return made

    return read


def words(name: str) -> str:
    """A key as words: `final_notice` is "Final notice"."""
    told = name.replace("_", " ").strip()
    return told[:1].upper() + told[1:]


def _shown(value: Any) -> str:
    said = value if isinstance(value, str) else repr(value)
    return f"“{said[:SHOWN]}…”" if len(said) > SHOWN else f"“{said}”"
