"""A recorded row of its own that belongs to a case: it has its own entries, version and page of acts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models

from riskreview.accounts.seeing import SeenByReaders
from riskreview.audit.models import Recorded

if TYPE_CHECKING:
    from .case import Case


class OfCaseQuerySet(SeenByReaders, models.QuerySet[Any]):
    """Rows of cases: whoever may see the case sees them."""


class OfCase(Recorded):
    """A row of a case that changes by its own verbs, so that two people at work on two of them do not collide."""

    case: models.ForeignKey[Case, Case]

    objects: ClassVar[Any] = OfCaseQuerySet.as_manager()

    class Meta:
        abstract = True

    def get_absolute_url(self) -> str:
        """The place on the case's page where it stands."""
        return f"{self.case.get_absolute_url()}#{self._meta.model_name}-{self.pk}"
