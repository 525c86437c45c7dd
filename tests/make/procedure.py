"""What a case that follows a playbook has: sheets, consultations, submissions, dates, limits."""

from __future__ import annotations

import datetime

from riskreview.accounts.models import User
from riskreview.cases.models import (
    Case,
    Clock,
    Closure,
    Consultation,
    Milestone,
    Sheet,
    Submission,
)

from .material import WHEN, document, vendor


def sheet(case: Case, *, by: User, name: str = "supplier-1") -> Sheet:
    """A checklist or a questionnaire of a case, begun."""
    return Sheet.objects.begin(by=by, case=case, name=name)


def full_sheet(case: Case, name: str, *, by: User) -> Sheet:
    """A checklist of the playbook, gone through."""
    begun = sheet(case, by=by, name=name)
    begun.receive(by=by, answers=[{"key": each.key, "answer": "yes"} for each in begun.asked.question])
    return begun


def consultation(case: Case, *, by: User, **details: object) -> Consultation:
    """A body that a case of the transaction review asked to concur."""
    given = {"key": "final", "consultee": "Department of State", "sent_at": WHEN}
    return Consultation.objects.send(by=by, case=case, **(given | details))


def heard(case: Case, *, by: User, **details: object) -> Submission:
    """What the party of a case of the transaction review submitted."""
    given = {"key": "party_response", "received_at": WHEN, "kinds": ["argument"], "summary": "We do not agree."}
    return Submission.objects.receive(by=by, case=case, party=vendor(by=by), **(given | details))


def milestone(case: Case, *, by: User, on: str = "2025-01-28") -> Milestone:
    """The tasking of a case that follows the interagency policy review."""
    day, proof = datetime.date.fromisoformat(on), document()
    return Milestone.objects.record(by=by, case=case, key="tasked", stated_on=day, document=proof)


def clock(case: Case, *, by: User, key: str = "terms") -> Clock:
    """A limit that the tasking started."""
    milestone(case, by=by)
    return case.clocks.get(key=key)


def closure(*, by: User, day: str = "2025-01-09") -> Closure:
    """A day on which federal offices were closed."""
    told = {"calendar": "us-federal", "day": datetime.date.fromisoformat(day), "why": "A day of mourning."}
    return Closure.objects.announce(by=by, **told)
