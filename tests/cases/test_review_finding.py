"""A second person reads a finding against its exhibits."""

import pytest

from riskreview.accounts.models import User
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


def test_any_other_reviewer_may(case, finding, mallory):
    with expect.one_entry("case.review_finding", by=mallory, about=case):
        case.review_finding(by=mallory, finding=finding)
    finding.refresh_from_db()
    assert finding.reviewed_by == mallory
    assert finding.reviewed_at is not None


def test_nobody_reviews_their_own_words(case, finding, alice):
    with expect.refusal(NotAllowed, case, match="Somebody else"):
        case.review_finding(by=alice, finding=finding)


def test_nobody_reviews_what_they_edited(case, finding, carol):
    said = {name: getattr(finding, name) for name in ("risk_area", "judgment", "likelihood", "confidence")}
    case.amend_finding(by=carol, finding=finding, exhibits=list(finding.exhibits.all()), basis="It says so.", **said)
    with expect.refusal(NotAllowed, case, match="Somebody else"):
        case.review_finding(by=carol, finding=finding)


def test_a_second_account_of_the_author_is_still_the_author(case, finding, invite, alice, system):
    second = invite("Alice again", "REVIEWER")
    second.join(by=system, other=alice)
    with expect.refusal(NotAllowed, case, match="Somebody else"):
        case.review_finding(by=User.objects.get(pk=second.pk), finding=finding)


def test_it_is_reviewed_once(case, finding, carol, mallory):
    case.review_finding(by=carol, finding=finding)
    with expect.refusal(NotNow, case, match="reviewed already"):
        case.review_finding(by=mallory, finding=finding)


def test_it_refuses_who_does_not_review(case, finding, outsiders):
    for person in outsiders:
        with expect.refusal(NotAllowed, case):
            case.review_finding(by=person, finding=finding)


def test_a_finding_that_was_withdrawn_is_not_reviewed(case, finding, alice, carol):
    case.withdraw_finding(by=alice, finding=finding, reason="Wrong question.")
    with expect.refusal(NotNow, case, match="F1 was withdrawn"):
        case.review_finding(by=carol, finding=finding)
