"""A closed question is taken up again."""

import datetime

import pytest
from django.utils import timezone

from riskreview.audit.refusals import NotAllowed, NotNow, Stale
from riskreview.cases.models import Search
from riskreview.cases.workflow import Status
from tests import expect, make

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(alice, bob):
    return make.case(by=alice, status=Status.DECIDED, approver=bob)


def test_the_earlier_decision_stays_on_record(case, carol, bob):
    with expect.one_entry("case.reopen", by=carol, about=case):
        case.reopen(by=carol, reason="The Garante decided.")
    assert (case.status, case.decision, case.assigned_to) == (Status.NEW, None, None)
    assert case.decisions.get().approved_by == bob


def test_the_archive_is_searched_again(case, carol):
    case.reopen(by=carol, reason="The Garante decided.")
    assert Search.objects.filter(case=case).count() == 2


def test_a_withdrawn_case_comes_back(alice, carol):
    case = make.case(by=alice, status=Status.WITHDRAWN)
    case.reopen(by=carol, reason="Asked again.")
    assert case.status == Status.NEW


def test_it_can_be_decided_a_second_time(case, alice, bob, carol):
    case.reopen(by=carol, reason="The Garante decided.")
    case.assign(by=alice, to=alice)
    make.submission(case, by=alice)
    make.approval(case, by=bob)
    case.refresh_from_db()
    assert (case.status, case.decision.number) == (Status.DECIDED, 2)


@pytest.mark.parametrize(("days", "kept"), [(-1, False), (9, True)])
def test_a_day_that_the_earlier_answer_was_due_on_makes_the_next_one_late_from_nothing(alice, bob, carol, days, kept):
    due = timezone.now() + datetime.timedelta(days=days)
    case = make.case(by=alice, status=Status.IN_REVIEW, due_at=due)
    make.decided_with(case, by=alice, approver=bob)
    case.reopen(by=carol, reason="The Garante decided.")
    assert case.due_at == (due if kept else None)


def test_only_a_lead_reopens(case, alice, mallory, outsiders):
    for person in [alice, mallory, *outsiders]:
        with expect.refusal(NotAllowed, case, match="Only leads"):
            case.reopen(by=person, reason="Again.")


def test_it_needs_a_reason(case, carol):
    with expect.refusal(NotNow, case, match="again"):
        case.reopen(by=carol, reason="")


def test_it_refuses_an_open_case(alice, carol):
    case = make.case(by=alice)
    with expect.refusal(NotNow, case, match="new"):
        case.reopen(by=carol, reason="Again.")


def test_it_refuses_a_stale_form(case, carol):
    with expect.refusal(Stale, case):
        case.reopen(by=carol, reason="Again.", seen=1)
