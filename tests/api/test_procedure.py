"""A case goes through its playbook by the API: what is missing is there for machines to read."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from riskreview.cases.models import Case, Sheet
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
    assert "“perhaps” is not yes, no or does not apply. “XX” is none of the lines." in answer.json()["detail"]
    assert not sheet.answers.exists()


FAULTY = b"Id,Answer,Comment,Evidence\nDJ-1,perhaps,,\nXX-1,yes,,\n"


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_returned_file_is_taken_in_and_kept(api, alice, case, post, form):
    sheet = make.sheet(case, by=alice)
    sheet.answer(by=alice, item="DJ-1", verdict="YES")
    raw = sheet.written(form, by=alice).replace(b'"yes","",""', b'"no","Moved.",""')
    file = SimpleUploadedFile(f"answers.{form}", raw)
    address, tag = f"/api/v1/sheets/{sheet.pk}/take-in/", {"HTTP_IF_MATCH": '"2"', "format": "multipart"}
    taken = api(alice).post(address, {"file": file}, **tag)
    assert (taken.status_code, taken.json()["answers"][0]["verdict"]) == (200, "NO" if form == "csv" else "YES")
    if form == "csv":
        assert taken.json()["answers"][0]["document"]["id"] == sheet.answers.get().document_id


@pytest.mark.parametrize(
    ("name", "raw", "problems"),
    [
        (
            "a.csv",
            FAULTY,
            ["Row 2: DJ-1: “perhaps” is not yes, no or does not apply.", "Row 3: “XX-1” is none of the questions."],
        ),
        ("a.csv", b"Id,Answer,Comment,Evidence\n", ["There is no answer in it."]),
        ("a.xlsx", b"PK", ["It is no workbook."]),
    ],
)
def test_a_file_with_faults_says_so_as_the_page_does(api, alice, case, name, raw, problems):
    sheet = make.sheet(case, by=alice)
    sent = {"file": SimpleUploadedFile(name, raw)}
    address = f"/api/v1/sheets/{sheet.pk}/take-in/"
    answer = api(alice).post(address, sent, HTTP_IF_MATCH='"1"', format="multipart")
    assert answer.status_code == 400
    told = [each["detail"] for each in answer.json()["errors"]]
    assert [problem in each for problem, each in zip(problems, told, strict=True)] == [True] * len(problems)
    assert not sheet.answers.exists()


@pytest.fixture
def unopened(monkeypatch):
    """Whoever opens a returned file fails the test."""

    def opened(*given):
        raise AssertionError("the file was opened")

    monkeypatch.setattr(Sheet, "answers_in", opened)


@pytest.mark.parametrize(
    ("who", "tag", "status", "expected"),
    [("dave", '"1"', "IN_REVIEW", 403), ("alice", '"7"', "IN_REVIEW", 412), ("alice", '"1"', "AWAITING_APPROVAL", 409)],
)
def test_a_file_that_cannot_be_taken_now_is_not_opened(request, api, alice, case, unopened, who, tag, status, expected):
    sheet = make.sheet(case, by=alice)
    Case.objects.filter(pk=case.pk).update(status=status)
    sent = {"file": SimpleUploadedFile("a.csv", FAULTY)}
    user = request.getfixturevalue(who)
    answer = api(user).post(f"/api/v1/sheets/{sheet.pk}/take-in/", sent, HTTP_IF_MATCH=tag, format="multipart")
    assert answer.status_code == expected


@pytest.mark.parametrize("size", [5_000_001, 7_000_000])
def test_a_returned_file_that_is_too_large_is_not_opened(api, alice, case, unopened, size):
    sheet = make.sheet(case, by=alice)
    sent = {"file": SimpleUploadedFile("a.csv", b"x" * size)}
    answer = api(alice).post(f"/api/v1/sheets/{sheet.pk}/take-in/", sent, HTTP_IF_MATCH='"1"', format="multipart")
    assert (answer.status_code, "at most 5 MB" in answer.json()["detail"]) == (413, True)
