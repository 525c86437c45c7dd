"""Which registered name another name looks like, and which vendors look like each other, with the reason. Pure.

Names are compared without the words that most companies carry ("Inc", "AI", "Technologies"), letter by letter. A
likeness is a number from 0 to 100; it suggests, people decide.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from rapidfuzz import fuzz, process

ALIKE = 84
SHARED_MAX = 50  # names in one block; a larger block is a word that says nothing
_SPLIT = re.compile(r"[^\w]+")
_SAY_NOTHING = frozenset({
    "ai", "inc", "ltd", "limited", "llc", "plc", "corp", "corporation", "co", "company", "gmbh", "ag", "sa", "group",
    "holding", "holdings", "labs", "lab", "technologies", "technology", "tech", "systems", "software", "research",
    "intelligence", "the", "and", "of",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Known:
    """A name on the register: whose it is, and whether it is a stock symbol or what a product is called."""

    text: str
    vendor: int
    is_ticker: bool = False
    is_product: bool = False


@dataclass(frozen=True, slots=True)
class Likeness:
    """The vendor a name may be of, how alike they are (0 to 100), and why, in plain words."""

    vendor: int
    score: int
    reason: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two vendors that may be one, the smaller id first."""

    vendor: int
    other: int
    score: int
    reason: str


def bare(name: str) -> str:
    """A name without case, signs and the words that most companies carry; whole when nothing else is left."""
    words = [word for word in _SPLIT.split(name.casefold()) if word]
    telling = [word for word in words if word not in _SAY_NOTHING]
    return " ".join(telling or words)


class Register:
    """The names of all vendors, ready to be compared with others."""

    def __init__(self, names: Iterable[Known]) -> None:
        self.names = [name for name in names if not name.is_ticker]
        self._bare = [bare(name.text) for name in self.names]

    def like(self, name: str) -> Likeness | None:
        """The vendor whose name is most like this one; None when none is alike. Of equals the one first registered."""
        found = process.extractOne(bare(name), self._bare, scorer=_alike, score_cutoff=ALIKE)
        if found is None:
            return None
        _, score, index = found
        known = self.names[index]
        return Likeness(known.vendor, int(score), f"“{known.text}” is its name: {int(score)} of 100 alike.")


def pairs(names: Sequence[Known], symbol_of: Mapping[str, str]) -> list[Pair]:
    """Vendors that may be one: an equal symbol, an equal name, or names alike; most alike first, each pair once.

    `symbol_of` gives the bare symbol of a ticker as registered. Only names that begin alike or share a telling word are
    compared, so that the work stays near the number of names. What a product is called says nothing of who makes it,
    nor does a name that puts the other vendor's beside words of its own, as "Azure OpenAI" does.
    """
    best: dict[tuple[int, int], Pair] = {}
    for pair in (*_same_symbol(names, symbol_of), *_alike_pairs(names)):
        known = best.get((pair.vendor, pair.other))
        if known is None or pair.score > known.score:
            best[pair.vendor, pair.other] = pair
    return sorted(best.values(), key=lambda pair: (-pair.score, pair.vendor, pair.other))


def _alike(one: str, other: str, *, score_cutoff: float | None = None) -> float:
    """How alike two bare names are: letter by letter, or as a whole word of the longer name."""
    whole = fuzz.ratio(one, other, score_cutoff=score_cutoff or 0)
    shorter, longer = sorted((one.split(), other.split()), key=len)
    contained = len(shorter) < len(longer) and set(shorter) <= set(longer) and len("".join(shorter)) > 3
    score = max(whole, 90.0 if contained else 0.0)
    return score if score_cutoff is None or score >= score_cutoff else 0.0


def _same_symbol(names: Iterable[Known], symbol_of: Mapping[str, str]) -> Iterator[Pair]:
    listed: dict[str, list[Known]] = defaultdict(list)
    for name in names:
        if name.is_ticker:
            listed[symbol_of.get(name.text, name.text)].append(name)
    for symbol, known in listed.items():
        for one, other in combinations(known, 2):
            if one.vendor != other.vendor:
                yield _pair(one.vendor, other.vendor, 100, f"Both are listed as {symbol}.")


def _alike_pairs(names: Sequence[Known]) -> Iterator[Pair]:
    own = _own_names(names)
    for block in _blocks(name for name in names if not name.is_ticker and not name.is_product):
        for (one, first), (other, second) in combinations(block, 2):
            score = int(_alike(first, second, score_cutoff=ALIKE)) if one.vendor != other.vendor else 0
            if score and not _beside(first, second, own[other.vendor]) and not _beside(second, first, own[one.vendor]):
                same = one.text == other.text
                reason = f"Both are called “{one.text}”." if same else _told(one, other, score)
                yield _pair(one.vendor, other.vendor, score, reason)


def _own_names(names: Iterable[Known]) -> dict[int, list[set[str]]]:
    """The words of every name of each vendor, products included."""
    own: dict[int, list[set[str]]] = defaultdict(list)
    for name in names:
        if not name.is_ticker:
            own[name.vendor].append(set(bare(name.text).split()))
    return own


def _beside(name: str, longer: str, own: Iterable[set[str]]) -> bool:
    """Whether the longer name is this one with words beside it that its vendor has of its own: in a name without it."""
    words, more = set(name.split()), set(longer.split())
    added = more - words
    return bool(added) and words < more and added <= {word for each in own if not words <= each for word in each}


def _told(one: Known, other: Known, score: int) -> str:
    first, second = sorted((one, other), key=lambda name: name.vendor)
    return f"“{first.text}” and “{second.text}” are {score} of 100 alike."


def _blocks(names: Iterable[Known]) -> Iterator[list[tuple[Known, str]]]:
    """Names that are worth comparing with each other: they begin alike, or share a word."""
    blocks: dict[str, list[tuple[Known, str]]] = defaultdict(list)
    for name in names:
        plain = bare(name.text)
        for key in {f"{plain[:3]}…", *plain.split()}:
            blocks[key].append((name, plain))
    yield from (block for block in blocks.values() if 1 < len(block) <= SHARED_MAX)


def _pair(one: int, other: int, score: int, reason: str) -> Pair:
    return Pair(min(one, other), max(one, other), score, reason)
