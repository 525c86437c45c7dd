"""Recorded states in words: names for references, words for choices, a heading for every part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from riskreview.cases import asof
from riskreview.cases.asof import Seen
from riskreview.cases.labels import LABELS, NOUNS
from riskreview.cases.saying import Sayer, capital, label
from riskreview.lib.dates import moment_in_words

from .wording import references

if TYPE_CHECKING:
    from riskreview.cases.playbook.grammar import Playbook

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


def called(kind: str, row: Any) -> str:
    """What a row is called inside its case, or by itself."""
    if kind == "snapshot":
        return f"of {moment_in_words(row.fetched_at.isoformat())}"
    return f"{LETTERS[kind]}{row.number}" if kind in LETTERS else str(row)


def blocks(seen: Iterable[Seen], rules: Playbook | None = None) -> list[Block]:
    """The rows as they were, part by part; every value in words, empty ones left out."""
    told = list(seen)
    names = Names(value for each in told for value in (*each.told.state.values(), *flat(each)))
    say = Sayer(rules, names.found)
    return [block for each in told for block in parts(each, say) if block.lines]


def flat(seen: Seen) -> Iterator[Any]:
    """Every value that differs since."""
    for then, now in seen.since.values():
        yield from (then, now)


def parts(seen: Seen, say: Sayer) -> Iterator[Block]:
    """A row and its parts, in the order of their kinds."""
    found: dict[str, Block] = {}
    state = seen.told.state
    for name in sorted({*state, *seen.since}, key=in_order):
        part, _, column = name.rpartition(".")
        kind = part.partition(":")[0] or seen.kind
        block = found.setdefault(part, Block(title_of(seen, part)))
        then = say.value(kind, column, seen.shown(state.get(name)))
        differs = name in seen.since
        now = say.value(kind, column, seen.shown(seen.since[name][1])) if differs else None
        if then or now:
            block.lines.append(Line(capital(label(kind, column)), then, now))
    yield from found.values()


def title_of(seen: Seen, part: str) -> str:
    """What a part is called: Finding F3, by its number; a row itself by its kind."""
    kind = part.partition(":")[0] or seen.kind
    after = seen.since.get(f"{part}.number" if part else "number", [None, None])[1]
    number = seen.told.state.get(f"{part}.number" if part else "number") or after
    noun = NOUNS.get(kind) or kind.capitalize()
    return f"{noun} {LETTERS.get(kind, '')}{number}" if number and kind != "case" else noun


def in_order(name: str) -> tuple[str, int, int, str]:
    """Own columns first, then parts by kind and age; columns as they are read, the others by name."""
    part, _, column = name.rpartition(".")
    kind, _, pk = part.partition(":")
    known = list(LABELS.get(kind or "case", {}))
    return kind, int(pk or 0), known.index(column) if column in known else len(known), column
