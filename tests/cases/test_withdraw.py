"""The question falls away."""

import datetime

import pytest
from django.utils import timezone

from riskreview.audit.refusals import NotAllowed, NotNow, Stale
from riskreview.cases.models import Case, Toll
from riskreview.cases.workflow import Status
from tests import expect, make

from .running import running, tasked

pytestmark = pytest.mark.django_db
WHY = "The requester took the question back."


@pytest.fixture
def case(alice):
    return make.case(by=alice, status=Status.IN_REVIEW)


def test_it_ends_the_case_without_a_decision(case, alice):
    with expect.one_entry("case.withdraw", by=alice, about=case):
        case.withdraw(by=alice, reason=WHY)
    assert (case.status, case.decision, case.is_open) == (Status.WITHDRAWN, None, False)
    assert case not in Case.objects.watching()


def test_a_paused_case_stops_waiting(alice):
    case = make.case(by=alice, status=Status.ON_HOLD)
    case.withdraw(by=alice, reason=WHY)
    assert (case.status, case.held_reason) == (Status.WITHDRAWN, "")


def test_a_lead_may_withdraw_a_case_nobody_took(alice, carol):
    case = make.case(by=alice)
    case.withdraw(by=carol, reason=WHY)
    assert case.status == Status.WITHDRAWN


def test_it_refuses_others(case, mallory, outsiders):
    for person in [mallory, *outsiders]:
        with expect.refusal(NotAllowed, case):
            case.withdraw(by=person, reason=WHY)


def test_it_needs_a_reason(case, alice):
    with expect.refusal(NotNow, case, match="fell away"):
        case.withdraw(by=alice, reason="")


def test_a_recommendation_is_sent_back_first(alice):
    case = make.case(by=alice, status=Status.AWAITING_APPROVAL)
    with expect.refusal(NotNow, case, match="awaiting approval"):
        case.withdraw(by=alice, reason=WHY)


def test_it_refuses_a_stale_form(case, alice):
    with expect.refusal(Stale, case):
        case.withdraw(by=alice, reason=WHY, seen=1)


def test_limits_stand_still_no_more_for_a_case_that_waited(alice):
    case = running(alice)
    tasked(case, alice, on=str(timezone.now().date() - datetime.timedelta(days=1)))
    case.hold(by=alice, reason="Counsel.")
    case.withdraw(by=alice, reason="It fell away.")
    assert (case.status, case.held_reason) == (Status.WITHDRAWN, "")
    assert not Toll.objects.filter(clock__case=case, last=None).exists()
