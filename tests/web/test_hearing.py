"""Asking and hearing on the page of a case."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from riskreview.cases.models import Case, Consultation, Milestone, Submission
from riskreview.cases.workflow import Status
from tests import make

from .conftest import text_of

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def case(alice):
    return make.case(by=alice, status=Status.IN_REVIEW, playbook="icts_transaction_review")


def shown(browse, case, user):
    return (
        text_of(browse(user).get(case.get_absolute_url())).partition("Asking and hearing")[2].partition("Decision")[0]
    )


def test_an_empty_section_says_what_to_do(browse, case, alice):
    said = shown(browse, case, alice)
    assert "Nobody is asked yet" in said
    assert "nothing of DeepSeek is on record yet" in said
    assert "Ask a body" in said
    assert "Record a submission" in said


def test_who_only_reads_is_offered_nothing(browse, case, alice, dave):
    make.consultation(case, by=alice)
    make.heard(case, by=alice)
    said = shown(browse, case, dave)
    assert "Department of State" in said
    assert "Record" not in said
    assert "Presume" not in said


@pytest.mark.parametrize("playbook", ["", "internal_review"])
def test_a_case_that_asks_and_hears_nobody_has_no_such_section(browse, alice, playbook):
    page = browse(alice).get(make.case(by=alice, playbook=playbook).get_absolute_url()).content.decode()
    assert 'id="hearing"' not in page


def test_a_body_is_asked_and_answers(browse, post, case, alice):
    sent = {"key": "final", "consultee": "Department of State", "sent_at": "2025-07-24T14:00", "document": ""}
    answer = post(alice, f"/cases/{case.ref}/consultations/send/", **sent)
    assert (answer.status_code, answer["Location"]) == (303, f"{case.get_absolute_url()}#hearing")
    row = Consultation.objects.get()
    said = shown(browse, case, alice)
    assert "7 Aug 2025" in said
    assert "Consent may be presumed since 8 Aug 2025, 04:00 UTC" in said
    told = {"response": "object", "rank": "staff", "answered_at": "2025-08-01T10:00", "responder": "R. Roe"}
    assert post(alice, f"/consultations/{row.pk}/answer/", row, **told).status_code == 303
    said = shown(browse, case, alice)
    assert "Object , R. Roe, staff" in said
    assert "kept as a comment, and it defeats nothing" in said
    row.refresh_from_db()
    assert post(alice, f"/consultations/{row.pk}/presume-concurrence/", row).status_code == 303
    assert "Consent presumed by Alice." in shown(browse, case, alice)


def test_before_the_time_is_over_the_page_says_from_when(browse, case, alice):
    make.consultation(case, by=alice, sent_at=timezone.now() - DAY)
    said = shown(browse, case, alice)
    assert "Consent may be presumed from" in said
    assert "Presume concurrence" not in said


def test_a_form_comes_back_once_and_open_with_what_is_wrong(post, case, alice):
    row = make.consultation(case, by=alice)
    answer = post(alice, f"/consultations/{row.pk}/mark-undeliverable/", row, reason="")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count(f'id="consultation-{row.pk}-mark-undeliverable"') == 1
    assert f'<details class="act" id="consultation-{row.pk}-mark-undeliverable" open>' in page


@pytest.mark.parametrize(
    ("given", "said"), [("99", "There is no such document: “99”"), ("nonsense", "No document fits “nonsense”")]
)
def test_a_document_that_is_not_there_is_said_so(post, case, alice, given, said):
    sent = {"key": "final", "consultee": "State", "sent_at": "2025-07-24T14:00", "document": given}
    answer = post(alice, f"/cases/{case.ref}/consultations/send/", **sent)
    assert (answer.status_code, said in text_of(answer)) == (422, True)


def test_a_document_is_named_by_the_address_of_its_page(post, case, alice):
    paper = make.document()
    sent = {"key": "final", "consultee": "State", "sent_at": "2025-07-24T14:00"}
    post(
        alice,
        f"/cases/{case.ref}/consultations/send/",
        **sent,
        document=f"https://testserver{paper.get_absolute_url()}",
    )
    assert Consultation.objects.get().document == paper


def test_a_party_is_heard_and_considered(browse, post, case, alice):
    party = make.vendor(by=alice)
    sent = {"key": "party_response", "party": party.pk, "received_at": "2025-04-03T10:00", "kinds": ["argument"]}
    served = {"key": "served", "party": party, "stated_on": datetime.date(2025, 3, 3), "document": make.document()}
    Milestone.objects.record(by=alice, case=case, **served)
    assert "it has until 2 Apr 2025" in shown(browse, case, alice)
    post(alice, f"/cases/{case.ref}/submissions/receive/", **sent, summary="No.", confidential="on", document="")
    said = shown(browse, case, alice)
    for words in ("1 to consider", "Late", "Confidential", "Not considered yet", "received 3 Apr 2025", "argument"):
        assert words in said
    row = Submission.objects.get()
    post(alice, f"/submissions/{row.pk}/consider/", row, text="Nothing new.", changed_outcome="False")
    said = shown(browse, case, alice)
    assert "How it was considered (Alice; it did not change the outcome): Nothing new." in said
    assert "to consider" not in said


def test_not_seeking_a_reply_wants_a_reason(post, case, alice):
    sent = {"key": "party_response", "party": make.vendor(by=alice).pk, "sought": "False", "why": ""}
    answer = post(alice, f"/cases/{case.ref}/submissions/note-silence/", **sent)
    assert (answer.status_code, "Say why no reply was sought" in text_of(answer)) == (422, True)
    post(alice, f"/cases/{case.ref}/submissions/note-silence/", **(sent | {"why": "It would warn them."}))
    assert Submission.objects.get().why == "It would warn them."


@pytest.mark.parametrize("status", [Status.IN_REVIEW, Status.AWAITING_APPROVAL])
def test_the_page_takes_the_same_queries_however_many_were_asked(
    browse, case, alice, status, django_assert_max_num_queries
):
    client = browse(alice)
    make.consultation(case, by=alice)
    make.heard(case, by=alice)
    Case.objects.filter(pk=case.pk).update(status=status)
    client.get(case.get_absolute_url())
    with CaptureQueriesContext(connection) as few:
        client.get(case.get_absolute_url())
    for name in ("Commerce", "Defense", "Justice"):
        Case.objects.filter(pk=case.pk).update(status=Status.IN_REVIEW)
        make.consultation(case, by=alice, consultee=name)
        make.heard(case, by=alice)
    Case.objects.filter(pk=case.pk).update(status=status)
    with django_assert_max_num_queries(len(few)):
        client.get(case.get_absolute_url())


def test_an_objection_that_a_later_answer_took_the_place_of_stays_on_the_page(browse, case, alice):
    row = make.consultation(case, by=alice)
    told = {"rank": "secretary", "responder": "R. Roe", "answer": "No."}
    row.answer(by=alice, response="object", answered_at=row.sent_at + DAY, **told)
    row.answer(by=alice, response="concur", answered_at=row.sent_at + 2 * DAY, **told)
    said = shown(browse, case, alice)
    assert "Concur" in said.partition("They objected")[0]
    assert "They objected on 29 Jan 2025, 15:00 UTC, signed by R. Roe. That objection was withdrawn" in said
    # What was answered once has nothing before it.
    other = make.consultation(case, by=alice, consultee="Department of Justice")
    other.answer(by=alice, response="object", answered_at=other.sent_at + DAY, **told)
    assert shown(browse, case, alice).count("was withdrawn") == 1
