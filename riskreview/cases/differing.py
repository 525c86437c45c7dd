"""What differs between two dossiers: between what was submitted and what is there now. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from riskreview.audit.refusals import Stale

from . import saying

# What one part of a dossier is called, and which of its columns says what it is.
PARTS = {
    "finding": ("F", "judgment"),
    "exhibit": ("E", "passage"),
    "effect": ("Effect ", "target"),
    "condition": ("Condition ", "text"),
    "submission": ("S", "summary"),
    "consultation": ("Consultation ", "consultee"),
}
PART = re.compile(r"(" + "|".join(PARTS) + r")\.(\d+)\.(\w+)\Z")
# Who changed a part and when goes with every change of it, and says nothing of what changed.
BESIDE = frozenset({"edited_by", "edited_at"})
ABSENT = object()


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is otherwise than it was; `old` or `new` is None where it was not there, or not any more."""

    path: str
    says: str
    old: Any
    new: Any


class DossierChanged(Stale):
    """What would be signed is not what was submitted, or not what the person saw: `changes` says what differs."""

    def __init__(self, message: str, changes: list[Difference]) -> None:
        super().__init__(message)
        self.changes = changes


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """What differs, in the order of the dossier. A part that came or went whole is one difference, by what it says."""
    names = {path for path in before.keys() | after.keys() if before.get(path, ABSENT) != after.get(path, ABSENT)}
    whole = {part for path in names if (part := part_of(path)) and is_on_one_side(part, before, after)}
    single = {path for path in names if part_of(path) not in whole}
    telling = {path for path in single if path.rpartition(".")[2] not in BESIDE}
    beside = {path for path in single - telling if not any(part_of(each) == part_of(path) for each in telling)}
    headlines = {f"{part}.{PARTS[part.partition('.')[0]][1]}": part for part in whole}
    rows = [Difference(part, words(part), before.get(path), after.get(path)) for path, part in headlines.items()]
    rows += [Difference(path, words(path), before.get(path), after.get(path)) for path in telling | beside]
    return sorted(rows, key=lambda each: saying.in_order(each.path))


def part_of(path: str) -> str:
    """The part that a path is about, `finding.2`; empty for what stands alone."""
    found = PART.match(path)
    return f"{found[1]}.{found[2]}" if found else ""


def is_on_one_side(part: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether a part is in one of the two dossiers only."""
    return any(has(part, side) for side in (before, after)) and not all(has(part, side) for side in (before, after))


def has(part: str, content: Mapping[str, Any]) -> bool:
    """Whether a part is in a dossier."""
    return f"{part}.{PARTS[part.partition('.')[0]][1]}" in content


def words(path: str) -> str:
    """A path as people say it: “F2: likelihood”, “Recommendation: rationale”."""
    at = saying.split(path)
    if at.kind not in PARTS:
        return saying.Sayer().path(path)
    part = f"{PARTS[at.kind][0]}{at.number}"
    return f"{part}: {saying.label(at.kind, at.column)}" if at.column else part
