"""A score in words: which parts gave how many points, and what they rest on. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from riskreview.enrichment.agencies import AGENCIES
from riskreview.enrichment.categories import CATEGORIES
from riskreview.enrichment.scoring import PARTS, recomputed

_ALIKE = ("document", "passage", "lead")
_NAMES = {"text": "words", "vendor": "vendors", "signal": "risks"}


def reasons(parts: Mapping[str, Any], has_vendors: bool) -> tuple[str, ...]:
    """The reasons for a score as sentences, the heaviest part of the formula first."""
    text, vendor, signal = (parts[part] for part in PARTS)
    told = []
    if text["terms"]:
        words = ", ".join(term for term, _ in text["terms"])
        told.append(f"Words in common with the case: {words} ({_given(text)}).")
    if text["curve"] == "warm":
        told.append("More like a document that was accepted for the case than like its question.")
    if vendor["vendors"]:
        told.append(f"Vendors of the case found: {len(vendor['vendors'])} of {vendor['of']} ({_given(vendor)}).")
    elif has_vendors:
        told.append("No vendor of the case is named, so only three tenths of the score count.")
    if signal["categories"]:
        told.append(f"Speaks of what the case asks about: {_kinds(signal)} ({_given(signal)}).")
    if signal["bodies"]:
        names = ", ".join(sorted(AGENCIES[key].name for key in signal["bodies"]))
        told.append(f"Names the same body as the case: {names}.")
    return tuple(told)


def sum_told(parts: Mapping[str, Any]) -> str:
    """The sum that is the score, "36 words + 25 vendors + 35 risks = 96"; "" where an earlier version kept too little.

    The total is computed anew from what was measured, not read from the stored score.
    """
    try:
        total = recomputed(parts)
        summands = [f"{parts[part]['points']} {_NAMES[part]}" for part in PARTS if parts[part]["w"]]
    except (KeyError, TypeError):
        return ""
    return f"{' + '.join(summands)} = {total}"


def steps_told(parts: Mapping[str, Any]) -> tuple[str, ...]:
    """The computation step by step, with the numbers that were kept, so that it can be done again by hand.

    Empty where an earlier version kept too little.
    """
    if not sum_told(parts):
        return ()
    text, vendor, signal = (parts[part] for part in PARTS)
    alike = " + ".join(f"{text['shares'][key] / 1000:g} x {text[key]}" for key in _ALIKE)
    found = " + ".join(str(value) for value in signal["categories"].values()) or "0"
    largest = max(vendor["vendors"].values(), default=0)
    curve = f"1000 / (1 + exp(-({text['a']} + {text['b']} x {text['raw']} / 1000) / 1000))"
    steps = (
        f"Words: whole, passage, start: {alike} = {text['raw']}; on the curve {curve} = {text['v']}",
        f"Vendors: largest salience {largest} x {len(vendor['vendors'])} of {max(1, vendor['of'])} = {vendor['v']}",
        f"Risks: ({found}) / {signal['enough']}, at most 1000 = {signal['v']}",
    )
    products = " + ".join(f"{parts[part]['w']} x {parts[part]['v']}" for part in PARTS)
    return (*steps, f"Score: ({products}) x {parts['factor'] / 1000:g} / 10,000 = {recomputed(parts)}")


def status_told(status: str) -> str:
    """Where a matter stands, in a word for people; "" where it is simply asserted."""
    return {"ALLEGED": "alleged", "DENIED": "denied", "PROPOSED": "proposed"}.get(status, "")


def _kinds(signal: Mapping[str, Any]) -> str:
    statuses = signal["statuses"]
    told = ((CATEGORIES[key].label, status_told(statuses.get(key, ""))) for key in signal["categories"])
    return ", ".join(f"{label} [{status}]" if status else label for label, status in told)


def _given(part: Mapping[str, int]) -> str:
    return f"{part['points']} of {round(part['w'] / 10)} points"
