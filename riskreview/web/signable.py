"""Whether what waits for a signature can be signed as it is, and what to say where it cannot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from riskreview.cases.models import Case

from . import voiding

UNSEALED = "It was submitted before dossiers were sealed, so nothing says what a signature would stand for."
CHANGED = "The case is not what was submitted any more, so a signature would stand for something else."


@dataclass(frozen=True, slots=True)
class Unsignable:
    """Why what waits cannot be signed as it is, and what differs, where that is the reason."""

    told: str
    rows: Sequence[voiding.Row] = ()


def unsealed(decision: Any) -> Unsignable | None:
    """Whether a recommendation, loaded with `is_sealed`, was submitted before dossiers were sealed."""
    return Unsignable(UNSEALED) if decision and not decision.is_sealed else None


def unsignable(case: Case, decision: Any) -> Unsignable | None:
    """Why a recommendation cannot be signed: it was never sealed, or the case is not what was submitted any more."""
    if decision is None or not decision.is_sealed:
        return unsealed(decision)
    changes = case.changes_since(decision)
    return Unsignable(CHANGED, voiding.rows(changes, case)) if changes else None
