"""Where one text says otherwise than another: questions for a reviewer, two passages side by side. Pure.

Never a verdict: which of the two holds, or whether they speak of the same thing at all, is for a person to say. What is
asked in vain costs trust, so a question is asked only where both speak of the same matter (`sameness`).
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from riskreview.enrichment.amounts import amounts
from riskreview.enrichment.categories import CATEGORIES
from riskreview.enrichment.said import Figure
from riskreview.enrichment.sameness import Names, Words, in_common, is_apart, same_counted, words_of
from riskreview.enrichment.signals import Signal

Kind = Literal["DENIAL", "FIGURE"]

_SAID = frozenset(("ASSERTED", "ALLEGED"))
_ABOUT = Decimal("0.1")
_SCALES = tuple(Decimal(10) ** power for power in (12, 9, 6, 3))
_COMPARED = 200
# What two sentences share: so many words, so rare together, and this share of the shorter one.
_DENIED_LEAST, _DENIED_SHARE = 8.0, 0.35
_FIGURE_LEAST, _FIGURE_SHARE = 6.0, 0.5
_WORDS_LEAST = 2
_BODY = 4.0  # what it says that both name one public body or one figure


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence of a document with one signal: text[start:end] of it is `words`, and names these figures.

    `matter` is where in `words` that ends which speaks of the category. `text` stands for all copies of one text, `at`
    is when the document was published.
    """

    document: Any
    start: int
    end: int
    words: str
    category: str
    status: str
    vendors: frozenset[int]
    figures: tuple[Figure, ...] = ()
    agencies: frozenset[str] = frozenset()
    matter: int = 0
    text: Hashable = None
    at: datetime.datetime | None = None

    @property
    def origin(self) -> Hashable:
        """Whose text it is: a document without copies stands for itself."""
        return self.document if self.text is None else self.text


@dataclass(frozen=True, slots=True)
class Question:
    """What a reviewer may ask about two passages. `this` is of the document or case at hand; `strength`, 0 to 1, says
    how alike they are."""

    kind: Kind
    this: Passage
    other: Passage
    text: str
    strength: float = 0.0

    @property
    def in_order(self) -> tuple[Passage, Passage]:
        """Both passages, the earlier first."""
        return in_order(self.this, self.other)


def in_order(this: Passage, other: Passage) -> tuple[Passage, Passage]:
    """Two passages, the earlier first; where it is not known, the other one."""
    return (this, other) if this.at and other.at and this.at < other.at else (other, this)


def passages(document: Any, text: str, spans: Sequence[tuple[int, int]], signals: Iterable[Signal]) -> list[Passage]:
    """The sentences of a document that hold signals, once for each signal."""
    return [
        Passage(
            *(document, start, end, text[start:end], s.category, s.status, s.vendors),
            figures=tuple(amounts(text, start, end)),
            agencies=s.agencies,
            matter=s.end - start,
        )
        for s in signals
        for start, end in [spans[s.sentence]]
    ]


def questions(these: Iterable[Passage], others: Iterable[Passage], names: Names) -> list[Question]:
    """What passages put in question of others, or they of them: the strongest for each two texts and kind of risk, and
    each two sentences once. The strongest come first.

    Only passages of one kind of risk about one vendor are compared, each with the 200 latest of `others` (given in
    order of time). `others` may hold `these`. `names` are the words of the vendors' names: they tell nothing.
    """
    best: dict[Hashable, Question] = {}
    words: dict[Passage, Words] = {}
    for this, other in _pairs(these, others):
        mine, yours = (words.setdefault(each, words_of(each, names)) for each in (this, other))
        between = frozenset((this.origin, other.origin)), this.category
        for question in _asked(this, other, mine, yours):
            if between not in best or _order(question) < _order(best[between]):
                best[between] = question
    apart: dict[Hashable, Question] = {}
    for question in sorted(best.values(), key=_order):
        sentences = frozenset((each.document, each.start) for each in question.in_order)
        apart.setdefault(sentences, question)
    return list(apart.values())


def _pairs(these: Iterable[Passage], others: Iterable[Passage]) -> Iterator[tuple[Passage, Passage]]:
    known: defaultdict[tuple[str, int], list[Passage]] = defaultdict(list)
    for other in others:
        for vendor in sorted(other.vendors):
            known[other.category, vendor].append(other)
    for this in these:
        found = [other for vendor in sorted(this.vendors) for other in known[this.category, vendor][-_COMPARED:]]
        yield from ((this, other) for other in dict.fromkeys(found) if _is_comparable(this, other))


