"""Names: of each marked name, whether it means its vendor, and whether the rules say so."""

from __future__ import annotations

import re
from collections.abc import Sequence

from benchmarks._quality_figures import Measured
from benchmarks._quality_labels import Register, Row
from riskreview.enrichment.found import NamesRead
from riskreview.enrichment.linking import read_names
from riskreview.vendors.matching import NameKind

PRECISION, RECALL, BODIES = "mentions, precision", "mentions, recall", "public bodies, recall"
WORD_LIST = "word list"
LEFT_OUT = "marked names of vendors that are not on the register"


class WordList:
    """The simple way: every name of the register wherever it stands, whatever its case."""

    def __init__(self, register: Register) -> None:
        spelled = sorted((n for n in register.names if n.kind != NameKind.TICKER), key=lambda n: -len(n.text))
        self._vendor = {name.text.lower(): name.vendor for name in spelled}
        every = "|".join(re.escape(name.text) for name in spelled)
        self._pattern = re.compile(rf"(?<![a-z0-9])(?:{every})(?![a-z0-9])", re.IGNORECASE)

    def at(self, text: str, start: int, end: int) -> frozenset[int]:
        """The vendors it finds at a place."""
        matches = (match for match in self._pattern.finditer(text) if match.start() < end and start < match.end())
        return frozenset(self._vendor[match.group().lower()] for match in matches)


def measure(rows: Sequence[Row], register: Register) -> Measured:
    """Precision over the marked names that were accepted, recall over those that mean a vendor of the register.

    A name counts as accepted where an accepted mention overlaps it, and as right where that is of the labelled vendor;
    labels without an entity say only that some vendor is meant.
    """
    measured, words = Measured(), WordList(register)
    for row in rows:
        names = read_names(row["text"], "", register.gazetteer)
        if row.get("kind") == "agency":
            _body(measured, row, names)
        got = _accepted(names, row["start"], row["end"])
        _judge(measured, row, register, got, "")
        _judge(measured, row, register, words.at(row["text"], row["start"], row["end"]), f" | {WORD_LIST}")
    return measured


def _accepted(names: NamesRead, start: int, end: int) -> frozenset[int]:
    there = (m for m in names.mentions if m.state == "ACCEPTED" and m.start < end and start < m.end)
    return frozenset(mention.name.vendor for mention in there)


def _judge(measured: Measured, row: Row, register: Register, got: frozenset[int], method: str) -> None:
    truth = register.number(row.get("entity"))
    any_will_do = row["is_vendor"] and "entity" not in row
    right = bool(got) if any_will_do else truth in got
    if got:
        measured.count(PRECISION + method, right)
    if truth is not None or any_will_do:
        measured.count(RECALL + method, right)
    elif row["is_vendor"] and not method:
        measured.left_out[LEFT_OUT] += 1
    expected = truth is not None or any_will_do
    if not method and (bool(got) or expected) and not right:
        measured.wrong(f"{row.get('id', '')} {_shown(row)}: {register.told(got)}, is {_entity(row)}")


def _body(measured: Measured, row: Row, names: NamesRead) -> None:
    found = any(body.start < row["end"] and row["start"] < body.end for body in names.agencies)
    measured.count(BODIES, found)
    if not found:
        measured.wrong(f"{row['id']} {_shown(row)}: no public body found")


def _entity(row: Row) -> str:
    return row.get("entity") or ("a vendor" if row["is_vendor"] else "nobody")


def _shown(row: Row) -> str:
    before, after = row["text"][max(0, row["start"] - 50) : row["start"]], row["text"][row["end"] : row["end"] + 40]
    return f"...{before}[{row['text'][row['start'] : row['end']]}]{after}...".replace("\n", " ")
