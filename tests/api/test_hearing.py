"""Consultations and submissions through the API."""

import pytest

from riskreview.cases.workflow import Status
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(alice):
    return make.case(by=alice, status=Status.IN_REVIEW, playbook="icts_transaction_review")


def test_a_body_is_asked_answers_and_stands_in_the_case(api, post, case, alice):
    sent = {"case": case.ref, "key": "final", "consultee": "State", "sent_at": "2025-07-24T10:00:00-04:00"}
    made = post(alice, "consultations/send/", None, sent)
    assert (made.status_code, made.json()["state"], made.json()["due_on"]) == (201, "OPEN", "2025-08-07")
    row = case.consultations.get()
    answer = {"response": "object", "rank": "secretary", "answered_at": "2025-08-08T00:10:00-04:00"}
    told = post(alice, f"consultations/{row.pk}/answer/", row, answer).json()
    assert (told["state"], told["weight"], told["version"]) == ("LATE_OBJECTION", "LATE_OBJECTION", 2)
    told = post(alice, f"consultations/{row.pk}/presume-concurrence/", row).json()
    assert (told["state"], told["presumed_by"]["name"]) == ("PRESUMED", "Alice")
    detail = api(alice).get(f"/api/v1/cases/{case.ref}/").json()
    assert detail["consultations"] == [told]


def test_what_is_refused_is_a_problem(post, case, alice):
    row = make.consultation(case, by=alice)
    refused = post(alice, f"consultations/{row.pk}/mark-undeliverable/", row, {"reason": " "})
    assert (refused.status_code, "reason" in str(refused.json()["errors"])) == (400, True)
    twice = {"case": case.ref, "key": "final", "consultee": "Department of State", "sent_at": "2025-01-28T15:00:00Z"}
    refused = post(alice, "consultations/send/", None, twice)
    assert (refused.status_code, "asked this already" in refused.json()["detail"]) == (409, True)


def test_a_party_is_heard_and_stands_in_the_case(api, post, case, alice):
    of = {"case": case.ref, "key": "party_response", "party": make.vendor(by=alice).slug}
    made = post(alice, "submissions/receive/", None, of | {"received_at": "2025-01-28T15:00:00Z", "summary": "No."})
    assert (made.status_code, made.json()["number"], made.json()["considerations"]) == (201, 1, [])
    row = case.submissions.get()
    told = post(alice, f"submissions/{row.pk}/consider/", row, {"text": "Read.", "changed_outcome": True}).json()
    assert [(each["text"], each["changed_outcome"]) for each in told["considerations"]] == [("Read.", True)]
    assert api(alice).get(f"/api/v1/cases/{case.ref}/").json()["submissions"] == [told]
    refused = post(alice, "submissions/note-silence/", None, of | {"sought": True})
    assert (refused.status_code, "on record already" in refused.json()["detail"]) == (409, True)


@pytest.mark.parametrize(("prefix", "builder"), [("consultations", make.consultation), ("submissions", make.heard)])
def test_lists_are_narrowed_and_take_the_same_queries(
    api, case, alice, prefix, builder, django_assert_max_num_queries, django_assert_num_queries
):
    other = make.case(by=alice, title="Another question", playbook="icts_transaction_review")
    builder(case, by=alice)
    builder(other, by=alice)
    client = api(alice)
    assert [row["case"] for row in client.get(f"/api/v1/{prefix}/?case={other.ref}").json()["results"]] == [other.ref]
    client.get(f"/api/v1/{prefix}/")
    with django_assert_max_num_queries(6) as few:
        client.get(f"/api/v1/{prefix}/?case={other.ref}")
    needed = len(few)
    assert len(client.get(f"/api/v1/{prefix}/").json()["results"]) == 2
    with django_assert_num_queries(needed):
        client.get(f"/api/v1/{prefix}/")
