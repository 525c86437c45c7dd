"""How a judgement is worded: the likelihood terms of ICD 203, confidence kept apart, and what a sentence cites. Pure.

Source: Intelligence Community Directive 203 (2015), standard 2. One row of terms is used throughout a product, a share
in per cent lies within its term, and how likely something is and how sure the author is never share a sentence. What
breaks these is an error and blocks submission; what only weakens a judgement is a warning.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from riskreview.lib.text import sentences


@dataclass(frozen=True, slots=True)
class Term:
    """A likelihood term: its `key`, the words of either row, and the range in per cent, both ends included."""

    key: str
    rows: tuple[tuple[str, ...], tuple[str, ...]]
    least: int
    most: int


# The two rows of the directive; a term and its equivalent mean the same range and are not mixed.
TERMS = (
    Term("ALMOST_NO_CHANCE", (("almost no chance",), ("remote",)), 1, 5),
    Term("VERY_UNLIKELY", (("very unlikely",), ("highly improbable",)), 5, 20),
    Term("UNLIKELY", (("unlikely",), ("improbable", "improbably")), 20, 45),
    Term("ROUGHLY_EVEN", (("roughly even chance",), ("roughly even odds",)), 45, 55),
    Term("LIKELY", (("likely",), ("probable", "probably")), 55, 80),
    Term("VERY_LIKELY", (("very likely",), ("highly probable",)), 80, 95),
    Term("ALMOST_CERTAIN", (("almost certain", "almost certainly"), ("nearly certain",)), 95, 99),
)
# Words that sound like an estimate and name no range, each with the term that is meant most often.
VAGUE = {
    "may": "roughly even chance",
    "might": "roughly even chance",
    "could": "roughly even chance",
    "possibly": "roughly even chance",
    "cannot rule out": "very unlikely",
    "cannot be ruled out": "very unlikely",
    "highly likely": "very likely",
    "not likely": "unlikely",
}
_WORDS = {words: (term, row) for term in TERMS for row, told in enumerate(term.rows) for words in told}
_TERM = re.compile(rf"\b(?:{'|'.join(sorted((*_WORDS, *VAGUE), key=len, reverse=True))})\b", re.IGNORECASE)
_CONFIDENCE = re.compile(
    r"\b(?:low|moderate|high|medium|limited)[ -]confidence\b"
    r"|\bconfidence\b[^.;]{0,40}?\b(?:is|are|remains?|of)\b[^.;]{0,20}?\b(?:low|moderate|high|medium)\b",
    re.IGNORECASE,
)
_SHARE = re.compile(r"\b(\d{1,3})(?:\s*(?:-|–|to)\s*(\d{1,3}))?\s*(?:%|per\s?cent\b)", re.IGNORECASE)
_QUOTED = re.compile(r"“[^”]{0,2000}”|\"[^\"\n]{0,2000}\"")
_LOOSE = re.compile(r" (?=[.,;:!?])")  # a blank that a marker leaves before a full stop
_MARKER = re.compile(r"\[\s*(E\d{1,5}(?:\s*,\s*E\d{1,5}){0,40})\s*\]")

Rule = Literal["L1", "L2", "L3", "L4", "L5"]
Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Remark:
    """What is wrong with the wording of [start, end), and what to do. An `error` blocks submission."""

    rule: Rule
    severity: Severity
    start: int
    end: int
    message: str


@dataclass(frozen=True, slots=True)
class _Used:
    term: Term | None
    row: int
    start: int
    end: int
    words: str


def lint(judgment: str, *, is_fact: bool = False) -> list[Remark]:
    """What the wording of a judgement breaks, in the order of the text. `is_fact`: it states what happened."""
    plain = _unquoted(judgment)
    used = list(_used(plain))
    remarks = [*_together(plain, used), *_mixed(used), *_outside(plain, used), *_vague(used)]
    if not is_fact and not any(each.term for each in used):
        told = "No likelihood term: say how likely it is, or mark the judgement as a fact."
        remarks.append(Remark("L5", "warning", 0, len(judgment), told))
    return sorted(remarks, key=lambda each: (each.start, each.rule))


def errors(judgment: str) -> list[Remark]:
    """The remarks that block submission."""
    return [each for each in lint(judgment) if each.severity == "error"]


def says(judgment: str, likelihood: str) -> bool:
    """Whether a sentence has a likelihood term itself, of either row, by its key."""
    return any(each.term and each.term.key == likelihood for each in _used(_unquoted(judgment)))


def _unquoted(text: str) -> str:
    """The text with what is quoted blanked out: words of others are theirs. Places stay."""
    return _QUOTED.sub(lambda found: " " * len(found[0]), text)


def _used(text: str) -> Iterator[_Used]:
    for found in _TERM.finditer(text):
        term, row = _WORDS.get(found[0].lower(), (None, 0))
        yield _Used(term, row, found.start(), found.end(), found[0])


def _together(text: str, used: Sequence[_Used]) -> Iterator[Remark]:
    """L1: how likely and how sure in one sentence."""
    for start, end in sentences(text):
        inside = [each for each in used if each.term and start <= each.start < end]
        if inside and (sure := _CONFIDENCE.search(text, start, end)):
            told = f"“{inside[0].words}” and “{sure[0]}” stand in one sentence. Give the confidence in one of its own."
            yield Remark("L1", "error", start, end, told)


def _mixed(used: Sequence[_Used]) -> Iterator[Remark]:
    """L2: terms of both rows in one judgement."""
    terms = [each for each in used if each.term]
    for each in terms[1:]:
        if each.row != terms[0].row:
            told = f"“{terms[0].words}” and “{each.words}” are of different rows of terms. Use one row throughout."
            yield Remark("L2", "error", each.start, each.end, told)
            return


def _outside(text: str, used: Sequence[_Used]) -> Iterator[Remark]:
    """L3: a share in per cent that is not within the term of its sentence."""
    for start, end in sentences(text):
        inside = [each for each in used if each.term and start <= each.start < end]
        for share in _SHARE.finditer(text, start, end) if len(inside) == 1 else ():
            term, numbers = inside[0].term, [int(each) for each in share.groups() if each]
            if term and not all(term.least <= number <= term.most for number in numbers):
                told = f"“{inside[0].words}” means {term.least} to {term.most} %, and the sentence says {share[0]}."
                yield Remark("L3", "error", share.start(), share.end(), told)


def _vague(used: Sequence[_Used]) -> Iterator[Remark]:
    """L4: words that name no range."""
    for each in used:
        if each.term is None:
            told = f"“{each.words}” gives no range. Say “{VAGUE[each.words.lower()]}”, or another term."
            yield Remark("L4", "warning", each.start, each.end, told)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a judgement without its markers, and the numbers of the exhibits it cites."""

    words: str
    cites: tuple[int, ...]


def marked(text: str) -> list[str | tuple[int, ...]]:
    """A text and its markers in turn: words, the numbers of exhibits, words, …"""
    return [
        tuple(int(each.strip()[1:]) for each in piece.split(",")) if number % 2 else piece
        for number, piece in enumerate(_MARKER.split(text))
    ]


def cited(judgment: str) -> list[Sentence]:
    """The sentences of a judgement with what each cites: “… are stored there [E1, E4].” A marker after the full stop
    belongs to the sentence before it, as one inside does."""
    bare, markers = "", []
    for piece in marked(judgment):
        if isinstance(piece, tuple):
            markers.append((len(bare.rstrip()), piece))
        else:
            bare += piece
    spans = sentences(bare)
    starts = [start for start, _ in spans]
    cites: list[list[int]] = [[] for _ in spans]
    for place, numbers in markers:
        if spans:
            cites[max(bisect_left(starts, place) - 1, 0)] += numbers
    return [
        Sentence(_LOOSE.sub("", " ".join(bare[start:end].split())), tuple(dict.fromkeys(told)))
        for (start, end), told in zip(spans, cites, strict=True)
    ]
