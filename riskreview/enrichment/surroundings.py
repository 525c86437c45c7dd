"""What a document says around a name: its sentences, their words, and the vendors named for certain. Pure."""

import bisect
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from riskreview.enrichment import rules
from riskreview.enrichment.found import Found
from riskreview.enrichment.neighbours import other_fields
from riskreview.lib.text import sentences
from riskreview.vendors.matching import Hit, in_capitals, in_small_letters

Span = tuple[int, int]
_CONTEXT = rf"\b(?:{rules.load('linking')['context']['words'].strip()})(?!\w)"
# Small or capital, for headlines capitalise: read in small letters, which is faster than a pattern that ignores case.
_WORDS = rules.pattern(_CONTEXT.lower(), "linking.toml [context] words")
_LONG_WORD = re.compile(r"\b[A-Za-z]\w{3,30}")
_HEAD = 20_000
# What stands between the members of a list and of a comparison.
_CONJUNCTIONS = r"and|or|nor|not|than|versus|vs\.?|over|to|with|as well as|rather than|alongside"
_JOINED = rf"(?:['’]s)?(?:,?\s(?:{_CONJUNCTIONS})\s|[,;]\s|\s?[/&+|]\s?)"
_AND, _AND_BEFORE = re.compile(_JOINED), re.compile(rf"{_JOINED}$")
_JOINT = 16
_SIBLINGS = 40
_HEADLINE_MIN, _HEADLINE_SHARE = 4, 0.75


class Surroundings:
    """A text with its title, cut into sentences once."""

    def __init__(self, text: str, title: str) -> None:
        self.text, self.title = text, title
        self.spans: Sequence[Span] = sentences(text)
        self.capitals = in_capitals(text, self.spans)
        self.small = in_small_letters(text, self.spans)
        self._starts = [start for start, _ in self.spans]
        self._headline: dict[int, bool] = {}
        self._context: dict[int, tuple[str, ...]] = {}
        self._other_fields: dict[int, tuple[str, ...]] = {}
        self._head_has: dict[re.Pattern[str], bool] = {}
        self._opening: dict[int, Hit] = {}
        self._closing: dict[int, Hit] = {}
        self._certain: set[int] = set()
        self.strong: Counter[int] = Counter()
        self.believed: Counter[int] = Counter()
        self._senses: set[str] = set()
        self._in_sentence: dict[int, list[Hit]] = {}

    def head_has(self, words: re.Pattern[str]) -> bool:
        """True when the title or the beginning says the words: there a document tells which country it is about."""
        if words not in self._head_has:
            self._head_has[words] = bool(words.search(self.title) or words.search(self.text, 0, _HEAD))
        return self._head_has[words]

    def placed(self, hits: Iterable[Hit]) -> None:
        """Remember where names stand, for those beside them."""
        for hit in hits:
            self._opening[hit.start] = self._closing[hit.end] = hit
            self._in_sentence.setdefault(self.sentence(hit.start)[0], []).append(hit)

    def certain(self, hits: Iterable[Hit], *, here: bool = True) -> None:
        """Count the vendors that are named beyond doubt; `here` in the text and not in the title."""
        for hit in hits:
            self.strong[hit.name.vendor] += 1
            if here:
                self._certain.add(hit.start)

    def begins_a_name(self, place: int) -> bool:
        """True when a name that was found begins there."""
        return place in self._opening

    def ends_a_name(self, place: int) -> bool:
        """True when a name that was found ends there."""
        return place in self._closing

    def company(self, hit: Hit) -> list[tuple[str, str]]:
        """The other names that stand in a list or a comparison with a name: the key of a score, and the name."""
        beside = []
        if behind := _AND.match(self.text, hit.end, hit.end + _JOINT):
            beside.append(self._opening.get(behind.end()))
        if before := _AND_BEFORE.search(self.text, max(0, hit.start - _JOINT), hit.start):
            beside.append(self._closing.get(before.start()))
        others = [other for other in beside if other is not None and other.name.text != hit.name.text]
        return [("listed" if each.start in self._certain else "listed_weak", each.surface) for each in others]

    def siblings(self, hit: Hit) -> list[tuple[str, str]]:
        """Other names of the sentence: one more of the same vendor, and those of others."""
        found: dict[str, str] = {}
        for other in self._in_sentence.get(self.sentence(hit.start)[0], [])[:_SIBLINGS]:
            if other.name.text != hit.name.text:
                found["sibling" if other.name.vendor == hit.name.vendor else "in_sentence"] = other.surface
        return list(found.items())

    def mean(self, names: Iterable[str]) -> None:
        """Remember names that mean their vendor in this document."""
        self._senses.update(names)

    def sense(self, hit: Hit) -> bool:
        """True when the same name was believed elsewhere in the document."""
        return hit.name.text in self._senses

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

    def other_fields(self, place: int) -> tuple[str, ...]:
        """The words of sport, nature, art and the like in the sentence there, each once."""
        span = self.sentence(place)
        if span[0] not in self._other_fields:
            self._other_fields[span[0]] = tuple(other_fields(self.text[slice(*span)]))
        return self._other_fields[span[0]]
