"""How well a document answers the question of a case, with the reasons and the passage that matters. Pure.

The score (0 to 100) is the sum of three parts, kept with the result so that a reader can add them up: how alike the
words are, whether the text is about the case's vendors, and whether it speaks of the risks the case asks about.
"""

import itertools
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from riskreview.enrichment.linking import Found
from riskreview.enrichment.linking import salience as salience_of
from riskreview.enrichment.signals import CATEGORIES, Signal, signals
from riskreview.enrichment.vectors import Background, Vector, cosine, shipped_background, spellings, tokens, vector
from riskreview.lib.text import sentences

__all__ = ["VERSION", "Background", "CaseProfile", "Reading", "Scored", "read", "shipped_background", "suggest"]

VERSION = "match-2"

Window = tuple[int, int, Vector]
Band = Literal["SUGGESTED", "WEAK", "HIDDEN"]

_SUGGESTED_FROM, _WEAK_FROM = 60, 35
_WEIGHTS = {"text": 400, "vendor": 250, "signal": 350}
_WITHOUT_VENDOR = 300
_PASSAGE, _LEAD = 0.5, 0.25
_LEAD_TOKENS = 50
_CURVES = {"cold": (-3.85, 10.0), "warm": (-6.0, 12.0)}
_PREVIOUS_SCOPE = 700
_BODY_NAME = re.compile(r"[A-Z][a-zà-ÿ]+(?:\s(?:of|for|and|on)(?:\sthe)?)?(?:\s[A-Z][a-zà-ÿ]+){1,4}")
_SENTENCES_MAX = 400
_STATEMENT_END = re.compile("[.!?…。！？][\"'’”»)]{0,2}$")
_TERMS_SHOWN = 6


@dataclass(frozen=True, slots=True)
class CaseProfile:
    """What is known about a case: its question in words, its vendors, the kinds of risk it asks about.

    `categories` are keys of signals.CATEGORIES; others are ignored. `evidence` are texts already accepted for the case.
    """

    id: Any
    title: str
    summary: str
    vendors: frozenset[int]
    categories: frozenset[str] = frozenset()
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """A document prepared once for comparison with many cases. Make it with `read`."""

    title: str
    text: str
    salience: Mapping[int, int]
    sentences: Sequence[tuple[int, int]]
    signals: Sequence[Signal]
    document: Vector
    lead: Vector
    windows: Sequence[Window] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Scored:
    """A score with everything that led to it.

    `parts` holds integers only (thousandths but for the points): per part its weight `w`, value `v` and `points`, which
    add up to the score. `excerpt` is the span of the passage, one or two sentences; (0, 0) for an empty text.
    """

    score: int
    band: Band
    parts: dict[str, Any]
    reasons: tuple[str, ...]
    excerpt: tuple[int, int]


def read(
    title: str, text: str, found: Sequence[Found], background: Background, *, title_found: Sequence[Found] = ()
) -> Reading:
    """Prepares a document: vectors of the whole, of its start and of every one or two neighbouring sentences.

    `found` are the mentions of the text, `title_found` those of the title. Passages are looked for in the first 400
    sentences.
    """
    spans = sentences(text)
    terms = [tokens(text[start:end]) for start, end in spans]
    flat = list(itertools.chain.from_iterable(terms))
    head = tokens(title)
    return Reading(
        title=title,
        text=text,
        salience=salience_of(found, text, title_found),
        sentences=spans,
        signals=signals(text, spans, found),
        document=vector(head + flat, background),
        lead=vector(head + flat[:_LEAD_TOKENS], background),
        windows=_windows(*_statements(text, spans[:_SENTENCES_MAX], terms), background),
    )


def suggest(reading: Reading, case: CaseProfile, background: Background) -> Scored:
    """Scores a document for a case.

    A case without categories is judged by words and vendors alone. Where none of the case's vendors is found, only
    three tenths of the score remain.
    """
    text = _text_part(reading, case, background)
    vendor = _vendor_part(reading, case)
    signal = _signal_part(reading, case, text["excerpt"])
    weights = _weights(case)
    found = 1000 if vendor["v"] or not case.vendors else _WITHOUT_VENDOR
    score, points = _points({"text": text["v"], "vendor": vendor["v"], "signal": signal["v"]}, weights, found)
    excerpt = text.pop("excerpt")
    parts = {
        "version": VERSION,
        "score": score,
        "factor": found,
        "text": {"w": weights["text"], "points": points["text"], **text},
        "vendor": {"w": weights["vendor"], "points": points["vendor"], **vendor},
        "signal": {"w": weights["signal"], "points": points["signal"], **signal},
    }
    band: Band = "SUGGESTED" if score >= _SUGGESTED_FROM else "WEAK" if score >= _WEAK_FROM else "HIDDEN"
    return Scored(score, band, parts, tuple(_reasons(parts, case)), excerpt)


def _statements(
    text: str, spans: Sequence[tuple[int, int]], terms: Sequence[list[str]]
) -> tuple[Sequence[tuple[int, int]], Sequence[list[str]]]:
    """The sentences that can be cited: headings and labels are left out, unless there is nothing else."""
    kept = [i for i, (start, end) in enumerate(spans) if _STATEMENT_END.search(text[max(start, end - 3) : end])]
    return ([spans[i] for i in kept], [terms[i] for i in kept]) if kept else (spans, terms)


def _windows(spans: Sequence[tuple[int, int]], terms: Sequence[list[str]], background: Background) -> list[Window]:
    single: list[Window] = [(start, end, vector(terms[i], background)) for i, (start, end) in enumerate(spans)]
    double: list[Window] = [
        (spans[i][0], spans[i + 1][1], vector(terms[i] + terms[i + 1], background)) for i in range(len(spans) - 1)
    ]
    return single + double


