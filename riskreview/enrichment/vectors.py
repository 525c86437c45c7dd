"""Texts as weighted terms, comparable by cosine. Pure.

A term's weight is 1 + ln n for n occurrences, times ln((N + 1) / (df + 1)) + 1 for a term found in df of N background
documents (the usual smoothed TF-IDF).
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from riskreview.enrichment import rules

_TERMS_MAX = 60
_TOKEN = re.compile(r"[A-Za-zÀ-ÖØ-öø-ɏ]+\d*(?:['’][A-Za-zÀ-ÖØ-öø-ɏ]+)*|\d+(?:[.,]\d+)*|[\u2e80-\u9fff\uac00-\ud7a3]")
_PLURALS = (("ies", 5, "y"), ("sses", 6, "ss"), ("xes", 5, "x"), ("zes", 5, "z"), ("shes", 6, "sh"), ("ches", 6, "ch"))

Vector = Mapping[str, float]


@dataclass(frozen=True, slots=True, eq=False)
class Background:
    """In how many of `documents` texts each term occurs; terms that are missing occur in none.

    `version` names the table in every score that was made with it.
    """

    df: Mapping[str, int]
    documents: int
    version: str = ""

    def rarity(self, term: str) -> float:
        """The inverse document frequency of a term, 1 or more."""
        return math.log((self.documents + 1) / (self.df.get(term, 0) + 1)) + 1


@cache
def shipped_background() -> Background:
    """The table for installations that have not counted enough documents of their own: rough shares of news words."""
    data = rules.load("background")
    df = {_stem(word): int(share) for share, words in data["per_thousand"].items() for word in words.split()}
    return Background(df, 1_000, data["version"])


@cache
def _stop_words() -> frozenset[str]:
    return frozenset(rules.load("background")["stop"].split())


def tokens(text: str) -> list[str]:
    """The terms of a text in order: lower case, lightly stemmed, without stop words."""
    return [term for term, _ in _terms(text)]


def spellings(text: str) -> dict[str, str]:
    """How the text writes each of its terms, at its first place: terms are stems, people read words."""
    written: dict[str, str] = {}
    for term, word in _terms(text):
        written.setdefault(term, word)
    return written


def vector(terms: Iterable[str], background: Background) -> dict[str, float]:
    """Terms weighted and scaled to length 1."""
    return unit({term: (1 + math.log(n)) * background.rarity(term) for term, n in Counter(terms).items()})


def unit(weights: Mapping[str, float]) -> dict[str, float]:
    """Weights scaled to length 1."""
    length = math.sqrt(sum(w * w for w in weights.values()))
    return {term: w / length for term, w in weights.items()} if length else {}


def cosine(a: Vector, b: Vector) -> float:
    """How alike two vectors of length 1 are, 0 to 1."""
    small, large = (a, b) if len(a) <= len(b) else (b, a)
    return sum(weight * large[term] for term, weight in small.items() if term in large)


def heaviest(weights: Vector, most: int = _TERMS_MAX) -> dict[str, int]:
    """The heaviest terms in thousandths, for storing; ties go to the alphabet, so that equal texts store equal rows."""
    ranked = sorted(weights.items(), key=lambda item: (-item[1], item[0]))[:most]
    return {term: round(1000 * weight) for term, weight in ranked}


def _terms(text: str) -> Iterator[tuple[str, str]]:
    stop = _stop_words()
    for word in _TOKEN.findall(text):
        lower = word.lower().replace("’", "'")
        if lower not in stop:
            yield _stem(lower), word


@cache
def _stem(word: str) -> str:
    word = word.removesuffix("'s").removesuffix("'")
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) >= 4:
        word = _singular(word)
    if word.endswith("tre") and len(word) >= 5:
        word = word[:-2] + "er"
    if word.endswith("ing") and len(word) >= 6:
        return word[:-3]
    return word[:-2] if word.endswith("ed") and len(word) >= 5 else word


def _singular(word: str) -> str:
    for ending, least, replacement in _PLURALS:
        if word.endswith(ending) and len(word) >= least:
            return word.removesuffix(ending) + replacement
    return word[:-1]
