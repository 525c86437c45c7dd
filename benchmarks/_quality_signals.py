"""Signals: which kinds of risk a labelled sentence speaks of, concerning whom, and where the matter stands."""

from __future__ import annotations

import re
from collections.abc import Sequence

from benchmarks._quality_figures import Measured
from benchmarks._quality_labels import Register, Row
from riskreview.enrichment.analysis import analyse
from riskreview.enrichment.linking import read_names
from riskreview.enrichment.signals import Signal

PRECISION, RECALL, STATUS = "signals, precision", "signals, recall", "status, of signals found"
VENDORS = "exactly the vendors concerned, of signals found"
FIRST_WORD = "first trigger word"
NO_VENDOR = "signals that concern only vendors that are not on the register"

# The simple way: a few stems for each kind of risk. The first that occurs beside a vendor's name decides.
STEMS = {
    "security_review": "investigat|inquir|review|examin|scrutin|prob",
    "ban_restriction": "ban|block|forbid|prohibit|restrict",
    "account_action": "account|suspend",
    "data_exposure": "leak|expos|breach",
    "ip_distillation": "distil|copyright|pirat",
    "export_control": "export|embargo|sanction",
    "litigation_enforcement": "su(?:e|ed|ing)|lawsuit|fine|court|settle",
    "vulnerability_attack": "vulnerab|hack|attack|jailbreak|malware",
    "safety_harm": "harm|injur|death|suicid|crash",
    "misinformation_content": "misinformation|deepfake|fake|false|censor",
    "bias_discrimination": "bias|discriminat|racis",
    "surveillance_misuse": "surveil|facial|spy|track",
    "model_release": "releas|launch|unveil|version",
    "pricing": "pric|discount|cheap",
    "investment_ma": "invest|acqui|stake|buy|bought",
    "energy_infrastructure": "data cent|power|grid|energy",
    "market_move": "share|stock",
    "performance_claim": "outperform|beat|benchmark|faster",
    "governance_policy": "policy|board|guideline|law|regulat",
}
_STEMS = re.compile("|".join(rf"(?P<{key}>\b(?:{stems}))" for key, stems in STEMS.items()), re.IGNORECASE)


def measure(rows: Sequence[Row], register: Register) -> Measured:
    """A signal is found where the category is right and at least one vendor concerned is among its vendors.

    Rows that say nothing of vendors are judged by category alone.
    """
    measured = Measured()
    for row in rows:
        wanted = _wanted(measured, row, register)
        _judge(measured, row, register, wanted, _found(row, register))
        first = _first_word(row, register)
        _tell(measured, f" | {FIRST_WORD}", sum(key in wanted for key in first), len(first), len(wanted))
    return measured


def _wanted(measured: Measured, row: Row, register: Register) -> dict[str, tuple[str, frozenset[int] | None]]:
    """Labelled status and vendors by category, without those that concern nobody on the register."""
    wanted: dict[str, tuple[str, frozenset[int] | None]] = {}
    for label in row["signals"]:
        vendors = register.among(label["vendors"]) if "vendors" in label else None
        if vendors is not None and not vendors:
            measured.left_out[NO_VENDOR] += 1
        else:
            wanted[label["category"]] = label["status"].upper(), vendors
    return wanted


def _found(row: Row, register: Register) -> dict[str, Signal]:
    """The signals of the judged sentence by category."""
    analysis = analyse("", row["text"], register.gazetteer)
    start, end = row.get("sentence") or (0, len(row["text"]))
    return {each.category: each for each in analysis.signals if start <= each.start < end}


def _judge(
    measured: Measured, row: Row, register: Register, wanted: dict[str, tuple[str, frozenset[int] | None]],
    found: dict[str, Signal],
) -> None:  # fmt: skip
    hits = [
        key
        for key, (_, vendors) in wanted.items()
        if key in found and (vendors is None or found[key].vendors & vendors)
    ]
    _tell(measured, "", len(hits), len(found), len(wanted))
    for key in hits:
        status, vendors = wanted[key]
        measured.count(STATUS, found[key].status == status)
        if vendors is not None:
            measured.count(VENDORS, found[key].vendors == vendors)
        if found[key].status != status:
            measured.wrong(f"{row.get('id', '')} {key} is {status}, not {found[key].status}: {row['text']}")
    for key in sorted({*wanted, *found} - {*hits}):
        what = "not found" if key not in found else "not labelled" if key not in wanted else "of other vendors"
        measured.wrong(f"{row.get('id', '')} {key} {what}: {row['text']}")


def _tell(measured: Measured, method: str, right: int, found: int, wanted: int) -> None:
    if found:
        measured.count(PRECISION + method, right, found)
    if wanted:
        measured.count(RECALL + method, right, wanted)


def _first_word(row: Row, register: Register) -> list[str]:
    start, end = row.get("sentence") or (0, len(row["text"]))
    names = read_names(row["text"], "", register.gazetteer)
    match = _STEMS.search(row["text"], start, end)
    return [str(match.lastgroup)] if match and names.mentions else []
