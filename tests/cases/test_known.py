"""What is there of a case is read as it is: withdrawn things are not there, and rounds are apart."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from riskreview.cases.models import Confidence, Likelihood, RiskArea
from riskreview.cases.workflow import Status
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(alice):
    return make.case(by=alice, playbook="icts_transaction_review", status=Status.IN_REVIEW)


def finding(case, by, judgment, exhibit):
    told = {"risk_area": RiskArea.PRIVACY, "likelihood": Likelihood.LIKELY, "confidence": Confidence.LOW}
    return case.add_finding(by=by, judgment=judgment, exhibits=[exhibit], **told)


def test_a_finding_is_read_with_what_its_wording_breaks_and_what_it_cites_in_vain(case, alice):
    exhibit = make.exhibit(case, by=alice)
    finding(case, alice, "It is likely, with high confidence, that prompts are stored abroad [E1, E9].", exhibit)
    [told] = case.facts().findings
    assert (told.ref, told.rests_on, told.astray, told.is_reviewed) == ("F1", 1, ("E9",), False)
    assert len(told.faults) == 1
    assert "confidence" in told.faults[0]


def test_a_finding_changed_after_its_review_is_not_reviewed(case, alice, mallory):
    made = make.finding(case, by=alice)
    case.review_finding(by=mallory, finding=made)
    assert case.facts().findings[0].is_reviewed
    told = {"risk_area": made.risk_area, "likelihood": made.likelihood, "confidence": made.confidence}
    exhibits = list(made.exhibits.all())
    case.amend_finding(by=alice, finding=made, judgment="It is unlikely.", exhibits=exhibits, **told)
    assert not case.facts().findings[0].is_reviewed


def test_an_exhibit_is_graded_by_its_source_or_by_what_it_says(case, alice, carol):
    grades = [(None, 6), (None, 2), (make.source(by=carol), 6)]
    for source, credibility in grades:
        held = make.document(source=source)
        case.add_exhibit(by=alice, snapshot=held.newest, start=0, end=9, credibility=credibility)
    assert [each.is_graded for each in case.facts().exhibits] == [False, True, True]


def test_somebody_asked_has_time_until_a_day_and_another_round_asks_anew(case, alice):
    make.consultation(case, by=alice)
    [asked] = case.facts().consultations
    assert asked.state == "OPEN"
    case.new_round(by=alice, reason="Filed again.")
    assert case.facts().consultations == ()


def test_a_party_that_said_something_is_named_and_waits_to_be_considered(case, alice):
    heard = make.heard(case, by=alice)
    facts = case.facts()
    assert [(each.ref, each.party, each.is_considered) for each in facts.submissions] == [("S1", heard.party_id, False)]
    assert facts.parties[0].id == heard.party_id
    heard.consider(by=alice, text="Nothing new.", changed_outcome=False)
    assert case.facts().submissions[0].is_considered


def test_tasks_that_nobody_has_are_followups_that_nobody_has(case, alice):
    make.task(case, by=alice)
    make.task(case, by=alice, title="Write", owner=alice)
    assert [(each.what, each.is_owned) for each in case.facts().followups] == [
        ("Ask the vendor", False),
        ("Write", True),
    ]


def test_a_limit_is_over_when_its_time_is(case, alice):
    vendor = case.vendors.get()
    past = timezone.now().date() - datetime.timedelta(days=40)
    case.milestones.model.objects.record(
        by=alice, case=case, key="served", party=vendor, stated_on=past, document=make.document()
    )
    limit = next(each for each in case.facts().limits if each.key == "response")
    assert (limit.party, limit.is_over) == (vendor.pk, True)


def test_it_takes_as_many_queries_however_much_is_there(case, alice):
    def queries():
        with CaptureQueriesContext(connection) as told:
            case.facts()
        return len(told)

    make.full_sheet(case, "criteria", by=alice)
    for body in range(4):
        make.finding(case, by=alice)
        make.task(case, by=alice)
        make.consultation(case, by=alice, consultee=f"Body {body}")
        if not body:
            assert queries() <= 23  # with the playbook and the vendors, which are read once
            few = queries()
    assert queries() == few
