"""Whose text is this? Tells copies and reworked copies from independent reports. Pure.

Direct quotes are left out of the comparison: two independent reports of one speech share its quotes. Compared is the
share of the shorter text's five-word sequences that the other text holds as well. Figures are compared where both texts
have them in the same words: what repeats the words with other figures, all over the text, is a form that was filled in
again. Figures that differ in one place only, as in a line under the text, say nothing.
"""

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Literal

from riskreview.enrichment import rules
from riskreview.enrichment.prose import forms
from riskreview.lib.text import normalise

Kind = Literal["COPY", "DERIVED", "SHARES", "INDEPENDENT"]

_DATA = rules.load("origins")
_SHAPE: dict[str, int] = _DATA["fingerprint"]
_BOUNDS: dict[str, int] = _DATA["relation"]
_FIGURES: dict[str, int] = {name: value for name, value in _DATA["figures"].items() if name != "words"}
_SAMPLE: dict[str, int] = _DATA["sample"]
_DATES = frozenset(_DATA["figures"]["words"])
DERIVED: int = _BOUNDS["derived"]
TEMPLATE_ORIGINS: int = _DATA["common"]["template_origins"]
PUBLISHER_DOCUMENTS: int = _DATA["common"]["publisher_documents"]
VERSION = "shingles-5, blake2b-64, mod 8, smallest 32, figures in context and place"
SAME = ("COPY", "DERIVED")
_WIDTH = 32  # bits of a context, and of the place with the value behind it, packed into one signed number of 64
_PLACE = 6  # bits of a place, in 64ths of the text
_VALUE = _WIDTH - _PLACE


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is kept of a text's wording.

    `kept` are the hashes divisible by 8 and the 32 smallest, sorted; `shingles` counts all there were. `figures` are
    sorted numbers, each a context, a place in the text and the value there. `digest` and `title` stand for the whole
    text and its title and decide for texts too short to compare; they are 0 when empty.
    """

    shingles: int
    kept: tuple[int, ...]
    figures: tuple[int, ...]
    digest: int
    title: int

    @property
    def is_short(self) -> bool:
        """Whether the text is too short to be compared by its word sequences."""
        return self.shingles < _SHAPE["least_shingles"]


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """All five-word sequences of a text as signed 64-bit integers, and what is kept of them."""

    hashes: frozenset[int]
    sketch: Sketch

    @property
    def kept(self) -> tuple[int, ...]:
        """The sorted few worth storing for finding candidates."""
        return self.sketch.kept


@dataclass(frozen=True, slots=True)
class Relation:
    """How two texts relate. `containment` is the part of the shorter text that the other one holds as well, `numbers`
    the part of the figures in the same words that are equal (1000 if there are none), both in thousandths.

    COPY and DERIVED rest on one origin, SHARES is independent but has passages in common.
    """

    kind: Kind
    containment: int
    numbers: int

    @property
    def is_same(self) -> bool:
        """Whether the two rest on one origin."""
        return self.kind in SAME

    def credited(self) -> "Relation":
        """The same for two texts that credit one agency: a passage in common is then taken from its report."""
        if self.kind == "SHARES" and self.numbers >= _FIGURES["agreeing"]:
            return replace(self, kind="DERIVED")
        return self


def fingerprint(text: str, title: str = "") -> Fingerprint:
    """The fingerprint of a text, in time linear in it; wording is compared in Latin letters and digits."""
    words = forms(normalise(text))
    size = _SHAPE["shingle_words"]
    hashes = frozenset(_hash(" ".join(words[i : i + size])) for i in range(len(words) - size + 1))
    sampled = {h for h in hashes if h % _SHAPE["sample_modulus"] == 0}
    kept = sampled | set(sorted(hashes)[: _SHAPE["smallest"]])
    figures = tuple(sorted(_figures(words)))[: _FIGURES["most"]]
    return Fingerprint(hashes, Sketch(len(hashes), tuple(sorted(kept)), figures, _whole(text), _whole(title)))


def relation(a: Fingerprint, b: Fingerprint, common: Collection[int] = frozenset()) -> Relation:
    """How two texts relate, leaving out the `common` word sequences. Texts of fewer than 25 sequences are copies when
    they and their titles are equal, else independent."""
    if a.sketch.is_short or b.sketch.is_short:
        return _short(a.sketch, b.sketch)
    both = a.hashes & b.hashes
    shared, one, other = (_uncommon(hashes, common) for hashes in (both, a.hashes, b.hashes))
    smaller = min(one, other)
    containment = int(1000 * min(1.0, shared / smaller)) if smaller >= _SHAPE["least_shingles"] else 0
    return _judged(containment, a.sketch, b.sketch, alike=len(both) / max(len(a.hashes), len(b.hashes)))


def estimate(a: Sketch, b: Sketch, common: Collection[int] = frozenset()) -> Relation | None:
    """How two texts relate as far as what is kept of them tells; None when the whole texts must be compared."""
    if a.is_short or b.is_short:
        return _short(a, b)
    # The smallest of a text are not known to be common when they are not among the smallest of others.
    bound = -math.inf if common else min(_complete_to(a), _complete_to(b))
    every = (_sampled(a, bound), _sampled(b, bound))
    one, other = (hashes.difference(common) for hashes in every)
    smaller = min(len(one), len(other))
    if smaller < _SAMPLE["least"]:
        return None
    share = len(one & other) / smaller
    doubt = _SAMPLE["deviations"] * math.sqrt(share * (1 - share) / smaller)
    if abs(share - _BOUNDS["derived"] / 1000) <= doubt:
        return None
    return _judged(int(1000 * share), a, b, alike=len(every[0] & every[1]) / max(map(len, every)))


def _uncommon(hashes: Collection[int], common: Collection[int]) -> float:
    """How many of some hashes are not common; known are the common ones among those that are kept, one in eight."""
    sampled = [h for h in hashes if h % _SHAPE["sample_modulus"] == 0] if common else []
    return len(hashes) * sum(h not in common for h in sampled) / len(sampled) if sampled else len(hashes)


def _short(a: Sketch, b: Sketch) -> Relation:
    same = bool(a.digest) and (a.digest, a.title) == (b.digest, b.title)
    return Relation("COPY", 1000, 1000) if same else Relation("INDEPENDENT", 0, _agreement(a, b))


def _judged(containment: int, a: Sketch, b: Sketch, *, alike: float) -> Relation:
    """The relation; `alike` is the part of the longer text that the other one holds, whatever is common."""
    numbers, is_form = _agreement(a, b), _is_form(a, b)
    if 1000 * alike >= _BOUNDS["equal"] and not is_form:
        return Relation("COPY", max(containment, int(1000 * alike)), numbers)  # all of it, so its forms as well
    if containment >= _BOUNDS["derived"]:
        is_form = is_form and containment < _FIGURES["beyond"]
        kind: Kind = "SHARES" if is_form else "COPY" if containment >= _BOUNDS["copy"] else "DERIVED"
        return Relation(kind, containment, numbers)
    return Relation("SHARES" if containment >= _BOUNDS["shares"] else "INDEPENDENT", containment, numbers)


def _complete_to(sketch: Sketch) -> float:
    """The number up to which all hashes of a text were kept."""
    least = _SHAPE["smallest"]
    return sketch.kept[least - 1] if len(sketch.kept) >= least and sketch.shingles > least else math.inf


def _sampled(sketch: Sketch, bound: float) -> frozenset[int]:
    return frozenset(h for h in sketch.kept if h % _SHAPE["sample_modulus"] == 0 or h <= bound)


def _agreement(a: Sketch, b: Sketch) -> int:
    """How many of the contexts in both texts hold an equal figure, in thousandths; 1000 when there are too few."""
    told = [_agree(one, other) for one, other in _compared(a, b)]
    return 1000 * sum(told) // len(told) if len(told) >= _FIGURES["least"] else 1000


def _is_form(a: Sketch, b: Sketch) -> bool:
    """Whether the same words are filled with other figures: most of them, and in parts all over both texts."""
    differing = [pair for pair in _compared(a, b) if not _agree(*pair)]
    if len(differing) < _FIGURES["least"] or _agreement(a, b) >= _FIGURES["agreeing"]:
        return False
    spread = min(
        len({_part(figure) for figures in side for figure in figures}) for side in zip(*differing, strict=True)
    )
    return spread >= _FIGURES["spread"]


def _compared(a: Sketch, b: Sketch) -> Iterator[tuple[list[int], list[int]]]:
    """The figures of both texts that stand in the same words; several where a text repeats the words."""
    one, other = _by_context(a.figures), _by_context(b.figures)
    return ((one[context], other[context]) for context in one.keys() & other.keys())


def _by_context(figures: Sequence[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for figure in figures:
        found.setdefault(figure >> _WIDTH, []).append(figure)
    return found


def _agree(one: Sequence[int], other: Sequence[int]) -> bool:
    return not {_value(figure) for figure in one}.isdisjoint(map(_value, other))


def _value(figure: int) -> int:
    return figure & ((1 << _VALUE) - 1)


def _part(figure: int) -> int:
    """The eighth of the text in which a figure stands."""
    return (figure >> _VALUE & ((1 << _PLACE) - 1)) * _FIGURES["parts"] >> _PLACE


def _figures(words: Sequence[str]) -> Iterator[int]:
    """Each figure or date packed with the words around it and the place where it stands first."""
    masked = ["#" if word in _DATES or word.isdigit() else word for word in words]
    reach, found = _FIGURES["context_words"], dict[tuple[int, int], int]()
    for place, word in enumerate(masked):
        if word == "#":
            around = (*masked[max(0, place - reach) : place], "_", *masked[place + 1 : place + 1 + reach])
            value = _hash(words[place]) & ((1 << _VALUE) - 1)
            found.setdefault((_hash(" ".join(around)) >> _WIDTH, value), (place << _PLACE) // len(words))
    yield from ((context << _WIDTH) | (place << _VALUE) | value for (context, value), place in found.items())


def _whole(text: str) -> int:
    told = " ".join(text.split()).casefold()
    return _hash(told) if told else 0


def _hash(words: str) -> int:
    return int.from_bytes(blake2b(words.encode("utf-8", "replace"), digest_size=8).digest(), "big") - 2**63
