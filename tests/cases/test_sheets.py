"""Checklists and questionnaires of a case: begun, answered line by line or by a returned file, sent out."""

import pytest

from riskreview.audit.models import Entry
from riskreview.audit.refusals import NotAllowed, NotNow
from riskreview.cases.models import Sheet, Verdict
from riskreview.cases.workflow import Status
from riskreview.evidence.models import Document
from riskreview.lib.datafile import Refused
from tests import expect, make

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(alice):
    return make.case(by=alice, playbook="icts_transaction_review", status=Status.IN_REVIEW)


@pytest.fixture
def criteria(case, alice):
    return make.sheet(case, by=alice, name="criteria")


@pytest.fixture
def supplier(case, alice):
    return make.sheet(case, by=alice)


def test_a_checklist_is_begun_with_the_lines_of_the_playbook(case, alice):
    sheet = Sheet.objects.begin(by=alice, case=case, name="criteria")
    assert Entry.objects.about(sheet).get().verb == "sheet.begin"
    assert (len(sheet.asked.question), sheet.asked.question[0].key) == (8, "covered_icts_transaction")


def test_a_questionnaire_is_there_without_a_playbook_too(alice):
    sheet = make.sheet(make.case(by=alice), by=alice, name="supplier-1")
    assert len(sheet.asked.question) == 60


@pytest.mark.parametrize("name", ["supplier", "nothing", "criteria"])
def test_what_is_begun_already_or_unknown_is_refused_with_what_there_is(case, criteria, alice, name):
    with expect.refusal(NotNow, match="There is: initial_determination, final_determination, supplier-1"):
        Sheet.objects.begin(by=alice, case=case, name=name)


def test_a_line_is_answered_and_answered_anew(criteria, alice, mallory):
    item = "statements_and_actions"
    paper = make.document()
    with expect.one_entry("sheet.answer", by=alice, about=criteria):
        criteria.answer(by=alice, item=item, verdict=Verdict.PARTLY, note=" See E1. ", document=paper)
    answer = criteria.answers.get()
    assert (answer.verdict, answer.note, answer.document, answer.answered_by) == ("PARTLY", "See E1.", paper, alice)
    criteria.answer(by=mallory, item=item, verdict=Verdict.YES)
    answer = criteria.answers.get()
    assert (answer.verdict, answer.answered_by, answer.document) == ("YES", mallory, paper)


def test_the_same_answer_again_leaves_no_entry(criteria, alice, mallory):
    said = {"item": "other_factors", "verdict": Verdict.NO, "note": "None found."}
    criteria.answer(by=alice, **said)
    version = criteria.entry_seq
    criteria.answer(by=mallory, **said)
    assert (criteria.entry_seq, criteria.answers.get().answered_by) == (version, alice)


@pytest.mark.parametrize(
    ("given", "match"),
    [
        ({"item": "nothing", "verdict": Verdict.YES}, "is none of the lines"),
        ({"item": "DJ-1", "verdict": Verdict.PARTLY}, "is not yes, no or does not apply"),
        ({"item": "DJ-1", "verdict": Verdict.ANSWERED, "said": "perhaps"}, "is not yes, no or does not apply"),
        ({"item": "DJ-1", "verdict": Verdict.NOT_APPLICABLE}, "needs a comment that says why"),
        ({"item": "RE-2", "verdict": Verdict.ANSWERED, "said": "soon"}, "is not a date"),
        ({"item": "RE-2", "verdict": Verdict.YES}, "is not a date"),
    ],
)
def test_an_answer_must_fit_its_line(supplier, alice, given, match):
    with expect.refusal(NotNow, supplier, match=match):
        supplier.answer(by=alice, **given)


def test_many_lines_are_taken_at_once_and_only_what_differs_is_written(criteria, alice, mallory):
    criteria.answer(by=mallory, item="other_factors", verdict=Verdict.YES)
    lines = [{"key": each.key, "answer": "yes"} for each in criteria.asked.question]
    with expect.one_entry("sheet.receive", by=alice, about=criteria):
        criteria.receive(by=alice, answers=lines)
    assert criteria.answers.count() == 8
    assert criteria.answers.get(item="other_factors").answered_by == mallory
    assert criteria.case.facts().answered["criteria"] == {each["key"] for each in lines}


