"""Somebody words a finding anew."""

import pytest

from riskreview.audit.models import Entry
from riskreview.audit.refusals import NotAllowed, NotNow, Stale
from riskreview.cases.models import Confidence, Likelihood, RiskArea
from riskreview.cases.workflow import Status
from tests import expect, make

pytestmark = pytest.mark.django_db
WORDS = {
    "risk_area": RiskArea.PRIVACY,
    "judgment": "Prompts are likely to be kept.",
    "likelihood": Likelihood.LIKELY,
    "confidence": Confidence.LOW,
}


@pytest.fixture
def case(alice):
    return make.case(by=alice, status=Status.IN_REVIEW)


@pytest.fixture
def finding(case, alice):
    return make.finding(case, by=alice)


@pytest.fixture
def words(finding):
    return WORDS | {"finding": finding, "exhibits": list(finding.exhibits.all())}


def test_the_author_stays_and_the_editor_is_named(case, finding, words, carol, alice):
    case.review_finding(by=carol, finding=finding)
    with expect.one_entry("case.amend_finding", by=alice, about=case):
        case.amend_finding(by=alice, **words)
    finding.refresh_from_db()
    assert (finding.ref, finding.author, finding.edited_by, finding.judgment) == ("F1", alice, alice, WORDS["judgment"])
    assert finding.edited_at is not None
    assert (finding.reviewed_by, finding.reviewed_at) == (None, None)


def test_the_same_words_change_nothing_and_leave_the_review_alone(case, finding, alice, carol):
    case.review_finding(by=carol, finding=finding)
    said = {name: getattr(finding, name) for name in (*WORDS, "basis")}
    before = Entry.objects.count()
    assert case.amend_finding(by=alice, finding=finding, exhibits=list(finding.exhibits.all()), **said) is None
    finding.refresh_from_db()
    assert (Entry.objects.count(), finding.reviewed_by, finding.edited_by) == (before, carol, None)


def test_other_exhibits_are_a_change_too(case, finding, words, alice):
    other = make.exhibit(case, by=alice)
    case.amend_finding(by=alice, **(words | {"exhibits": [other]}))
    assert list(finding.exhibits.all()) == [other]


def test_an_amendment_voids_what_waits_for_approval(case, finding, words, alice):
    waiting = make.submission(case, by=alice)
    case.amend_finding(by=alice, **words)
    waiting.refresh_from_db()
    assert (case.status, waiting.void_cause) == (Status.IN_REVIEW, "finding F1")


def test_it_refuses_others(case, finding, words, mallory, outsiders):
    for person in [mallory, *outsiders]:
        with expect.refusal(NotAllowed, case):
            case.amend_finding(by=person, **words)


def test_a_finding_of_another_case_is_not_here(case, alice):
    strange = make.finding(make.case(by=alice, status=Status.IN_REVIEW), by=alice)
    with expect.refusal(NotNow, case, match="no such finding in this case"):
        case.amend_finding(by=alice, finding=strange, exhibits=list(strange.exhibits.all()), **WORDS)


def test_what_was_withdrawn_stays_as_it_was(case, finding, words, alice):
    case.withdraw_finding(by=alice, finding=finding, reason="Wrong question.")
    with expect.refusal(NotNow, case, match="F1 was withdrawn"):
        case.amend_finding(by=alice, **words)


def test_it_refuses_a_stale_form(case, finding, words, alice):
    with expect.refusal(Stale, case):
        case.amend_finding(by=alice, seen=1, **words)
