"""Where one text says otherwise than another: questions for a reviewer, two passages side by side. Pure.

Never a verdict: which of the two holds, or whether they speak of the same thing at all, is for a person to say.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from riskreview.enrichment.amounts import amounts
from riskreview.enrichment.categories import CATEGORIES
from riskreview.enrichment.said import Figure
from riskreview.enrichment.signals import Signal
from riskreview.enrichment.vectors import tokens

Kind = Literal["DENIAL", "FIGURE"]

_SAID = frozenset(("ASSERTED", "ALLEGED"))
_ABOUT = Decimal("0.1")
# Two figures are of the same thing when most of the words around them are the same.
_SHARED_WORDS, _SHARED_SHARE = 3, 0.5
_PER_PASSAGE, _COMPARED = 3, 200


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence of a document with one signal: text[start:end] of it is `words`, and names these figures."""

    document: Hashable
    start: int
    end: int
    words: str
    category: str
    status: str
    vendors: frozenset[int]
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """What a reviewer may ask about two passages: `this` of the document at hand, `other` of an earlier one."""

    kind: Kind
    this: Passage
    other: Passage
    text: str


def passages(
    document: Hashable, text: str, spans: Sequence[tuple[int, int]], signals: Iterable[Signal]
) -> list[Passage]:
    """The sentences of a document that hold signals, once for each signal."""
    return [
        Passage(
            document, start, end, text[start:end], s.category, s.status, s.vendors, tuple(amounts(text, start, end))
        )
        for s in signals
        for start, end in [spans[s.sentence]]
    ]


def questions(these: Iterable[Passage], earlier: Iterable[Passage]) -> list[Question]:
    """What a document puts in question of earlier ones, or they of it, most alike passages first.

    Only passages of one category that share a vendor are compared, each with the 200 latest of `earlier` (given in
    order of time); of one passage at most three questions come.
    """
    known: defaultdict[tuple[str, int], list[Passage]] = defaultdict(list)
    for other in earlier:
        for vendor in sorted(other.vendors):
            known[other.category, vendor].append(other)
    asked = []
    for this in these:
        others = [other for vendor in sorted(this.vendors) for other in known[this.category, vendor][-_COMPARED:]]
        asked += _about(this, dict.fromkeys(other for other in others if other.document != this.document))
    return asked


def _about(this: Passage, others: Iterable[Passage]) -> list[Question]:
    words = _words(this)
    found: list[tuple[float, Question]] = []
    for other in others:
        if other.words != this.words:
            shared, all_words = words & _words(other), words | _words(other)
            likeness = len(shared) / (len(all_words) or 1)
            found += [(likeness, question) for question in _asked(this, other, len(shared))]
    found.sort(key=lambda pair: (-pair[0], pair[1].kind, str(pair[1].other.document), pair[1].other.start))
    return [question for _, question in found[:_PER_PASSAGE]]


def _words(passage: Passage) -> frozenset[str]:
    """The words of a passage without those of its figures."""
    words = passage.words
    for figure in reversed(passage.figures):
        words = words[: figure.start - passage.start] + words[figure.end - passage.start :]
    return frozenset(word for word in tokens(words) if word.isalpha())


def _asked(this: Passage, other: Passage, shared: int) -> Iterator[Question]:
    label = CATEGORIES[this.category].label
    if this.status == "DENIED" and other.status in _SAID:
        yield Question("DENIAL", this, other, f"This text denies what an earlier one says ({label}). Which holds?")
    elif this.status in _SAID and other.status == "DENIED":
        yield Question("DENIAL", this, other, f"This text says what an earlier one denies ({label}). Which holds?")
    if shared >= max(_SHARED_WORDS, _SHARED_SHARE * min(len(_words(this)), len(_words(other)))):
        for ours, theirs in _differing(this.figures, other.figures):
            mine, yours = _written(this, ours), _written(other, theirs)
            yield Question(
                "FIGURE", this, other, f'"{mine}" here, "{yours}" in an earlier text ({label}). Is it the same figure?'
            )


def _differing(ours: Sequence[Figure], theirs: Sequence[Figure]) -> Iterator[tuple[Figure, Figure]]:
    """Figures of one unit that cannot both be right, where each text has only one of it."""
    mine, yours = _single(ours), _single(theirs)
    for unit in sorted(mine.keys() & yours.keys()):
        (low, high), (least, most) = bounds(mine[unit]), bounds(yours[unit])
        if high < least or most < low:
            yield mine[unit], yours[unit]


def _single(figures: Iterable[Figure]) -> dict[tuple[str, str], Figure]:
    by_unit: defaultdict[tuple[str, str], list[Figure]] = defaultdict(list)
    for figure in figures:
        if figure.unit:
            by_unit[figure.unit, figure.currency].append(figure)
    return {unit: found[0] for unit, found in by_unit.items() if len(found) == 1}


def bounds(figure: Figure) -> tuple[Decimal, Decimal]:
    """The least and the greatest value a figure may mean: "about" leaves a tenth on either side."""
    value, endless = Decimal(figure.value), Decimal("Infinity")
    return {
        "AT_MOST": (-endless, value),
        "LESS_THAN": (-endless, value),
        "AT_LEAST": (value, endless),
        "MORE_THAN": (value, endless),
        "ABOUT": (value * (1 - _ABOUT), value * (1 + _ABOUT)),
    }.get(figure.qualifier, (value, value))


def _written(passage: Passage, figure: Figure) -> str:
    return passage.words[figure.start - passage.start : figure.end - passage.start]