def test_one_line_that_cannot_be_taken_keeps_all_of_them_out_and_every_fault_is_told(supplier, alice):
    lines = [
        {"key": "DJ-1", "answer": "yes"},
        {"key": "DJ-1", "answer": "no"},
        {"key": "XX-1", "answer": "yes"},
        {"key": "RE-2", "answer": "soon"},
    ]
    with expect.refusal(NotNow, supplier, match=r"DJ-1 is answered twice\. “XX-1” is none of the lines\. RE-2: "):
        supplier.receive(by=alice, answers=lines)
    assert not supplier.answers.exists()


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_sheet_goes_out_and_comes_back_as_a_file(supplier, alice, form):
    supplier.answer(by=alice, item="DJ-1", verdict=Verdict.YES, note="In two countries.", evidence="contract.pdf")
    supplier.answer(by=alice, item="RE-2", verdict=Verdict.ANSWERED, said="2026-05-01")
    raw = supplier.written(form, by=alice)
    assert Entry.objects.about(supplier).newest_first().first().verb == "sheet.export"
    back = supplier.read(f"answers.{form}", raw)
    assert [each.key for each in back.answers] == ["DJ-1", "RE-2"]
    assert back.problems == ()
    version = supplier.entry_seq
    told = [{name: getattr(each, name) for name in ("key", "answer", "comment", "evidence")} for each in back.answers]
    supplier.receive(by=alice, answers=told)
    assert supplier.entry_seq == version


def test_a_checklist_goes_out_and_comes_back_too(criteria, alice):
    criteria.answer(by=alice, item="other_factors", verdict=Verdict.UNKNOWN)
    back = criteria.read("criteria.xlsx", criteria.written("xlsx", by=alice))
    assert [(each.key, each.answer) for each in back.answers] == [("other_factors", "not known")]


def test_what_is_no_such_file_is_refused(supplier):
    with pytest.raises(Refused, match="It is no workbook"):
        supplier.read("answers.xlsx", b"No.")


def test_a_returned_file_is_kept_in_the_archive_with_what_it_answers(supplier, alice):
    raw = supplier.written("csv", by=alice)
    lines = [{"key": "DJ-1", "answer": "yes"}]
    supplier.take_in(by=alice, seen=supplier.entry_seq, answers=lines, name="answers.csv", raw=raw)
    answer = supplier.answers.get()
    assert answer.document.newest.raw == raw
    lines = [{"key": "DJ-1", "answer": "no"}]
    supplier.take_in(by=alice, seen=supplier.entry_seq, answers=lines, name="again.csv", raw=raw)
    assert (supplier.answers.get().verdict, Document.objects.filter(kind="UPLOAD").count()) == ("NO", 1)


def test_what_waits_for_its_second_signature_stays_as_it_is(alice):
    case = make.case(by=alice, status=Status.AWAITING_APPROVAL)
    with expect.refusal(NotNow, case, match="checklists stay as they are"):
        Sheet.objects.begin(by=alice, case=case, name="supplier-1")


def test_a_line_is_not_answered_while_the_case_waits_even_if_the_page_is_old(alice):
    case = make.case(by=alice, status=Status.IN_REVIEW)
    sheet = make.sheet(case, by=alice)
    make.finding(case, by=alice)
    make.submission(case, by=alice)
    with expect.refusal(NotNow, sheet):
        sheet.answer(by=alice, item="DJ-1", verdict=Verdict.YES)


def test_a_reader_answers_nothing(criteria, dave, case):
    with expect.refusal(NotAllowed, criteria):
        criteria.answer(by=dave, item="other_factors", verdict=Verdict.YES)
    with expect.refusal(NotAllowed):
        Sheet.objects.begin(by=dave, case=case, name="supplier-1")
