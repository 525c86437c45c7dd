"""A recommendation goes back to the reviewer."""

import pytest

from riskreview.audit.models import Entry
from riskreview.audit.refusals import NotAllowed, NotNow, Stale
from riskreview.cases.workflow import Status
from tests import expect, make

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(alice):
    return make.case(by=alice, status=Status.AWAITING_APPROVAL)


def test_it_returns_with_reasons(case, alice, bob):
    with expect.one_entry("case.send_back", by=bob, about=case):
        decision = case.send_back(by=bob, reason=" Name the regulator. ")
    assert (case.status, case.assigned_to) == (Status.IN_REVIEW, alice)
    assert (decision.returned_by, decision.return_reason, decision.is_open) == (bob, "Name the regulator.", False)
    assert Entry.objects.about(case).newest_first()[0].public["meaning"] == "returned"


def test_the_submitter_may_take_it_back(case, alice):
    case.send_back(by=alice, reason="I found a mistake.")
    assert case.status == Status.IN_REVIEW


def test_the_next_submission_has_the_next_number(case, alice, bob):
    case.send_back(by=bob, reason="Name the regulator.")
    second = make.submission(case, by=alice)
    assert [decision.number for decision in case.decisions.order_by("number")] == [1, 2]
    assert case.open_decision() == second


def test_an_author_of_what_was_sent_back_does_not_approve_the_next(case, alice, system, carol, bob):
    carol.grant(by=system, role="APPROVER")
    case.revise(by=carol, disposition="ADVISORY", rationale="Warn the desks.")
    case.send_back(by=bob, reason="Say more.")
    make.submission(case, by=alice)
    with expect.refusal(NotAllowed, case, match="second person"):
        make.approval(case, by=carol)
    assert make.approval(case, by=bob).approved_by == bob


def test_it_refuses_others(case, mallory, carol, dave, erin):
    for person in (mallory, carol, dave, erin):
        with expect.refusal(NotAllowed, case, match="approver"):
            case.send_back(by=person, reason="No.")


def test_it_needs_a_reason(case, bob):
    with expect.refusal(NotNow, case, match="should change"):
        case.send_back(by=bob, reason="\t")


def test_it_refuses_a_case_nobody_submitted(case, bob):
    case.send_back(by=bob, reason="Name the regulator.")
    with expect.refusal(NotNow, case, match="in review"):
        case.send_back(by=bob, reason="Again.")


def test_it_refuses_a_stale_form(case, bob):
    with expect.refusal(Stale, case):
        case.send_back(by=bob, reason="Name the regulator.", seen=1)
