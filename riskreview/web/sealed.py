"""A sealed dossier as people read it: every path of it in words, under the headings of a case's page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from riskreview.cases import saying
from riskreview.cases.models import Case
from riskreview.lib.datafile import words

from .recalling import Names


@dataclass(frozen=True, slots=True)
class Section:
    """The parts of a dossier under one heading: each its name, its lines in words, and the names of what is empty."""

    title: str
    parts: Sequence[Said]


@dataclass(frozen=True, slots=True)
class Said:
    """One part of a dossier in words."""

    title: str
    lines: Sequence[tuple[str, str]]
    empty: Sequence[str]


SECTIONS = (
    ("The question", ("case", "playbook")),
    ("Recommendation", ("recommendation",)),
    ("Findings", ("finding",)),
    ("Evidence", ("exhibit",)),
    ("Effects and conditions", ("effect", "condition")),
    ("Asking and hearing", ("consultation", "submission")),
    ("Checklists", ("sheet",)),
)


def sections(content: Mapping[str, Any], say: saying.Sayer) -> list[Section]:
    """A whole dossier in words, every path of it, under the headings of a case's page."""
    parts: dict[str, dict[str, list[str]]] = {}
    for path in sorted(content, key=saying.in_order):
        at = saying.split(path)
        parts.setdefault(at.kind, {}).setdefault(f"{at.kind}.{at.number}".rstrip("."), []).append(path)
    known = [kind for _, kinds in SECTIONS for kind in kinds]
    others = [(words(kind), (kind,)) for kind in sorted(parts) if kind not in known]
    made = (
        (title, [each for kind in kinds for each in parts.get(kind, {}).values()])
        for title, kinds in (*SECTIONS, *others)
    )
    return [Section(title, [said(paths, content, say) for paths in found]) for title, found in made if found]


def said(paths: Iterable[str], content: Mapping[str, Any], say: saying.Sayer) -> Said:
    """One part in words."""
    ordered = list(paths)
    told = {path: say.at(path, content[path]) for path in ordered}
    lines = [(say.line_of(path), words) for path, words in told.items() if words]
    empty = [say.label_of(path) for path, words in told.items() if not words]
    return Said(say.part(ordered[0]), lines, empty)


def sayer(case: Case | None, values: Iterable[Any]) -> saying.Sayer:
    """Who says the paths and values of a case's dossier, with the names of every row that the values refer to."""
    rules = case.playbook.rules if case is not None and case.playbook else None
    return saying.Sayer(rules, Names(values).found)
