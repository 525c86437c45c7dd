"""One act through the page, the API and the shell leaves the same single entry; four eyes holds on all three."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from riskreview.audit.models import Entry
from riskreview.audit.refusals import NotAllowed
from riskreview.cases.models import Case, Confidence, Likelihood, RiskArea
from riskreview.cases.workflow import Status
from tests import make
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
FACES = ["web", "api", "shell"]


@pytest.fixture
def through(browse, api):
    """Call a verb through a face; answers the status a client sees (the shell: 200 or 403)."""

    def call(face: str, case: Case, verb: str, by, **fields) -> int:
        road = f"/cases/{case.ref}/{verb.replace('_', '-')}/"
        if face == "web":
            return browse(by).post(road, fields | {"seen": case.entry_seq}).status_code
        if face == "api":
            headers = {"If-Match": f'"{case.entry_seq}"'}
            return api(by).post(f"/api/v1{road}", fields, format="json", headers=headers).status_code
        try:
            getattr(case, verb)(by=by, seen=case.entry_seq, **fields)
        except NotAllowed:
            return 403
        return 200

    return call


def told(entry: Entry) -> dict:
    """What an entry says, apart from when, where and by which road it came."""
    header, body = entry.public, entry.private
    for moving in ("id", "recorded_at", "tx", "via", "request", "token", "body"):
        header.pop(moving)
    body.pop("origin")
    return {"header": header, "body": body}


@pytest.mark.parametrize("face", FACES)
def test_holding_a_case_leaves_one_entry_whatever_the_face(face, through, alice):
    case = make.case(by=alice, status=Status.IN_REVIEW)
    before = Entry.objects.count()
    assert through(face, case, "hold", alice, reason="Waiting for the vendor.") in (200, 303)
    entries = Entry.objects.filter(verb="case.hold")
    assert entries.count() == 1
    made_for_the_call = 1 if face == "api" else 0  # the token the test's client carries is an act of its own
    assert Entry.objects.count() == before + 1 + made_for_the_call
    assert (entries.get().actor, entries.get().public["via"]) == (alice, face)


def test_the_three_entries_say_the_same(through, alice):
    seen = {}
    for face in FACES:
        case = make.case(by=alice, status=Status.IN_REVIEW)
        through(face, case, "hold", alice, reason="Waiting for the vendor.")
        entry = told(Entry.objects.filter(verb="case.hold").latest("id"))
        subject = entry["header"]["subject"]
        subject["id"], subject["label"] = "the case", "its reference"
        entry["body"]["label"] = "its reference"
        entry["body"]["state"].pop("sha256")  # each case has a reference of its own
        seen[face] = entry
    assert seen["web"] == seen["api"] == seen["shell"]
    assert seen["web"]["body"]["changes"]["status"] == ["IN_REVIEW", "ON_HOLD"]


def signing(face: str, case: Case, by) -> dict:
    """What somebody signs with, as a face takes it."""
    if face == "shell":
        return make.pen(case, by)
    given = {"dossier_sha256": case.open_decision().dossier_sha256, "password": PASSWORD}
    return given | ({"read": "on", "free": "on"} if face == "web" else {})


@pytest.mark.parametrize("face", FACES)
def test_the_submitter_is_refused_on_every_face(face, through, system, alice):
    alice.grant(by=system, role="APPROVER")
    case = make.case(by=alice, status=Status.AWAITING_APPROVAL)
    fields = signing(face, case, alice)
    assert through(face, case, "approve", alice, **fields) == 403
    case.refresh_from_db()
    assert case.status == Status.AWAITING_APPROVAL
    assert not Entry.objects.filter(verb="case.approve", kind="act").exists()
    refusals = Entry.objects.filter(verb="case.approve", kind="refusal")
    assert refusals.count() == (0 if face == "shell" else 1)  # the faces write refusals down


@pytest.mark.parametrize("face", FACES)
def test_a_second_person_is_let_through_on_every_face(face, through, alice, bob):
    case = make.case(by=alice, status=Status.AWAITING_APPROVAL)
    fields = signing(face, case, bob)
    assert through(face, case, "approve", bob, **fields) in (200, 303)
    case.refresh_from_db()
    assert (case.status, case.decision.approved_by) == (Status.DECIDED, bob)
    assert Entry.objects.filter(verb="case.approve", kind="act").count() == 1


def test_plain_sql_is_refused_by_the_constraint(alice):
    case = make.case(by=alice, status=Status.AWAITING_APPROVAL)
    statement = "UPDATE cases_decision SET approved_by_id = %s, approved_at = now() WHERE case_id = %s"
    with pytest.raises(IntegrityError, match="four.eyes"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [alice.pk, case.pk])


@pytest.mark.parametrize("face", FACES)
def test_a_finding_is_the_same_finding_on_every_face(face, through, alice):
    case = make.case(by=alice, status=Status.IN_REVIEW)
    exhibit = make.exhibit(case, by=alice)
    fields = {
        "risk_area": RiskArea.PRIVACY.value,
        "judgment": "Prompts are likely to be kept.",
        "likelihood": Likelihood.LIKELY.value,
        "confidence": Confidence.LOW.value,
        "exhibits": [exhibit] if face == "shell" else [exhibit.pk if face == "web" else exhibit.number],
    }
    assert through(face, case, "add_finding", alice, **fields) in (200, 201, 303)
    finding = case.findings.get()
    assert (finding.judgment, list(finding.exhibits.all())) == ("Prompts are likely to be kept.", [exhibit])
