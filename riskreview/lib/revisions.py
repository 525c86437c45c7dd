"""Two versions of a text, compared sentence by sentence. Pure; spans count code points, half-open.

Equal sentences are aligned first (longest common subsequence); then, between them, sentences at least 85 % alike are
taken for the same sentence, changed. The work is bounded: texts that are too long are compared as bags of lines, and
not more than 20,000 pairs of sentences are measured, so a text of nearly equal sentences costs no more than another.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise, starmap
from typing import Literal, NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import LCSseq

from riskreview.lib.text import paragraphs, sentences, words

SAME = 85  # per cent
SAME_CJK = 75  # where a character is a word, a sentence has fewer of them
CHARACTERS_MOST = 2_000_000
SENTENCES_MOST = 20_000
PAIRS_MOST = 20_000
_WINDOW = 20
_JOINED_MOST = 1_000
_JOINED_LENGTH = 4_000
_WORK_MOST = 10_000_000_000  # product of the lengths compared, summed: about a quarter of a second

_PLAIN = str.maketrans("‘’‚‛“”„‟«»‐‑‒–—―−\u00a0", '\'\'\'\'""""""------- ')
_FIGURE = re.compile(r"\d{1,40}(?:[.,:]\d{1,40}){0,20}(?:\s?(?:%|per\s?cent))?")
_CJK = re.compile("[\u2e80-\u9fff\uac00-\ud7af]")

Kind = Literal["gone", "new", "changed"]
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Edit:
    """A sentence that is gone, new or changed; where one became several (or several one), `changed` covers them all.

    `before` is the older text at `before_span`, "" and None for a new sentence; `after` likewise for one that is gone.
    """

    kind: Kind
    before: str
    after: str
    before_span: Span | None
    after_span: Span | None


@dataclass(frozen=True, slots=True)
class Revision:
    """The edits in the order of the texts, and the sentences that stand in both.

    Where `ordered` is False the texts were too long: lines were compared without regard to their place, none is known
    to be a changed form of another, and neighbours that are gone (or new) are one edit.
    """

    edits: tuple[Edit, ...]
    kept: frozenset[str]
    ordered: bool


class _Anchor(NamedTuple):
    """Sentences [i1, i2) of the older text are, or became, sentences [j1, j2) of the newer one."""

    i1: int
    i2: int
    j1: int
    j2: int


class _Side(NamedTuple):
    """A text with its units (sentences, or lines)."""

    text: str
    spans: Sequence[Span]
    units: list[str]


def revision(old: str, new: str) -> Revision:
    """What differs between two versions of a text. Exchanging the two exchanges `gone` and `new`, and nothing else."""
    if max(len(old), len(new)) > CHARACTERS_MOST:
        return _by_lines(_side(old, paragraphs(old)), _side(new, paragraphs(new)))
    before, after = _side(old, sentences(old)), _side(new, sentences(new))
    if max(len(before.spans), len(after.spans)) > SENTENCES_MOST:
        return _by_lines(before, after)
    edits = tuple(_edits(before, after, _anchors(before.units, after.units)))
    return Revision(edits, frozenset(before.units).intersection(after.units), ordered=True)


def affected(edits: Iterable[Edit], start: int, end: int, quote: str) -> bool:
    """Whether the passage [start, end) of the older text, `quote`, was removed or changed in other than its typography.

    A passage that was only moved, or that stands untouched within a changed sentence, is not affected.
    """
    every = list(edits)
    touching = [e for e in every if e.before_span and e.before_span[0] < end and start < e.before_span[1]]
    lost = [edit for edit in touching if not _holds(edit, start, end)]
    return bool(lost) and not any(folded(quote) in folded(edit.after) for edit in every if edit.after)


def survives(quote: str, new_text: str) -> Span | None:
    """Where a cited passage stands in a newer text: word for word, else in other typography, else the same sentence.

    The last is the run of sentences at least 85 % like the passage, as a whole; it may say something else by now.
    """
    for passage, text in ((quote, new_text), (plain(quote), plain(new_text))):
        found = text.find(passage) if passage.strip() else -1
        if found >= 0:
            return found, found + len(passage)
    return _likest(quote, new_text) if quote.strip() else None


def plain(text: str) -> str:
    """The text with every quotation mark, dash and blank of one kind; as long as the original."""
    return text.translate(_PLAIN)


def folded(text: str) -> str:
    """The text without differences of case, quotation marks, dashes and blanks."""
    return " ".join(plain(text).replace("…", "...").casefold().split())


def masked(text: str) -> str:
    """The folded text with every number alike: two lines of a table, or one time stamp at two times, are equal."""
    return _FIGURE.sub("0", folded(text))


def _side(text: str, spans: Sequence[Span]) -> _Side:
    return _Side(text, spans, [text[start:end] for start, end in spans])


def _by_lines(before: _Side, after: _Side) -> Revision:
    shared = Counter(before.units) & Counter(after.units)
    gone = [Edit("gone", before.text[slice(*span)], "", span, None) for span in _beyond(before, shared)]
    new = [Edit("new", "", after.text[slice(*span)], None, span) for span in _beyond(after, shared)]
    return Revision((*gone, *new), frozenset(shared), ordered=False)


def _beyond(side: _Side, shared: Counter[str]) -> Iterator[Span]:
    """The runs of units that the other side does not have, or not as often."""
    left = Counter(shared)
    begun: int | None = None
    end = 0
    for text, span in zip(side.units, side.spans, strict=True):
        if left[text] > 0:
            left[text] -= 1
            if begun is not None:
                yield begun, end
            begun = None
        else:
            begun, end = span[0] if begun is None else begun, span[1]
    if begun is not None:
        yield begun, end


def _edits(before: _Side, after: _Side, anchors: Sequence[_Anchor]) -> Iterator[Edit]:
    i = j = 0
    for anchor in [*anchors, _end(before.units, after.units)]:
        for span in before.spans[i : anchor.i1]:
            yield Edit("gone", before.text[slice(*span)], "", span, None)
        for span in after.spans[j : anchor.j1]:
            yield Edit("new", "", after.text[slice(*span)], None, span)
        i, j = anchor.i2, anchor.j2
        if before.units[anchor.i1 : i] != after.units[anchor.j1 : j]:
            left = before.spans[anchor.i1][0], before.spans[i - 1][1]
            right = after.spans[anchor.j1][0], after.spans[j - 1][1]
            yield Edit("changed", before.text[slice(*left)], after.text[slice(*right)], left, right)


def _end(before: Sequence[str], after: Sequence[str]) -> _Anchor:
    return _Anchor(len(before), len(before), len(after), len(after))


def _anchors(before: list[str], after: list[str]) -> list[_Anchor]:
    """In order, not crossing. Computed for the two lists in one fixed order, or ties would depend on which is older."""
    if after < before:
        return [_Anchor(j1, j2, i1, i2) for i1, i2, j1, j2 in _anchors(after, before)]
    numbers = _numbered(before, after)
    equal = [
        _Anchor(block.a, block.a + block.size, block.b, block.b + block.size)
        for block in LCSseq.editops(*numbers).as_matching_blocks()
        if block.size
    ]
    alike = sorted([*equal, *_alike(before, after, _gaps(equal, before, after))])
    return sorted([*alike, *_joined(before, after, _gaps(alike, before, after))])


def _numbered(before: Sequence[str], after: Sequence[str]) -> tuple[list[int], list[int]]:
    known: dict[str, int] = {}
    numbers = [[known.setdefault(text, len(known)) for text in side] for side in (before, after)]
    return numbers[0], numbers[1]


def _gaps(anchors: Sequence[_Anchor], before: list[str], after: list[str]) -> list[_Anchor]:
    """What lies between the anchors, where both texts have something there; the smallest first."""
    around = [_Anchor(0, 0, 0, 0), *anchors, _end(before, after)]
    between = (_Anchor(one.i2, other.i1, one.j2, other.j1) for one, other in pairwise(around))
    return sorted((gap for gap in between if gap.i1 < gap.i2 and gap.j1 < gap.j2), key=_size)


def _size(gap: _Anchor) -> tuple[int, int]:
    return (gap.i2 - gap.i1) * (gap.j2 - gap.j1), gap.i1


def _alike(before: list[str], after: list[str], gaps: Iterable[_Anchor]) -> Iterator[_Anchor]:
    """The likest pairs within each gap, best first, none crossing another."""
    measured = _measured([masked(t) for t in before], [masked(t) for t in after], gaps)
    chosen: list[tuple[int, int]] = []
    for _, _, i, j in sorted(measured):
        place = bisect(chosen, (i, j))
        earlier = chosen[place - 1] if place else (-1, -1)
        later = chosen[place] if place < len(chosen) else (len(before), len(after))
        if earlier[0] < i < later[0] and earlier[1] < j < later[1]:
            chosen.insert(place, (i, j))
            yield _Anchor(i, i + 1, j, j + 1)


def _measured(
    before: Sequence[str], after: Sequence[str], gaps: Iterable[_Anchor]
) -> Iterator[tuple[float, float, int, int]]:
    """The pairs that are alike as (unlikeness, distance from the diagonal of the gap, i, j), within the bounds."""
    work = 0
    for off, i, j in islice(_candidates(before, after, gaps), PAIRS_MOST):
        work += len(before[i]) * len(after[j])
        if work > _WORK_MOST:
            return
        likeness = _likeness(before[i], after[j])
        if likeness:
            yield -likeness, off, i, j


def _candidates(
    before: Sequence[str], after: Sequence[str], gaps: Iterable[_Anchor]
) -> Iterator[tuple[float, int, int]]:
    """Pairs near the diagonal of their gap whose lengths do not rule it out: likeness <= 2 * shorter / both."""
    for gap in gaps:
        slope = (gap.j2 - gap.j1) / (gap.i2 - gap.i1)
        for i in range(gap.i1, gap.i2):
            middle = gap.j1 + (i - gap.i1) * slope
            for j in range(max(gap.j1, int(middle) - _WINDOW), min(gap.j2, int(middle) + _WINDOW + 1)):
                shorter, longer = sorted((len(before[i]), len(after[j])))
                if 200 * shorter >= SAME_CJK * (shorter + longer):
                    yield abs(j - middle), i, j


def _joined(before: list[str], after: list[str], gaps: Iterable[_Anchor]) -> Iterator[_Anchor]:
    """Gaps that say the same as a whole: one sentence was made two, or two one."""
    for gap in islice(gaps, _JOINED_MOST):
        one, other = (" ".join(map(masked, side)) for side in (before[gap.i1 : gap.i2], after[gap.j1 : gap.j2]))
        if max(len(one), len(other)) <= _JOINED_LENGTH and _likeness(one, other):
            yield gap


def _holds(edit: Edit, start: int, end: int) -> bool:
    low, high = edit.before_span or (0, 0)
    part = folded(edit.before[max(start, low) - low : min(end, high) - low])
    return edit.kind == "changed" and part in folded(edit.after)


def _likest(quote: str, text: str) -> Span | None:
    """The run of as many sentences as the passage has that is most like it; measured are the 50 sharing most words."""
    spans, size = sentences(text), max(1, len(sentences(quote)))
    windows = [(start, last[1]) for (start, _), last in zip(spans, spans[size - 1 :], strict=False)]
    wanted = set(words(folded(quote)))
    shared = starmap(lambda start, end: len(wanted.intersection(words(folded(text[start:end])))), windows)
    nearest = sorted(zip(shared, windows, strict=True), key=lambda each: (-each[0], each[1]))[:50]
    likeness = {span: _likeness(folded(quote), folded(text[slice(*span)])) for _, span in nearest}
    best = max(likeness, key=lambda span: (likeness[span], -span[0]), default=None)
    return best if best and likeness[best] else None


def _likeness(one: str, other: str) -> float:
    """How much two sentences are alike in per cent, 0 where they are not the same sentence."""
    least = SAME_CJK if _CJK.search(one) and _CJK.search(other) else SAME
    return fuzz.ratio(one, other, score_cutoff=least)
