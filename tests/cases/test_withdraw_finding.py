"""A finding is taken back in the open."""

import pytest

from riskreview.audit.refusals import NotAllowed, NotNow
from riskreview.cases.workflow import Status
from tests import expect, make

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(alice):
    return make.case(by=alice, status=Status.IN_REVIEW)


@pytest.fixture
def finding(case, alice):
    return make.finding(case, by=alice)


def test_it_stays_on_record_and_its_number_is_never_used_again(case, finding, alice):
    with expect.one_entry("case.withdraw_finding", by=alice, about=case):
        case.withdraw_finding(by=alice, finding=finding, reason=" The source was misread. ")
    finding.refresh_from_db()
    assert (finding.withdrawn_by, finding.withdrawal, finding.stands) == (alice, "The source was misread.", False)
    assert make.finding(case, by=alice).ref == "F2"


def test_it_voids_what_waits_for_approval(case, finding, alice):
    waiting = make.submission(case, by=alice)
    case.withdraw_finding(by=alice, finding=finding, reason="The source was misread.")
    waiting.refresh_from_db()
    assert (case.status, waiting.void_cause) == (Status.IN_REVIEW, "finding F1")


def test_it_wants_a_reason(case, finding, alice):
    with expect.refusal(NotNow, case, match="Say why"):
        case.withdraw_finding(by=alice, finding=finding, reason=" ")


def test_it_is_withdrawn_once(case, finding, alice):
    case.withdraw_finding(by=alice, finding=finding, reason="The source was misread.")
    with expect.refusal(NotNow, case, match="was withdrawn"):
        case.withdraw_finding(by=alice, finding=finding, reason="Once more.")


def test_it_refuses_others(case, finding, mallory, outsiders):
    for person in [mallory, *outsiders]:
        with expect.refusal(NotAllowed, case):
            case.withdraw_finding(by=person, finding=finding, reason="I do not like it.")
