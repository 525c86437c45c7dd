"""Dated facts, limits, closures and feeds through the API."""

from __future__ import annotations

import pytest
from django.test import Client

from riskreview.cases.models import Closure, Milestone
from tests import make
from tests.cases.running import clocks, running, tasked

pytestmark = pytest.mark.django_db


def test_a_program_records_and_corrects_a_date(alice, api):
    case, client = running(alice), api(alice)
    sent = {"case": case.ref, "key": "tasked", "stated_on": "2025-01-28", "document": make.document().pk}
    answer = client.post("/api/v1/milestones/record/", sent, format="json")
    assert (answer.status_code, answer.data["key"], answer.data["moved"]) == (201, "tasked", [])
    made = Milestone.objects.get()
    sent = {"stated_on": "2025-01-29", "reason": "The stamp."}
    answer = client.post(f"/api/v1/milestones/{made.pk}/correct/", sent, format="json", headers={"If-Match": '"1"'})
    assert "decision: The date is Monday, 17 March 2025, was Friday, 14 March 2025." in answer.data["moved"]


def test_limits_are_listed_by_case_the_earliest_first(alice, api):
    case, other = running(alice), running(alice, title="Another")
    tasked(case, alice)
    tasked(other, alice)
    answer = api(alice).get(f"/api/v1/clocks/?case={case.ref}&running=true")
    assert [row["key"] for row in answer.data["results"]] == ["terms", "evidence", "draft", "deputies", "decision"]
    assert answer.data["results"][0]["parts"][0] == "Day 0 is Tuesday, 28 January 2025."


ACTS = {
    "toll": {"first": "2025-01-30", "reason": "on_hold"},
    "waive": {"reason": "Done by others."},
}


@pytest.mark.parametrize("act", ACTS)
def test_a_limit_is_acted_on(act, alice, api):
    case = running(alice)
    tasked(case, alice)
    terms = clocks(case)["terms"]
    answer = api(alice).post(
        f"/api/v1/clocks/{terms.pk}/{act}/", ACTS[act], format="json", headers={"If-Match": '"0"'}
    )  # fmt: skip
    assert (answer.status_code, answer.data["version"]) == (200, 1)


def test_a_refusal_is_a_problem_document(alice, api):
    case = running(alice)
    tasked(case, alice)
    decision = clocks(case)["decision"]
    sent = {"form": "written_determination", "document": make.document().pk, "decided_at": "2025-03-10T10:00:00Z"}
    headers = {"If-Match": '"0"'}
    answer = api(alice).post(
        f"/api/v1/clocks/{decision.pk}/extend/", sent | {"days": 5}, format="json", headers=headers
    )
    assert answer.status_code == 403


def test_leads_announce_closures(carol, api):
    sent = {"calendar": "us-federal", "day": "2025-01-09", "why": "Day of mourning."}
    answer = api(carol).post("/api/v1/closures/announce/", sent, format="json")
    assert answer.status_code == 201
    pk, headers = Closure.objects.get().pk, {"If-Match": '"1"'}
    answer = api(carol).post(f"/api/v1/closures/{pk}/revoke/", {"reason": "A slip."}, format="json", headers=headers)
    assert answer.data["revoked_at"] is not None


def test_the_address_of_a_feed_is_told_once(alice, api):
    client = api(alice)
    made = client.post("/api/v1/calendarfeeds/offer/", {}, format="json")
    assert made.status_code == 201
    assert Client().get(made.data["address"]).status_code == 200
    row = client.get(f"/api/v1/calendarfeeds/{made.data['id']}/")
    assert row.data["address"] is None
    headers = {"If-Match": '"1"'}
    client.post(f"/api/v1/calendarfeeds/{made.data['id']}/revoke/", {}, format="json", headers=headers)
    assert Client().get(made.data["address"]).status_code == 404


def test_a_case_tells_the_limit_that_binds_it(alice, api):
    case = running(alice)
    tasked(case, alice)
    client = api(alice)
    assert client.get(f"/api/v1/cases/{case.ref}/").data["binding_at"] == "2025-02-04T05:00:00Z"
    assert client.get("/api/v1/cases/?due_before=2025-02-04T05:00:01Z").data["count"] == 1
    assert client.get("/api/v1/cases/?due_before=2025-02-04T05:00:00Z").data["count"] == 0
