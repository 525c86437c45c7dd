"""Searching the archive for a case once more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from riskreview.accounts.models import User
from riskreview.audit.refusals import NotNow

from .. import guards
from ..workflow import OPEN, transition
from .staged import Staged


class Searching(Staged):
    """A case has the archive searched when it opens, and when somebody asks again."""

    if TYPE_CHECKING:

        @property
        def searches(self) -> Any: ...

    class Meta:
        abstract = True

    @transition(who=guards.reviewer, sources=OPEN)
    def search_again(self, *, by: User) -> None:
        """Search the whole archive for this case once more. A search that was given up is dropped for the new one."""
        if self.searches.left().exists():
            raise NotNow("A search for this case is on its way already.")
        self.searches.dead().delete()
        self.searches.create()
