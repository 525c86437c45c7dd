"""Two texts side by side: the longest passage they share, and what the later one adds. Pure, linear in both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from riskreview.enrichment.prose import Word, words
from riskreview.lib.text import sentences

Span = tuple[int, int]
_RUN = 5  # words that make a shared passage, as in the comparison of origins
_NEW = 500  # a sentence is added when less than this part of it, in thousandths, stands in the other text
_LEAST = 4  # words of its own that make a sentence


@dataclass(frozen=True, slots=True)
class Beside:
    """The longest shared passage as half-open spans of the earlier and of the later text in code points, None when they
    share none; and how many sentences the later one adds, quotations aside."""

    earlier: Span | None
    later: Span | None
    adds: int


def beside(earlier: str, later: str) -> Beside:
    """What the later text shares with the earlier one, and adds to it."""
    one, other = words(earlier), words(later)
    places: dict[tuple[str, ...], int] = {}
    for place, run in enumerate(_runs(one)):
        places.setdefault(run, place)
    shared, longest = [False] * len(other), (0, 0, 0)
    reached = 0
    for place, run in enumerate(_runs(other)):
        if place < reached or run not in places:
            continue
        length = _common(one, places[run], other, place)
        reached = place + length - _RUN + 1  # the next run may begin inside this one
        shared[place : place + length] = [True] * length
        longest = max(longest, (length, -place, places[run]))
    adds = _added(later, other, shared)
    if not longest[0]:
        return Beside(None, None, adds)
    length, place, found = longest[0], -longest[1], longest[2]
    return Beside(_span(one, found, length), _span(other, place, length), adds)


def _runs(told: Sequence[Word]) -> list[tuple[str, ...]]:
    forms = [word.form for word in told]
    return [tuple(forms[i : i + _RUN]) for i in range(len(forms) - _RUN + 1)]


def _common(one: Sequence[Word], start: int, other: Sequence[Word], place: int) -> int:
    length = 0
    most = min(len(one) - start, len(other) - place)
    while length < most and one[start + length].form == other[place + length].form:
        length += 1
    return length


def _span(told: Sequence[Word], place: int, length: int) -> Span:
    return told[place].start, told[place + length - 1].end


def _added(text: str, told: Sequence[Word], shared: Sequence[bool]) -> int:
    """One walk over sentences and words together."""
    place = added = 0
    for _, end in sentences(text):
        first = place
        while place < len(told) and told[place].start < end:
            place += 1
        if place - first >= _LEAST and 1000 * sum(shared[first:place]) < _NEW * (place - first):
            added += 1
    return added
