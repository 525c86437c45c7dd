"""Replaying what the workers gave up: the one change that every such verb makes."""

from __future__ import annotations

from django.db.models.functions import Now

from riskreview.audit.refusals import NotNow
from riskreview.lib.work import Work


def begin_again(row: Work) -> None:
    """Make a given-up row due again, with all its attempts. Raises `NotNow` for one that was not given up."""
    if row.dead_at is None:
        raise NotNow("This was not given up: the workers are still at it.")
    row.attempts, row.dead_at, row.last_error, row.not_before = 0, None, "", Now()
