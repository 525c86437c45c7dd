"""Seats of the playbook, filled by people whose account allows it."""

import pytest

from riskreview.accounts.roles import Role
from riskreview.audit.refusals import NotAllowed, NotNow
from tests import expect, make

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(alice):
    return make.case(by=alice, playbook="internal_review", status="IN_REVIEW")


def test_somebody_is_seated_and_gets_up_again(case, alice, mallory):
    with expect.one_entry("case.seat", by=alice, about=case):
        case.seat(by=alice, role="analyst", user=mallory)
    seat = case.seats.get()
    assert (seat.role, seat.user, seat.seated_by) == ("analyst", mallory, alice)
    with expect.one_entry("case.unseat", by=alice, about=case):
        case.unseat(by=alice, role="analyst", user=mallory)
    assert not case.seats.exists()


@pytest.mark.parametrize(
    ("role", "trusted", "sits"),
    [
        ("analyst", Role.REVIEWER, True),
        ("analyst", Role.APPROVER, False),
        ("case_officer", Role.LEAD, True),
        ("second_reviewer", Role.APPROVER, True),
        ("deciding_official", Role.APPROVER, True),
        ("deciding_official", Role.REVIEWER, False),
        ("auditor", Role.AUDITOR, True),
        ("auditor", Role.REVIEWER, False),
        ("consultee", None, True),
        ("vendor_contact", None, True),
    ],
)
def test_the_account_must_allow_the_seat(case, carol, invite, role, trusted, sits):
    person = invite("Frank", *([trusted] if trusted else []))
    if sits:
        case.seat(by=carol, role=role, user=person)
        assert case.seats.get().user == person
    else:
        with expect.refusal(NotNow, case, match="that takes the role"):
            case.seat(by=carol, role=role, user=person)


def test_nobody_sits_who_was_shut_out(case, alice, system, mallory):
    mallory.dismiss(by=system, reason="Left.")
    with expect.refusal(NotNow, case):
        case.seat(by=alice, role="consultee", user=mallory)


def test_a_seat_that_no_playbook_knows_is_refused_with_those_there_are(case, alice, mallory):
    with expect.refusal(NotNow, case, match="There are: intake_officer, "):
        case.seat(by=alice, role="king", user=mallory)


def test_those_who_sign_are_seated_by_a_lead(case, alice, bob, carol):
    with expect.refusal(NotAllowed, case, match="seated by a lead"):
        case.seat(by=alice, role="deciding_official", user=bob)
    case.seat(by=carol, role="deciding_official", user=bob)
    with expect.refusal(NotAllowed, case):
        case.unseat(by=alice, role="deciding_official", user=bob)


def test_nobody_sits_twice_in_one_seat_or_leaves_one_they_do_not_hold(case, alice, mallory):
    case.seat(by=alice, role="analyst", user=mallory)
    with expect.refusal(NotNow, case, match="sits there already"):
        case.seat(by=alice, role="analyst", user=mallory)
    with expect.refusal(NotNow, case, match="does not sit there"):
        case.unseat(by=alice, role="analyst", user=alice)


def test_another_reviewer_seats_nobody(case, mallory):
    with expect.refusal(NotAllowed, case):
        case.seat(by=mallory, role="analyst", user=mallory)
