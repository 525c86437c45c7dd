"""Wire texts and what outlets make of them: articles by code, and pairs whose origin is known."""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from typing import Literal

from benchmarks._quality_figures import Measured
from benchmarks._quality_labels import Row
from riskreview.enrichment.origins import Fingerprint, fingerprint, relation
from riskreview.lib.text import sentences

PRECISION, RECALL = "dependent pairs, precision", "dependent pairs, recall"
EDITS, HALVES = "controlled edits, recall", "half-merged texts, recall"
APART, NOTICES = "independents that share quotes, kept apart", "notices of one template, kept apart"
MINHASH = "MinHash .5"
SAME = ("COPY", "DERIVED")

Kind = Literal["edit", "half", "independent", "template", "other"]
_CREDIT = re.compile(r"\n*\([^()\n]{0,40}[Rr]eporting by [^\n]{0,300}\)\s*$")
_DATELINE = re.compile(r"^[^\n]{0,80}?\((?:Meridian Wire|North Sea Press)\)\s{0,3}[-–—]{1,2}\s{0,3}")


@dataclass(frozen=True)
class Article:
    """A text of a story; `made` says how it came to be."""

    story: str
    made: str
    title: str
    text: str


@dataclass(frozen=True)
class Pair:
    """Two articles and what they are to each other; edits and halves rest on one text, the others do not."""

    a: Article
    b: Article
    kind: Kind

    @property
    def same(self) -> bool:
        """Whether both rest on one origin."""
        return self.kind in ("edit", "half")


def world(rows: Sequence[Row], seed: int) -> list[Article]:
    """Each wire with its independent report and four edits of it: six articles of a story."""
    rng = random.Random(seed)
    told = {(row["story"], row["role"]): row for row in rows}
    stories = list(dict.fromkeys(row["story"] for row in rows))
    articles = []
    for story in stories:
        other = rng.choice([each for each in stories if each != story])
        wire, rewrite = told[story, "wire"], told[story, "rewrite"]
        foreign = rng.choice(_long_paragraphs(told[other, "rewrite"]["text"]))
        articles += [
            Article(story, "wire", wire["title"], wire["text"]),
            Article(story, "rewrite", rewrite["title"], rewrite["text"]),
            Article(story, "recredited", f"What we know: {rewrite['title']}", recredited(wire["text"])),
            Article(story, "truncated", wire["title"], beginning(wire["text"], 0.6)),
            Article(story, "inserted", wire["title"], _inserted(beginning(wire["text"], 0.6), foreign, rng)),
            Article(story, f"half {other}", wire["title"], _merged(wire["text"], told[other, "wire"]["text"])),
        ]
    return articles


def recredited(text: str) -> str:
    """The same text under another credit: no dateline, no names of the agency's people."""
    bare = _CREDIT.sub("", _DATELINE.sub("", text))
    return f"From our correspondents\n\n{bare}\n\nAdditional writing by the night desk."


def beginning(text: str, part: float) -> str:
    """The first sentences of a text, about such a part of it."""
    ends = [end for _, end in sentences(text) if end <= part * len(text)]
    return text[: ends[-1]] if ends else text


def _long_paragraphs(text: str) -> list[str]:
    return [line for line in text.split("\n") if len(line) > 120]


def _inserted(text: str, paragraph: str, rng: random.Random) -> str:
    parts = text.split("\n\n")
    parts.insert(rng.randrange(1, len(parts) + 1), paragraph)
    return "\n\n".join(parts)


def _merged(one: str, other: str) -> str:
    """The first half of one text with the second half of another."""
    first = beginning(_DATELINE.sub("", one), 0.5)
    second = _CREDIT.sub("", other)[len(beginning(_CREDIT.sub("", other), 0.5)) :]
    return f"{first}\n\n{second.strip()}"


def pairs(articles: Sequence[Article]) -> Iterator[Pair]:
    """All pairs of a story's articles, the halves with both of their wires, and each wire with the next."""
    wires = [article for article in articles if article.made == "wire"]
    by_story = {article.story: article for article in wires}
    for _, group in itertools.groupby(articles, key=lambda article: article.story):
        every = list(group)
        halves = [article for article in every if article.made.startswith("half")]
        whole = [article for article in every if article not in halves]
        for a, b in itertools.combinations(whole, 2):
            yield Pair(a, b, "independent" if "rewrite" in (a.made, b.made) else "edit")
        for half in halves:
            yield Pair(by_story[half.story], half, "half")
            yield Pair(by_story[half.made.split()[1]], half, "half")
            yield from (Pair(each, half, "independent") for each in every if each.made == "rewrite")
    yield from (Pair(a, b, "other") for a, b in itertools.pairwise(wires))


def notices(rows: Sequence[Row]) -> Iterator[Pair]:
    """All pairs of notices of one template."""
    for _, group in itertools.groupby(rows, key=lambda row: row["group"]):
        made = [Article(row["group"], "notice", row["title"], row["text"]) for row in group]
        yield from (Pair(a, b, "template") for a, b in itertools.combinations(made, 2))


def measure(wires: Sequence[Row], templates: Sequence[Row], seed: int) -> Measured:
    """Of pairs said to rest on one text, how many do; of those that do, how many are found, by the way they were made.

    Halves of merged texts are found apart from the other edits, as they are the hardest.
    """
    measured = Measured()
    for pair in [*pairs(world(wires, seed)), *notices(templates)]:
        found = relation(_print(pair.a.text), _print(pair.b.text))
        _count(measured, pair, found.kind in SAME, "")
        _count(measured, pair, resemblance(pair.a.text, pair.b.text) >= 0.5, f" | {MINHASH}")
        if (found.kind in SAME) != pair.same:
            who = f"{pair.a.story} {pair.a.made} and {pair.b.story} {pair.b.made}"
            measured.wrong(f"{who}: {found.kind}, {found.containment / 10:.0f} % in common; made as {pair.kind}")
    return measured


def _count(measured: Measured, pair: Pair, said_same: bool, method: str) -> None:
    if pair.kind == "half":
        measured.count(HALVES + method, said_same)
        return
    if said_same:
        measured.count(PRECISION + method, pair.same)
    if pair.same:
        measured.count(RECALL + method, said_same)
        if pair.a.made == "wire":
            measured.count(EDITS + method, said_same)
    elif pair.kind == "independent":
        measured.count(APART + method, not said_same)
    elif pair.kind == "template":
        measured.count(NOTICES + method, not said_same)


@cache
def _print(text: str) -> Fingerprint:
    return fingerprint(text)


# The simple way: MinHash over five-word shingles of the whole text (Broder 1997), without any knowledge of quotes.
_PRIME, _PERMUTATIONS = (1 << 61) - 1, 128
_CHANCE = random.Random(61)
_FACTORS = [(_CHANCE.randrange(1, _PRIME), _CHANCE.randrange(_PRIME)) for _ in range(_PERMUTATIONS)]


def resemblance(one: str, other: str) -> float:
    """The Jaccard likeness of two texts as MinHash estimates it."""
    equal = sum(a == b for a, b in zip(_signature(one), _signature(other), strict=True))
    return equal / _PERMUTATIONS


@cache
def _signature(text: str) -> tuple[int, ...]:
    hashes = list(_shingles(text))
    return tuple(min(((a * h + b) % _PRIME for h in hashes), default=0) for a, b in _FACTORS)


def _shingles(text: str) -> Iterable[int]:
    words = re.findall(r"\w+", text.lower())
    for index in range(max(1, len(words) - 4)):
        yield int.from_bytes(blake2b(" ".join(words[index : index + 5]).encode(), digest_size=7).digest(), "big")
