"""Answers coming back. Nothing here trusts them: sizes are bounded, formulas refused, other columns left alone."""

from __future__ import annotations

import csv
import datetime
import io
import zipfile
import zlib
from collections.abc import Sequence
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from riskreview.lib.datafile import Fault, Refused

from .cells import COLUMNS, GIVEN, tidy, unguarded
from .questions import CHOICES, KINDS, NOT_APPLICABLE, WRITTEN_AS, Answer, Question, Questionnaire, Returned

LONGEST = 10_000  # characters of an answer; a cell of a workbook holds 32,767
# What a damaged workbook makes its readers say: each part of it is read by other code.
DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, InvalidFileException, SyntaxError, EOFError, OSError),
    *(ValueError, LookupError, TypeError, AttributeError, RuntimeError, OverflowError),
)
MOST_BYTES, MOST_UNPACKED, MOST_ROWS = 5_000_000, 40_000_000, 2_000


def from_csv(questionnaire: Questionnaire, told: bytes) -> Returned:
    """What a CSV file answers. Raises `Refused` when it is no such file."""
    bounded(told)
    try:
        words = told.decode("utf-8-sig")
        first = words.partition("\n")[0]
        separator = max(",;\t", key=first.count)
        lines = list(csv.reader(io.StringIO(words, newline=""), delimiter=separator, strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise Refused([Fault("", f"It is no CSV in UTF-8: {error}.", "Save it as “CSV UTF-8”.")]) from None
    return returned(questionnaire, [[unguarded(cell) for cell in line] for line in lines])


def from_xlsx(questionnaire: Questionnaire, told: bytes) -> Returned:
    """What the first sheet of a workbook answers; a formula is no answer. Raises `Refused` when it is no workbook."""
    bounded(told)
    try:
        with zipfile.ZipFile(io.BytesIO(told)) as packed:
            size = sum(each.file_size for each in packed.infolist())
        lines = sheet(told) if size <= MOST_UNPACKED else []
    except DAMAGED as error:
        raise Refused([Fault("", "It is no workbook.", "Send an .xlsx file, or CSV UTF-8.")]) from error
    if size > MOST_UNPACKED:
        raise Refused([Fault("", "Unpacked, the workbook is too big.", "Send the answers alone.")])
    return returned(questionnaire, lines)


def sheet(told: bytes) -> list[list[str]]:
    """The cells of the first sheet. Raises one of `DAMAGED`."""
    book = load_workbook(io.BytesIO(told), read_only=True, data_only=False, keep_links=False)
    try:
        cells = book.worksheets[0].iter_rows(max_row=MOST_ROWS + 1, max_col=len(COLUMNS))
        return [[shown(cell) for cell in row] for row in cells]
    finally:
        book.close()


FORMULA = "\0formula"


def shown(cell: Any) -> str:
    """A cell of a workbook as text; a date as 2026-07-01."""
    value = cell.value
    if cell.data_type == "f":
        return FORMULA
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    return "" if value is None else str(value)


def bounded(told: bytes) -> None:
    """Raises `Refused` for more bytes than a questionnaire has."""
    if len(told) > MOST_BYTES:
        raise Refused([Fault("", f"It has more than {MOST_BYTES // 1_000_000} MB.", "Send the answers alone.")])


def returned(questionnaire: Questionnaire, lines: Sequence[Sequence[str]]) -> Returned:
    """The answers of a table whose first row names the columns, wherever they stand. Raises `Refused`."""
    if len(lines) > MOST_ROWS:
        raise Refused([Fault("", f"It has more than {MOST_ROWS} rows.", "Send the answers alone.")])
    head = [cell.strip() for cell in lines[0]] if lines else []
    if missing := [name for name in ("Id", *GIVEN) if name not in head]:
        raise Refused([Fault("", f"No column is called {', '.join(missing)}.", "Keep the first row as it was sent.")])
    places = {name: head.index(name) for name in ("Id", *GIVEN)}
    known = {question.key: question for question in questionnaire.question}
    answers: dict[str, Answer] = {}
    problems: list[str] = []
    for number, line in enumerate(lines[1:], 2):
        named = {name: line[place] if place < len(line) else "" for name, place in places.items()}
        take(number, named, known, answers, problems)
    ordered = tuple(answers[each] for each in known if each in answers)
    return Returned(ordered, tuple(each for each in known if each not in answers), tuple(problems))


def take(
    number: int, cells: dict[str, str], known: dict[str, Question], answers: dict[str, Answer], problems: list[str]
) -> None:
    """One row: an answer, nothing, or a problem in words."""
    key = tidy(cells["Id"])
    formulas = [name for name in GIVEN if cells[name] == FORMULA]
    said = {name: tidy(cells[name]) for name in GIVEN}
    if not key and not any(said.values()):
        return
    if key not in known:
        problems.append(f"Row {number}: “{key[:40]}” is none of the questions.")
    elif key in answers:
        problems.append(f"Row {number}: {key} is answered twice; the first answer counts.")
    elif formulas:
        problems.append(f"Row {number}: {key}, {formulas[0]}: a formula is no answer; paste its value.")
    elif any(len(each) > LONGEST for each in said.values()):
        problems.append(f"Row {number}: {key} has more than {LONGEST:,} characters; attach a document instead.")
    elif said["Answer"] or said["Comment"]:
        if wrong := unfit(known[key], said["Answer"], said["Comment"]):
            problems.append(f"Row {number}: {key}: {wrong}")
        else:
            answers[key] = Answer(key, in_form(known[key], said["Answer"]), said["Comment"], said["Evidence"])


def in_form(question: Question, said: str) -> str:
    """An answer as it is compared: "Yes" is yes, and "N/A" does not apply."""
    return WRITTEN_AS.get(said.lower(), said.lower()) if question.answer in CHOICES else said


def unfit(question: Question, said: str, comment: str) -> str:
    """Why an answer is none; empty if it is one."""
    if not said:
        return "there is a comment and no answer."
    choices = CHOICES.get(question.answer, ())
    if choices and in_form(question, said) not in choices:
        return f"“{said[:40]}” is not {KINDS[question.answer]}."
    if choices and in_form(question, said) == NOT_APPLICABLE and not comment:
        return f"“{NOT_APPLICABLE}” needs a comment that says why."
    if question.answer == "date":
        try:
            datetime.date.fromisoformat(said)
        except ValueError:
            return f"“{said[:40]}” is not {KINDS['date']}."
    return ""
