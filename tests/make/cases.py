"""Cases in a state, brought there by their verbs, with what is judged and signed in them."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from riskreview.accounts.confirming import Confirmation
from riskreview.accounts.models import User
from riskreview.cases import playbook as playbooks
from riskreview.cases.models import (
    Case,
    Confidence,
    Decision,
    Disposition,
    Exhibit,
    Finding,
    Flag,
    Likelihood,
    MatchWeights,
    Playbook,
    RiskArea,
    Stance,
    Suggestion,
)
from riskreview.cases.workflow import Status
from riskreview.evidence.models import (
    Document,
)

from .material import TEXT, WHEN, correction, make_document, snapshot, vendor


def exhibit(case: Case, *, by: User, text: str = TEXT, stance: Stance = Stance.SUPPORTS) -> Exhibit:
    """A passage put before the reviewers."""
    return case.add_exhibit(by=by, snapshot=snapshot(text), start=0, end=40, stance=stance, credibility=2)


def finding(case: Case, *, by: User, exhibits: Sequence[Exhibit] = ()) -> Finding:
    """A judgement that rests on exhibits."""
    return case.add_finding(
        by=by,
        risk_area=RiskArea.DATA_JURISDICTION,
        judgment="Prompts sent to the hosted service are likely to be stored abroad.",
        likelihood=Likelihood.LIKELY,
        confidence=Confidence.MODERATE,
        exhibits=exhibits or [exhibit(case, by=by)],
    )


def flag(exhibit: Exhibit) -> Flag:
    """An exhibit whose source changed."""
    return Flag.objects.get(exhibit=exhibit, change=correction(exhibit.document))


def submission(case: Case, *, by: User) -> Decision:
    """A recommendation that waits for its second signature."""
    return case.submit(by=by, disposition=Disposition.MONITOR, rationale="The record is thin; watch it.")


def suggestion(case: Case, document: Document | None = None, *, score: int = 79) -> Suggestion:
    """A document the machine suggests for a case."""
    held = document or make_document()
    newest = held.newest
    start = newest.text.find("The White House")
    end = len(newest.text) if start < 0 else newest.text.find(".", start) + 1
    start = max(start, 0)
    with transaction.atomic():
        Suggestion.objects.propose(
            case=case,
            snapshot=newest,
            score=score,
            band=Suggestion.Band.SUGGESTED,
            parts={"score": score, "text": {"w": 400, "v": 917}},
            reasons=["The passage and the question share: national, security, council."],
            start=start,
            end=end,
            excerpt=newest.text[start:end],
            version="match-test",
        )
    return Suggestion.objects.get(case=case, document=held)


def weights(**fitted: object) -> MatchWeights:
    """Weights that a machine fitted."""
    numbers = {"text_weight": 450, "vendor_weight": 250, "signal_weight": 300, "intercept": -4_000, "slope": 9_000}
    told = {"verdicts": 240, "accepted": 120, "brier": 140, "shipped_brier": 160}
    bins = [[100 * place, 100 * place + 100, 24, 100 * place + 50, 100 * place + 50] for place in range(10)]
    return MatchWeights.objects.propose(**(numbers | told | {"reliability": bins} | fitted))


def case(
    *,
    by: User,
    status: Status = Status.NEW,
    assigned_to: User | None = None,
    approver: User | None = None,
    title: str = "DeepSeek: what does its expansion mean for us?",
    **details: object,
) -> Case:
    """A case in a state, brought there by real verbs."""
    given = {
        "question": "What does the spread of DeepSeek mean for our agency?",
        "requester": "National Security Council staff",
        "vendors": [vendor(by=by)],
    }
    opened = Case.objects.open(by=by, title=title, **(given | details))
    reviewer = assigned_to or by
    for step in ROADS[status]:
        step(opened, reviewer, approver)
    return opened


def _take(case: Case, reviewer: User, approver: User | None) -> None:
    case.assign(by=reviewer, to=reviewer)


def _hold(case: Case, reviewer: User, approver: User | None) -> None:
    case.hold(by=reviewer, reason="Waiting for the vendor's answer.")


def _submit(case: Case, reviewer: User, approver: User | None) -> None:
    finding(case, by=reviewer)
    submission(case, by=reviewer)


def _approve(case: Case, reviewer: User, approver: User | None) -> None:
    assert approver is not None, "a decided case needs approver="
    approval(case, by=approver)


def _withdraw(case: Case, reviewer: User, approver: User | None) -> None:
    case.withdraw(by=reviewer, reason="The requester took the question back.")


ROADS = {
    Status.NEW: (),
    Status.IN_REVIEW: (_take,),
    Status.ON_HOLD: (_take, _hold),
    Status.AWAITING_APPROVAL: (_take, _submit),
    Status.DECIDED: (_take, _submit, _approve),
    Status.WITHDRAWN: (_take, _withdraw),
}


def confirmed(by: User, ago: datetime.timedelta = datetime.timedelta()) -> Confirmation:
    """What a face makes of the right password."""
    return Confirmation(by.pk, datetime.datetime.now(datetime.UTC) - ago, "password")


def pen(case: Case, by: User) -> dict[str, Any]:
    """What an approver signs with: the digest of what waits (or waited last), and who they are."""
    newest = case.decisions.order_by("-number").first()
    return {"dossier_sha256": newest.dossier_sha256 if newest else "0" * 64, "confirmed": confirmed(by)}


def approval(case: Case, *, by: User, **given: Any) -> Decision:
    """A signature under what waits."""
    return case.approve(by=by, **(pen(case, by) | given))


make_case = case


def at_stage(case: Case, stage: str, *, by: User) -> None:
    """Put a case at a stage of its playbook past what the stages before ask for: they have tests of their own."""
    case.stages.filter(left_at=None).update(left_at=WHEN)
    case.stages.create(number=case.next_number("stages"), key=stage, entered_by=by)


def decided_by_playbook(*, by: User, approver: User) -> Case:
    """A case of the internal review, decided."""
    decided = make_case(by=by, playbook="internal_review", status=Status.IN_REVIEW)
    decided.enter_stage(by=by, stage="review")
    finding(decided, by=by)
    decided.enter_stage(by=by, stage="decision")
    decided.submit(by=by, disposition="NO_ACTION", rationale="Nothing to do.")
    approval(decided, by=approver)
    return decided


def guide(case: Case, playbook: str, stage: str, *, by: User) -> None:
    """Let a case follow a playbook from some stage on, whatever state it is in."""
    taken = Playbook.objects.frozen(playbooks.newest()[playbook])
    Case.objects.filter(pk=case.pk).update(playbook=taken)
    case.refresh_from_db()
    at_stage(case, stage, by=by)
