"""What was changed after it was submitted: how the sealed dossier and what is there now differ, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from riskreview.accounts.models import User
from riskreview.cases.differing import Difference, people_in, said
from riskreview.cases.models import Case, Condition, Decision, Dossier, Effect


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
    return Voided(shown, rows(case.changes_since(shown)))


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
    every = [Difference(path, path, None, value) for path, value in content.items() if value not in (None, "", [], {})]
    names = {str(person.pk): person.name for person in User.objects.filter(pk__in=people_in(every))}
    lines = [Row(path.path.replace(".", " ").replace("_", " "), "", said(path.new, names)) for path in every]
    effects, conditions = decision.effects.order_by("number"), decision.conditions.order_by("number")
    return Covered(list(effects), list(conditions), lines)


def rows(changes: Iterable[Difference]) -> list[Row]:
    """Differences in words, people by name."""
    changes = list(changes)
    ids = people_in(changes)
    names = {str(person.pk): person.name for person in User.objects.filter(pk__in=ids)} if ids else {}
    return [Row(each.says, said(each.old, names), said(each.new, names)) for each in changes]
