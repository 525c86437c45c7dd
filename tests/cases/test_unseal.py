"""A row of the case that changes what was sealed voids what waits for approval, in the same act."""

import pytest
from django.utils import timezone

from riskreview.audit.models import Entry
from riskreview.audit.refusals import NotAllowed, NotNow
from riskreview.cases.models import Case, Submission
from riskreview.cases.workflow import Status
from tests import expect, make

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(alice):
    return make.case(by=alice, status=Status.IN_REVIEW, playbook="icts_transaction_review")


@pytest.fixture
def asked(case, alice):
    return make.consultation(case, by=alice)


@pytest.fixture
def heard(case, alice):
    row = make.heard(case, by=alice)
    row.consider(by=alice, text="Read and weighed.", changed_outcome=True)
    return row


@pytest.fixture
def waiting(case, asked, heard, alice, monkeypatch):
    """The case with its recommendation submitted, whatever its playbook asks for before that."""
    monkeypatch.setattr("riskreview.cases.models.decidable.check_submission", lambda *given, **more: None)
    make.finding(case, by=alice)
    key = case.playbook.rules.disposition[0].key
    return case.submit(by=alice, disposition=key, rationale="So it is.", referred_to="The Secretary")


def noted(case, by):
    other = make.vendor("High-Flyer", by=by)
    case.vendors.add(other)
    given = {"case": case, "key": "party_response", "party": other, "why": "It would warn them.", "sought": False}
    return Submission.objects.note_silence(by=by, **given)


ACTS = {
    "submission.consider": lambda case, by: case.submissions.get().consider(
        by=by, text="Read and weighed.", changed_outcome=False
    ),
    "submission.receive": lambda case, by: make.heard(case, by=by),
    "submission.note_silence": noted,
    "consultation.send": lambda case, by: make.consultation(case, by=by, consultee="Department of Labor"),
    "consultation.answer": lambda case, by: case.consultations.get().answer(
        by=by, answered_at=timezone.now(), response="concur_with_comment", responder="A clerk", answer="Only if."
    ),
    "consultation.presume_concurrence": lambda case, by: case.consultations.get().presume_concurrence(by=by),
    "consultation.mark_undeliverable": lambda case, by: case.consultations.get().mark_undeliverable(
        by=by, reason="It came back."
    ),
    "consultation.lapse": lambda case, by: case.consultations.get().lapse(by=by),
}


@pytest.mark.parametrize("verb", ACTS)
def test_it_voids_what_waits_and_says_why(verb, case, waiting, alice, system):
    by = system if verb == "consultation.lapse" else alice
    ACTS[verb](Case.objects.get(pk=case.pk), by)
    after = Case.objects.get(pk=case.pk)
    waiting.refresh_from_db()
    entry = Entry.objects.about(case).get(verb="case.unseal")
    assert (after.status, waiting.voided_by, entry.actor) == (Status.IN_REVIEW, by, by)
    assert waiting.void_cause == entry.private["arguments"]["cause"] != ""
    assert Entry.objects.filter(verb=verb).exists()


@pytest.mark.parametrize("verb", [verb for verb in ACTS if not verb.endswith("lapse")])
def test_while_nothing_waits_there_is_nothing_to_void(verb, case, asked, heard, alice):
    ACTS[verb](Case.objects.get(pk=case.pk), alice)
    assert not Entry.objects.filter(verb="case.unseal").exists()


def test_nothing_is_considered_once_the_case_is_over(case, heard, alice):
    case.withdraw(by=alice, reason="The requester took it back.")
    with expect.refusal(NotNow, heard, match="weighs nothing"):
        heard.consider(by=alice, text="After all.", changed_outcome=False)


def test_nobody_voids_without_a_part_in_it(case, waiting, outsiders):
    for person in outsiders:
        with expect.refusal(NotAllowed, case):
            case.unseal(by=person, cause="Because.")


def test_it_is_refused_while_nothing_waits(case, alice):
    with expect.refusal(NotNow, case, match="in review"):
        case.unseal(by=alice, cause="Because.")
