"""Fitting the weights of the score to what reviewers accepted and dismissed, openly: four numbers and a table. Pure.

Logistic regression whose weights are not negative, so that more of a part never counts against a document; a little
ridge keeps the weights finite. What is told of its quality is measured on verdicts it was not fitted to (five folds).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from riskreview.enrichment.scoring import SHIPPED, Weights

VERDICTS_LEAST, EACH_LEAST = 200, 50
BINS = 10
_FOLDS = 5
_RIDGE = 1.0  # as strong as the doubt of a handful of verdicts
_SWEEPS, _STILL = 500, 1e-7
_FARTHEST = 30.0

Row = tuple[float, ...]
Model = tuple[float, ...]


class TooFew(Exception):
    """There are not enough verdicts to learn from; the text says what is missing."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the parts of a suggestion were worth (0 to 1000, after the factor), and what a reviewer said."""

    text: int
    vendor: int
    signal: int
    accepted: bool

    @property
    def row(self) -> Row:
        """The parts from 0 to 1, after the constant."""
        return 1.0, self.text / 1000, self.vendor / 1000, self.signal / 1000


@dataclass(frozen=True, slots=True)
class Fitted:
    """Fitted weights in thousandths that add up to 1000, and how sure a score makes (all in thousandths).

    `reliability` has ten bins [from, to, verdicts, expected, accepted]; the last two are shares, 0 where there is
    nothing in the bin.
    """

    text_weight: int
    vendor_weight: int
    signal_weight: int
    intercept: int
    slope: int
    verdicts: int
    accepted: int
    brier: int
    shipped_brier: int
    reliability: list[list[int]]


def fit(verdicts: Sequence[Verdict]) -> Fitted:
    """Fit weights. Raises `TooFew` below 200 verdicts, or 50 of either kind, or where no part tells them apart."""
    accepted = sum(verdict.accepted for verdict in verdicts)
    _enough(len(verdicts), accepted)
    rows, said = [verdict.row for verdict in verdicts], [verdict.accepted for verdict in verdicts]
    intercept, *weights = regress(rows, said)
    if sum(weights) <= 0:
        raise TooFew("No part of the score tells what was accepted from what was dismissed.")
    expected = _out_of_fold(rows, said)
    text, vendor, signal = _whole(weights)
    return Fitted(
        text_weight=text,
        vendor_weight=vendor,
        signal_weight=signal,
        intercept=round(1000 * intercept),
        slope=round(1000 * sum(weights)),
        verdicts=len(verdicts),
        accepted=accepted,
        brier=brier(expected, said),
        shipped_brier=brier(_out_of_fold([_summed(row, SHIPPED) for row in rows], said), said),
        reliability=reliability(expected, said),
    )


def _enough(verdicts: int, accepted: int) -> None:
    if verdicts < VERDICTS_LEAST:
        raise TooFew(f"{verdicts} verdicts are on record; {VERDICTS_LEAST} are needed.")
    for count, kind in ((accepted, "accepted"), (verdicts - accepted, "dismissed")):
        if count < EACH_LEAST:
            raise TooFew(f"{count} were {kind}; {EACH_LEAST} of each are needed.")


def regress(rows: Sequence[Row], said: Sequence[bool]) -> Model:
    """The constant and the weights, not negative, that make the verdicts most likely, with a little ridge.

    One number after the other is moved to its best place (Newton's step, cut at 0), until all stand still.
    """
    model = [0.0] * len(rows[0])
    sums = [0.0] * len(rows)
    for _ in range(_SWEEPS):
        moved = 0.0
        for place in range(len(model)):
            step = _step(place, model[place], rows, sums, said)
            model[place] += step
            moved = max(moved, abs(step))
            sums = [total + step * row[place] for total, row in zip(sums, rows, strict=True)]
        if moved < _STILL:
            break
    return tuple(model)


def _step(place: int, now: float, rows: Sequence[Row], sums: Sequence[float], said: Sequence[bool]) -> float:
    ridge = _RIDGE if place else 0.0
    slope, bend = ridge * now, ridge + 1e-9
    for row, total, accepted in zip(rows, sums, said, strict=True):
        chance = logistic(total)
        slope += (chance - accepted) * row[place]
        bend += chance * (1 - chance) * row[place] ** 2
    step = max(-2.0, min(2.0, -slope / bend))
    return max(step, -now) if place else step


def logistic(total: float) -> float:
    """The chance that belongs to a sum of weights."""
    return 1 / (1 + math.exp(-max(-_FARTHEST, min(_FARTHEST, total))))


def _out_of_fold(rows: Sequence[Row], said: Sequence[bool]) -> list[float]:
    """The chance of each verdict by a model that was fitted to the other four fifths."""
    expected = [0.0] * len(rows)
    for fold in range(_FOLDS):
        kept = [place for place in range(len(rows)) if place % _FOLDS != fold]
        model = regress([rows[place] for place in kept], [said[place] for place in kept])
        for place in range(fold, len(rows), _FOLDS):
            expected[place] = logistic(sum(w * x for w, x in zip(model, rows[place], strict=True)))
    return expected


def _summed(row: Row, weights: Weights) -> Row:
    _, text, vendor, signal = row
    return 1.0, (weights.text * text + weights.vendor * vendor + weights.signal * signal) / 1000


def brier(expected: Sequence[float], said: Sequence[bool]) -> int:
    """The mean square of how far the chances were from what happened, in thousandths; 250 is a coin's."""
    return round(1000 * sum((chance - was) ** 2 for chance, was in zip(expected, said, strict=True)) / len(said))


def reliability(expected: Sequence[float], said: Sequence[bool]) -> list[list[int]]:
    """Ten bins of equal width: what was expected there, and what share was accepted."""
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for chance, was in zip(expected, said, strict=True):
        bins[min(BINS - 1, int(BINS * chance))].append((chance, was))
    return [
        [100 * place, 100 * (place + 1), len(held), *(_share([pair[side] for pair in held]) for side in (0, 1))]
        for place, held in enumerate(bins)
    ]


def _share(found: Sequence[float]) -> int:
    return round(1000 * sum(found) / len(found)) if found else 0


def _whole(weights: Sequence[float]) -> list[int]:
    """Thousandths that add up to 1000: the largest remainders are rounded up."""
    exact = [1000 * weight / sum(weights) for weight in weights]
    whole = [math.floor(each) for each in exact]
    by_remainder = sorted(range(len(exact)), key=lambda place: (whole[place] - exact[place], place))
    for place in by_remainder[: 1000 - sum(whole)]:
        whole[place] += 1
    return whole
