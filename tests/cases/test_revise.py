"""The recommendation changes while it waits for approval."""

import pytest

from riskreview.audit.refusals import NotAllowed, NotNow, Stale
from riskreview.cases.models import Decision, Disposition
from riskreview.cases.workflow import Status
from tests import expect, make

pytestmark = pytest.mark.django_db
WORDS = {"disposition": Disposition.ADVISORY, "rationale": "Warn the desks."}


@pytest.fixture
def case(alice):
    return make.case(by=alice, status=Status.AWAITING_APPROVAL)


def test_it_submits_another_version(case, alice):
    sealed = case.open_decision().dossier_sha256
    with expect.one_entry("case.revise", by=alice, about=case):
        decision = case.revise(by=alice, **WORDS)
    assert (decision.number, decision.disposition, decision.rationale) == (2, "ADVISORY", "Warn the desks.")
    assert decision.dossier_sha256 != sealed
    assert case.status == Status.AWAITING_APPROVAL


def test_the_version_before_is_void_and_stays_on_record(case, alice, carol):
    case.revise(by=carol, **WORDS)
    first, second = case.decisions.order_by("number")
    assert (first.voided_by, first.void_cause, first.rationale) == (
        carol,
        "the recommendation",
        "The record is thin; watch it.",
    )
    assert (second.submitted_by, second.is_open) == (carol, True)
    told = {each.path: (each.old, each.new) for each in case.changes_since(first)}
    assert told["recommendation.rationale"] == ("The record is thin; watch it.", "Warn the desks.")


def test_signatures_under_the_version_before_count_no_more(case, alice, bob, invite):
    Decision.objects.update(approvals_needed=2)
    make.approval(case, by=bob)
    Decision.objects.update(approvals_needed=2)
    decision = case.revise(by=alice, **WORDS)
    assert (decision.approvals, decision.has_signed(bob)) == (0, False)


def test_whoever_revises_becomes_an_author(case, alice, carol):
    case.revise(by=carol, **WORDS)
    assert set(case.open_decision().authors.all()) == {alice, carol}


def test_a_revised_recommendation_can_still_be_approved(case, alice, bob):
    case.revise(by=alice, **WORDS)
    assert make.approval(case, by=bob).disposition == Disposition.ADVISORY


def test_it_refuses_others(case, mallory, outsiders):
    for person in [mallory, *outsiders]:
        with expect.refusal(NotAllowed, case):
            case.revise(by=person, **WORDS)


def test_it_needs_reasons(case, alice):
    with expect.refusal(NotNow, case, match="reasons"):
        case.revise(by=alice, disposition=Disposition.MONITOR, rationale="")


def test_it_refuses_a_decided_case(case, alice, bob):
    make.approval(case, by=bob)
    with expect.refusal(NotNow, case, match="decided"):
        case.revise(by=alice, **WORDS)


def test_it_refuses_a_stale_form(case, alice):
    with expect.refusal(Stale, case):
        case.revise(by=alice, seen=1, **WORDS)