def _is_comparable(this: Passage, other: Passage) -> bool:
    """Whether two texts speak, in other words, of the same vendors: a vendor named beside another is not yet the one it
    is about."""
    if other.origin == this.origin or other.document == this.document or other.words == this.words:
        return False
    return this.vendors <= other.vendors or other.vendors <= this.vendors


def _order(question: Question) -> tuple[float, str, str, int, int]:
    other = question.other
    return -question.strength, question.kind, str(other.document), other.start, question.this.start


def _asked(this: Passage, other: Passage, mine: Words, yours: Words) -> Iterator[Question]:
    label = CATEGORIES[this.category].label
    common = in_common(mine, yours)
    both = (this.agencies & other.agencies) or _same_figure(this.figures, other.figures)
    if mine.says_nothing or yours.says_nothing or common.words + bool(both) < _WORDS_LEAST:
        return
    is_same = common.weight + _BODY * bool(both) >= _DENIED_LEAST and common.share >= _DENIED_SHARE
    if is_same and _denies(this, other) and not is_apart(this, other):
        told = f"One text says so, another denies it ({label}). Which holds?"
        yield Question("DENIAL", this, other, told, common.likeness)
    is_same = common.weight >= _FIGURE_LEAST and common.share >= _FIGURE_SHARE and {this.status, other.status} <= _SAID
    if is_same and not is_apart(this, other, days=True):
        yield from (
            Question("FIGURE", this, other, told, common.likeness) for told in _figures_told(this, other, label)
        )


def _figures_told(this: Passage, other: Passage, label: str) -> Iterator[str]:
    """What is asked of differing figures, the earlier first."""
    earlier, later = in_order(this, other)
    for first, second in _differing(earlier, later):
        told = f"“{_written(earlier, first)}” or “{_written(later, second)}” ({label})"
        yield f"{told}: is it the same figure, and which holds?"


def _denies(this: Passage, other: Passage) -> bool:
    denied = [each for each in (this, other) if each.status == "DENIED"]
    return len(denied) == 1 and {this.status, other.status} - {"DENIED"} <= _SAID


def _same_figure(ours: Iterable[Figure], theirs: Iterable[Figure]) -> bool:
    known = {(each.unit, each.currency, each.value) for each in ours}
    return any((each.unit, each.currency, each.value) in known for each in theirs)


def _differing(this: Passage, other: Passage) -> Iterator[tuple[Figure, Figure]]:
    """Figures of one unit that cannot both be right, where each text has only one of it."""
    mine, yours = _single(this.figures), _single(other.figures)
    for unit in sorted(mine.keys() & yours.keys()):
        (low, high), (least, most) = bounds(mine[unit]), bounds(yours[unit])
        written = _written(this, mine[unit]), _written(other, yours[unit])
        if (high < least or most < low) and same_counted(*written):
            yield mine[unit], yours[unit]


def _single(figures: Iterable[Figure]) -> Mapping[tuple[str, str], Figure]:
    by_unit: defaultdict[tuple[str, str], list[Figure]] = defaultdict(list)
    for figure in figures:
        if figure.unit:
            by_unit[figure.unit, figure.currency].append(figure)
    return {unit: found[0] for unit, found in by_unit.items() if len(found) == 1}


def bounds(figure: Figure) -> tuple[Decimal, Decimal]:
    """The least and the greatest value a figure may mean: "about" leaves a tenth on either side, and every figure may
    be rounded, "38 million" from 37.5 to 38.5."""
    value, endless = Decimal(figure.value), Decimal("Infinity")
    half = _last_place(value) / 2
    return {
        "AT_MOST": (-endless, value),
        "LESS_THAN": (-endless, value),
        "AT_LEAST": (value, endless),
        "MORE_THAN": (value, endless),
        "ABOUT": (value * (1 - _ABOUT), value * (1 + _ABOUT)),
    }.get(figure.qualifier, (value - half, value + half))


def _last_place(value: Decimal) -> Decimal:
    """What the last digit of a figure counts, as people write it: thousands in 65,000, tenths of a million in 1.2
    million."""
    size = next((scale for scale in _SCALES if abs(value) >= scale), Decimal(1))
    exponent = (value / size).normalize().as_tuple().exponent
    return size * Decimal(10) ** min(int(exponent), 0)


def _written(passage: Passage, figure: Figure) -> str:
    return passage.words[figure.start - passage.start : figure.end - passage.start]
