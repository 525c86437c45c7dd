"""A second person reads a finding against its exhibits."""

from functools import partial

import pytest

from riskreview.accounts.models import User
from riskreview.audit.refusals import NotAllowed, NotNow
from riskreview.cases.requirements import Unready, check_submission
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


def test_an_amendment_clears_the_review_and_says_since_when(case, finding, alice, carol, mallory):
    case.review_finding(by=mallory, finding=finding)
    assert amended(case, finding, by=alice).review_cleared_at is not None
    case.review_finding(by=carol, finding=finding)
    assert (finding.reviewed_by, finding.review_cleared_at) == (carol, None)


def test_the_amendment_of_what_nobody_reviewed_clears_nothing(case, finding, alice):
    assert amended(case, finding, by=alice).review_cleared_at is None


def test_the_page_says_that_the_review_is_gone(case, finding, alice, mallory, browse):
    case.review_finding(by=mallory, finding=finding)
    amended(case, finding, by=alice)
    assert "review cleared by the amendment of" in browse(alice).get(case.get_absolute_url()).content.decode()


def amended(case, finding, *, by):
    """The finding, worded anew."""
    said = {name: getattr(finding, name) for name in ("risk_area", "likelihood", "confidence")}
    rests = list(finding.exhibits.all())
    case.amend_finding(by=by, finding=finding, judgment="Prompts are likely kept there.", exhibits=rests, **said)
    finding.refresh_from_db()
    return finding


# The review is asked for at the stage before, and has to stand at every later exit, and when a decision is proposed.
@pytest.mark.parametrize(
    ("playbook", "before", "here", "on"),
    [
        ("fascsa_order", "analysis", "recommendation", "notice_to_source"),
        ("icts_transaction_review", "review", None, None),
    ],
)
def test_a_review_has_to_stand_at_later_exits_too(alice, mallory, playbook, before, here, on):
    case = make.case(by=alice, playbook=playbook, status=Status.IN_REVIEW)
    make.at_stage(case, before, by=alice)
    finding = make.finding(case, by=alice)
    case.review_finding(by=mallory, finding=finding)
    make.at_stage(case, here or case.rules.decision.key, by=alice)
    assert not asked_again(case, on)
    amended(case, finding, by=alice)
    assert asked_again(case, on)


def test_what_no_earlier_stage_asked_for_is_not_asked_later(alice):
    case = make.case(by=alice, playbook="fascsa_order", status=Status.IN_REVIEW)
    make.finding(case, by=alice)
    make.at_stage(case, "recommendation", by=alice)
    assert not asked_again(case, "notice_to_source")


def asked_again(case, on):
    """Whether the way on, or without one the decision, waits for a review."""
    first = case.rules.disposition[0].key
    go = partial(case.enter_stage, by=case.opened_by, stage=on) if on else partial(check_submission, case, first)
    with pytest.raises(Unready) as refused:
        go()
    return "findings_reviewed" in [each.requirement for each in refused.value.unmet]
