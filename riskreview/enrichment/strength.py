"""How strongly a plain sentence speaks of each kind of risk. Pure; the weights are in data/signals.toml [weighing].

Three things count: patterns and rules that speak of it plainly, weaker ones, and how many of the other words of the
sentence are at home there (data/topics.toml). A word that is at home in several kinds counts for each by its share.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from riskreview.enrichment import rules
from riskreview.enrichment.families import Lexicon, Span, Words

_TOPIC: Final = "topic_"
_EVERYDAY: Final = "everyday"
_WEIGHTS: Mapping[str, int] = rules.load("signals")["weighing"]
_SECOND: Mapping[str, int] = rules.load("signals")["second"]
# Words beyond these say nothing more.
_MOST, _FURTHEST, _MOST_EVERYDAY = 4_000, 3_000, 2
_HOMES: Mapping[str, str] = rules.load("topics")
_AT_HOME = sorted(_HOMES.keys() - {_EVERYDAY})

LEXICON = Lexicon(rules.load("families") | {_TOPIC + key: words for key, words in _HOMES.items()})


class Place(NamedTuple):
    """Where a plain sentence speaks of a category; weakly, where that alone says little."""

    start: int
    end: int
    weak: bool


class Share(NamedTuple):
    """How much of a sentence is at home in a category (thousandths of a word), and its most telling word."""

    sum: int
    word: Span


class Evidence(NamedTuple):
    """What the single words of a sentence say: shares by category, and how many speak of everyday life."""

    shares: Mapping[str, Share]
    everyday: int

    @property
    def most(self) -> int:
        """The greatest share."""
        return max((share.sum for share in self.shares.values()), default=0)


def evidence(words: Words) -> Evidence:
    """What the single words say. Everyday life is sport, food, weather: there, words of risk mean other things."""
    at: defaultdict[int, list[str]] = defaultdict(list)
    for key in _AT_HOME:
        for place in words.families.get(_TOPIC + key, ()):
            at[place].append(key)
    once = {words.forms[place]: place for place in sorted(at, reverse=True)}
    told: defaultdict[str, list[tuple[int, Span]]] = defaultdict(list)
    for place, keys in sorted((place, at[place]) for place in once.values()):
        for key in keys:
            told[key].append((1_000 // len(keys), words.span(_TOPIC + key, place)))
    everyday = len(words.families.get(_TOPIC + _EVERYDAY, ()))
    return Evidence({key: _share(each) for key, each in told.items()}, everyday)


def _share(told: Sequence[tuple[int, Span]]) -> Share:
    return Share(sum(weight for weight, _ in told), max(told, key=lambda each: each[0])[1])


def spoken(places: Mapping[str, Sequence[Place]], words: Words) -> dict[str, Span]:
    """The categories that a sentence speaks of strongly enough, each with the words that say so best."""
    told = evidence(words)
    plainly = {key for key, found in places.items() if any(not place.weak for place in found)}
    strengths = {
        key: _strength(key, found, told, len(plainly - {key}))
        for key, found in places.items()
        if found or key in told.shares
    }
    most = max(strengths.values(), default=0)
    return {
        key: _span(places[key], told.shares.get(key))
        for key, strength in strengths.items()
        if strength > (_SECOND["enough"] if most - strength > _SECOND["lead"] else 0)
    }


def _strength(key: str, places: Sequence[Place], told: Evidence, others: int) -> int:
    """Above nought where the category is found: thousandths of log odds."""
    plain = len({place.end for place in places if not place.weak})
    share = told.shares[key].sum if key in told.shares else 0
    counts = {
        "any": 1,
        "bare": not places,
        "plain": plain > 0,
        "again": plain > 1,
        "weak": any(place.weak for place in places),
        "word": min(share, _MOST) / 1_000,
        "behind": min(told.most - share, _FURTHEST) / 1_000,
        "without": plain == 0 and others > 0,
        "beside": min(others, 2) if plain else 0,
        "everyday": min(told.everyday, _MOST_EVERYDAY),
    }
    return round(sum(_WEIGHTS[name] * count for name, count in counts.items()))


def _span(found: Iterable[Place], share: Share | None) -> Span:
    best = min(found, key=lambda place: (place.weak, place.start, place.end), default=None)
    if best is None:
        return share.word if share else (0, 0)
    return best.start, best.end
