"""A case gets a reviewer."""

import pytest

from riskreview.audit.refusals import NotAllowed, NotNow, Stale
from riskreview.cases.workflow import Status
from tests import expect, make

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(carol):
    return make.case(by=carol)


def test_a_reviewer_takes_it(case, alice):
    with expect.one_entry("case.assign", by=alice, about=case):
        case.assign(by=alice, to=alice)
    assert (case.status, case.assigned_to, case.lead) == (Status.IN_REVIEW, alice, None)


def test_a_lead_gives_it_to_a_reviewer(case, alice, carol):
    with expect.one_entry("case.assign", by=carol, about=case):
        case.assign(by=carol, to=alice)
    assert (case.status, case.assigned_to, case.lead) == (Status.IN_REVIEW, alice, carol)


def test_a_lead_gives_it_to_somebody_else_later(case, alice, mallory, carol):
    case.assign(by=carol, to=alice)
    case.assign(by=carol, to=mallory)
    case.refresh_from_db()
    assert (case.status, case.assigned_to) == (Status.IN_REVIEW, mallory)


def test_a_reviewer_cannot_give_it_away(case, alice, mallory):
    with expect.refusal(NotAllowed, case, match="Only a lead"):
        case.assign(by=alice, to=mallory)


def test_it_refuses_people_who_do_not_review(case, outsiders):
    for person in outsiders:
        with expect.refusal(NotAllowed, case):
            case.assign(by=person, to=person)


def test_it_does_not_go_to_somebody_who_does_not_review(case, carol, outsiders):
    for person in outsiders:
        with expect.refusal(NotNow, case, match="is not a reviewer"):
            case.assign(by=carol, to=person)


def test_it_does_not_go_to_somebody_who_was_dismissed(case, carol, alice, system):
    alice.dismiss(by=system, reason="Left.")
    with expect.refusal(NotNow, case):
        case.assign(by=carol, to=alice)


def test_it_refuses_a_stale_form(case, alice):
    with expect.refusal(Stale, case):
        case.assign(by=alice, to=alice, seen=case.entry_seq - 1)
