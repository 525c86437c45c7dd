"""The case as it was, and what may be taken from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from riskreview.accounts.roles import reviewer
from riskreview.cases.models import Release

from ..forms.releases import Prepare

if TYPE_CHECKING:
    from ..dossier import Dossier


def load(dossier: Dossier) -> dict[str, Any]:
    """The sealed versions, newest first, and the versions for other eyes."""
    case, user = dossier.case, dossier.reader
    sealed = [each for each in dossier.decisions if each.is_sealed]  # type: ignore[attr-defined]
    decided = any(each.approved_at for each in sealed)
    may = reviewer(case, user) and decided
    return {
        "sealed": sealed,
        "releases": list(Release.objects.filter(case=case).order_by("-number")) if decided else [],
        "prepare": Prepare(user=user, case=case) if may else None,
    }
