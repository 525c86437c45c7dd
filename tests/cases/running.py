"""Builders for tests of clocks on rows: a case that follows a playbook, and its dated facts."""

from __future__ import annotations

import datetime
from typing import Any

from riskreview.cases.models import Case, Milestone
from riskreview.cases.workflow import Status
from tests import make


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def utc(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.UTC)


def running(by: Any, key: str = "interagency_policy_review", status: Status = Status.IN_REVIEW, **details: Any) -> Case:
    """A case in review that follows a playbook."""
    return make.case(by=by, status=status, playbook=key, **details)


def tasked(case: Case, by: Any, on: str = "2025-01-28") -> Milestone:
    """The memorandum of the seed case came."""
    return Milestone.objects.record(by=by, case=case, key="tasked", stated_on=day(on), document=make.document())


def clocks(case: Case) -> dict[str, Any]:
    """The clocks of a case by their rules."""
    return {clock.key: clock for clock in case.clocks.order_by("pk")}
