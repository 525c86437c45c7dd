"""Due time and priority change, with a reason."""

import datetime

import pytest

from riskreview.audit.models import Entry
from riskreview.audit.refusals import NotAllowed, NotNow, Stale
from riskreview.cases.models import Priority
from riskreview.cases.workflow import Status
from tests import expect, make
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
LATER = {"due_at": NOW + datetime.timedelta(days=3), "priority": Priority.URGENT, "reason": "The hearing moved."}


@pytest.fixture
def case(alice):
    return make.case(by=alice, status=Status.IN_REVIEW)


def test_it_moves_the_case_in_the_queue(case, alice):
    with expect.one_entry("case.reschedule", by=alice, about=case):
        case.reschedule(by=alice, **LATER)
    assert (case.due_at, case.priority, case.status) == (LATER["due_at"], Priority.URGENT, Status.IN_REVIEW)


def test_the_reason_is_private_and_its_presence_public(case, carol):
    case.reschedule(by=carol, **LATER)
    entry = Entry.objects.about(case).newest_first()[0]
    assert (entry.public["reason"], entry.private["reason"]) == (True, "The hearing moved.")
    assert "hearing" not in bytes(entry.header).decode()


def test_it_takes_the_due_time_away(case, alice):
    case.reschedule(by=alice, **LATER)
    case.reschedule(by=alice, **(LATER | {"due_at": None}))
    case.refresh_from_db()
    assert case.due_at is None


def test_it_refuses_others(case, mallory, outsiders):
    for person in [mallory, *outsiders]:
        with expect.refusal(NotAllowed, case):
            case.reschedule(by=person, **LATER)


def test_it_refuses_a_case_that_waits_for_approval(alice):
    case = make.case(by=alice, status=Status.AWAITING_APPROVAL)
    with expect.refusal(NotNow, case, match="awaiting approval"):
        case.reschedule(by=alice, **LATER)


def test_it_refuses_an_unknown_priority(case, alice):
    with pytest.raises(ValueError, match="not a valid Priority"):
        case.reschedule(by=alice, **(LATER | {"priority": 9}))
    assert expect.told(case)["priority"] == Priority.NORMAL


def test_it_refuses_a_stale_form(case, alice):
    with expect.refusal(Stale, case):
        case.reschedule(by=alice, seen=1, **LATER)


def test_the_same_date_and_priority_once_more_change_nothing(case, alice):
    case.reschedule(by=alice, **LATER)
    before = (Entry.objects.count(), expect.told(case))
    case.reschedule(by=alice, **(LATER | {"reason": "The hearing moved, once more."}))
    assert (Entry.objects.count(), expect.told(case), case.entry_seq) == (*before, before[1]["entry_seq"])
