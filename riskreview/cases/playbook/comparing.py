"""How two playbooks differ, in words: what a person reads before an open case takes up another version."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

from riskreview.lib.datafile import words

from .grammar import TABLES, Playbook
from .reading import to_plain

UNNAMED = ("key", *TABLES)


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: the table and the row it is in (both empty for the head), and a sentence."""

    table: str
    key: str
    told: str


def differences(old: Playbook, new: Playbook) -> list[Difference]:
    """All that differs, head first, then table by table. Empty when both say the same."""
    return [*head(old, new), *(each for table in TABLES for each in rows(table, old, new))]


def head(old: Playbook, new: Playbook) -> Iterator[Difference]:
    """What differs above the rows."""
    if old.key != new.key:
        yield Difference("", "", f"Another playbook: “{new.title}” instead of “{old.title}”.")
    for told in changes(old, new, "The playbook"):
        yield Difference("", "", told)


def rows(table: str, old: Playbook, new: Playbook) -> Iterator[Difference]:
    """What differs in one table: rows gone, rows added, rows changed, and their order."""
    before = {row.key: row for row in getattr(old, table)}
    after = {row.key: row for row in getattr(new, table)}
    name = words(table)
    for key in (key for key in before if key not in after):
        yield Difference(table, key, f"{name} “{before[key].title}” is gone.")
    for key in (key for key in after if key not in before):
        yield Difference(table, key, f"{name} “{after[key].title}” is new.")
    for key in (key for key in after if key in before):
        for told in changes(before[key], after[key], f"{name} “{before[key].title}”"):
            yield Difference(table, key, told)
    if [key for key in before if key in after] != [key for key in after if key in before]:
        yield Difference(table, "", f"The order of the {table}s is another.")


def changes(old: Any, new: Any, name: str) -> Iterator[str]:
    """Per field that differs, a sentence with both values."""
    for each in fields(old):
        before, after = getattr(old, each.name), getattr(new, each.name)
        if before != after and each.name not in UNNAMED:
            field = each.name.rstrip("_").replace("_", " ")
            yield f"{name}: {field} is {shown(after)}, was {shown(before)}."


def shown(value: Any) -> str:
    """A value in a sentence."""
    plain = to_plain(value)
    match plain:
        case "" | None | []:
            return "nothing"
        case bool():
            return "yes" if plain else "no"
        case dict():
            return ", ".join(f"{key} {shown(each)}" for key, each in plain.items())
        case [*parts]:
            return ", ".join(part["title"] if isinstance(part, dict) else shown(part) for part in parts)
        case str():
            return f"“{plain}”"
    return str(plain)
