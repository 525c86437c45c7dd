"""A paused case goes on."""

import datetime

import pytest
from django.utils import timezone

from riskreview.audit.models import Entry
from riskreview.audit.refusals import NotAllowed, NotNow, Stale
from riskreview.cases.workflow import Status
from tests import expect, make

from .running import clocks, running, tasked

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(alice):
    return make.case(by=alice, status=Status.ON_HOLD)


def test_it_goes_on_with_the_same_reviewer(case, alice):
    with expect.one_entry("case.resume", by=alice, about=case):
        case.resume(by=alice)
    assert (case.status, case.held_reason, case.assigned_to) == (Status.IN_REVIEW, "", alice)


def test_a_lead_may_resume_it(case, carol):
    case.resume(by=carol)
    assert case.status == Status.IN_REVIEW


def test_it_refuses_others(case, mallory, outsiders):
    for person in [mallory, *outsiders]:
        with expect.refusal(NotAllowed, case):
            case.resume(by=person)


def test_it_refuses_a_case_that_is_not_paused(case, alice):
    case.resume(by=alice)
    with expect.refusal(NotNow, case, match="in review"):
        case.resume(by=alice)


def test_it_refuses_a_stale_form(case, alice):
    with expect.refusal(Stale, case):
        case.resume(by=alice, seen=1)


def test_a_hold_of_less_than_a_day_moves_no_limit(alice):
    case = running(alice)
    tasked(case, alice, on=str(timezone.now().date() - datetime.timedelta(days=1)))
    before = {key: clock.due_on for key, clock in clocks(case).items()}
    case.hold(by=alice, reason="Counsel.")
    assert clocks(case)["decision"].due_on is None
    case.resume(by=alice)
    assert {key: clock.due_on for key, clock in clocks(case).items()} == before
    verbs = Entry.objects.about(clocks(case)["decision"]).order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["clock.toll", "clock.end_toll"]
