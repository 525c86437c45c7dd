"""How well a document answers the question of a case, with the reasons and the passage that matters. Pure.

The score (0 to 100) is the sum of three parts, kept with the result so that a reader can add them up: how alike the
words are, whether the text is about the case's vendors, and whether it speaks of the risks the case asks about.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from riskreview.enrichment import scoring
from riskreview.enrichment.categories import CATEGORIES
from riskreview.enrichment.prepared import CaseProfile, PreparedCase, Reading, Span, prepare, read
from riskreview.enrichment.reasons import reasons
from riskreview.enrichment.scoring import (
    SHIPPED,
    SHIPPED_BANDS,
    VERSION,
    WITHOUT_VENDOR,
    Band,
    Bands,
    Weights,
    recomputed,
)
from riskreview.enrichment.signals import Signal
from riskreview.enrichment.vectors import Background, Vector, cosine, shipped_background

__all__ = [
    "VERSION", "Background", "Bands", "CaseProfile", "Reading", "Scored", "Weights", "read", "recomputed", "scored",
    "shipped_background", "suggest",
]  # fmt: skip

_TERMS_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Scored:
    """A score with everything that led to it.

    `parts` holds integers only (thousandths but for the points): per part its weight `w`, value `v` and `points`, which
    add up to the score, with what each value was computed from: `recomputed(parts)` is the score again. `excerpt` is
    the span of the passage, one or two sentences; (0, 0) for an empty text.
    """

    score: int
    band: Band
    parts: dict[str, Any]
    reasons: tuple[str, ...]
    excerpt: Span


def suggest(
    reading: Reading,
    case: CaseProfile,
    background: Background,
    *,
    weights: Weights = SHIPPED,
    bands: Bands = SHIPPED_BANDS,
) -> Scored:
    """Scores a document for a case.

    A case without categories is judged by words and vendors alone. Where none of the case's vendors is found, only
    three tenths of the score remain.
    """
    return scored(reading, prepare(case, background), background, weights=weights, bands=bands)


def scored(
    reading: Reading, case: PreparedCase, background: Background, *, weights: Weights, bands: Bands = SHIPPED_BANDS
) -> Scored:
    """Scores a document for a case that was made ready."""
    text, excerpt = _text_part(reading, case)
    vendor, signal = vendor_part(reading, case), signal_part(reading, case)
    asked = weights.asked(bool(case.categories))
    factor = 1000 if vendor["v"] or not case.profile.vendors else WITHOUT_VENDOR
    found = {"text": text, "vendor": vendor, "signal": signal}
    score, points = scoring.points({key: part["v"] for key, part in found.items()}, asked, factor)
    parts = {
        "version": VERSION,
        "weights": weights.version,
        "background": background.version,
        "score": score,
        "factor": factor,
        **{key: {"w": asked[key], "points": points[key], **part} for key, part in found.items()},
    }
    return Scored(score, bands.of(score), parts, reasons(parts, bool(case.profile.vendors)), excerpt)


def _text_part(reading: Reading, case: PreparedCase) -> tuple[dict[str, Any], Span]:
    found = [(curve, side, reading.passages.best(side)) for curve, side in case.sides]
    best = max((_likeness(reading, *each) for each in found), key=lambda part: int(part["v"]))
    # The passage shown answers the question of the case, whichever side the likeness came from.
    start, end, _ = found[0][2]
    return best | {"terms": _shared(reading.document, case)}, (start, end)


def _likeness(reading: Reading, curve: str, side: Vector, passage: tuple[int, int, float]) -> dict[str, Any]:
    exact = {
        "document": cosine(reading.document, side),
        "passage": passage[2],
        "lead": cosine(reading.lead, side),
    }
    return scoring.measured(curve, {key: round(1000 * number) for key, number in exact.items()})


def _shared(document: Vector, case: PreparedCase) -> list[list[Any]]:
    shared = {term: weight * document[term] for term, weight in case.question.items() if term in document}
    heaviest = sorted(shared.items(), key=lambda item: (-item[1], item[0]))[:_TERMS_SHOWN]
    return [[case.written[term], round(1000 * weight)] for term, weight in heaviest]


def vendor_part(reading: Reading, case: PreparedCase) -> dict[str, Any]:
    """Which of the case's vendors the document is about, and how much."""
    vendors = case.profile.vendors
    shared = {str(vendor): reading.salience[vendor] for vendor in sorted(vendors) if reading.salience.get(vendor)}
    return {"v": scoring.vendor_value(shared.values(), len(vendors)), "vendors": shared, "of": len(vendors)}


def signal_part(reading: Reading, case: PreparedCase) -> dict[str, Any]:
    """The kinds of risk the case asks about that are found with one of its vendors, heaviest first.

    A public body named both by the case and in the sentence of a signal makes that signal fill the part alone.
    """
    enough = scoring.enough(len(case.categories))
    weight: dict[str, int] = {}
    statuses: dict[str, str] = {}
    bodies: set[str] = set()
    for signal in reading.signals:
        if signal.category in case.categories and signal.vendors & case.profile.vendors:
            named = case.bodies & reading.bodies[signal.sentence]
            bodies |= named
            value = 1000 * enough if named else _value(signal)
            if value > weight.get(signal.category, -1):
                weight[signal.category], statuses[signal.category] = value, signal.status
    ranked = dict(sorted(weight.items(), key=lambda item: (-item[1], item[0])))
    value = scoring.signal_value(ranked.values(), enough)
    return {"v": value, "categories": ranked, "enough": enough, "statuses": statuses, "bodies": sorted(bodies)}


def _value(signal: Signal) -> int:
    return scoring.category_value(CATEGORIES[signal.category].weight, signal.scope, signal.status)