def _text_part(reading: Reading, case: CaseProfile, background: Background) -> dict[str, Any]:
    question = vector(tokens(f"{case.title} {case.title} {case.summary}"), background)
    sides = [("cold", question), *(("warm", vector(tokens(text), background)) for text in case.evidence)]
    best = max((_likeness(reading, side, curve) for curve, side in sides), key=lambda part: part["v"])
    # The passage shown answers the question of the case, whichever side the likeness came from.
    start, end, _ = _passage(reading, question)
    shared = {term: w * question[term] for term, w in reading.document.items() if term in question}
    heaviest = sorted(shared.items(), key=lambda item: (-item[1], item[0]))[:_TERMS_SHOWN]
    written = spellings(f"{case.title} {case.summary}")
    terms = [[written[term], round(1000 * weight)] for term, weight in heaviest]
    return best | {"terms": terms, "excerpt": (start, end)}


def _likeness(reading: Reading, side: Vector, curve: str) -> dict[str, Any]:
    document, lead = cosine(reading.document, side), cosine(reading.lead, side)
    passage = _passage(reading, side)[2]
    raw = document + _PASSAGE * passage + _LEAD * lead
    a, b = _CURVES[curve]
    value = 1 / (1 + math.exp(-(a + b * raw))) if raw else 0.0
    numbers = {"v": value, "raw": raw, "document": document, "passage": passage, "lead": lead}
    return {"curve": curve} | {key: round(1000 * number) for key, number in numbers.items()}


def _passage(reading: Reading, side: Vector) -> tuple[int, int, float]:
    best = (0, 0, 0.0)
    for start, end, window in reading.windows:
        likeness = cosine(window, side)
        if likeness > best[2] or best[1] == 0:
            best = (start, end, likeness)
    return best


def _vendor_part(reading: Reading, case: CaseProfile) -> dict[str, Any]:
    shared = {vendor: reading.salience[vendor] for vendor in sorted(case.vendors) if reading.salience.get(vendor)}
    value = max(shared.values(), default=0) * len(shared) // max(1, len(case.vendors))
    return {"v": value, "vendors": {str(vendor): part for vendor, part in shared.items()}, "of": len(case.vendors)}


def _signal_part(reading: Reading, case: CaseProfile, excerpt: tuple[int, int]) -> dict[str, Any]:
    """The heaviest category found with a shared vendor, and half of each further one.

    An official body named both by the case and in the sentence of a signal makes that signal count in full.
    """
    weight: dict[str, int] = {}
    bodies: set[str] = set()
    asked = _bodies(f"{case.title}. {case.summary}")
    for signal in reading.signals:
        if signal.category not in case.categories or not signal.vendors & case.vendors:
            continue
        start, end = reading.sentences[signal.sentence]
        named = asked & _bodies(reading.text[start:end])
        bodies |= named
        scope = 1000 if signal.scope == "SENTENCE" else _PREVIOUS_SCOPE
        value = 1000 if named else CATEGORIES[signal.category].weight * scope // 1000
        weight[signal.category] = max(weight.get(signal.category, 0), value)
    ranked = sorted(weight.items(), key=lambda item: (-item[1], item[0]))
    total = sum(value if rank == 0 else value // 2 for rank, (_, value) in enumerate(ranked))
    return {"v": min(1000, total), "categories": dict(ranked), "bodies": sorted(bodies)}


def _bodies(text: str) -> set[str]:
    return {" ".join(name.split()).removeprefix("The ") for name in _BODY_NAME.findall(text)}


def _weights(case: CaseProfile) -> dict[str, int]:
    if case.categories & CATEGORIES.keys():
        return _WEIGHTS
    # Whole points, so that no part can be shown with more than it can give.
    text = 10 * round(100 * _WEIGHTS["text"] / (_WEIGHTS["text"] + _WEIGHTS["vendor"]))
    return {"text": text, "vendor": 1000 - text, "signal": 0}


def _points(values: Mapping[str, int], weights: Mapping[str, int], factor: int) -> tuple[int, dict[str, int]]:
    """The score and the points of each part, whole numbers that add up: the largest remainders are rounded up."""
    exact = {part: weights[part] * value * factor for part, value in values.items()}
    unit = 10_000_000
    score = (sum(exact.values()) + unit // 2) // unit
    points = {part: amount // unit for part, amount in exact.items()}
    by_remainder = sorted(exact, key=lambda part: (-(exact[part] % unit), part))
    for part in by_remainder[: score - sum(points.values())]:
        points[part] += 1
    return score, points


def _reasons(parts: Mapping[str, Any], case: CaseProfile) -> list[str]:
    text, vendor, signal = parts["text"], parts["vendor"], parts["signal"]
    reasons = []
    if text["terms"]:
        words = ", ".join(term for term, _ in text["terms"])
        reasons.append(f"Words in common with the case: {words} ({text['points']} of {_of(text)} points).")
    if vendor["vendors"]:
        share = f"{len(vendor['vendors'])} of {vendor['of']}"
        reasons.append(f"Vendors of the case found: {share} ({vendor['points']} of {_of(vendor)} points).")
    elif case.vendors:
        reasons.append("No vendor of the case is named, so only three tenths of the score count.")
    if signal["categories"]:
        labels = ", ".join(CATEGORIES[key].label for key in signal["categories"])
        reasons.append(f"Speaks of what the case asks about: {labels} ({signal['points']} of {_of(signal)} points).")
    if signal["bodies"]:
        reasons.append(f"Names the same body as the case: {', '.join(signal['bodies'])}.")
    return reasons


def _of(part: Mapping[str, int]) -> int:
    return round(part["w"] / 10)
