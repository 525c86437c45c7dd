"""Seeing is a queryset: what a person may read, and nothing else, comes through `visible_to`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from .models import User


class SeenByReaders:
    """A queryset whose rows everyone with a reading role may see, and nobody else."""

    if TYPE_CHECKING:
        none: Any

    def visible_to(self, user: User) -> Self:
        """The rows this person may see."""
        return self if user.can_read else self.none()
