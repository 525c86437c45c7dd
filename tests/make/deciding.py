"""What a decision does and asks for, and what is made of it: effects, conditions, publications, releases."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.db import connection

from riskreview.accounts.models import User
from riskreview.audit.state import digest
from riskreview.cases.models import (
    Case,
    Condition,
    Decision,
    Effect,
    Exemption,
    LegalStatus,
    Publication,
    Release,
)
from riskreview.cases.workflow import Status

from .cases import approval, case, finding, make_case, submission
from .material import PASSAGE, order, vendor


def effect(case: Case, *, by: User, **details: object) -> Effect:
    """What a decision is to do."""
    given = {
        "action": "PROHIBIT",
        "target_kind": "HOSTED_SERVICE",
        "target": "chat.deepseek.com",
        "population": "Federal agencies",
        "jurisdiction": "United States",
        "vendor": vendor(by=by),
    }
    return case.draft_effect(by=by, **(given | details))


def condition(case: Case, *, by: User, **details: object) -> Condition:
    """What a decision is to ask for."""
    return case.draft_condition(by=by, **({"text": "The ownership stays as it is."} | details))


def decided_with(
    case: Case, *, by: User, approver: User, effects: Sequence[dict] = (), conditions: Sequence[dict] = ()
) -> Decision:
    """A case in review is decided, with these effects and conditions."""
    for each in effects:
        effect(case, by=by, **each)
    for each in conditions:
        condition(case, by=by, **each)
    finding(case, by=by)
    submission(case, by=by)
    return approval(case, by=approver)


def publication(case: Case, *, by: User, on: datetime.date, **details: object) -> Publication:
    """The decision of a case is made public."""
    given = {"decision": case.decision, "channel": "Federal Register", "published_on": on}
    return Publication.objects.publish(by=by, case=case, **(given | details))


def legal_status(case: Case, *, by: User, **details: object) -> LegalStatus:
    """What a court made of the decision of a case, by the paper that says so."""
    given = {"decision": case.decision, "track": "Docket 1", "kind": "STAYED", "forum": "A court", "passage": PASSAGE}
    given |= {"as_of": datetime.date(2024, 10, 1)}
    if "document" not in details:
        given["document"] = order()
    return LegalStatus.objects.record(by=by, case=case, **(given | details))


def before_sealing(decision: Decision) -> Decision:
    """A recommendation as it was before dossiers were sealed: its digest is over what it stood for then."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE cases_dossier DISABLE TRIGGER kept")
        cursor.execute("DELETE FROM cases_dossier WHERE decision_id = %s", [decision.pk])
        cursor.execute("ALTER TABLE cases_dossier ENABLE TRIGGER kept")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    Decision.objects.filter(pk=decision.pk).update(dossier_sha256=digest(decision.old_dossier()))
    decision.refresh_from_db()
    return decision


def exemption(*, by: User, approver: User, lead: User) -> Exemption:
    """Somebody to whom the decision of a fresh case does not apply."""
    found = make_case(by=by, status=Status.DECIDED, approver=approver)
    days = {"starts_on": datetime.date(2025, 3, 1), "expires_on": datetime.date(2026, 2, 28)}
    given = {"decision": found.decision, "holder": "The incident response team", "grounds": "They study it."}
    return Exemption.objects.grant(by=lead, case=found, **given, **days)


def release(*, by: User, approver: User, issued: bool = False) -> Release:
    """A version of a decided case's decision for other eyes."""
    decided = case(by=by, status=Status.DECIDED, approver=approver, title="What may others read?")
    prepared = Release.objects.prepare(by=by, case=decided, decision=decided.decision, audience="The vendor")
    prepared.redact(by=by, path="exhibit.1.note", ground="Not asked for")
    if issued:
        prepared.issue(by=approver)
    return prepared
