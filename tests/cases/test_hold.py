"""A case waits for something."""

import datetime

import pytest

from riskreview.audit.refusals import NotAllowed, NotNow, Stale
from riskreview.cases.workflow import Status
from tests import expect, make

pytestmark = pytest.mark.django_db
UNTIL = datetime.date(2025, 2, 14)


@pytest.fixture
def case(alice):
    return make.case(by=alice, status=Status.IN_REVIEW)


def test_it_says_what_the_case_waits_for(case, alice):
    with expect.one_entry("case.hold", by=alice, about=case):
        case.hold(by=alice, reason=" The vendor's answer. ", until=UNTIL)
    assert (case.status, case.held_reason, case.held_until) == (Status.ON_HOLD, "The vendor's answer.", UNTIL)


def test_a_lead_may_hold_it(case, carol):
    case.hold(by=carol, reason="Counsel.")
    assert case.status == Status.ON_HOLD


def test_it_refuses_others(case, mallory, outsiders):
    for person in [mallory, *outsiders]:
        with expect.refusal(NotAllowed, case):
            case.hold(by=person, reason="Counsel.")


def test_it_needs_a_reason(case, alice):
    with expect.refusal(NotNow, case, match="waits for"):
        case.hold(by=alice, reason=" ")


def test_a_paused_case_cannot_be_paused(case, alice):
    case.hold(by=alice, reason="Counsel.")
    with expect.refusal(NotNow, case, match="on hold"):
        case.hold(by=alice, reason="More counsel.")


def test_it_refuses_a_stale_form(case, alice):
    with expect.refusal(Stale, case):
        case.hold(by=alice, reason="Counsel.", seen=1)
