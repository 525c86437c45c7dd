"""An exhibit is taken back in the open."""

import pytest

from riskreview.audit.refusals import NotAllowed, NotNow
from riskreview.cases.models import Flag
from riskreview.cases.workflow import Status
from tests import expect, make

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(alice):
    return make.case(by=alice, status=Status.IN_REVIEW)


@pytest.fixture
def exhibit(case, alice):
    return make.exhibit(case, by=alice)


def test_it_stays_on_record_under_its_number(case, exhibit, alice):
    with expect.one_entry("case.withdraw_exhibit", by=alice, about=case):
        case.withdraw_exhibit(by=alice, exhibit=exhibit, reason="A hoax.")
    exhibit.refresh_from_db()
    assert (exhibit.withdrawn_by, exhibit.withdrawal, exhibit.stands) == (alice, "A hoax.", False)
    assert make.exhibit(case, by=alice).ref == "E2"


def test_its_passage_may_be_brought_again(case, exhibit, alice):
    case.withdraw_exhibit(by=alice, exhibit=exhibit, reason="A hoax.")
    again = case.add_exhibit(by=alice, snapshot=exhibit.snapshot, start=exhibit.start, end=exhibit.end)
    assert again.ref == "E2"


def test_it_is_refused_while_a_finding_rests_on_it_and_names_them(case, exhibit, alice):
    first, other = (make.finding(case, by=alice, exhibits=[exhibit]) for _ in range(2))
    with expect.refusal(NotNow, case, match="F1 and F2 rest on E1"):
        case.withdraw_exhibit(by=alice, exhibit=exhibit, reason="A hoax.")
    case.withdraw_finding(by=alice, finding=first, reason="It rested on a hoax.")
    with expect.refusal(NotNow, case, match="F2 rests on E1"):
        case.withdraw_exhibit(by=alice, exhibit=exhibit, reason="A hoax.")
    case.withdraw_finding(by=alice, finding=other, reason="It rested on a hoax.")
    assert case.withdraw_exhibit(by=alice, exhibit=exhibit, reason="A hoax.") == exhibit


def test_it_carries_no_finding_any_more(case, exhibit, alice):
    case.withdraw_exhibit(by=alice, exhibit=exhibit, reason="A hoax.")
    with expect.refusal(NotNow, case, match="carries no finding"):
        make.finding(case, by=alice, exhibits=[exhibit])


def test_a_change_at_its_source_flags_nothing(case, exhibit, alice):
    case.withdraw_exhibit(by=alice, exhibit=exhibit, reason="A hoax.")
    make.correction(exhibit.document)
    assert not Flag.objects.exists()


def test_it_voids_what_waits_for_approval(case, exhibit, alice):
    make.finding(case, by=alice)
    waiting = make.submission(case, by=alice)
    case.withdraw_exhibit(by=alice, exhibit=exhibit, reason="A hoax.")
    waiting.refresh_from_db()
    assert (case.status, waiting.void_cause) == (Status.IN_REVIEW, "exhibit E1")


@pytest.mark.parametrize("reason", ["", " \n"])
def test_it_wants_a_reason(case, exhibit, alice, reason):
    with expect.refusal(NotNow, case, match="Say why"):
        case.withdraw_exhibit(by=alice, exhibit=exhibit, reason=reason)


def test_it_refuses_others(case, exhibit, mallory, outsiders):
    for person in [mallory, *outsiders]:
        with expect.refusal(NotAllowed, case):
            case.withdraw_exhibit(by=person, exhibit=exhibit, reason="A hoax.")
