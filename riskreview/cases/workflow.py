"""The notation of the workflow: from where, to where, by whom. The policy itself is `models/case.py`."""

from __future__ import annotations

from django.db import models

from riskreview.audit.recording import recorded

# A verb with states: what it adds to `recorded` is the name it is read by.
transition = recorded


class Status(models.TextChoices):
    """Where a case stands."""

    NEW = "NEW", "New"
    IN_REVIEW = "IN_REVIEW", "In review"
    ON_HOLD = "ON_HOLD", "On hold"
    AWAITING_APPROVAL = "AWAITING_APPROVAL", "Awaiting approval"
    DECIDED = "DECIDED", "Decided"
    WITHDRAWN = "WITHDRAWN", "Withdrawn"


OPEN = (Status.NEW, Status.IN_REVIEW, Status.ON_HOLD, Status.AWAITING_APPROVAL)
WORKABLE = (Status.NEW, Status.IN_REVIEW, Status.ON_HOLD)
# What waits for approval may be changed too: that voids the request.
EDITABLE = (Status.IN_REVIEW, Status.AWAITING_APPROVAL)
