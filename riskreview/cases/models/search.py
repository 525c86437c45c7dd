"""Searching the whole archive on behalf of a case."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from riskreview.lib.work import Terms, Work, WorkQuerySet, work_indexes

from .case import Case


class Search(Work):
    """One search of the whole archive on behalf of a case, asked for when the case opens or opens again."""

    terms = Terms(window=8, offer=settings.OFFER_SECONDS, run=settings.RUN_SECONDS, rest=settings.BACKOFF_SECONDS)
    work_left = Q(searched_at=None)

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="searches")
    asked_at = models.DateTimeField(db_default=Now())
    searched_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = WorkQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "searches"
        indexes = work_indexes("search", Q(searched_at=None))

    def __str__(self) -> str:
        return f"search for {self.case_id}"
