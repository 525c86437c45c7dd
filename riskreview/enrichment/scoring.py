"""The arithmetic of a score: how its parts become points, and the same sum again from what was stored. Pure.

All numbers are integers: thousandths, but for points and the score itself, which are of 100.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from riskreview.enrichment import rules

Band = Literal["SUGGESTED", "WEAK", "HIDDEN"]
PARTS = ("text", "vendor", "signal")

_DATA = rules.load("relevance")
VERSION: str = _DATA["version"]
WITHOUT_VENDOR: int = _DATA["without_vendor"]
SHARES: dict[str, int] = {key: _DATA["likeness"][key] for key in ("document", "passage", "lead")}
CURVES: dict[str, dict[str, int]] = _DATA["curve"]
SCOPES: dict[str, int] = {key.upper(): _DATA["signal"][key] for key in ("sentence", "previous", "channel")}
STATUSES: dict[str, int] = {key.upper(): value for key, value in _DATA["status"].items()}
_MOST: int = _DATA["signal"]["most"]
_LEAST: int = _DATA["signal"]["least"]
_FULL = 1000


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each part may give, in thousandths; together 1000. `version` names them in every score."""

    version: str
    text: int
    vendor: int
    signal: int

    def __post_init__(self) -> None:
        if min(self.text, self.vendor, self.signal) < 0 or self.text + self.vendor + self.signal != _FULL:
            raise ValueError("Weights are not negative and add up to 1000.")

    def asked(self, signals_count: bool) -> dict[str, int]:
        """The weights for a case, where those that ask about no kind of risk are judged by words and vendors alone."""
        if signals_count or not self.text + self.vendor:
            return {"text": self.text, "vendor": self.vendor, "signal": self.signal}
        # Whole points, so that no part can be shown with more than it can give.
        text = 10 * round(100 * self.text / (self.text + self.vendor))
        return {"text": text, "vendor": _FULL - text, "signal": 0}


@dataclass(frozen=True, slots=True)
class Bands:
    """From which score a document is suggested, and from which it is listed as weak."""

    suggested: int = _DATA["bands"]["suggested"]
    weak: int = _DATA["bands"]["weak"]

    def of(self, score: int) -> Band:
        """The band of a score."""
        return "SUGGESTED" if score >= self.suggested else "WEAK" if score >= self.weak else "HIDDEN"


SHIPPED = Weights(**_DATA["weights"])
SHIPPED_BANDS = Bands()


def raw(shares: Mapping[str, int], likeness: Mapping[str, int]) -> int:
    """The raw likeness: that of the whole, the best passage and the start, each by its share."""
    return round(sum(share * likeness[key] for key, share in shares.items()) / _FULL)


def text_value(raw_likeness: int, curve: Mapping[str, int]) -> int:
    """A raw likeness on the scale from 0 to 1000, by a logistic curve; nothing in common is 0."""
    if not raw_likeness:
        return 0
    return round(_FULL / (1 + math.exp(-(curve["a"] + curve["b"] * raw_likeness / _FULL) / _FULL)))


def vendor_value(salience: Iterable[int], asked: int) -> int:
    """The largest salience of a vendor of the case, by the share of the case's vendors that are found."""
    found = list(salience)
    return max(found, default=0) * len(found) // max(1, asked)


def signal_value(categories: Iterable[int], enough: int) -> int:
    """The kinds of risk found, by how many are enough."""
    return min(_FULL, sum(categories) // max(1, enough))


def enough(asked: int) -> int:
    """How many kinds of risk fill the part, where the case asks about so many."""
    return max(1, min(_MOST, asked))


def category_value(weight: int, scope: str, status: str) -> int:
    """What one kind of risk counts: by its own weight, where its vendors were found, and where the matter stands."""
    own = _LEAST + (_FULL - _LEAST) * weight // _FULL
    return own * SCOPES[scope] * STATUSES[status] // (_FULL * _FULL)


def points(values: Mapping[str, int], weights: Mapping[str, int], factor: int) -> tuple[int, dict[str, int]]:
    """The score and the points of each part, whole numbers that add up: the largest remainders are rounded up."""
    exact = {part: weights[part] * value * factor for part, value in values.items()}
    unit = 10_000_000
    score = (sum(exact.values()) + unit // 2) // unit
    given = {part: amount // unit for part, amount in exact.items()}
    by_remainder = sorted(exact, key=lambda part: (-(exact[part] % unit), part))
    for part in by_remainder[: score - sum(given.values())]:
        given[part] += 1
    return score, given


def recomputed(parts: Mapping[str, Any]) -> int:
    """The score again, from the stored parts alone: what was measured, the weights and the curve, nothing else.

    Raises `KeyError` for parts that an earlier version stored with less in them.
    """
    text, vendor, signal = (parts[part] for part in PARTS)
    values = {
        "text": text_value(raw(text["shares"], text), text),
        "vendor": vendor_value(vendor["vendors"].values(), vendor["of"]),
        "signal": signal_value(signal["categories"].values(), signal["enough"]),
    }
    return points(values, {part: parts[part]["w"] for part in PARTS}, parts["factor"])[0]


def measured(curve: str, likeness: Mapping[str, int]) -> dict[str, Any]:
    """The part of the words with all that its value is computed from."""
    total = raw(SHARES, likeness)
    given = CURVES[curve]
    return {"curve": curve, **given, "v": text_value(total, given), "raw": total, "shares": dict(SHARES), **likeness}
