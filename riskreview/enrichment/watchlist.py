"""All watched cases at once: which of them a document may matter to, without a full comparison with each. Pure.

Cases are found by their terms. For each one an upper bound of its score is computed first, as if every term stood in
the best passage; only where that reaches far enough is the passage looked for. The result is exactly that of comparing
the document with every case.
"""

from __future__ import annotations

import heapq
import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from riskreview.enrichment import scoring
from riskreview.enrichment.prepared import PreparedCase, Reading
from riskreview.enrichment.ranking import Scored, scored, signal_part, vendor_part
from riskreview.enrichment.scoring import SHIPPED, SHIPPED_BANDS, WITHOUT_VENDOR, Bands, Weights
from riskreview.enrichment.vectors import Background, Vector

MOST = 30  # cases that one document is proposed to
_ROUNDING = 3  # thousandths that whole numbers may hide in a raw likeness
_UNIT = 10_000_000  # of a point: a weight, a value and a factor in thousandths


class Watchlist:
    """Prepared cases, by their terms. Make it once and ask it for every document.

    `background` is the one the cases were prepared with.
    """

    def __init__(
        self,
        cases: Sequence[PreparedCase],
        background: Background,
        *,
        weights: Weights = SHIPPED,
        bands: Bands = SHIPPED_BANDS,
    ) -> None:
        self.cases = cases
        self.background, self.weights, self.bands = background, weights, bands
        self._first = list(itertools.accumulate((len(case.sides) for case in cases), initial=0))
        self._least = bands.weak * _UNIT - _UNIT // 2
        self._terms = _by_term(side for case in cases for _, side in case.sides)

    def rank(self, reading: Reading, most: int = MOST) -> list[tuple[PreparedCase, Scored]]:
        """The cases a document may matter to, best first, at most so many; those that do not fit are left out.

        Of equal scores the case that was given first goes before.
        """
        kept: list[tuple[int, int]] = []  # the best scores so far, smallest first, each with the place negated
        found: dict[int, Scored] = {}
        for bound, place in sorted(self._bounds(reading), key=lambda each: (-each[0], each[1])):
            if len(kept) == most and bound < kept[0][0]:
                break
            result = scored(reading, self.cases[place], self.background, weights=self.weights, bands=self.bands)
            if result.band != "HIDDEN":
                found[place] = result
                (heapq.heappushpop if len(kept) == most else heapq.heappush)(kept, (result.score, -place))
        return [(self.cases[-place], found[-place]) for _, place in sorted(kept, reverse=True)]

    def _bounds(self, reading: Reading) -> Iterator[tuple[int, int]]:
        """An upper bound of the score of each case that may be proposed, with its place."""
        likeness = self._likeness(_most_alike(reading))
        about = reading.salience.keys() | {vendor for signal in reading.signals for vendor in signal.vendors}
        rest = _Rest(reading)
        for place, case in enumerate(self.cases):
            asked = self.weights.asked(bool(case.categories))
            text = asked["text"] * self._text_bound(place, likeness)
            vendors = case.profile.vendors
            if vendors and about.isdisjoint(vendors):
                bound = text * WITHOUT_VENDOR
            else:
                bound = (text + rest.most(case, asked)) * 1000
            if bound >= self._least:
                yield bound // _UNIT + 1, place

    def _text_bound(self, place: int, likeness: Mapping[int, float]) -> int:
        """The largest value that the words can have for a case."""
        found = 0
        for number, (curve, _) in enumerate(self.cases[place].sides, start=self._first[place]):
            if number in likeness:
                total = round(1000 * likeness[number]) + _ROUNDING
                found = max(found, scoring.text_value(total, scoring.CURVES[curve]))
        return found

    def _likeness(self, vector: Vector) -> Mapping[int, float]:
        """The products of a vector with all sides that have a term in common with it, by the number of the side."""
        likeness: defaultdict[int, float] = defaultdict(float)
        for term, weight in vector.items():
            for number, given in self._terms.get(term, ()):
                likeness[number] += weight * given
        return likeness


class _Rest:
    """What vendors and kinds of risk give, told once for all cases that ask about the same."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._values: dict[tuple[frozenset[Any], ...], tuple[int, int]] = {}

    def most(self, case: PreparedCase, asked: Mapping[str, int]) -> int:
        """Their values by their weights."""
        key = (case.profile.vendors, case.categories, case.bodies)
        if key not in self._values:
            parts = vendor_part(self._reading, case), signal_part(self._reading, case)
            self._values[key] = (parts[0]["v"], parts[1]["v"])
        vendor, signal = self._values[key]
        return asked["vendor"] * vendor + asked["signal"] * signal


def _most_alike(reading: Reading) -> Vector:
    """The raw likeness to a side is at most the product with this: every term stands in the best passage."""
    shares = {key: share / 1000 for key, share in scoring.SHARES.items()}
    found: defaultdict[str, float] = defaultdict(float)
    vectors = {"document": reading.document, "lead": reading.lead, "passage": reading.passages.heaviest}
    for key, vector in vectors.items():
        for term, weight in vector.items():
            found[term] += shares[key] * weight
    return found


def _by_term(sides: Iterable[Vector]) -> dict[str, list[tuple[int, float]]]:
    found: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
    for number, side in enumerate(sides):
        for term, weight in side.items():
            found[term].append((number, weight))
    return dict(found)
