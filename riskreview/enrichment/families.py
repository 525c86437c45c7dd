"""Families of words, and rules for which of them speak of something where they stand near each other. Pure.

A rule names families: `a + b` in any order, `a > b` in this order, at most so many words apart as the number behind it
says (8 without one). So one rule answers the active and the passive, the verb and the noun, and words between them.
"""

from __future__ import annotations

import bisect
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from riskreview.enrichment import rules

Span = tuple[int, int]
Phrase = tuple[tuple[str, ...], str]

# A word with its apostrophe, a figure with its sign, or the signs that stand for a name (see categories.plain).
_WORD = re.compile(r"[^\W\d_][^\W_]{0,39}(?:'[^\W\d_]{1,10})?|[$€£¥%]|\d[\d.,]{0,15}|\x01+|\x02+|\x03+|[;:]")
_SIGNS = {"\x01": "vendor", "\x02": "body", "\x03": "channel"}
_CLAUSE = frozenset(";:")
_APART = 12  # words that a semicolon counts for
_WINDOW = 8
_SHORTEST_STEM = 3
_RULE = re.compile(r"([a-z_]{2,30}(?: [+>] [a-z_]{2,30}){0,3})(?: (\d{1,2}))?")
_VOWELS = "aeiou"


class Lexicon:
    """The families each word belongs to."""

    def __init__(self, families: Mapping[str, str]) -> None:
        self.names = frozenset(families) | frozenset(_SIGNS.values()) | {"figure"}
        self._exact: defaultdict[str, set[str]] = defaultdict(set)
        self._stems: defaultdict[str, set[str]] = defaultdict(set)
        self._phrases: defaultdict[str, list[Phrase]] = defaultdict(list)
        self._stem_phrases: defaultdict[str, list[Phrase]] = defaultdict(list)
        for family, entries in families.items():
            for entry in entries.replace("\n", " ").split(","):
                self._add(family, entry.split())
        self.of = lru_cache(maxsize=20_000)(self._of)
        self.phrases = lru_cache(maxsize=20_000)(self._begun)

    def _add(self, family: str, words: list[str]) -> None:
        if len(words) > 1 and words[0].endswith("*"):
            self._stem_phrases[words[0][:-1]].append((tuple(words[1:]), family))
        elif len(words) > 1:
            for first in _inflected(words[0]):
                self._phrases[first].append((tuple(words[1:]), family))
        elif words and words[0].endswith("*"):
            self._stems[words[0][:-1]].add(family)
        elif words:
            for form in _inflected(words[0]):
                self._exact[form].add(family)

    def _of(self, word: str) -> frozenset[str]:
        if word[0] in _SIGNS:
            return frozenset([_SIGNS[word[0]]])
        found = set(self._exact.get(word, ()))
        if word[0].isdigit():
            found.add("figure")
        for end in range(_SHORTEST_STEM, len(word) + 1):
            found |= self._stems.get(word[:end], set())
        return frozenset(found)

    def _begun(self, word: str) -> tuple[Phrase, ...]:
        """The further words, and the family, of each expression of several words that begins with this one."""
        stems = (self._stem_phrases.get(word[:end], ()) for end in range(_SHORTEST_STEM, len(word) + 1))
        return (*self._phrases.get(word, ()), *(phrase for each in stems for phrase in each))


def _inflected(word: str) -> Iterator[str]:
    """The forms of "ban~": ban, bans, banned, banning, with what spelling asks for. Other words are themselves."""
    if not word.endswith("~"):
        yield word
        return
    base = word[:-1]
    yield from (base, f"{base}s")
    if base.endswith("e"):
        yield from (f"{base}d", f"{base[:-1]}ing")
        return
    yield from (f"{base}ed", f"{base}ing", f"{base}es")
    if base.endswith("y") and base[-2] not in _VOWELS:
        yield from (f"{base[:-1]}ies", f"{base[:-1]}ied")
    elif base[-1] not in _VOWELS and base[-2] in _VOWELS:
        yield from (f"{base}{base[-1]}ed", f"{base}{base[-1]}ing")


class Words:
    """The words of a plain sentence: their spans, their places counted in words, and where each family stands."""

    def __init__(self, sentence: str, lexicon: Lexicon) -> None:
        found = [match.span() for match in _WORD.finditer(sentence)]
        forms = [sentence[start:end].partition("'")[0] for start, end in found]
        self.forms = forms
        self._spans: list[Span] = found
        self._places: list[int] = []
        self.families: defaultdict[str, list[int]] = defaultdict(list)
        self._last: dict[tuple[str, int], int] = {}
        place = 0
        for index, form in enumerate(forms):
            place += _APART if form in _CLAUSE else 1
            self._places.append(place)
            for family in lexicon.of(form):
                self._note(family, index, index)
            for rest, family in lexicon.phrases(form):
                if _follows(forms, index + 1, rest):
                    self._note(family, index, index + len(rest))

    def _note(self, family: str, first: int, last: int) -> None:
        if not (self.families[family] and self.families[family][-1] == first):
            self.families[family].append(first)
        self._last[family, first] = max(last, self._last.get((family, first), last))

    def span(self, family: str, index: int) -> Span:
        """The place in the sentence of what begins at a word and belongs to the family."""
        return self._spans[index][0], self._spans[self._last[family, index]][1]

    def near(self, family: str, index: int, window: int, *, after: bool) -> int | None:
        """The nearest word of the family within the window of another one; only behind it where `after`."""
        places = self.families[family]
        at = bisect.bisect_left(places, index)
        behind = [place for place in places[at : at + 2] if place != index][:1]
        before = [] if after else places[max(0, at - 1) : at]
        near = [(abs(self._places[place] - self._places[index]), place) for place in (*before, *behind)]
        distance, place = min(near, default=(window + 1, None))
        return place if distance <= window else None


def _follows(forms: Sequence[str], index: int, rest: Sequence[str]) -> bool:
    there = forms[index : index + len(rest)]
    return len(there) == len(rest) and all(
        form.startswith(word[:-1]) if word.endswith("*") else form == word
        for form, word in zip(there, rest, strict=True)
    )


@dataclass(frozen=True, slots=True)
class Rule:
    """Families that speak of something where they stand together."""

    families: tuple[str, ...]
    ordered: bool
    window: int

    def found(self, words: Words) -> Iterator[Span]:
        """The spans from the first to the last word of each place where the rule holds."""
        if not all(family in words.families for family in self.families):
            return
        first, *others = self.families
        for index in words.families[first]:
            met = [(first, index)]
            for family in others:
                near = words.near(family, met[-1][1] if self.ordered else index, self.window, after=self.ordered)
                if near is None:
                    break
                met.append((family, near))
            if len(met) == len(self.families):
                spans = [words.span(family, place) for family, place in met]
                yield min(start for start, _ in spans), max(end for _, end in spans)


def rule(text: str, lexicon: Lexicon, where: str) -> Rule:
    """A rule as it is written; raises BadRules, naming the place, where it cannot be read."""
    match = _RULE.fullmatch(text)
    families = tuple(re.split(r" [+>] ", match[1])) if match else ()
    if match is None or (" + " in text and " > " in text) or not lexicon.names.issuperset(families):
        raise rules.BadRules(f"{where}: {text}")
    return Rule(families, " > " in text, int(match[2] or _WINDOW))
