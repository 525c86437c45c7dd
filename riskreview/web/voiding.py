"""What was changed after it was submitted: how the sealed dossier and what is there now differ, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from riskreview.cases import saying
from riskreview.cases.differing import Difference
from riskreview.cases.models import Case, Condition, Decision, Dossier, Effect

from .sealed import sayer


@dataclass(frozen=True, slots=True)
class Row:
    """One difference as people read it."""

    says: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Voided:
    """A submission that a change made void, and what differs since."""

    decision: Decision
    rows: list[Row]


def load(case: Case, decisions: Sequence[Decision]) -> Voided | None:
    """The newest version of these (newest first) that was voided, if nothing but its successor came after it."""
    shown = next((each for each in decisions[:2] if each.voided_at), None)
    if shown is None or not case.is_open:
        return None
    return Voided(shown, rows(case.changes_since(shown), case))


@dataclass(frozen=True, slots=True)
class Covered:
    """What the digest of a recommendation covers besides what its page tells: what it does, and every line."""

    effects: list[Effect]
    conditions: list[Condition]
    lines: list[Row]


def covered(decision: Decision) -> Covered:
    """All that a signature under this recommendation stands for."""
    sealed = Dossier.objects.filter(decision=decision).first()
    content = sealed.content if sealed else {}
    say = sayer(decision.case, content.values())
    told = ((path, say.at(path, content[path])) for path in sorted(content, key=saying.in_order))
    lines = [Row(say.path(path), "", words) for path, words in told if words]
    effects, conditions = decision.effects.order_by("number"), decision.conditions.order_by("number")
    return Covered(list(effects), list(conditions), lines)


def rows(changes: Iterable[Difference], case: Case | None = None) -> list[Row]:
    """Differences in words, rows and people by name. `case`: whose procedure names the lines of its checklists."""
    changes = list(changes)
    say = sayer(case, (value for each in changes for value in (each.old, each.new)))
    return [Row(say.path(each.path), told(say, each, each.old), told(say, each, each.new)) for each in changes]


def told(say: saying.Sayer, change: Difference, value: Any) -> str:
    """One side of a difference in words. A part that came or went whole is told by what it says."""
    return say.at(change.path, value) or "Nothing"
