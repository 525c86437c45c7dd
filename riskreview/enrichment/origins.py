"""Whose text is this? Tells copies and reworked copies from independent reports. Pure.

Direct quotes are left out of the comparison: two independent reports of one speech share its quotes. Compared is the
share of the shorter text's five-word sequences that the other text holds as well.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import Literal

from riskreview.enrichment import rules
from riskreview.lib.text import normalise

Kind = Literal["COPY", "DERIVED", "SHARES", "INDEPENDENT"]

_DATA = rules.load("origins")
_SHAPE: dict[str, int] = _DATA["fingerprint"]
_BOUNDS: dict[str, int] = _DATA["relation"]
VERSION = "shingles-5, blake2b-64, mod 8, smallest 32"

_QUOTE_MAX = 800
_QUOTE_MARKS = re.compile('["“”]')
_WORD = re.compile("[a-z0-9]+")
_NUMBER = re.compile(r"\d[\d,.]*\d|\d")
_FURNITURE = rules.pattern(
    rf"\s{{0,8}}(?:{'|'.join(_DATA['furniture']['paragraphs'])})\s{{0,8}}$", "origins.toml [furniture]", re.IGNORECASE
)
_AGENCY_OF: dict[str, str] = {
    spelling: agency for agency, spellings in _DATA["agencies"].items() for spelling in spellings
}
_AGENCY = "|".join(sorted(map(re.escape, _AGENCY_OF), key=lambda spelling: (-len(spelling), spelling)))
_CREDITS = tuple(
    rules.pattern(_DATA["credit"][key].replace("{agency}", _AGENCY), f"origins.toml [credit] {key}", re.MULTILINE)
    for key in ("dateline", "byline", "closing", "copyright")
)
_REPORTING_BY = rules.pattern(_DATA["credit"]["reporting_by"], "origins.toml [credit] reporting_by")
_REPORTING_AGENCY: str = _DATA["credit"]["reporting_by_agency"]
_CREDIT_HEAD, _CREDIT_TAIL = 1_500, 2_500


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What is remembered of a text's wording.

    `hashes` are all its five-word sequences as signed 64-bit integers, `kept` the sorted few worth storing for finding
    candidates: those divisible by 8, and the 32 smallest. `numbers` are its figures, `digest` stands for the whole text
    and decides for texts too short to compare.
    """

    hashes: frozenset[int]
    kept: tuple[int, ...]
    numbers: frozenset[str]
    digest: int


@dataclass(frozen=True, slots=True)
class Relation:
    """How two texts relate; `containment` and `numbers` (overlap of figures) are in thousandths of the smaller side.

    COPY and DERIVED rest on one origin, SHARES is independent but has passages in common.
    """

    kind: Kind
    containment: int
    numbers: int


def fingerprint(text: str) -> Fingerprint:
    """The fingerprint of a text, in time linear in it; wording is compared in Latin letters and digits."""
    prose = _without_quotes(_without_furniture(normalise(text))).lower()
    words = _WORD.findall(prose)
    size = _SHAPE["shingle_words"]
    hashes = frozenset(_hash(" ".join(words[i : i + size])) for i in range(len(words) - size + 1))
    sampled = {h for h in hashes if h % _SHAPE["sample_modulus"] == 0}
    kept = sampled | set(sorted(hashes)[: _SHAPE["smallest"]])
    whole = _hash(" ".join(text.split()).casefold())
    return Fingerprint(hashes, tuple(sorted(kept)), frozenset(_NUMBER.findall(prose)), whole)


def relation(a: Fingerprint, b: Fingerprint) -> Relation:
    """How two texts relate. Texts of fewer than 25 sequences are copies when they are equal, else independent."""
    smaller = min(len(a.hashes), len(b.hashes))
    numbers = _overlap(a.numbers, b.numbers)
    if smaller < _SHAPE["least_shingles"]:
        same = a.digest == b.digest
        return Relation("COPY" if same else "INDEPENDENT", 1000 if same else 0, numbers)
    containment = 1000 * len(a.hashes & b.hashes) // smaller
    return Relation(_kind(containment, numbers, a, b), containment, numbers)


def credit(text: str) -> str:
    """The news agency a text credits as its author in a dateline, byline or closing line; "" for none."""
    for part in (text[:_CREDIT_HEAD], text[-_CREDIT_TAIL:]):
        for pattern in _CREDITS:
            match = pattern.search(part)
            if match:
                return _AGENCY_OF[match.group(1)]
    return _REPORTING_AGENCY if _REPORTING_BY.search(text[-_CREDIT_TAIL:]) else ""


def _kind(containment: int, numbers: int, a: Fingerprint, b: Fingerprint) -> Kind:
    if containment >= _BOUNDS["copy"]:
        return "COPY"
    if containment >= _BOUNDS["derived"]:
        counted = min(len(a.numbers), len(b.numbers)) >= _BOUNDS["numbers_least"]
        must_agree = counted and containment < _BOUNDS["numbers_needed_below"]
        return "SHARES" if must_agree and numbers < _BOUNDS["numbers_overlap"] else "DERIVED"
    return "SHARES" if containment >= _BOUNDS["shares"] else "INDEPENDENT"


def _overlap(a: frozenset[str], b: frozenset[str]) -> int:
    return 1000 * len(a & b) // min(len(a), len(b)) if a and b else 0


def _hash(words: str) -> int:
    return int.from_bytes(blake2b(words.encode("utf-8", "replace"), digest_size=8).digest(), "big") - 2**63


def _without_furniture(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if not _FURNITURE.match(line[:800]))


def _without_quotes(text: str) -> str:
    return "".join(_outside_quotes(text))


def _outside_quotes(text: str) -> Iterator[str]:
    """One walk over the quotation marks; a quote without an end, or over 800 characters long, is kept as prose."""
    marks = [(m.start(), m.group()) for m in _QUOTE_MARKS.finditer(text)]
    done = index = 0
    while index < len(marks) - 1:
        (start, opening), (end, closing) = marks[index], marks[index + 1]
        if closing == {'"': '"', "“": "”"}.get(opening) and end - start <= _QUOTE_MAX:
            yield text[done:start] + " "
            done = end + 1
            index += 1
        index += 1
    yield text[done:]
