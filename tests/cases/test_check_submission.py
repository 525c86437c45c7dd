"""With a playbook a decision is proposed at the stage that decides, in the playbook's words, when all is there."""

import pytest

from riskreview.audit.refusals import NotNow
from riskreview.cases.requirements import Unready, check_submission
from riskreview.cases.workflow import Status
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def at_decision(alice):
    case = make.case(by=alice, playbook="internal_review", status=Status.IN_REVIEW)
    make.at_stage(case, "decision", by=alice)
    return case


@pytest.fixture
def icts(alice):
    case = make.case(by=alice, playbook="icts_transaction_review", status=Status.IN_REVIEW)
    make.at_stage(case, "determination", by=alice)
    return case


def missing(case, disposition, **said):
    """The requirements that keep a disposition from being proposed."""
    with pytest.raises(Unready) as refused:
        check_submission(case, disposition, **said)
    return [each.requirement for each in refused.value.unmet]


@pytest.mark.parametrize("disposition", ["no_action", "NO_ACTION", "approve"])
def test_what_needs_nothing_may_be_proposed(at_decision, disposition):
    check_submission(at_decision, disposition)


def test_a_case_without_a_playbook_is_not_asked(alice):
    check_submission(make.case(by=alice), "MONITOR")


def test_it_is_proposed_at_the_stage_that_decides_and_nowhere_else(alice):
    case = make.case(by=alice, playbook="internal_review", status=Status.IN_REVIEW)
    with pytest.raises(NotNow, match="proposed at the stage “Decision”; the case is at “Intake”"):
        check_submission(case, "no_action")
    assert not case.may("submit", alice)


def test_it_may_be_submitted_at_that_stage(at_decision, alice):
    assert at_decision.may("submit", alice)


def test_a_disposition_of_another_playbook_is_refused_with_those_there_are(at_decision):
    with pytest.raises(NotNow, match="It knows: Approve, Approve with conditions, Reject, Monitor, No action"):
        check_submission(at_decision, "PROHIBITED")


@pytest.mark.parametrize(("disposition", "asked"), [("monitor", ["watch"]), ("approve_with_conditions", ["condition"])])
def test_it_needs_what_the_playbook_says(at_decision, disposition, asked):
    assert missing(at_decision, disposition) == asked


def test_a_condition_with_a_watch_meets_both(at_decision, alice):
    at_decision.conditions.create(number=1, text="Tell us.", watch="EXPIRY_DATE", written_by=alice)
    check_submission(at_decision, "monitor")
    check_submission(at_decision, "approve_with_conditions")


def test_it_is_open_only_after_and_only_before_the_stages_named(icts, alice):
    needs = ["checklist:final_determination", "effect"]
    assert missing(icts, "prohibited") == ["after:concurrence", *needs]
    check_submission(icts, "not_covered")
    make.at_stage(icts, "service", by=alice)
    make.at_stage(icts, "determination", by=alice)
    assert missing(icts, "not_covered") == ["before:service"]


def test_what_the_stage_itself_asks_for_is_asked_too_and_a_referral_says_to_whom(alice):
    case = make.case(by=alice, playbook="interagency_policy_review", status=Status.IN_REVIEW)
    make.at_stage(case, "decision", by=alice)
    assert missing(case, "refer", referred_to="") == ["output:decision_memorandum", "referral"]
    assert missing(case, "refer", referred_to="The commission") == ["output:decision_memorandum"]
