"""Cutting an archived text into paragraphs in which names, statements and signals lie over each other. Pure: the
template escapes every piece."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from riskreview.lib.text import paragraphs

from .marking import PART, Span


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text under the same marks: `name` is who is named, if anybody; `claims` and `signals` what lies over
    it; `opens` the statements and signals that begin here."""

    text: str
    name: Any = None
    claims: tuple[Any, ...] = ()
    signals: tuple[Any, ...] = ()
    opens: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Layered:
    """A paragraph at an offset of the text; `cited` are the passages that touch it."""

    start: int
    pieces: list[Piece]
    cited: list[Any]


@dataclass(frozen=True, slots=True)
class Over:
    """A half-open span and what it stands for; whether it opens there, or goes on from before."""

    start: int
    end: int
    meaning: Any
    opens: bool = True


@dataclass(slots=True)
class Layers:
    """The spans of a text, by kind: of names that overlap the first one wins, the others may overlap."""

    name: list[Over] = field(default_factory=list)
    claim: list[Over] = field(default_factory=list)
    signal: list[Over] = field(default_factory=list)

    def inside(self, start: int, end: int) -> Layers:
        """The spans that touch a paragraph, cut at its ends."""
        return Layers(*([cut(each, start, end) for each in spans if touches(each, start, end)] for spans in self._all))

    @property
    def _all(self) -> tuple[list[Over], ...]:
        return self.name, self.claim, self.signal


def touches(span: Over | Span, start: int, end: int) -> bool:
    """Whether a span lies in a paragraph, in part at least."""
    return span.start < end and start < span.end


def cut(span: Over, start: int, end: int) -> Over:
    """A span within a paragraph."""
    opens = span.opens and span.start >= start
    return Over(max(span.start, start), min(span.end, end), span.meaning, opens)


def layered(text: str, layers: Layers, cited: Sequence[Span], part: int = 1) -> list[Layered]:
    """The paragraphs of one part of a text."""
    low, high = (part - 1) * PART, part * PART
    here = layers.inside(low, high)
    told = []
    for first, last in paragraphs(text[low:high]):
        start, end = first + low, last + low
        touching = [span.meaning for span in cited if touches(span, start, end)]
        told.append(Layered(start, list(pieces(text, start, end, here.inside(start, end))), touching))
    return told


def pieces(text: str, start: int, end: int, layers: Layers) -> Iterator[Piece]:
    """One paragraph, cut wherever a mark begins or ends."""
    names = apart(layers.name)
    borders = {start, end}
    for span in (*names, *layers.claim, *layers.signal):
        borders |= {span.start, span.end}
    places = sorted(borders)
    running = [Running(spans) for spans in (names, layers.claim, layers.signal)]
    for left, right in pairwise(places):
        named, claims, signals = (each.at(left) for each in running)
        begun = tuple(each.meaning for each in (*claims, *signals) if each.opens and each.start == left)
        yield Piece(text[left:right], named[0].meaning if named else None, meant(claims), meant(signals), begun)


def meant(spans: Sequence[Over]) -> tuple[Any, ...]:
    """What spans stand for."""
    return tuple(span.meaning for span in spans)


class Running:
    """The spans of a paragraph that lie over a place, asked for place by place in order."""

    def __init__(self, spans: Sequence[Over]) -> None:
        self._waiting = sorted(spans, key=lambda each: each.start, reverse=True)
        self._open: list[Over] = []

    def at(self, place: int) -> list[Over]:
        """Those over a place that is not before the last one asked for."""
        while self._waiting and self._waiting[-1].start <= place:
            self._open.append(self._waiting.pop())
        self._open = [span for span in self._open if span.end > place]
        return self._open


def apart(spans: Sequence[Over]) -> list[Over]:
    """Those that do not overlap one before them."""
    kept: list[Over] = []
    for span in sorted(spans, key=lambda each: (each.start, -each.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept
