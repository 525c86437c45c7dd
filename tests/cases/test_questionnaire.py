"""Questions go out as CSV or as a workbook, and what comes back is what was said; nothing is ever a formula."""

import contextlib
import csv
import io
import re
import warnings
import zipfile

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from riskreview.cases.questionnaire import AREAS, Answer, from_csv, from_xlsx, load, to_csv, to_xlsx
from riskreview.cases.questionnaire.cells import guarded, risky, tidy, unguarded
from riskreview.lib.datafile import Refused

ASKED = load()
KEYS = [question.key for question in ASKED.question]
FORMS = {"csv": (to_csv, from_csv), "xlsx": (to_xlsx, from_xlsx)}
both = pytest.mark.parametrize("form", FORMS)
SAID = [
    Answer("DJ-1", "yes", "In two countries.", "contract.pdf, clause 4"),
    Answer("DJ-3", "=cmd|'/c calc'!A1", "+1", "@SUM(1)"),
    Answer("RE-2", "2026-05-01"),
    Answer("TR-4", "深度求索\nsecond line, with “quotes”; and a ;semicolon", "'='quoted'", "https://x.example/"),
]


def saved(*lines, encoding="utf-8", separator=","):
    """A CSV file with the head and these lines."""
    head = ("Id", "Answer", "Comment", "Evidence")
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows([head, *lines])
    return out.getvalue().encode(encoding)


