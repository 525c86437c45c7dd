"""Cutting an archived text into paragraphs with the named spans marked. Pure: the template escapes every piece."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from riskreview.lib.text import paragraphs

PART = 60_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text; `mark` is what the span stands for, or None."""

    text: str
    mark: Any = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph at an offset of the text; `cited` are the passages that touch it."""

    start: int
    pieces: list[Piece]
    cited: list[Any]


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open span and what it stands for."""

    start: int
    end: int
    meaning: Any


def parts(text: str) -> int:
    """How many pages a text takes."""
    return max(1, -(-len(text) // PART))


def marked(text: str, marks: Sequence[Span], cited: Sequence[Span], part: int = 1) -> list[Paragraph]:
    """The paragraphs of one part of a text. Overlapping marks: the first one wins."""
    low, high = (part - 1) * PART, part * PART
    told = []
    for first, last in paragraphs(text[low:high]):
        start, end = first + low, last + low
        inside = [mark for mark in marks if start <= mark.start and mark.end <= end]
        touching = [span.meaning for span in cited if span.start < end and start < span.end]
        told.append(Paragraph(start, pieces(text, start, end, inside), touching))
    return told


def pieces(text: str, start: int, end: int, marks: Sequence[Span]) -> list[Piece]:
    """One paragraph, cut at its marks."""
    told, at = [], start
    for mark in sorted(marks, key=lambda mark: (mark.start, -mark.end)):
        if mark.start < at:
            continue
        if mark.start > at:
            told.append(Piece(text[at : mark.start]))
        told.append(Piece(text[mark.start : mark.end], mark.meaning))
        at = mark.end
    return [*told, Piece(text[at:end])] if at < end else told
