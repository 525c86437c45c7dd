"""Finding the names of vendors and products in text. Pure: no database, no settings, no clock.

Which hits are really about a vendor is decided later, from context: a hit says only that the name stands there.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import ahocorasick

from riskreview.vendors.tickers import Ticker, ticker_of, tickers_in

_CJK_FROM = "\u2e80"
_CAPITALS_MIN = 12
_FOLDED_MIN = 4

_SIZE = r"\d{1,4}(?:\.\d)?[BbMm]\b|\d{1,2}x\d{1,3}[Bb]\b"
_TIER = (
    r"Max|Plus|Turbo|Pro|Ultra|Nano|Flash|[Mm]ini|Lite|Large|Small|Medium|Opus|Sonnet|Haiku|Instant|VL|Coder|Math|"
    r"Instruct|Chat|[Pp]review|Thinking|Distill"
)
_SERIES = r"[RVK]\d(?:\.\d)?"
_NUMBER = r"\d{1,2}(?:\.\d{1,2}){0,2}[a-z]?"
_NOT_A_COUNT = r"(?!\s?(?:%|per\s?cent|percent|million|billion|trillion|thousand|hundred)|[\d,.]\d)"
_TAIL = rf"(?:[- ](?:{_SIZE}|(?:{_TIER})\b|{_SERIES}\b)|-\d{{2,4}}\b)"
# After a product or family name: a version with optional tail ("2.5-Max", "-3.1-405B"), or a tier ("Sonnet").
_AFTER_PRODUCT = re.compile(rf"(?:[- ]?{_NUMBER}(?!\w){_NOT_A_COUNT}{_TAIL}{{0,4}}|{_TAIL}{{1,4}})(?!\w)")
# After a family name that is also a common word: one plain digit, a decimal, or a tier, never "27".
_WEAK_NUMBER = r"(?:\d\.\d{1,2}|\d)[a-z]?"
_AFTER_WEAK_PRODUCT = re.compile(rf"(?:[- ]?{_WEAK_NUMBER}(?!\w){_NOT_A_COUNT}{_TAIL}{{0,4}}|{_TAIL}{{1,4}})(?!\w)")
# After a vendor name only what cannot be anything but a model: "-V3", " R1", " Coder", "-7B".
_AFTER_VENDOR = re.compile(rf"[- ](?:{_SERIES}\b|(?:Coder|Math|VL)\b|{_SIZE}){_TAIL}{{0,4}}(?!\w)")


class NameKind(StrEnum):
    """How far a name may be believed on sight.

    STRONG and PRODUCT are accepted wherever they stand; WEAK and PRODUCT_WEAK are also common words or personal names
    and need context; a TICKER counts only in the forms of stock symbols.
    """

    STRONG = "STRONG"
    PRODUCT = "PRODUCT"
    TICKER = "TICKER"
    WEAK = "WEAK"
    PRODUCT_WEAK = "PRODUCT_WEAK"


_ORDER = {kind: rank for rank, kind in enumerate(NameKind)}


@dataclass(frozen=True, slots=True)
class Name:
    """One spelling of a vendor or of one of its products.

    `vendor`, `product` and `alias` are the caller's own identifiers. `prior` (thousandths) is what a weak name is worth
    before its context is read; 0 leaves it to the shipped table. A TICKER's text is the symbol ("BABA"), or the symbol
    with its exchange ("NYSE: BABA") when only that listing is meant.
    """

    text: str
    kind: NameKind
    vendor: int
    product: int | None = None
    alias: int | None = None
    prior: int = 0


@dataclass(frozen=True, slots=True)
class Hit:
    """A name at [start, end) of the text, in code points.

    `product_key` names the product or model in one spelling ("qwen-2.5-max"), "" for a vendor's own name. `extended`
    is True when a version was read on beyond the name ("Qwen" at "Qwen 2.5-Max").
    """

    start: int
    end: int
    surface: str
    name: Name
    product_key: str = ""
    extended: bool = False


class Gazetteer:
    """All known names, ready to be looked for in one pass.

    `version` identifies the set of names. Of equal spellings the stronger kind wins, then the smaller vendor.
    """

    def __init__(self, names: Iterable[Name], version: str) -> None:
        self.version = version
        self._tickers: dict[str, list[tuple[Ticker, Name]]] = {}
        spelled: dict[str, Name] = {}
        for name in sorted(names, key=lambda n: (_ORDER[NameKind(n.kind)], n.vendor, n.product or 0, n.alias or 0)):
            if name.kind == NameKind.TICKER:
                ticker = ticker_of(name.text)
                self._tickers.setdefault(ticker.symbol, []).append((ticker, name))
            elif name.text:
                spelled.setdefault(name.text, name)
        self._exact = _Automaton(spelled)
        self._capitals = _Automaton(_capitals(spelled))

    def find(self, text: str) -> list[Hit]:
        """All hits in order, none overlapping: the longest at each place, then the stronger kind.

        Case counts, but in lines written all in capitals names are found too. Needs time linear in the text.
        """
        hits = [*self._exact.hits(text, 0), *self._in_capitals(text), *self._in_tickers(text)]
        hits.sort(key=lambda hit: (hit.start, hit.start - hit.end, _ORDER[NameKind(hit.name.kind)]))
        return list(_not_overlapping(hits))

    def _in_capitals(self, text: str) -> Iterator[Hit]:
        for line in re.finditer(r"[^\n]+", text):
            if line.group().isupper() and sum(map(str.isalpha, line.group())) >= _CAPITALS_MIN:
                yield from self._capitals.hits(line.group(), line.start())

    def _in_tickers(self, text: str) -> Iterator[Hit]:
        for start, end, ticker in tickers_in(text):
            for known, name in self._tickers.get(ticker.symbol, []):
                if ticker.means(known):
                    yield Hit(start, end, text[start:end], name)
                    break


class _Automaton:
    """Aho-Corasick over spellings; edges of words are checked here."""

    def __init__(self, spelled: dict[str, Name]) -> None:
        self._automaton = ahocorasick.Automaton()
        for spelling, name in spelled.items():
            self._automaton.add_word(spelling, (len(spelling), name))
        if spelled:
            self._automaton.make_automaton()
        self._empty = not spelled

    def hits(self, text: str, offset: int) -> Iterator[Hit]:
        if self._empty:
            return
        for last, (length, name) in self._automaton.iter(text):
            start, end = last + 1 - length, last + 1
            if _is_edge(text, start - 1, text[start]):
                yield from _hit(text, start, end, name, offset)


def _hit(text: str, start: int, end: int, name: Name, offset: int) -> Iterator[Hit]:
    version = _version_after(text, end, name)
    if version:
        surface = text[start:version]
        yield Hit(start + offset, version + offset, surface, name, product_key(surface, end - start), True)
    elif _is_edge(text, end, text[end - 1]):
        key = product_key(text[start:end]) if name.kind in (NameKind.PRODUCT, NameKind.PRODUCT_WEAK) else ""
        yield Hit(start + offset, end + offset, text[start:end], name, key)


def _version_after(text: str, end: int, name: Name) -> int | None:
    if name.kind == NameKind.PRODUCT:
        pattern = _AFTER_PRODUCT
    elif name.kind == NameKind.PRODUCT_WEAK and name.text.isalpha():
        pattern = _AFTER_WEAK_PRODUCT
    else:
        pattern = _AFTER_VENDOR
    match = pattern.match(text, end, end + 60)
    return match.end() if match else None


def product_key(surface: str, family: int | None = None) -> str:
    """One spelling for a product or model name: "Qwen 2.5-Max" and "Qwen2.5-Max" are `qwen-2.5-max`.

    `family` is the length of the family name at the start, after which a hyphen belongs; by default all the letters
    before a first digit.
    """
    if family is None:
        match = re.match(r"([^\W\d_]{2,})(?=\d)", surface)
        family = match.end() if match else len(surface)
    head, tail = surface[:family], surface[family:].lstrip("- ")
    joined = f"{head}-{tail}" if tail else head
    return re.sub(r"[\s\-]+", "-", joined).strip("-").lower()


def _is_edge(text: str, position: int, edge: str) -> bool:
    """True when the name ends cleanly: `position` is the neighbour of its character `edge`."""
    if not 0 <= position < len(text) or edge >= _CJK_FROM or not (edge.isalnum() or edge == "_"):
        return True
    neighbour = text[position]
    return neighbour >= _CJK_FROM or not (neighbour.isalnum() or neighbour == "_")


def _capitals(spelled: dict[str, Name]) -> dict[str, Name]:
    upper: dict[str, Name] = {}
    for spelling, name in spelled.items():
        if name.kind in (NameKind.STRONG, NameKind.PRODUCT) and len(spelling) >= _FOLDED_MIN:
            upper.setdefault(spelling.upper(), name)
    return upper


def _not_overlapping(hits: Sequence[Hit]) -> Iterator[Hit]:
    free_from = 0
    for hit in hits:
        if hit.start >= free_from:
            free_from = hit.end
            yield hit
