"""Incidents through the API."""

import pytest

from riskreview.incidents.models import Incident
from tests import make

REPORT = {
    "kind": "ALLEGATION",
    "title": "Accounts blocked",
    "neutral_summary": "A company is said to have blocked accounts.",
    "occurred_from": "2025-01-29",
}


def test_reporting_gives_a_reference(post, alice):
    answer = post(alice, "incidents/report/", body=REPORT)

    assert answer.status_code == 201, answer.content
    assert answer.json()["ref"] == "INC-2025-001"
    assert answer.json()["is_established"] is False
    assert answer["Location"].endswith("/incidents/INC-2025-001/")


def test_a_reader_may_not_report(post, dave):
    assert post(dave, "incidents/report/", body=REPORT).status_code == 403
    assert not Incident.objects.exists()


def test_dates_must_be_in_order(post, alice):
    answer = post(alice, "incidents/report/", body=REPORT | {"occurred_to": "2025-01-01"})

    assert answer.json()["errors"] == [{"field": "occurred_to", "detail": "The end lies before the beginning."}]


def test_a_vendor_is_involved(post, alice):
    incident, vendor = make.incident(by=alice), make.vendor(by=alice)

    answer = post(alice, f"incidents/{incident.ref}/involve/", incident, {"role": "ACCUSED", "vendor": vendor.slug})

    assert answer.json()["involvements"][0]["vendor"] == {"slug": "deepseek", "name": "DeepSeek"}


@pytest.mark.parametrize("names", [{}, {"vendor": "deepseek", "product": 1}])
def test_an_involvement_names_exactly_one(post, alice, names):
    incident, vendor = make.incident(by=alice), make.vendor(by=alice)
    product = vendor.add_product(by=alice, name="R1", kind="MODEL")
    names = names | ({"product": product.pk} if "product" in names else {})

    answer = post(alice, f"incidents/{incident.ref}/involve/", incident, {"role": "ACCUSED"} | names)

    assert answer.status_code == 409


def test_a_passage_is_cited_word_for_word(post, alice):
    incident, snapshot = make.incident(by=alice), make.snapshot()

    body = {"snapshot": snapshot.pk, "start": 0, "end": 8}
    answer = post(alice, f"incidents/{incident.ref}/cite/", incident, body)

    assert answer.json()["citations"][0]["passage"] == "DeepSeek"


def test_reassessing_needs_a_reason(post, alice):
    incident = make.incident(by=alice)

    bare = post(alice, f"incidents/{incident.ref}/reassess/", incident, {"standing": "DENIED"})
    said = post(alice, f"incidents/{incident.ref}/reassess/", incident, {"standing": "DENIED", "reason": "A denial."})

    assert bare.json()["errors"][0]["field"] == "reason"
    assert said.json()["standing"] == "DENIED"


def test_lists_are_narrowed_by_vendor_and_cost_the_same(post, api, alice, django_assert_num_queries):
    vendor = make.vendor(by=alice)
    for number in range(3):
        incident = make.incident(by=alice, title=f"Event {number}")
        incident.involve(by=alice, role="ACCUSED", vendor=vendor)
    make.incident(by=alice, title="Another")
    client = api(alice)

    with django_assert_num_queries(4):
        assert client.get("/api/v1/incidents/", {"vendor": "deepseek"}).json()["count"] == 3
