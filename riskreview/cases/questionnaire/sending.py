"""Questions going out: as CSV, as a workbook."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterable, Iterator

import xlsxwriter

from .cells import COLUMNS, guarded, tidy
from .questions import AREAS, CHOICES, KINDS, Answer, Questionnaire


def to_csv(questionnaire: Questionnaire, answers: Iterable[Answer] = ()) -> bytes:
    """As CSV in UTF-8, with the mark that spreadsheet programs look for; no cell is taken for a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerows([guarded(cell) for cell in row] for row in rows(questionnaire, answers))
    return out.getvalue().encode("utf-8-sig")


def to_xlsx(questionnaire: Questionnaire, answers: Iterable[Answer] = ()) -> bytes:
    """As a workbook of one sheet, every cell a text."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        # The bytes follow from the content: no time of writing.
        book.set_properties({"title": questionnaire.title, "created": datetime.datetime(2000, 1, 1)})  # noqa: DTZ001
        sheet = book.add_worksheet("Questions")
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        head = book.add_format({"bold": True, "text_wrap": True, "bottom": 1})
        for number, row in enumerate(rows(questionnaire, answers)):
            for place, cell in enumerate(row):
                sheet.write_string(number, place, cell, wrapped if number else head)
        for place, width in enumerate((8, 18, 60, 16, 36, 24, 40, 36)):
            sheet.set_column(place, place, width)
        sheet.freeze_panes(1, 3)
        lines = len(questionnaire.question)
        for number, question in enumerate(questionnaire.question, 1):
            if choices := CHOICES.get(question.answer):
                place = COLUMNS.index("Answer")
                sheet.data_validation(number, place, number, place, {"validate": "list", "source": list(choices)})
        sheet.autofilter(0, 0, lines, len(COLUMNS) - 1)
    return out.getvalue()


def rows(questionnaire: Questionnaire, answers: Iterable[Answer]) -> Iterator[tuple[str, ...]]:
    """The head, then a row per question with what is answered so far."""
    given = {each.key: each for each in answers}
    yield COLUMNS
    for each in questionnaire.question:
        said = given.get(each.key, Answer(each.key, ""))
        asked = (each.key, AREAS.get(each.area, each.area), each.text, KINDS[each.answer], each.evidence)
        yield (*asked, tidy(said.answer), tidy(said.comment), tidy(said.evidence))
