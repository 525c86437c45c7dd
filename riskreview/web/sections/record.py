"""The case as it was, and what may be taken from it."""

from __future__ import annotations

from typing import Any

from riskreview.accounts.models import User
from riskreview.accounts.roles import reviewer
from riskreview.cases.models import Case, Release

from ..forms.releases import Prepare


def load(case: Case, user: User) -> dict[str, Any]:
    """The sealed versions, newest first, and the versions for other eyes."""
    sealed = list(case.decisions.filter(sealed__isnull=False).order_by("-number"))
    may = reviewer(case, user) and any(each.approved_at for each in sealed)
    return {
        "sealed": sealed,
        "releases": list(Release.objects.filter(case=case).order_by("-number")),
        "prepare": Prepare(user=user, case=case) if may else None,
    }
