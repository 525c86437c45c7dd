"""A case moves through the stages of its playbook: forward when all is there, back with a reason."""

import datetime

import pytest

from riskreview.audit.refusals import NotAllowed, NotNow
from riskreview.cases.models import Case
from riskreview.cases.requirements import Unready
from riskreview.cases.workflow import Status
from tests import expect, make

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(alice):
    return make.case(by=alice, playbook="internal_review", status=Status.IN_REVIEW)


@pytest.fixture
def reviewed(case, alice):
    """A case that may leave its review."""
    case.enter_stage(by=alice, stage="review")
    make.finding(case, by=alice)
    return case


def test_it_goes_on_when_all_is_there(case, alice):
    with expect.one_entry("case.enter_stage", by=alice, about=case):
        case.enter_stage(by=alice, stage="review")
    first, second = case.stages.order_by("number")
    assert (first.key, second.key, second.entered_by) == ("intake", "review", alice)
    assert (first.left_at is None, second.left_at) == (False, None)


def test_everything_that_is_missing_is_told_at_once(case, alice):
    case.enter_stage(by=alice, stage="review")
    with pytest.raises(Unready) as refused:
        case.enter_stage(by=alice, stage="decision")
    assert [each.requirement for each in refused.value.unmet] == ["exhibits:1", "findings:1"]
    assert str(refused.value) == (
        "“Review” cannot be left yet. There is no exhibit yet: add one. There is no finding yet: add one."
    )


def test_a_withdrawn_exhibit_does_not_count(case, alice):
    case.enter_stage(by=alice, stage="review")
    case.withdraw_exhibit(by=alice, exhibit=make.exhibit(case, by=alice), reason="Another firm.")
    with expect.refusal(Unready, case, match="There is no exhibit yet"):
        case.enter_stage(by=alice, stage="decision")


@pytest.mark.parametrize(
    ("stage", "match"), [("decision", "It leads to: “Review”"), ("nowhere", "There are: intake, ")]
)
def test_it_goes_only_where_the_stage_leads(case, alice, stage, match):
    with expect.refusal(NotNow, case, match=match):
        case.enter_stage(by=alice, stage=stage)


def test_the_way_back_wants_a_reason_and_nothing_else(case, alice):
    case.enter_stage(by=alice, stage="review")
    with expect.refusal(NotNow, case, match="Say why the case goes back to “Intake”"):
        case.enter_stage(by=alice, stage="intake")
    case.enter_stage(by=alice, stage="intake", reason="The question was another.")
    assert [each.key for each in case.stages.order_by("number")] == ["intake", "review", "intake"]
    assert case.stage_now().reason == "The question was another."


def test_going_forward_again_asks_for_everything_again(reviewed, alice):
    reviewed.enter_stage(by=alice, stage="intake", reason="Another question.")
    reviewed.enter_stage(by=alice, stage="review")
    reviewed.enter_stage(by=alice, stage="decision")
    assert reviewed.stage_now().number == 5


def test_who_sits_in_the_seat_moves_it_and_nobody_else(case, alice, mallory, carol):
    case.seat(by=carol, role="intake_officer", user=mallory)
    for person in (alice, carol):
        with expect.refusal(NotAllowed, case, match="holds the present stage"):
            case.enter_stage(by=person, stage="review")
    case.enter_stage(by=mallory, stage="review")
    assert case.stage_now().entered_by == mallory


@pytest.mark.parametrize("name", ["mallory", "bob", "dave", "erin"])
def test_where_nobody_sits_only_the_assigned_reviewer_or_a_lead_may(case, name, request):
    person = request.getfixturevalue(name)
    with expect.refusal(NotAllowed, case):
        case.enter_stage(by=person, stage="review")


def test_a_case_without_a_playbook_has_no_stages(alice):
    case = make.case(by=alice, status=Status.IN_REVIEW)
    assert not case.may("enter_stage", alice)
    with expect.refusal(NotNow, case, match="follows no playbook"):
        case.enter_stage(by=alice, stage="review")


def test_what_comes_after_the_decision_waits_for_it(reviewed, alice):
    reviewed.enter_stage(by=alice, stage="decision")
    with expect.refusal(NotNow, reviewed):
        reviewed.enter_stage(by=alice, stage="follow_up")


def test_a_decided_case_goes_on_to_what_comes_after(alice, bob):
    case = make.decided_by_playbook(by=alice, approver=bob)
    case.enter_stage(by=alice, stage="follow_up")
    assert (case.status, case.stage_now().key) == (Status.DECIDED, "follow_up")


def test_a_reopened_case_goes_back_from_what_came_after(alice, bob, carol):
    case = make.decided_by_playbook(by=alice, approver=bob)
    case.enter_stage(by=alice, stage="follow_up")
    case.reopen(by=carol, reason="A new document.")
    case.enter_stage(by=carol, stage="review", reason="A new document.")
    assert case.stage_now().key == "review"


def served_late(case, days):
    """The notice went out some days ago."""
    sent = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=days)
    return {"case": case, "key": "notice", "consultee": "Treasury", "sent_at": sent}


@pytest.mark.parametrize(("days", "is_open"), [(3, False), (30, True)])
def test_a_stage_that_the_law_holds_back_opens_on_its_day(alice, days, is_open):
    from riskreview.cases.models import Consultation

    case = make.case(by=alice, playbook="icts_transaction_review", status=Status.IN_REVIEW)
    for stage in ("review", "first_notification", "initial_determination", "agency_notice"):
        make.at_stage(case, stage, by=alice)
    Consultation.objects.send(by=alice, **served_late(case, days))
    if is_open:
        case.enter_stage(by=alice, stage="service")
        assert case.stage_now().key == "service"
    else:
        with expect.refusal(Unready, case, match=r"“Service” cannot begin before \d"):
            case.enter_stage(by=alice, stage="service")


def test_two_people_cannot_move_it_at_once(case, alice):
    other = Case.objects.get(pk=case.pk)
    case.enter_stage(by=alice, stage="review", seen=case.entry_seq)
    with pytest.raises(Exception, match="changed since"):
        other.enter_stage(by=alice, stage="review", seen=other.entry_seq)
