"""The words a text has of its own: what is neither the page's furniture nor somebody's direct speech. Pure.

Words are runs of Latin letters and digits, in lower case, each with its place in the text as it was given.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator
from dataclasses import dataclass

from riskreview.enrichment import rules

_QUOTE_MAX = 800
_LINE_MAX = 800  # a longer paragraph is no furniture
_QUOTE_MARKS = re.compile('["“”]')
_WORD = re.compile("[A-Za-z0-9]+")
_FURNITURE = rules.pattern(
    rf"\s{{0,8}}(?:{'|'.join(rules.load('origins')['furniture']['paragraphs'])})\s{{0,8}}$",
    "origins.toml [furniture]",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word in lower case at [start, end) of the text."""

    form: str
    start: int
    end: int


def forms(text: str) -> list[str]:
    """The words of a text's own prose, in order, without their places."""
    return [form for start, end in spans(text) for form in _WORD.findall(text[start:end].lower())]


def words(text: str) -> list[Word]:
    """The words of a text's own prose, in order."""
    found = (match for start, end in spans(text) for match in _WORD.finditer(text, start, end))
    return [Word(match.group().lower(), match.start(), match.end()) for match in found]


def spans(text: str) -> list[tuple[int, int]]:
    """The parts of a text that are its own prose, as half-open spans in code points, in linear time."""
    furniture = list(_furniture(text))
    excluded = sorted([*furniture, *_quotes(text, furniture)])
    own, done = [], 0
    for start, end in [*excluded, (len(text), len(text))]:
        if start > done:
            own.append((done, start))
        done = max(done, end)
    return own


def _furniture(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for line in text.split("\n"):
        if len(line) <= _LINE_MAX and _FURNITURE.match(line):
            yield start, start + len(line)
        start += len(line) + 1


def _quotes(text: str, furniture: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """One walk over the quotation marks; a quote without an end, or over 800 characters long, is kept as prose."""
    begins = [start for start, _ in furniture]
    marks = [m.start() for m in _QUOTE_MARKS.finditer(text) if not _inside(m.start(), begins, furniture)]
    index = 0
    while index < len(marks) - 1:
        start, end = marks[index], marks[index + 1]
        if text[end] == {'"': '"', "“": "”"}.get(text[start]) and end - start <= _QUOTE_MAX:
            yield start, end + 1
            index += 1
        index += 1


def _inside(place: int, begins: list[int], furniture: list[tuple[int, int]]) -> bool:
    before = bisect.bisect_right(begins, place) - 1
    return before >= 0 and place < furniture[before][1]
