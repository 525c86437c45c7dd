"""The National Security Council's look at DeepSeek, from 28 January 2025.

One thing about it is documented: on that day the press secretary said that the council was looking at what it means. No
outcome was ever made public. So both ends below are ways such a case may end, and none is told as what happened; the
papers, the agencies and their answers are made up for the walk.
"""

import pytest

from riskreview.cases import effective
from riskreview.cases.models import Case, Standing
from riskreview.cases.workflow import Status
from tests import make

from .walking import WHY, asked, at, dated, day, due, found, opened, papers, standing

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(alice, mallory):
    """As far as the decision."""
    words = {
        "title": "DeepSeek: what does its spread mean?",
        "question": "What does the spread of DeepSeek mean for national security?",
        "requester": "National Security Council staff",
    }
    case = opened("interagency_policy_review", "DeepSeek", by=alice, on="2025-01-28", **words)
    dated(case, "tasked", "2025-01-28", by=alice)
    case.enter_stage(by=alice, stage="terms_of_reference")
    papers(case, "terms_of_reference", by=alice)
    case.enter_stage(by=alice, stage="evidence")
    found(case, by=alice, second=mallory, exhibits=3)
    case.enter_stage(by=alice, stage="working_group")
    make.full_sheet(case, "tradecraft", by=alice)
    one, other = asked(case, "agencies", "2025-02-05", "Department of Commerce", "Department of State", by=alice)
    one.answer(by=alice, response="concur_with_comment", answered_at=at("2025-02-10T09:00"))
    other.answer(by=alice, response="no_position", answered_at=at("2025-02-11T09:00"))
    papers(case, "discussion_paper", by=alice)
    case.enter_stage(by=alice, stage="deputies")
    papers(case, "summary_of_conclusions", by=alice)
    case.enter_stage(by=alice, stage="decision")
    papers(case, "decision_memorandum", by=alice)
    return case


def test_the_limits_it_set_itself_count_from_the_tasking(case):
    limits = {key: due(case, key) for key in ("terms", "evidence", "draft", "deputies", "decision")}
    assert limits == {
        "terms": ["2025-02-03"],  # five days on is a Sunday
        "evidence": ["2025-02-07"],
        "draft": ["2025-02-18"],  # the day before is Washington's birthday
        "deputies": ["2025-02-27"],
        "decision": ["2025-03-14"],
    }
    assert standing(case, "decision", at("2025-02-27T12:00")) == ["ON_TRACK"]
    assert standing(case, "decision", at("2025-02-28T12:00")) == ["DUE_SOON"]
    assert standing(case, "decision", at("2025-03-15T00:00")) == ["OVERDUE"]


def test_the_agencies_have_five_business_days(case):
    assert due(case, "comments") == ["2025-02-12", "2025-02-12"]
    assert {row.state for row in case.consultations.all()} == {Standing.ANSWERED}


def test_it_may_end_in_watching(case, alice, bob, carol):
    make.condition(case, by=alice, text="No authority acts against the service.", watch="OFFICIAL_ACTION", owner=alice)
    case.submit(by=alice, disposition="MONITOR", rationale=WHY)
    make.approval(case, by=bob)
    assert (case.status, case.decision.disposition, case.effects.count()) == (Status.DECIDED, "MONITOR", 0)
    vendor = case.vendors.get()
    assert effective.standing(vendor, day("2025-06-01"), user=alice).in_force == ()
    case.enter_stage(by=alice, stage="tasking_out")
    case.enter_stage(by=alice, stage="follow_up")
    assert len(due(case, "look_again")) == 1


def test_it_may_end_in_a_referral_and_another_case_follows(case, alice, bob):
    case.submit(by=alice, disposition="REFER", rationale=WHY, referred_to="icts_transaction_review")
    make.approval(case, by=bob)
    assert (case.decision.disposition, case.decision.referred_to) == ("REFER", "icts_transaction_review")
    following = opened("icts_transaction_review", "DeepSeek", by=alice, on="2025-03-17")
    assert Case.objects.get(pk=following.pk).playbook.key == case.decision.referred_to
