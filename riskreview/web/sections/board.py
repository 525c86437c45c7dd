"""The claims board, the matrix of risks, and what keeps a recommendation from being submitted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from riskreview.cases import grounds, matrix
from riskreview.cases.models import Allegation
from riskreview.enrichment import alleging

from ..forms.claims import Enter, TakeStand

if TYPE_CHECKING:
    from ..dossier import Dossier


def load(dossier: Dossier) -> dict[str, Any]:
    """What this section shows."""
    case, user = dossier.case, dossier.reader
    known, claims = dossier.grounds, alleging.of_case(case)
    guard: Any = Allegation.take_stand.guard
    may = case.is_open and guard(None, user)
    return {
        "claims": [(each, TakeStand(subject=each.claim, user=user, case=case) if may else None) for each in claims],
        "enter": Enter(user=user, case=case) if may else None,
        "objections": grounds.blocking(known) if case.is_open else [],
        "warnings": grounds.weakening(known) if case.is_open else [],
        "impacts": matrix.Level,
        "matrix": matrix.rows(known.standing) if any(map(matrix.after, known.standing)) else [],
        "left": matrix.left(known.standing),
    }
