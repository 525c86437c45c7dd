"""Recorded states in words: names for references, words for choices, a heading for every part."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import FieldDoesNotExist

from riskreview.cases import asof
from riskreview.cases.asof import Seen
from riskreview.lib.text import without_bidi

from .wording import references

MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)\.\d+Z")
EMPTY: tuple[Any, ...] = (None, "", [], {})
LETTERS = {"finding": "F", "exhibit": "E", "allegation": "C", "submission": "S", "release": "R"}


@dataclass(frozen=True, slots=True)
class Line:
    """One column: what it said then and, where that differs, what it says now."""

    name: str
    then: str
    now: str | None = None


@dataclass(slots=True)
class Block:
    """One row, or a part of one, with its columns."""

    title: str
    lines: list[Line] = field(default_factory=list)


class Names:
    """What rows are called, looked up once per kind."""

    def __init__(self, values: Iterable[Any]) -> None:
        wanted: dict[str, set[str]] = {}
        for value in values:
            for ref in references(value):
                kind, _, pk = ref.partition(":")
                wanted.setdefault(kind, set()).add(pk)
        self.found: dict[str, str] = {}
        for kind, ids in sorted(wanted.items()):
            if kind in asof.models_by_kind():
                rows = asof.model_of(kind)._base_manager.filter(pk__in=ids)
                self.found |= {f"{kind}:{row.pk}": called(kind, row) for row in rows}

    def of(self, ref: str) -> str:
        """What a row is called, or its key where it has no name any more."""
        return self.found.get(ref) or ref


def called(kind: str, row: Any) -> str:
    """What a row is called inside its case, or by itself."""
    return f"{LETTERS[kind]}{row.number}" if kind in LETTERS else str(row)


def blocks(seen: Iterable[Seen]) -> list[Block]:
    """The rows as they were, part by part; every value in words, empty ones left out."""
    told = list(seen)
    names = Names(value for each in told for value in (*each.told.state.values(), *flat(each)))
    return [block for each in told for block in parts(each, names) if block.lines]


def flat(seen: Seen) -> Iterator[Any]:
    """Every value that differs since."""
    for then, now in seen.since.values():
        yield from (then, now)


def parts(seen: Seen, names: Names) -> Iterator[Block]:
    """A row and its parts, in the order of their kinds."""
    found: dict[str, Block] = {}
    state = seen.told.state
    for name in sorted({*state, *seen.since}, key=in_order):
        part, _, column = name.rpartition(".")
        kind = part.partition(":")[0] or seen.kind
        block = found.setdefault(part, Block(title_of(seen, part)))
        then = words(kind, column, seen.shown(state.get(name)), names)
        differs = name in seen.since
        now = words(kind, column, seen.shown(seen.since[name][1]), names) if differs else None
        if then or now:
            block.lines.append(Line(column.replace("_", " ").capitalize(), then, now))
    yield from found.values()


def title_of(seen: Seen, part: str) -> str:
    """What a part is called: Finding F3, by its number; a row itself by its kind."""
    kind = part.partition(":")[0] or seen.kind
    after = seen.since.get(f"{part}.number" if part else "number", [None, None])[1]
    number = seen.told.state.get(f"{part}.number" if part else "number") or after
    noun = {"legalstatus": "legal status"}.get(kind, kind).capitalize()
    return f"{noun} {LETTERS.get(kind, '')}{number}" if number and kind != "case" else noun


def in_order(name: str) -> tuple[str, int, str]:
    """Own columns first, then parts by kind and age, columns by name."""
    part, _, column = name.rpartition(".")
    kind, _, pk = part.partition(":")
    return kind, int(pk or 0), column


def words(kind: str, column: str, value: Any, names: Names) -> str:
    """A recorded value as people read it; empty for nothing."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value in EMPTY:
        return ""
    if isinstance(value, dict) and set(value) == {"ref"}:
        return without_bidi(names.of(str(value["ref"])))
    if isinstance(value, list):
        return ", ".join(words(kind, column, each, names) for each in value)
    if isinstance(value, str) and (found := MOMENT.fullmatch(value)):
        return f"{found[1]} {found[2]} UTC"
    return without_bidi(str(choices_of(kind, column).get(value, value) if isinstance(value, str | int) else value))


def choices_of(kind: str, column: str) -> dict[Any, Any]:
    """The words of a column with a vocabulary."""
    try:
        found = asof.model_of(kind)._meta.get_field(column)
    except (KeyError, FieldDoesNotExist):
        return {}
    return dict(getattr(found, "flatchoices", None) or ())
