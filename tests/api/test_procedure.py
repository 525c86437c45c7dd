"""A case goes through its playbook by the API: what is missing is there for machines to read."""

import pytest

from riskreview.cases.models import Case
from riskreview.cases.workflow import Status
from tests import make

pytestmark = pytest.mark.django_db
ASKED = {"title": "Which?", "question": "What now?", "requester": "The board"}


@pytest.fixture
def case(alice):
    return make.case(by=alice, playbook="internal_review", status=Status.IN_REVIEW)


@pytest.mark.parametrize(("sent", "stage"), [({"playbook": "internal_review"}, "intake"), ({}, None)])
def test_a_case_is_opened_with_a_playbook_or_without(api, alice, sent, stage):
    shown = api(alice).post("/api/v1/cases/open/", ASKED | sent).json()
    assert (shown["procedure"] or {}).get("stage") == stage
    assert Case.objects.get().playbook_id is not None or stage is None


def test_an_unknown_playbook_is_refused_with_those_there_are(api, alice):
    answer = api(alice).post("/api/v1/cases/open/", ASKED | {"playbook": "nowhere"})
    assert answer.status_code == 400
    assert "There are: internal_review, " in answer.json()["errors"][0]["detail"]
    assert not Case.objects.exists()


def test_what_is_missing_is_told_at_once_and_by_name(alice, case, post):
    post(alice, f"cases/{case.ref}/enter-stage/", case, {"stage": "review"})
    answer = post(alice, f"cases/{case.ref}/enter-stage/", case, {"stage": "decision"})
    assert (answer.status_code, answer.json()["type"]) == (409, "/api/v1/docs/#problem-not-now")
    assert [each["requirement"] for each in answer.json()["unmet"]] == ["exhibits:1", "findings:1"]


def test_a_case_says_where_it_is_and_what_is_missing(api, alice, case):
    case.seat(by=alice, role="analyst", user=alice)
    case.enter_stage(by=alice, stage="review")
    told = api(alice).get(f"/api/v1/cases/{case.ref}/").json()["procedure"]
    assert (told["playbook"], told["version"], told["stage"], told["owner"]) == (
        *("internal_review", 1, "review", "analyst"),
    )
    assert [each["told"] for each in told["unmet"]] == [
        "There is no exhibit yet: add one.",
        "There is no finding yet: add one.",
    ]
    assert told["ahead"] == [{"key": "decision", "held_back": []}]
    assert [each["key"] for each in told["stages"]] == ["intake", "review"]
    assert told["seats"] == [{"role": "analyst", "user": {"id": str(alice.pk), "name": "Alice"}}]


def test_a_stage_that_wants_a_second_person_says_so(api, alice):
    case = make.case(by=alice, playbook="icts_transaction_review", status=Status.IN_REVIEW)
    make.at_stage(case, "initial_determination", by=alice)
    told = api(alice).get(f"/api/v1/cases/{case.ref}/").json()["procedure"]
    assert "pair" in [each["requirement"] for each in told["unmet"]]


def test_a_sheet_is_begun_answered_and_taken_out(api, alice, case, post):
    made = api(alice).post("/api/v1/sheets/begin/", {"case": case.ref, "name": "supplier-1"})
    assert (made.status_code, len(made.json()["lines"])) == (201, 60)
    sheet = case.sheets.get()
    answered = post(alice, f"sheets/{sheet.pk}/answer/", sheet, {"item": "DJ-1", "verdict": "YES"})
    assert answered.json()["answers"][0]["verdict"] == "YES"
    lines = {"answers": [{"key": "DJ-1", "answer": "no"}, {"key": "RE-2", "answer": "2026-05-01"}]}
    assert post(alice, f"sheets/{sheet.pk}/receive/", sheet, lines).status_code == 200
    assert [each.verdict for each in sheet.answers.order_by("item")] == ["NO", "ANSWERED"]
    for form, begins in (("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK")):
        taken = api(alice).get(f"/api/v1/sheets/{sheet.pk}/{form}/")
        assert taken.content.startswith(begins)


def test_lines_that_cannot_be_taken_are_all_told_and_none_is_kept(alice, case, post):
    sheet = make.sheet(case, by=alice)
    lines = {"answers": [{"key": "DJ-1", "answer": "perhaps"}, {"key": "XX", "answer": "yes"}]}
    answer = post(alice, f"sheets/{sheet.pk}/receive/", sheet, lines)
    assert answer.status_code == 409
    assert "“perhaps” is not yes, no or n/a. “XX” is none of the lines." in answer.json()["detail"]
    assert not sheet.answers.exists()
