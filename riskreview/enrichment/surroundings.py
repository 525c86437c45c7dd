"""What a document says around a name: its sentences, their words, and the vendors named for certain. Pure."""

import bisect
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from riskreview.enrichment import rules
from riskreview.enrichment.found import Found
from riskreview.lib.text import sentences
from riskreview.vendors.matching import Hit, in_capitals

Span = tuple[int, int]
_CONTEXT = rf"\b(?:{rules.load('linking')['context']['words'].strip()})(?!\w)"
# Small or capital, for headlines capitalise: read in small letters, which is faster than a pattern that ignores case.
_WORDS = rules.pattern(_CONTEXT.lower(), "linking.toml [context] words")
_LONG_WORD = re.compile(r"\b[A-Za-z]\w{3,30}")
_HEAD = 20_000
_HEADLINE_MIN, _HEADLINE_SHARE = 4, 0.75


class Surroundings:
    """A text with its title, cut into sentences once."""

    def __init__(self, text: str, title: str) -> None:
        self.text, self.title = text, title
        self.spans: Sequence[Span] = sentences(text)
        self.capitals = in_capitals(text, self.spans)
        self._starts = [start for start, _ in self.spans]
        self._headline: dict[int, bool] = {}
        self._context: dict[int, tuple[str, ...]] = {}
        self._head_has: dict[re.Pattern[str], bool] = {}
        self.strong: Counter[int] = Counter()
        self.believed: Counter[int] = Counter()

    def head_has(self, words: re.Pattern[str]) -> bool:
        """True when the title or the beginning says the words: there a document tells which country it is about."""
        if words not in self._head_has:
            self._head_has[words] = bool(words.search(self.title) or words.search(self.text, 0, _HEAD))
        return self._head_has[words]

    def certain(self, hits: Iterable[Hit]) -> None:
        """Count the vendors that are named beyond doubt."""
        self.strong.update(hit.name.vendor for hit in hits)

    def learn(self, found: Iterable[Found]) -> None:
        """Count the vendors that a first look believed."""
        self.believed.update(mention.name.vendor for mention in found)

    def sentence(self, place: int) -> Span:
        """The span of the sentence that holds a place of the text."""
        index = max(0, bisect.bisect_right(self._starts, place) - 1)
        return self.spans[index] if self.spans else (0, len(self.text))

    def is_headline(self, place: int) -> bool:
        """True when the sentence there capitalises its words: there a capital says nothing about a word."""
        span = self.sentence(place)
        if span[0] not in self._headline:
            words = _LONG_WORD.findall(self.text, *span)
            capitalised = sum(word[0].isupper() for word in words)
            self._headline[span[0]] = len(words) >= _HEADLINE_MIN and capitalised >= _HEADLINE_SHARE * len(words)
        return self._headline[span[0]]

    def context(self, place: int) -> tuple[str, ...]:
        """The words of technology and business in the sentence there, each once, in small letters."""
        span = self.sentence(place)
        if span[0] not in self._context:
            self._context[span[0]] = tuple(dict.fromkeys(_WORDS.findall(self.text[slice(*span)].lower())))
        return self._context[span[0]]
