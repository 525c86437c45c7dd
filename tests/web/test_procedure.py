"""A case goes through its playbook on its page: what is asked, where it may go, who sits where, its checklists."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from riskreview.audit.models import Entry
from riskreview.cases.models import Case, Sheet
from riskreview.cases.workflow import Status
from tests import make
from tests.web.conftest import text_of

pytestmark = pytest.mark.django_db
ASKED = {"title": "Which?", "question": "What now?", "requester": "The board", "priority": 3, "due_at": ""}


@pytest.fixture
def case(alice):
    return make.case(by=alice, playbook="internal_review", status=Status.IN_REVIEW)


@pytest.fixture
def icts(alice):
    return make.case(by=alice, playbook="icts_transaction_review", status=Status.IN_REVIEW)


def page(browse, user, case):
    response = browse(user).get(case.get_absolute_url())
    assert response.status_code == 200
    return response


def test_the_form_of_a_new_case_offers_the_playbooks_and_prefers_the_internal_review(browse, alice):
    body = browse(alice).get("/cases/new/").content.decode()
    assert 'value="internal_review" ' in body
    assert body.count('name="playbook"') == 12
    assert [line for line in body.split("<input") if "checked" in line and 'value="internal_review"' in line]


@pytest.mark.parametrize(("sent", "stage"), [("internal_review", "intake"), ("", None)])
def test_a_case_is_opened_with_a_playbook_or_without(browse, alice, sent, stage):
    assert browse(alice).post("/cases/new/", ASKED | {"playbook": sent}).status_code == 303
    case = Case.objects.get()
    assert (case.stage_now().key if stage else case.stage_now()) == stage


def test_the_page_says_what_is_missing_and_leads_on_when_nothing_is(browse, alice, case, post):
    case.enter_stage(by=alice, stage="review")
    told = text_of(page(browse, alice, case))
    assert "There is no exhibit yet: add one." in told
    assert "Something above is missing." in told
    make.finding(case, by=alice)
    assert 'name="stage" value="decision"' in page(browse, alice, case).content.decode()
    answer = post(alice, f"/cases/{case.ref}/enter-stage/", case, stage="decision")
    assert answer.status_code == 303
    assert case.stage_now().key == "decision"


def test_who_goes_on_is_told_where_the_case_is_and_what_to_do_there(browse, alice, case):
    client = browse(alice)
    client.post(f"/cases/{case.ref}/enter-stage/", {"seen": case.entry_seq, "stage": "review"})
    told = text_of(client.get(case.get_absolute_url()))
    title = next(each.title for each in case.rules.stage if each.key == "review")
    assert f"The case is at the stage “{title}” now. To do first: There is no exhibit yet: add one." in told


def test_what_is_missing_is_told_when_the_form_is_sent_all_the_same(alice, case, post):
    case.enter_stage(by=alice, stage="review")
    answer = post(alice, f"/cases/{case.ref}/enter-stage/", case, stage="decision")
    assert answer.status_code == 409
    assert "There is no finding yet: add one." in text_of(answer)


def test_the_stepper_shows_the_stages_with_dates_and_who(browse, alice, case):
    case.enter_stage(by=alice, stage="review")
    body = page(browse, alice, case).content.decode()
    stepper = body[body.index('class="stepper"') : body.index("</ol>", body.index('class="stepper"'))]
    assert [stepper.count(each) for each in ("<li", 'class="done"', 'class="now"', ", Alice")] == [4, 1, 1, 2]


def test_a_case_without_a_playbook_says_so_and_offers_one(browse, alice):
    case = make.case(by=alice, status=Status.IN_REVIEW)
    told = text_of(page(browse, alice, case))
    assert "This case follows no playbook." in told
    assert "Take up a playbook" in told


def test_the_page_of_a_playbook_adopted_says_what_differs_first(browse, alice, case, post):
    road = f"/cases/{case.ref}/adopt-playbook/"
    told = text_of(browse(alice).get(f"{road}?playbook=icts_transaction_review"))
    assert "Another playbook: “ICTS transaction review” instead of “Internal review”" in told
    assert post(alice, road, case, playbook="icts_transaction_review", reason=" ").status_code == 422
    assert post(alice, road, case, playbook="icts_transaction_review", reason="Another rule.").status_code == 303
    case.refresh_from_db()
    assert case.playbook.key == "icts_transaction_review"


def test_seats_papers_and_rounds_have_their_forms(browse, alice, icts, post):
    road, paper = f"/cases/{icts.ref}", make.document()
    for verb in ("seat", "unseat"):
        sent = {"seen": icts.entry_seq, "role": "analyst", "user": alice.pk}
        assert browse(alice).post(f"{road}/{verb}/", sent).status_code == 303
        icts.refresh_from_db()
    sent = {"output": "initial_determination", "document": paper.get_absolute_url()}
    assert post(alice, f"{road}/attach-output/", icts, **sent).status_code == 303
    icts.refresh_from_db()
    assert post(alice, f"{road}/new-round/", icts, reason="Filed again.").status_code == 303
    icts.refresh_from_db()
    assert (icts.round, icts.outputs.get().document) == (2, paper)


def test_a_field_of_the_playbook_is_filled_in(browse, alice, post):
    case = make.case(by=alice, playbook="ai_acquisition_high_impact", status=Status.IN_REVIEW)
    assert "Intended use" in text_of(page(browse, alice, case))
    sent = {"field": "intended_use", "text": "Drafting letters."}
    assert post(alice, f"/cases/{case.ref}/state-particular/", case, **sent).status_code == 303
    assert "Drafting letters." in text_of(page(browse, alice, case))


def test_a_second_person_signs_on_the_page(browse, alice, bob, icts, post):
    make.at_stage(icts, "initial_determination", by=alice)
    assert "Sign as second person" in text_of(page(browse, bob, icts))
    assert "Sign as second person" not in text_of(page(browse, alice, icts))
    assert post(bob, f"/cases/{icts.ref}/countersign-stage/", icts).status_code == 303


def test_a_checklist_is_begun_and_answered_on_its_page(browse, alice, icts, post):
    assert post(alice, f"/cases/{icts.ref}/sheets/begin/", name="criteria").status_code == 303
    sheet = Sheet.objects.get()
    sent = {"answer-other_factors": "no", "note-other_factors": "None found."}
    assert post(alice, f"/sheets/{sheet.pk}/receive/", sheet, **sent).status_code == 303
    answer = sheet.answers.get()
    assert (answer.verdict, answer.note) == ("NO", "None found.")
    assert "1 of 8 lines answered" in text_of(page(browse, alice, icts))
    told = text_of(browse(alice).get(f"/sheets/{sheet.pk}/"))
    assert "1 of 8 lines answered" in told


def test_lines_that_cannot_be_taken_come_back_with_what_was_written(alice, icts, post):
    sheet = make.sheet(icts, by=alice)
    sent = {"answer-DJ-1": "does not apply", "answer-RE-2": "soon", "note-PR-1": "Perhaps."}
    answer = post(alice, f"/sheets/{sheet.pk}/receive/", sheet, **sent)
    assert answer.status_code == 422
    told = text_of(answer)
    for each in (
        "“does not apply” needs a comment that says why",
        "“soon” is not a date",
        "there is a comment and no answer",
    ):
        assert each in told
    assert not sheet.answers.exists()


def test_one_line_is_answered_with_its_document(browse, alice, icts, post):
    sheet, paper = make.sheet(icts, by=alice), make.document()
    assert 'name="item"' in browse(alice).get(f"/sheets/{sheet.pk}/?line=DJ-1").content.decode()
    sent = {"item": "DJ-1", "verdict": "YES", "document": paper.pk}
    assert post(alice, f"/sheets/{sheet.pk}/answer/", sheet, **sent).status_code == 303
    assert sheet.answers.get().document == paper


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_sheet_goes_out_and_comes_back(browse, alice, icts, post, form):
    sheet = make.sheet(icts, by=alice)
    sheet.answer(by=alice, item="DJ-1", verdict="YES")
    taken = browse(alice).get(f"/sheets/{sheet.pk}/answers.{form}")
    assert f'{icts.ref}-supplier-1.{form}"' in taken["Content-Disposition"]
    assert Entry.objects.about(sheet).newest_first().first().kind == "access"
    raw = taken.content.replace(b'"yes","",""', b'"no","Moved.",""') if form == "csv" else taken.content
    file = SimpleUploadedFile(f"answers.{form}", raw)
    assert post(alice, f"/sheets/{sheet.pk}/receive/", sheet, what="file", file=file).status_code == 303
    assert sheet.answers.get().verdict == ("NO" if form == "csv" else "YES")


def test_a_file_with_faults_is_told_line_by_line_and_nothing_is_kept(alice, icts, post):
    sheet = make.sheet(icts, by=alice)
    raw = b"Id,Answer,Comment,Evidence\nDJ-1,perhaps,,\nXX-1,yes,,\nDJ-2,yes,,\n"
    sent = {"what": "file", "file": SimpleUploadedFile("answers.csv", raw)}
    told = text_of(post(alice, f"/sheets/{sheet.pk}/receive/", sheet, **sent))
    assert "Row 2: DJ-1: “perhaps” is not yes, no or does not apply." in told
    assert "Row 3: “XX-1” is none of the questions." in told
    assert not sheet.answers.exists()


@pytest.mark.parametrize(
    ("who", "seen", "size", "expected"), [("dave", 1, 9, 403), ("alice", 0, 9, 409), ("alice", 1, 5_000_001, 422)]
)
def test_a_file_that_cannot_be_taken_is_not_opened(
    request, browse, alice, icts, monkeypatch, who, seen, size, expected
):
    def opened(*given):
        raise AssertionError("the file was opened")

    sheet = make.sheet(icts, by=alice)
    monkeypatch.setattr(Sheet, "answers_in", opened)
    sent = {"what": "file", "seen": seen, "file": SimpleUploadedFile("answers.csv", b"x" * size)}
    answer = browse(request.getfixturevalue(who)).post(f"/sheets/{sheet.pk}/receive/", sent)
    assert (answer.status_code, "at most 5 MB" in text_of(answer)) == (expected, expected == 422)


def test_whoever_only_reads_sees_the_answers_and_no_boxes(browse, alice, dave, icts):
    sheet = make.sheet(icts, by=alice)
    sheet.answer(by=alice, item="DJ-1", verdict="YES", note="In two countries.")
    body = browse(dave).get(f"/sheets/{sheet.pk}/").content.decode()
    assert "In two countries." in body
    assert 'name="answer-DJ-1"' not in body


def test_the_page_of_a_case_takes_as_many_queries_however_much_is_there(browse, alice, icts):
    client = browse(alice)
    client.get(icts.get_absolute_url())
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    make.sheet(icts, by=alice, name="criteria")
    icts.attach_output(by=alice, output="initial_determination", document=make.document())
    icts.seat(by=alice, role="analyst", user=alice)
    make.finding(icts, by=alice)
    with CaptureQueriesContext(connection) as few:
        client.get(icts.get_absolute_url())
    make.sheet(icts, by=alice)
    make.full_sheet(icts, "initial_determination", by=alice)
    for _ in range(3):
        icts.attach_output(by=alice, output="initial_determination", document=make.document())
        make.finding(icts, by=alice)
    icts.seat(by=alice, role="case_officer", user=alice)
    with CaptureQueriesContext(connection) as many:
        client.get(icts.get_absolute_url())
    assert len(many) == len(few)
