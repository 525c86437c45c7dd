"""Questions to a supplier, sent out and read back as CSV or as a workbook. Pure: bytes in, bytes out.

Both forms go both ways. A supplier opens what it gets in a spreadsheet program, and what such a program saves as CSV
depends on the country it runs in; a workbook comes back as it went. Workbooks are written by XlsxWriter, which can be
told that a text is a text and never a formula, and read by openpyxl, in its mode that holds one row at a time.
"""

from __future__ import annotations

from .lines import asked_by, shipped
from .questions import (
    AREAS,
    CHOICES,
    FOLDER,
    KINDS,
    NOT_APPLICABLE,
    Answer,
    Question,
    Questionnaire,
    Returned,
    load,
)
from .receiving import MOST_BYTES, from_csv, from_xlsx, in_form, unfit
from .sending import to_csv, to_xlsx

__all__ = [
    "AREAS",
    "CHOICES",
    "FOLDER",
    "KINDS",
    "MOST_BYTES",
    "NOT_APPLICABLE",
    "Answer",
    "Question",
    "Questionnaire",
    "Returned",
    "asked_by",
    "from_csv",
    "from_xlsx",
    "in_form",
    "load",
    "shipped",
    "to_csv",
    "to_xlsx",
    "unfit",
]
