"""Where a text quotes: the spans between quotation marks of all usual kinds, marks included. Pure.

Only outermost quotations count. Marks that face nobody are left alone; a quotation that opens a line or follows a colon
or comma and is never closed runs to the end of its line, as in speech that goes on over paragraphs.
"""

import bisect
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

LONGEST = 3_000
Span = tuple[int, int]

_CLOSED_BY = {
    "“": '”"',
    "„": '“”"',
    "”": "”",
    '"': '"”',
    "＂": "＂",
    "«": "»",
    "»": "«",
    "‹": "›",
    "›": "‹",
    "「": "」",
    "『": "』",
    "``": "''",
    "''": "''",
}
# These look the same at both ends; the characters around them tell which end it is.
_BOTH_WAYS = frozenset({'"', "”", "＂", "''"})
_MARK = re.compile("``|''|[“„”\"＂«»‹›「」『』\n]")
_SINGLE = re.compile("[‘’'\n]")
_ELISION = re.compile(r"['‘’](?:em|til|tis|twas|cause|round|n|\d0s)\b", re.IGNORECASE)
_OPENERS_BEFORE = frozenset("([{—–-/“„«‘'\"")
_REACH = 4
_UNCLOSED = re.compile(r"(?:^|[:,]\s{0,3})$")


class Quotes:
    """The quotations of a text in order, none overlapping; places are looked up by bisection."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self.spans = sorted(spans)
        self._starts = [start for start, _ in self.spans]

    def holding(self, place: int) -> Span | None:
        """The quotation around the character at `place`."""
        index = bisect.bisect_right(self._starts, place) - 1
        return self.spans[index] if index >= 0 and place < self.spans[index][1] else None

    def within(self, start: int, end: int) -> Iterator[Span]:
        """What of the quotations lies in [start, end), cut at its borders."""
        index = max(0, bisect.bisect_right(self._starts, start) - 1)
        while index < len(self.spans) and self.spans[index][0] < end:
            left, right = max(start, self.spans[index][0]), min(end, self.spans[index][1])
            if left < right:
                yield left, right
            index += 1


def quotes(text: str) -> Quotes:
    """The quotations of a text, in time linear in it. None is longer than 3,000 characters."""
    double = sorted(_doubles(text))
    return Quotes([*double, *_singles(text, double)])


@dataclass(slots=True)
class _Open:
    mark: str
    start: int
    inner: list[Span] = field(default_factory=list)


def _doubles(text: str) -> Iterator[Span]:
    stack: list[_Open] = []
    for match in _MARK.finditer(text):
        mark, place = match.group(), match.start()
        if mark == "\n":
            yield from _left_open(text, stack, place)
            stack = []
        else:
            yield from _marked(text, stack, mark, place)
    yield from _left_open(text, stack, len(text))


def _marked(text: str, stack: list[_Open], mark: str, place: int) -> Iterator[Span]:
    opens = mark not in _BOTH_WAYS or _faces_right(text, place, place + len(mark))
    closed = None if mark in _BOTH_WAYS and opens else _closes(stack, mark)
    if closed is not None:
        yield from _closed(stack, closed, place + len(mark))
    elif opens and mark in _CLOSED_BY:
        if stack and stack[-1].mark == mark and mark in _BOTH_WAYS:
            stack.pop()  # it was never closed, for nobody nests these in themselves
        stack.append(_Open(mark, place))


def _closes(stack: list[_Open], mark: str) -> int | None:
    """The index of what the mark closes, looking no deeper than four marks."""
    for index in range(len(stack) - 1, max(-1, len(stack) - 1 - _REACH), -1):
        if mark in _CLOSED_BY[stack[index].mark]:
            return index
    return None


def _closed(stack: list[_Open], index: int, end: int) -> Iterator[Span]:
    opened = stack[index]
    del stack[index:]
    found = [(opened.start, end)] if end - opened.start <= LONGEST else opened.inner
    if not stack:
        yield from found
    elif found:
        stack[-1].inner += found


def _left_open(text: str, stack: list[_Open], end: int) -> Iterator[Span]:
    inner = [span for opened in stack for span in opened.inner]
    yield from inner
    if stack and not inner and end - stack[0].start <= LONGEST and end - stack[0].start > 2:
        line = text.rfind("\n", 0, stack[0].start) + 1 if stack[0].start else 0
        if stack[0].start == line or _UNCLOSED.search(text[max(line, stack[0].start - 5) : stack[0].start]):
            yield stack[0].start, end


def _faces_right(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start] if start else "", text[end : end + 1]
    if not after or after.isspace() or after in ".,;:!?)":
        return False
    return not before or before.isspace() or before in _OPENERS_BEFORE


def _singles(text: str, taken: list[Span]) -> Iterator[Span]:
    """Quotations between single marks, outside the others; an apostrophe is none."""
    at = 0
    for start, end in [*taken, (len(text), len(text))]:
        yield from _single_in(text, at, start)
        at = end


def _single_in(text: str, start: int, end: int) -> Iterator[Span]:
    opened = plural = -1
    for place in (match.start() for match in _SINGLE.finditer(text, start, end)):
        ends_line, opens = text[place] == "\n", _opens_single(text, place)
        if ends_line or opens:
            yield from _span(opened, plural)
            opened, plural = (place if opens else -1), -1
        elif opened >= 0 and not text[place + 1 : place + 2].isalnum():
            if _is_plural(text, place):
                plural = place if plural < 0 else plural
            else:
                yield from _span(opened, place)
                opened = plural = -1
    yield from _span(opened, plural)


def _span(opened: int, closed: int) -> Iterator[Span]:
    if opened >= 0 and 2 < closed - opened < LONGEST:
        yield opened, closed + 1


def _opens_single(text: str, place: int) -> bool:
    if text[place] not in "‘'" or not text[place + 1 : place + 2].isalnum() or _ELISION.match(text, place):
        return False
    before = text[place - 1] if place else " "
    return before.isspace() or before in "([—–-/"


def _is_plural(text: str, place: int) -> bool:
    """Whether the mark may belong to a plural: "the companies' answers"."""
    return text[place - 1 : place] == "s" and text[place + 1 : place + 2] == " "
