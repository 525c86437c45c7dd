"""Cells of a table that goes out to strangers and comes back from them."""

from __future__ import annotations

import re
import unicodedata

from riskreview.lib.text import normalise

COLUMNS = ("Id", "Area", "Question", "How to answer", "Please attach", "Answer", "Comment", "Evidence")
GIVEN = COLUMNS[-3:]
RISKY = re.compile("[=+\\-@\t\r\n\0]")
REAL = re.compile(r"[+-]?\d+(?:\.\d+)?\Z")


def guarded(cell: str) -> str:
    """A cell that no spreadsheet program takes for a formula: an apostrophe goes before what it might."""
    return f"'{cell}" if risky(cell.lstrip("'")) else cell


def unguarded(cell: str) -> str:
    """The cell that was guarded."""
    return cell[1:] if cell.startswith("'") and risky(cell.lstrip("'")) else cell


def risky(cell: str) -> bool:
    """Whether a cell begins like a formula, in full-width signs or after blanks too. A real number is none."""
    plain = unicodedata.normalize("NFKC", cell)
    return not REAL.match(plain) and any(RISKY.match(each) for each in (plain, plain.strip()))


def tidy(said: str) -> str:
    """An answer as it is kept: one form of line end, no control characters, no blanks around it."""
    return normalise(said).strip()
