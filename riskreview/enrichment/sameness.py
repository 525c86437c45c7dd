"""Whether two sentences about one vendor and kind of risk speak of the same matter. Pure; rules of English.

They do when they share words that say something, rare words more than common ones, and do not each name another
country, public body or (for figures) day. The lists are in contradictions.toml.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from riskreview.enrichment import rules
from riskreview.enrichment.vectors import shipped_background, tokens

Names = Mapping[int, frozenset[str]]

_DATA = rules.load("contradictions")
_PATTERNS = {
    key: rules.pattern(words, f"contradictions.toml {key}", re.IGNORECASE) for key, words in _DATA["patterns"].items()
}
_PLACES = {
    code: rules.pattern(rf"\b(?:{words.strip()})(?!\w)", f"agencies.toml [places] {code}")
    for code, words in rules.load("agencies")["places"].items()
}


class Sentence(Protocol):
    """What must be known of a sentence; `matter` is where that ends which speaks of the kind of risk."""

    @property
    def words(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def vendors(self) -> frozenset[int]: ...
    @property
    def agencies(self) -> frozenset[str]: ...
    @property
    def matter(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Words:
    """What a sentence is about: its telling words with how rare each is. `says_nothing`: it leaves the matter open."""

    weights: Mapping[str, float]
    says_nothing: bool


def terms(text: str) -> frozenset[str]:
    """The words of a text, "banned" and "ban" alike."""
    return frozenset(_root(word) for word in tokens(text) if word.isalpha())


def _root(word: str) -> str:
    word = word.removesuffix("e")
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word


_EMPTY = terms(_DATA["empty"])
_MOVES = {word: _root(move) for move, words in _DATA["moves"].items() for word in terms(words)}


def words_of(sentence: Sentence, names: Names) -> Words:
    """What a sentence is about, without the names of the vendors it concerns."""
    known = _EMPTY.union(*(names.get(vendor, frozenset()) for vendor in sentence.vendors))
    rarity = shipped_background().rarity
    told = {_root(word): word for word in tokens(sentence.words) if word.isalpha()}
    weights = {_MOVES.get(root, root): rarity(word) for root, word in told.items() if root not in known}
    return Words(weights, _says_nothing(sentence))


def _says_nothing(sentence: Sentence) -> bool:
    """Whether a sentence only tells that nobody would comment, what the rules are, or that it is hardly so."""
    is_denied = sentence.status == "DENIED"
    before = sentence.words[: sentence.matter]
    return bool(
        _PATTERNS["silence"].search(sentence.words if is_denied else before)
        or (is_denied and any(_PATTERNS[key].search(sentence.words) for key in ("rule", "hardly")))
    )


@dataclass(frozen=True, slots=True)
class Common:
    """What two sentences share: how many telling words, how rare these are together, which `share` of the shorter
    sentence they are, and how alike that makes the two, 0 to 1."""

    words: int
    weight: float
    share: float
    likeness: float


def in_common(one: Words, other: Words) -> Common:
    """The telling words of both of two sentences."""
    shared = one.weights.keys() & other.weights.keys()
    weight = sum(min(one.weights[word], other.weights[word]) for word in sorted(shared))
    mine, yours = _total(one), _total(other)
    shorter = min(mine, yours)
    return Common(len(shared), weight, weight / shorter if shorter else 0.0, weight * 2 / ((mine + yours) or 1))


def _total(words: Words) -> float:
    return sum(words.weights[word] for word in sorted(words.weights))


def is_apart(one: Sentence, other: Sentence, *, days: bool = False) -> bool:
    """Whether each names a public body or a country, or a day or period if `days`, that the other does not."""
    if _each_alone(one.agencies, other.agencies) or _each_alone(_places(one.words), _places(other.words)):
        return True
    return days and _each_alone(*(frozenset(_days(each.words)) for each in (one, other)))


def _each_alone(ours: frozenset[str], theirs: frozenset[str]) -> bool:
    return bool(ours - theirs and theirs - ours)


def _places(words: str) -> frozenset[str]:
    words = words.title() if words.isupper() else words
    return frozenset(code for code, pattern in _PLACES.items() if pattern.search(words))


def _days(words: str) -> Iterable[str]:
    return (match.group().lower() for match in _PATTERNS["days"].finditer(words))


def same_counted(one: str, other: str) -> bool:
    """Whether two figures as they are written may count the same: "patient records" are no "payment records"."""
    return not _each_alone(terms(one) - _EMPTY, terms(other) - _EMPTY)
