"""What must be true of a case is true whatever program writes: plain updates, without any verb."""

import pytest
from django.db import IntegrityError, connection, transaction

from riskreview.cases.models import Authorship, Case, Decision, Exhibit, Finding, Suggestion
from riskreview.cases.workflow import Status
from tests import expect, make

pytestmark = pytest.mark.django_db


@pytest.fixture
def new(alice):
    return Case.objects.filter(pk=make.case(by=alice).pk)


@pytest.fixture
def submitted(alice):
    return make.case(by=alice, status=Status.AWAITING_APPROVAL)


@pytest.fixture
def suggested(new):
    return Suggestion.objects.filter(pk=make.suggestion(new.get()).pk)


def copied(model, row, **changed):
    """The same row once more, with some columns changed."""
    values = {field.attname: getattr(row, field.attname) for field in model._meta.concrete_fields if field.name != "id"}
    return model(**(values | changed))


CASE = [
    ("case_status_known", {"status": "LOST"}),
    ("case_priority_known", {"priority": 9}),
    ("case_priority_known", {"priority": 0}),
    ("case_ref_form", {"ref": "RR-25-0001"}),
    ("case_ref_form", {"ref": "RR-2025-001"}),
    ("case_ref_form", {"ref": "XRR-2025-0001"}),
    ("case_ref_form", {"ref": "RR-2025-0001 "}),
    ("case_in_review_has_assignee", {"status": "IN_REVIEW"}),
    ("case_in_review_has_assignee", {"status": "AWAITING_APPROVAL"}),
    ("case_hold_has_reason", {"status": "ON_HOLD"}),
]
DECISION = [
    ("decision_approval_is_whole", {"approved_at": make.WHEN}),
    ("decision_return_is_whole", {"returned_at": make.WHEN}),
    ("decision_disposition_known", {"disposition": "SHRUG"}),
    ("decision_referral_says_where", {"disposition": "REFER"}),
    ("decision_has_rationale", {"rationale": ""}),
]
EXHIBIT = [
    ("exhibit_stance_known", {"stance": "MAYBE"}),
    ("exhibit_span", {"end": 0}),
    ("exhibit_credibility", {"credibility": 7}),
    ("exhibit_credibility", {"credibility": 0}),
]
FINDING = [
    ("finding_says_something", {"judgment": ""}),
    ("finding_risk_area_known", {"risk_area": "LUCK"}),
    ("finding_likelihood_known", {"likelihood": "PERHAPS"}),
    ("finding_confidence_known", {"confidence": "SOME"}),
]
SUGGESTION = [
    ("suggestion_score", {"score": 101}),
    ("suggestion_span", {"end": 0}),
    ("suggestion_accepted_has_exhibit", {"state": "ACCEPTED"}),
    ("suggestion_dismissed_says_why", {"state": "DISMISSED"}),
    ("suggestion_renewed_says_why", {"renewal": "Something is new."}),
]
ELSEWHERE = {
    "four_eyes",
    "decision_number_once",
    "decision_one_open_per_case",
    "authorship_once",
    "exhibit_number_once",
    "exhibit_once",
    "finding_number_once",
    "suggestion_once",
    "flag_once",  # tests/cases/test_flags.py
    "flag_settled_whole",
    "match_weights_are_whole",  # tests/cases/test_weights.py
    "match_weights_from_verdicts",
    "match_weights_adopted_by_somebody",
}


@pytest.mark.parametrize(("constraint", "columns"), CASE)
def test_a_case_keeps_its_rules(new, constraint, columns):
    with expect.violation(constraint):
        new.update(**columns)


@pytest.mark.parametrize(("constraint", "columns"), DECISION)
def test_a_decision_keeps_its_rules(submitted, constraint, columns):
    with expect.violation(constraint):
        submitted.decisions.update(**columns)


@pytest.mark.parametrize(("constraint", "columns"), EXHIBIT)
def test_an_exhibit_keeps_its_rules(submitted, constraint, columns):
    with expect.violation(constraint):
        submitted.exhibits.update(**columns)


@pytest.mark.parametrize(("constraint", "columns"), FINDING)
def test_a_finding_keeps_its_rules(submitted, constraint, columns):
    with expect.violation(constraint):
        submitted.findings.update(**columns)


@pytest.mark.parametrize(("constraint", "columns"), SUGGESTION)
def test_a_suggestion_keeps_its_rules(suggested, constraint, columns):
    with expect.violation(constraint):
        suggested.update(**columns)


def test_a_reference_is_used_once(new, alice):
    other = make.case(by=alice)
    with pytest.raises(IntegrityError, match="ref"), transaction.atomic():
        Case.objects.filter(pk=other.pk).update(ref=new.get().ref)


def test_nobody_signs_their_own_submission_even_without_being_named_an_author(submitted, alice):
    decision = submitted.open_decision()
    with expect.violation("four_eyes"):
        copied(Decision, decision, number=2, approved_by_id=alice.pk, approved_at=make.WHEN).save()


def test_a_decision_has_its_own_number(submitted):
    with expect.violation("decision_number_once"):
        copied(
            Decision, submitted.open_decision(), returned_at=make.WHEN, returned_by_id=submitted.assigned_to_id
        ).save()


def test_a_case_is_decided_only_by_a_signed_recommendation_of_its_own(submitted, new):
    unsigned = submitted.open_decision()
    for rows, decision in ((new, None), (type(submitted).objects.filter(pk=submitted.pk), unsigned)):
        with expect.violation("decided_is_signed"):
            rows.update(status="DECIDED", decision=decision)


def test_one_recommendation_waits_at_a_time(submitted):
    with expect.violation("decision_one_open_per_case"):
        copied(Decision, submitted.open_decision(), number=2).save()


def test_an_author_is_named_once(submitted, alice):
    with expect.violation("authorship_once"):
        Authorship(decision=submitted.open_decision(), user=alice).save()


def test_an_exhibit_has_its_own_number_and_passage(submitted):
    exhibit = submitted.exhibits.get()
    with expect.violation("exhibit_number_once"):
        copied(Exhibit, exhibit, start=1).save()
    with expect.violation("exhibit_once"):
        copied(Exhibit, exhibit, number=2).save()


def test_a_finding_has_its_own_number(submitted):
    with expect.violation("finding_number_once"):
        copied(Finding, submitted.findings.get()).save()


def test_a_document_is_suggested_to_a_case_once(suggested):
    with expect.violation("suggestion_once"):
        copied(Suggestion, suggested.get()).save()


def test_what_is_cited_cannot_be_deleted(submitted):
    connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError, match="cases_finding_exhibits"), transaction.atomic():
        connection.cursor().execute("DELETE FROM cases_exhibit WHERE id = %s", [submitted.exhibits.get().pk])


def test_every_constraint_has_its_test():
    tested = {name for name, _ in [*CASE, *DECISION, *EXHIBIT, *FINDING, *SUGGESTION]} | ELSEWHERE
    assert tested == expect.constraints("cases")
