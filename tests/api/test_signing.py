"""Signing through the API."""

import datetime

import pytest

from riskreview.accounts.models import Delegation
from riskreview.accounts.roles import Role
from riskreview.cases.workflow import Status
from tests import make
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
TODAY = datetime.datetime.now(datetime.UTC).date().isoformat()


@pytest.fixture
def case(alice):
    return make.case(by=alice, status=Status.AWAITING_APPROVAL)


def pen(case):
    return {"dossier_sha256": case.open_decision().dossier_sha256, "password": PASSWORD}


def test_a_signature_is_shown_with_the_decision(post, case, bob):
    answer = post(bob, f"cases/{case.ref}/approve/", case, pen(case) | {"statement": "Read."})
    (decision,) = answer.json()["decisions"]
    (signature,) = decision["signatures"]
    assert (signature["user"]["name"], signature["meaning"], signature["strength"]) == ("Bob", "APPROVED", "password")
    assert signature["dossier_sha256"] == decision["dossier_sha256"]


def test_another_version_is_409_with_what_differs(post, case, alice, bob):
    read = pen(case)
    case.revise(by=alice, disposition="ADVISORY", rationale="Warn the desks.")
    answer = post(bob, f"cases/{case.ref}/approve/", case, read)
    assert (answer.status_code, answer.json()["type"]) == (409, "/api/v1/docs/#problem-changed")
    told = {each["path"]: each for each in answer.json()["changes"]}
    assert told["recommendation.disposition"] == {
        "path": "recommendation.disposition",
        "says": "Recommendation: disposition",
        "old": "MONITOR",
        "new": "ADVISORY",
    }


def test_a_signature_needs_digest_and_password(post, case, bob):
    answer = post(bob, f"cases/{case.ref}/approve/", case, {})
    assert answer.status_code == 400
    assert {each["field"] for each in answer.json()["errors"]} == {"dossier_sha256", "password"}


def test_what_differs_since_a_version_has_an_address(api, case, alice, dave):
    case.revise(by=alice, disposition="ADVISORY", rationale="Warn the desks.")
    changes = api(dave).get(f"/api/v1/cases/{case.ref}/decisions/1/changes/").json()
    assert [each["path"] for each in changes] == ["recommendation.disposition", "recommendation.rationale"]
    assert api(dave).get(f"/api/v1/cases/{case.ref}/decisions/2/changes/").json() == []
    assert api(dave).get(f"/api/v1/cases/{case.ref}/decisions/9/changes/").status_code == 404
    decisions = api(dave).get(f"/api/v1/cases/{case.ref}/").json()["decisions"]
    assert (decisions[0]["void_cause"], decisions[0]["voided_by"]["name"]) == ("the recommendation", "Alice")


def test_a_dissent(post, case, bob):
    answer = post(bob, f"cases/{case.ref}/dissent/", case, {"text": "I would not.", "password": PASSWORD})
    assert answer.json()["decisions"][0]["signatures"][0]["meaning"] == "DISSENTED"


def test_a_disposition_must_be_one_of_the_case(post, case, alice):
    body = {"disposition": "PERHAPS", "rationale": "So."}
    answer = post(alice, f"cases/{case.ref}/revise/", case, body)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "disposition")


def test_delegations(post, api, invite, case, bob):
    beth = invite("Beth", Role.APPROVER)
    told = {"to": beth.email, "starts_on": TODAY, "ends_on": TODAY, "reason": "On leave."}
    made = post(bob, "delegations/delegate/", body=told)
    assert (made.status_code, made.json()["to"]["name"]) == (201, "Beth")
    signed = post(beth, f"cases/{case.ref}/approve/", case, pen(case) | {"on_behalf_of": bob.email})
    assert signed.json()["decisions"][0]["signatures"][0]["on_behalf_of"]["name"] == "Bob"
    row = Delegation.objects.get()
    assert post(beth, f"delegations/{row.pk}/end/", row).status_code == 403
    assert post(bob, f"delegations/{row.pk}/end/", row).json()["ended_at"]


def test_signing_for_somebody_who_did_not_ask_is_refused_on_record(post, invite, case, bob):
    beth = invite("Beth", Role.APPROVER)
    answer = post(beth, f"cases/{case.ref}/approve/", case, pen(case) | {"on_behalf_of": bob.email})
    assert answer.status_code == 403
    assert "has not asked you" in answer.json()["detail"]
