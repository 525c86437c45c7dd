"""A sentence as words and signs, each quotation as one of them: what the rules of attribution walk over. Pure."""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from riskreview.enrichment.quotes import Quotes
from riskreview.enrichment.said import Span

LONGEST = 8_000
_DATELINE, _PLACE_LEAST = 20, 3
_DASHES = frozenset("-–—")
QUOTE = '"'
_TOKEN = re.compile(r"(?:[A-Z]\.){2,8}|\w+(?:[’'\-&.]\w+)*|[^\w\s]")
_WORD = re.compile(r"\w+")
_FINISHED = frozenset(",.?!…—–-")


class Token(NamedTuple):
    """A word, a sign or a whole quotation (`word` is then `QUOTE`) at [start, end); `word` is in lower case."""

    start: int
    end: int
    form: str
    word: str

    @property
    def is_name(self) -> bool:
        """Whether it is written as a name: capitalised, or "xAI"."""
        return self.word != QUOTE and (self.form[0].isupper() or any(letter.isupper() for letter in self.form[1:3]))

    @property
    def is_word(self) -> bool:
        """Whether it is neither a sign nor a quotation."""
        return self.form[0].isalnum()


@dataclass(frozen=True)
class Unit:
    """A sentence, or several that one quotation holds together; `first` is the index of the first."""

    text: str
    start: int
    end: int
    first: int
    quotes: Sequence[Span]

    @cached_property
    def tokens(self) -> list[Token]:
        """All words, signs and quotations in order."""
        return _tokens(self.text, self.start, self.end, self.quotes)

    @cached_property
    def quoted(self) -> int:
        """How many characters stand in quotations."""
        return sum(end - start for start, end in self.quotes)

    @cached_property
    def opening(self) -> int:
        """The token after a dateline: "DUBLIN, March 4 (Wire) - ..."; 0 without one."""
        tokens = self.tokens[:_DATELINE]
        if not tokens or not tokens[0].form.isupper() or len(tokens[0].form) < _PLACE_LEAST:
            return 0
        closed = [i for i in range(1, len(tokens)) if tokens[i].word in _DASHES and tokens[i - 1].word == ")"]
        return closed[0] + 1 if closed else 0

    def span(self, first: int, stop: int) -> Span:
        """From the token `first` to the one before `stop`."""
        return self.tokens[first].start, self.tokens[stop - 1].end


def units(text: str, spans: Sequence[Span], found: Quotes) -> Iterator[Unit]:
    """The sentences in order; those over which one quotation runs are one unit of at most 8,000 characters."""
    index = 0
    while index < len(spans):
        first, start = index, spans[index][0]
        while index + 1 < len(spans) and _joined(found, spans, index) and spans[index + 1][1] - start <= LONGEST:
            index += 1
        end = spans[index][1]
        yield Unit(text, start, end, first, list(found.within(start, end)))
        index += 1


def words_in(text: str, start: int, end: int, most: int = 1_000) -> int:
    """How many words stand there, counted up to `most`."""
    return len(list(itertools.islice(_WORD.finditer(text, start, end), most)))


def is_finished(text: str, quote: Span) -> bool:
    """Whether a quotation ends as speech does: with a comma, full stop, dash or the like inside its marks."""
    inner = text[max(quote[0], quote[1] - 4) : quote[1]].rstrip("\"”’'»›」』“« ")
    return inner[-1:] in _FINISHED


def _joined(found: Quotes, spans: Sequence[Span], index: int) -> bool:
    border, after = spans[index][1], spans[index + 1][0]
    held = found.holding(border - 1)
    return held is not None and held[0] < border and held[1] > after


def _tokens(text: str, start: int, end: int, quotes: Sequence[Span]) -> list[Token]:
    tokens: list[Token] = []
    at = start
    for left, right in quotes:
        tokens += _plain(text, at, left)
        tokens.append(Token(left, right, text[left:right], QUOTE))
        at = right
    return tokens + _plain(text, at, end)


def _plain(text: str, start: int, end: int) -> list[Token]:
    found = ((*match.span(), match.group()) for match in _TOKEN.finditer(text, start, end))
    return [Token(left, right, form, form.lower().replace("’", "'")) for left, right, form in found]