def book(*lines, formula=None):
    """A workbook with the head and these lines."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"strings_to_formulas": False}) as made:
        sheet = made.add_worksheet()
        for number, line in enumerate([("Id", "Answer", "Comment", "Evidence"), *lines]):
            sheet.write_row(number, 0, line)
        if formula:
            sheet.write_formula(1, 1, formula, value="yes")
    return out.getvalue()


def test_there_are_sixty_questions_in_every_area():
    assert (len(KEYS), len(set(KEYS))) == (60, 60)
    assert {question.area for question in ASKED.question} == set(AREAS)


@both
def test_what_is_said_comes_back_as_it_was_said(form):
    write, read = FORMS[form]
    back = read(ASKED, write(ASKED, SAID))
    assert back.answers == tuple(SAID)
    assert back.open == tuple(key for key in KEYS if key not in {each.key for each in SAID})
    assert back.problems == ()


@both
def test_a_form_nobody_filled_in_has_every_question_open(form):
    write, read = FORMS[form]
    back = read(ASKED, write(ASKED))
    assert (back.answers, back.open, back.problems) == ((), tuple(KEYS), ())


@both
def test_a_form_is_the_same_bytes_each_time(form):
    write, _ = FORMS[form]
    assert write(ASKED, SAID) == write(ASKED, SAID)


SIGNS = st.text(st.sampled_from("=+-@'\t\n ab1,;\"＝＋－＠é_x0041<&"), max_size=12)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SIGNS, SIGNS, SIGNS)
def test_whatever_is_said_comes_back(answer, comment, evidence):
    said = Answer("DJ-3", tidy(answer) or "x", tidy(comment), tidy(evidence))
    for write, read in FORMS.values():
        assert read(ASKED, write(ASKED, [said])).answers == (said,)


@given(st.text(max_size=20))
def test_guarding_a_cell_is_undone_exactly(cell):
    assert unguarded(guarded(cell)) == cell


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1+1", "-1+1", "@A1", "＝1", "－x", "\t=1", " =1", "\r=1", "\0=1", "\u00a0=1", "--1"]
)
def test_what_a_spreadsheet_takes_for_a_formula_is_guarded(cell):
    assert risky(cell)
    assert guarded(cell).startswith("'")


@pytest.mark.parametrize("cell", ["", "a=b", "-5", "+3.25", "1-2", "'", "’=x", "yes"])
def test_what_is_none_is_left_alone(cell):
    assert guarded(cell) == cell


def test_no_cell_of_a_workbook_is_a_formula_or_a_link():
    told = to_xlsx(ASKED, SAID)
    with zipfile.ZipFile(io.BytesIO(told)) as packed:
        sheet = packed.read("xl/worksheets/sheet1.xml").decode()
    assert not re.search(r"<f[ >]|<hyperlink", sheet)
    kinds = {cell.data_type for row in load_workbook(io.BytesIO(told)).active.iter_rows() for cell in row}
    assert kinds <= {"s", "n"}  # n: an empty cell


def test_no_cell_of_a_csv_begins_like_a_formula():
    lines = list(csv.reader(io.StringIO(to_csv(ASKED, SAID).decode("utf-8-sig"), newline="")))
    assert [cell for line in lines for cell in line if risky(cell)] == []


PROBLEMS = {
    "a question nobody asked": (("ZZ-9", "yes", "", ""), "Row 2: “ZZ-9” is none of the questions."),
    "neither yes nor no": (("DJ-1", "maybe", "", ""), "Row 2: DJ-1: “maybe” is not yes, no or does not apply."),
    "n/a without a reason": (("DJ-1", "N/A", "", ""), "Row 2: DJ-1: “does not apply” needs a comment that says why."),
    "a comment alone": (("DJ-1", "", "Later.", ""), "Row 2: DJ-1: there is a comment and no answer."),
    "a day that is none": (("RE-2", "last May", "", ""), "Row 2: RE-2: “last May” is not a date, as 2026-07-01."),
    "a novel": (
        ("DJ-3", "x" * 10_001, "", ""),
        "Row 2: DJ-3 has more than 10,000 characters; attach a document instead.",
    ),
}


@both
@pytest.mark.parametrize("name", PROBLEMS)
def test_a_row_that_cannot_be_taken_is_named(name, form):
    line, told = PROBLEMS[name]
    back = from_csv(ASKED, saved(line)) if form == "csv" else from_xlsx(ASKED, book(line))
    assert (back.answers, back.problems) == ((), (told,))


def test_the_first_of_two_answers_counts():
    back = from_csv(ASKED, saved(("DJ-1", "yes", "", ""), ("DJ-1", "no", "", "")))
    assert back.answers == (Answer("DJ-1", "yes"),)
    assert back.problems == ("Row 3: DJ-1 is answered twice; the first answer counts.",)


def test_a_formula_is_no_answer_whatever_it_shows():
    back = from_xlsx(ASKED, book(("DJ-1", "", "", ""), formula='=IF(1,"yes")'))
    assert back.answers == ()
    assert back.problems == ("Row 2: DJ-1, Answer: a formula is no answer; paste its value.",)


@pytest.mark.parametrize(("encoding", "separator"), [("utf-8", ","), ("utf-8-sig", ";"), ("utf-8", "\t")])
def test_a_csv_is_read_as_programs_of_other_countries_save_it(encoding, separator):
    back = from_csv(ASKED, saved(("DJ-1", "Yes", "a, b; c", ""), encoding=encoding, separator=separator))
    assert back.answers == (Answer("DJ-1", "yes", "a, b; c"),)


def test_columns_may_stand_in_another_order_and_others_beside_them():
    told = "Comment,Note,Answer,Id,Evidence\nSo be it.,x,no,DJ-1,\n"
    assert from_csv(ASKED, told.encode()).answers == (Answer("DJ-1", "no", "So be it."),)


REFUSED = {
    "another alphabet": (
        from_csv,
        "Id,Answer,Comment,Evidence\nDJ-3,é,,\n".encode("cp1252"),
        "Save it as “CSV UTF-8”.",
    ),
    "a picture as CSV": (from_csv, b"\x89PNG\r\n\x1a\n\x00\x00", "Save it as “CSV UTF-8”."),
    "an open quote": (from_csv, b'Id,"Answer\n', "It is no CSV in UTF-8"),
    "nothing": (from_csv, b"", "No column is called Id, Answer, Comment, Evidence."),
    "another head": (from_csv, b"Id,Answer\nDJ-1,yes\n", "No column is called Comment, Evidence."),
    "too many rows": (from_csv, saved(*[("DJ-1", "yes", "", "")] * 2_001), "more than 2000 rows"),
    "too many bytes": (from_csv, b"x" * 5_000_001, "more than 5 MB"),
    "no workbook": (from_xlsx, b"Id,Answer\n", "It is no workbook."),
    "an empty workbook": (from_xlsx, b"", "It is no workbook."),
    "too many rows in a workbook": (from_xlsx, book(*[("DJ-1", "yes", "", "")] * 2_001), "more than 2000 rows"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_answer_at_all_is_refused(name):
    read, told, what = REFUSED[name]
    with pytest.raises(Refused, match=re.escape(what)):
        read(ASKED, told)


def test_a_workbook_that_would_fill_the_memory_is_refused_unopened():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b" " * 41_000_000)
    assert len(out.getvalue()) < 100_000
    with pytest.raises(Refused, match="too big"):
        from_xlsx(ASKED, out.getvalue())


def test_a_workbook_with_entities_is_refused():
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book(("DJ-1", "yes", "", "")))) as old, zipfile.ZipFile(out, "w") as new:
        for each in old.infolist():
            told = old.read(each).decode()
            if each.filename.endswith("sheet1.xml"):
                told = told.replace("?>\n", f"?>\n{bomb}", 1)
            new.writestr(each, told)
    with pytest.raises(Refused, match="It is no workbook"):
        from_xlsx(ASKED, out.getvalue())


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_damaged_workbook_is_refused_or_read_and_breaks_nothing(data):
    told = bytearray(DAMAGED)
    for _ in range(data.draw(st.integers(1, 4))):
        told[data.draw(st.integers(0, len(told) - 1))] = data.draw(st.integers(0, 255))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with contextlib.suppress(Refused):
            from_xlsx(ASKED, bytes(told))


DAMAGED = to_xlsx(ASKED, SAID)
