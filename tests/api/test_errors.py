"""Every error is a problem document."""

import uuid

import pytest
from django.db import DataError, IntegrityError
from rest_framework.exceptions import Throttled

from riskreview.api.cases import Cases
from tests import make

MEMBERS = {"type", "title", "status", "detail", "instance"}


def problem(answer, status, kind):
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert body.keys() >= MEMBERS
    assert (body["status"], body["type"]) == (status, f"/api/v1/docs/#problem-{kind}")
    assert uuid.UUID(body["instance"].removeprefix("urn:uuid:"))
    return body


def test_the_instance_is_the_request_the_entry_names(post, alice, dave):
    from riskreview.audit.models import Entry

    case = make.case(by=alice)

    body = problem(post(dave, f"cases/{case.ref}/assign/", case, {"to": str(dave.pk)}), 403, "not-allowed")

    assert body["instance"] == f"urn:uuid:{Entry.objects.get(kind='refusal').request}"


def test_what_is_absent_and_what_is_hidden_look_alike(api, alice, invite):
    from riskreview.accounts.roles import Role

    case, frank = make.case(by=alice), invite("Frank", Role.READER)
    client = api(frank)
    type(frank).objects.filter(pk=frank.pk).update(roles=[])

    hidden = problem(client.get(f"/api/v1/cases/{case.ref}/"), 404, "not-found")
    absent = problem(client.get("/api/v1/cases/RR-1999-0001/"), 404, "not-found")

    assert {**hidden, "instance": ""} == {**absent, "instance": ""}


def test_the_method_is_405(api, alice):
    answer = api(alice).put("/api/v1/vendors/", {})

    problem(answer, 405, "method")
    assert answer["Allow"] == "GET, HEAD"


def test_a_form_it_cannot_give_is_406(api, alice):
    problem(api(alice).get("/api/v1/vendors/", HTTP_ACCEPT="text/csv"), 406, "not-acceptable")


def test_a_form_it_cannot_read_is_415(api, alice):
    problem(api(alice).post("/api/v1/vendors/register/", "a=b", content_type="text/plain"), 415, "media-type")


def test_a_body_over_1_mb_is_413(api, alice):
    big = b'{"canonical_name": "' + b"x" * 1_000_001 + b'"}'

    problem(api(alice).post("/api/v1/vendors/register/", big, content_type="application/json"), 413, "too-large")


@pytest.mark.parametrize("body", [[], "text", 5, None, True])
def test_a_body_that_is_no_object_is_400(api, alice, body):
    import json

    answer = api(alice).post("/api/v1/vendors/register/", json.dumps(body), content_type="application/json")

    problem(answer, 400, "invalid")


def test_unknown_and_missing_fields_are_named(post, alice):
    body = problem(post(alice, "vendors/register/", body={"canonical_name": "X", "status": "MERGED"}), 400, "invalid")
    assert body["errors"] == [{"field": "status", "detail": "There is no such field here."}]

    body = problem(post(alice, "vendors/register/", body={}), 400, "invalid")
    assert body["errors"][0]["field"] == "canonical_name"


def test_a_field_inside_a_list_is_named_by_its_place(post, alice):
    make.vendor(by=alice)
    opening = {"title": "T", "question": "Q", "requester": "R", "vendors": ["deepseek", "nobody"]}

    body = problem(post(alice, "cases/open/", body=opening), 400, "invalid")

    assert body["errors"][0]["field"] == "vendors.1"


@pytest.mark.parametrize(
    ("error", "status", "kind"),
    [
        (RuntimeError("secret detail"), 500, "broken"),
        (IntegrityError("secret detail"), 409, "not-now"),
        (DataError("secret detail"), 400, "invalid"),
        (Throttled(wait=7), 429, "too-many"),
    ],
)
def test_what_breaks_inside_says_nothing_of_the_inside(api, alice, monkeypatch, error, status, kind):
    def breaks(self, rows):
        raise error

    monkeypatch.setattr(Cases, "in_list", breaks)

    answer = api(alice).get("/api/v1/cases/")

    assert "secret" not in problem(answer, status, kind)["detail"]
    assert answer.get("Retry-After") == ("7" if status == 429 else None)


def test_answers_are_not_kept_in_caches(api, alice):
    assert api(alice).get("/api/v1/vendors/")["Cache-Control"] == "no-store"
