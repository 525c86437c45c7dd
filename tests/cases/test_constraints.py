"""What must be true of a case is true whatever program writes: plain updates, without any verb."""

import datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from riskreview.cases.models import Authorship, Case, Consultation, Decision, Exhibit, Finding, Submission, Suggestion
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
    ("decision_disposition_form", {"disposition": "no-action"}),
    ("decision_void_is_whole", {"voided_at": make.WHEN}),
    ("decision_referral_says_where", {"disposition": "REFER"}),
    ("decision_has_rationale", {"rationale": ""}),
]
EXHIBIT = [
    ("exhibit_stance_known", {"stance": "MAYBE"}),
    ("exhibit_span", {"end": 0}),
    ("exhibit_credibility", {"credibility": 7}),
    ("exhibit_credibility", {"credibility": 0}),
    ("exhibit_source_class_known", {"source_class": "RUMOUR"}),
    ("exhibit_withdrawn_whole", {"withdrawn_at": make.WHEN}),
]
FINDING = [
    ("finding_says_something", {"judgment": ""}),
    ("finding_risk_area_known", {"risk_area": "LUCK"}),
    ("finding_likelihood_known", {"likelihood": "PERHAPS"}),
    ("finding_confidence_known", {"confidence": "SOME"}),
    ("finding_likelihood_known", {"likelihood": ""}),
    ("finding_risk_likelihood_of_five", {"risk_likelihood": 6}),
    ("finding_risk_impact_of_five", {"risk_impact": 0}),
    ("finding_residual_likelihood_of_five", {"residual_likelihood": 6}),
    ("finding_residual_impact_of_five", {"residual_impact": 6}),
    ("finding_reviewed_by_another", {"reviewed_by": F("author")}),
    ("finding_withdrawn_whole", {"withdrawn_at": make.WHEN}),
]
SUGGESTION = [
    ("suggestion_score", {"score": 101}),
    ("suggestion_span", {"end": 0}),
    ("suggestion_accepted_has_exhibit", {"state": "ACCEPTED"}),
    ("suggestion_dismissed_says_why", {"state": "DISMISSED"}),
    ("suggestion_renewed_says_why", {"renewal": "Something is new."}),
]
CONSULTATION = [
    ("consultation_state_known", {"state": "ASLEEP"}),
    ("consultation_sent_when_open", {"sent_at": None}),
    ("consultation_presumed_by_somebody", {"state": "PRESUMED"}),
]
SUBMISSION = [
    ("submission_state_known", {"state": "ASLEEP"}),
    ("submission_received_when", {"received_at": None}),
    ("submission_silence_has_reason", {"state": "NOT_SOUGHT", "received_at": None}),
]
MILESTONE = [
    ("milestone_has_one_date", {"stated_on": None}),
    ("milestone_has_one_date", {"stated_at": make.WHEN}),
]
CLOCK = [
    ("clock_settled_known", {"settled": "ASLEEP"}),
]
TOLL = [
    ("toll_ends_later", {"last": "2025-01-29"}),
]
EXTENSION = [
    ("extension_gives_days_or_a_date", {"days": 0}),
    ("extension_gives_days_or_a_date", {"until": "2025-05-01"}),
]
TOGETHER = {
    *("task_state_known", "task_number_once", "comment_on_one_thing", "comment_says_something", "link_once"),
    *("link_to_another", "following_once", "following_one_thing", "presence_once", "draft_once", "batch_act_known"),
    *("batchitem_outcome_known", "batchitem_once"),  # tests/cases/test_together_constraints.py
}
PROCEDURE = {
    *("stage_number_once", "stage_one_at_a_time", "stage_countersigned_whole", "seat_once", "output_once"),
    *("sheet_once", "answer_once", "answer_verdict_known", "playbook_digest"),  # test_procedure_constraints.py
}
SIGNED = {
    *("dossier_root", "signature_meaning_known", "signature_once_a_person", "signature_not_of_oneself"),
}  # tests/cases/test_signature_constraints.py
ELSEWHERE = {
    *PROCEDURE,
    *SIGNED,
    "effect_action_known",
    "effect_target_kind_known",
    "effect_ends_later",
    "effect_supersedes_from_a_day",
    "effect_number_once",
    "condition_state_known",
    "condition_says_something",
    "condition_number_once",
    "publication_or_reason",
    "legalstatus_kind_known",
    "legalstatus_ends_later",
    *("legalstatus_word_known", "legalstatus_two_people", "legalstatus_struck_with_reason"),
    *("effect_postponed_by_two", "effect_asked_is_a_postponement", "effect_refused_is_a_postponement"),
    "exemption_ends_later",
    "exemption_has_grounds",
    *TOGETHER,
    "milestone_once",
    "clock_once",
    "toll_one_open",
    "closure_once",
    "consultation_once",
    "submission_number_once",
    "consideration_says_how",
    "four_eyes",
    "decision_number_once",
    "decision_one_open_per_case",
    "authorship_once",
    "exhibit_number_once",
    "exhibit_once",
    "finding_number_once",
    "suggestion_once",
    "release_number_once",  # tests/cases/test_release.py
    "release_issued_whole",
    "redaction_once",
    "redaction_has_ground",
    "redaction_restored_whole",
    "allegation_number_once",  # tests/cases/test_take_stand.py
    "allegation_says_something",
    "stand_says_known",
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


@pytest.fixture
def asked(alice):
    return make.consultation(make.case(by=alice, playbook="icts_transaction_review"), by=alice)


@pytest.fixture
def heard(alice):
    return make.heard(make.case(by=alice, playbook="icts_transaction_review"), by=alice)


@pytest.mark.parametrize(("constraint", "columns"), CONSULTATION)
def test_a_consultation_keeps_its_rules(asked, constraint, columns):
    with expect.violation(constraint):
        Consultation.objects.filter(pk=asked.pk).update(**columns)


@pytest.mark.parametrize(("constraint", "columns"), SUBMISSION)
def test_a_submission_keeps_its_rules(heard, constraint, columns):
    with expect.violation(constraint):
        Submission.objects.filter(pk=heard.pk).update(**columns)


def test_a_body_is_asked_once_in_a_round(asked):
    with expect.violation("consultation_once"):
        copied(Consultation, asked).save()


def test_a_submission_has_its_own_number(heard):
    with expect.violation("submission_number_once"):
        copied(Submission, heard).save()


def test_a_consideration_says_something(heard, alice):
    with expect.violation("consideration_says_how"):
        heard.considerations.create(text="", considered_by=alice)


@pytest.fixture
def limit(alice):
    case = make.case(by=alice, status=Status.IN_REVIEW, playbook="interagency_policy_review")
    limit = make.clock(case, by=alice, key="decision")
    limit.toll(by=alice, first=datetime.date(2025, 1, 30), reason="on_hold", last=datetime.date(2025, 1, 31))
    return limit


@pytest.mark.parametrize(("constraint", "columns"), MILESTONE)
def test_a_milestone_keeps_its_rules(limit, constraint, columns):
    with expect.violation(constraint):
        limit.case.milestones.update(**columns)


@pytest.mark.parametrize(("constraint", "columns"), CLOCK)
def test_a_clock_keeps_its_rules(limit, constraint, columns):
    with expect.violation(constraint):
        limit.case.clocks.update(**columns)


@pytest.mark.parametrize(("constraint", "columns"), TOLL)
def test_a_stop_keeps_its_rules(limit, constraint, columns):
    with expect.violation(constraint):
        limit.tolls.update(**columns)


@pytest.mark.parametrize(("constraint", "columns"), EXTENSION)
def test_an_extension_keeps_its_rules(limit, carol, constraint, columns):
    told = {"form": "written_determination", "document": make.document(), "decided_at": make.WHEN_CORRECTED}
    limit.extend(by=carol, days=5, **told)
    with expect.violation(constraint):
        limit.extensions.update(**columns)


def test_dates_limits_stops_and_closures_are_there_once(limit, carol):
    closure = make.closure(by=carol)
    rows = [("milestone_once", limit.case.milestones.get()), ("clock_once", limit), ("closure_once", closure)]
    for constraint, row in rows:
        with expect.violation(constraint):
            copied(type(row), row).save()
    limit.tolls.update(last=None)
    with expect.violation("toll_one_open"):
        copied(type(limit.tolls.get()), limit.tolls.get()).save()


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
    limits = [*MILESTONE, *CLOCK, *TOLL, *EXTENSION]
    rows = [*CASE, *DECISION, *EXHIBIT, *FINDING, *SUGGESTION, *CONSULTATION, *SUBMISSION, *limits]
    tested = {name for name, _ in rows} | ELSEWHERE
    assert tested == expect.constraints("cases")
