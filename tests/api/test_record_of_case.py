"""The past of a case, its memo and its versions for others, through the API."""

import json

import pytest

from riskreview.audit.models import Entry
from riskreview.cases import releasing
from tests.cases import dossiers

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(alice, bob):
    return dossiers.decided(alice, bob)


def test_the_case_as_it_was(case, api, dave):
    entry = Entry.objects.about(case).get(verb="case.assign")
    told = api(dave).get(f"/api/v1/cases/{case.ref}/as-of/", {"entry": str(entry.uuid)}).json()
    assert [(each["type"], each["agrees"], each["unknown"]) for each in told] == [("case", True, [])]
    assert told[0]["state"]["status"] == "IN_REVIEW"
    assert told[0]["since"]["status"] == ["IN_REVIEW", "DECIDED"]
    assert api(dave).get(f"/api/v1/cases/{case.ref}/as-of/", {"at": "2001-01-01T00:00:00Z"}).json() == []
    for wrong in ({"entry": "zz"}, {"at": "zz"}, {"entry": "00000000-0000-4000-8000-000000000000"}, {"x": "1"}):
        assert api(dave).get(f"/api/v1/cases/{case.ref}/as-of/", wrong).status_code == 400


def test_what_was_known_when(case, api, dave):
    told = api(dave).get(f"/api/v1/cases/{case.ref}/timeline/").json()
    assert {"Published", "Exhibit", "Decision", "Effect"} <= {each["kind"] for each in told}


@pytest.mark.parametrize(("form", "begins"), [("pdf", b"%PDF"), ("docx", b"PK"), ("html", b"<!doctype html>")])
def test_the_memo(case, api, dave, form, begins):
    answer = api(dave).get(f"/api/v1/cases/{case.ref}/memo/", {"form": form, "decision": 1})
    assert answer.content.startswith(begins)
    assert Entry.objects.about(case).filter(verb="case.export_memo").count() == 1
    assert api(dave).get(f"/api/v1/cases/{case.ref}/memo/", {"form": "exe"}).status_code == 400


def test_a_version_for_others(case, api, alice, bob):
    sent = {"case": case.ref, "decision": 1, "audience": "The vendor"}
    made = api(alice).post("/api/v1/releases/prepare/", sent)
    assert made.status_code == 201
    at = f"/api/v1/releases/{made.json()['id']}"
    hidden = {"path": "exhibit.2", "ground": "Exemption 4"}
    told = api(alice).post(f"{at}/redact/", hidden, HTTP_IF_MATCH='"1"').json()
    assert [(each["path"], each["ground"]) for each in told["redactions"]] == [("exhibit.2", "Exemption 4")]
    assert api(alice).post(f"{at}/issue/", {}, HTTP_IF_MATCH='"2"').status_code == 403
    assert api(bob).get(f"{at}/file/").status_code == 409
    issued = api(bob).post(f"{at}/issue/", {}, HTTP_IF_MATCH='"2"').json()
    data = api(bob).get(f"{at}/file/").content
    assert releasing.sha256_of(data) == issued["sha256"]
    assert releasing.verified(json.loads(data)).root == case.decision.dossier_sha256
    assert api(bob).get(f"{at}/memo/").content.startswith(b"%PDF")
    assert api(bob).post("/api/v1/releases/prepare/", sent | {"decision": 9}).status_code == 400
