"""Which acts void a recommendation that waits for approval: pages say so before such an act is done."""

from __future__ import annotations

from typing import Any

from riskreview.cases.models import Case, Decision
from riskreview.cases.workflow import Status

# The verbs that end with `_unseal`, `unseal_if_waiting` or another version; tests/web/test_unsealing.py reads them.
VERBS = frozenset(
    {
        *("case.add_exhibit", "case.amend_exhibit", "case.withdraw_exhibit"),
        *("case.add_finding", "case.amend_finding", "case.withdraw_finding", "case.review_finding"),
        *("case.draft_effect", "case.amend_effect", "case.drop_effect"),
        *("case.draft_condition", "case.amend_condition", "case.drop_condition"),
        *("consultation.send", "consultation.answer", "consultation.presume_concurrence"),
        *("consultation.mark_undeliverable", "consultation.lapse"),
        *("submission.receive", "submission.note_silence", "submission.consider"),
        *("case.revise", "case.unseal"),
    }
)


def threatened(verb: str, case: Any) -> Decision | None:
    """The recommendation that this act would void, if the case has one that waits for approval."""
    if verb not in VERBS or not isinstance(case, Case) or case.status != Status.AWAITING_APPROVAL:
        return None
    # Read from all decisions, because a page that shows many forms has them loaded.
    waiting: Decision | None = next((each for each in case.decisions.all() if each.is_open), None)
    return waiting
