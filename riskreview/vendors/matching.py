"""Finding the names of vendors and products in text. Pure: no database, no settings, no clock.

Which hits are really about a vendor is decided later, from context: a hit says only that the name stands there.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from riskreview.lib.spelled import Spellings, ends
from riskreview.lib.text import sentences

from .tickers import Ticker, bare_symbols, ticker_of, tickers_in
from .versions import AFTER_PRODUCT, AFTER_VENDOR, AFTER_WEAK_PRODUCT, product_key, version_end

__all__ = ["Gazetteer", "Hit", "Listing", "Name", "NameKind", "in_capitals", "listed", "product_key"]

Span = tuple[int, int]
_CAPITALS_MIN = 12
_FOLDED_MIN = 4


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
_PRODUCTS = (NameKind.PRODUCT, NameKind.PRODUCT_WEAK)


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
    is True when a version was read on beyond the name ("Qwen" at "Qwen 2.5-Max"); `capitals` when it was found only
    because the sentence is written in capitals.
    """

    start: int
    end: int
    surface: str
    name: Name
    product_key: str = ""
    extended: bool = False
    capitals: bool = False

    @property
    def rank(self) -> int:
        """Of two hits at one place the smaller is the stronger."""
        return _ORDER[self.name.kind]


@dataclass(frozen=True, slots=True)
class Listing:
    """A stock symbol at [start, end), with the name it is registered as, None for one that nobody registered."""

    start: int
    end: int
    ticker: Ticker
    name: Name | None


class Gazetteer:
    """All known names, ready to be looked for in one pass.

    `version` identifies the set of names. Of equal spellings the stronger kind wins, then the smaller vendor.
    """

    def __init__(self, names: Iterable[Name], version: str) -> None:
        self.version = version
        self._tickers: dict[str, list[tuple[Ticker, Name]]] = {}
        self._spelled: dict[str, Name] = {}
        for name in sorted(names, key=lambda n: (_ORDER[NameKind(n.kind)], n.vendor, n.product or 0, n.alias or 0)):
            if name.kind == NameKind.TICKER:
                ticker = ticker_of(name.text)
                self._tickers.setdefault(ticker.symbol, []).append((ticker, name))
            elif name.text:
                self._spelled.setdefault(name.text, name)
        self._keys = frozenset(product_key(text) for text, name in self._spelled.items() if name.kind in _PRODUCTS)
        self._words = frozenset(text.upper() for text in self._spelled)
        self._exact = Spellings(self._spelled)
        self._capitals = Spellings(_capitals(self._spelled))

    def find(self, text: str) -> list[Hit]:
        """All hits in order, none overlapping: the longest at each place, then the stronger kind.

        Case counts, but in sentences written all in capitals names are found too. Needs time linear in the text.
        """
        hits = self.hits(text, in_capitals(text, sentences(text)))
        hits += [hit for listing in self.listings(text) if (hit := listed(listing, text)) is not None]
        hits.sort(key=lambda hit: (hit.start, -hit.end, hit.rank))
        return list(_not_overlapping(hits))

    def hits(self, text: str, capitals: Sequence[Span] = ()) -> list[Hit]:
        """All hits but symbols, in no order and overlapping; `capitals` are the spans that are written in capitals."""
        hits = [hit for start, end, name in self._exact.find(text) for hit in _hit(text, start, end, name)]
        for left, right in capitals:
            line = text[left:right]
            for start, end, name in self._capitals.find(line):
                hits += (_moved(hit, left) for hit in _hit(line, start, end, name, capitals=True))
        return hits

    def listings(self, text: str) -> Iterator[Listing]:
        """All stock symbols: those in the forms of symbols, registered or not, and registered ones beside a verb of
        the exchanges or in brackets."""
        for start, end, ticker in tickers_in(text):
            yield Listing(start, end, ticker, self._registered(ticker))
        for start, end, ticker in bare_symbols(text):
            if ticker.symbol in self._tickers and ticker.symbol not in self._words:
                yield Listing(start, end, ticker, self._registered(ticker))

    def _registered(self, ticker: Ticker) -> Name | None:
        known = self._tickers.get(ticker.symbol, ())
        return next((name for registered, name in known if ticker.means(registered)), None)

    def has_product(self, key: str) -> bool:
        """True when a registered product name has this `product_key`."""
        return key in self._keys

    def vendor_of(self, text: str) -> int | None:
        """The vendor that a spelling is registered for."""
        name = self._spelled.get(text)
        return name.vendor if name else None


def in_capitals(text: str, spans: Iterable[Span]) -> list[Span]:
    """Those of the spans that are written in capitals throughout: a headline, or wire text."""
    return [(start, end) for start, end in spans if _is_in_capitals(text[start:end])]


def listed(listing: Listing, text: str) -> Hit | None:
    """The hit of a registered symbol."""
    if listing.name is None:
        return None
    return Hit(listing.start, listing.end, text[listing.start : listing.end], listing.name)


def _is_in_capitals(sentence: str) -> bool:
    return sentence.isupper() and sum(sign.isupper() for sign in sentence) >= _CAPITALS_MIN


def _hit(text: str, start: int, end: int, name: Name, *, capitals: bool = False) -> Iterator[Hit]:
    version = version_end(_grammar(name), text, end, capitals=capitals)
    if version:
        surface = text[start:version]
        yield Hit(start, version, surface, name, product_key(surface, end - start), True, capitals)
        return
    stop = ends(text, end)
    if stop is not None:
        key = product_key(text[start:end]) if name.kind in _PRODUCTS else ""
        yield Hit(start, stop, text[start:stop], name, key, False, capitals)


def _grammar(name: Name) -> re.Pattern[str]:
    if name.kind == NameKind.PRODUCT:
        return AFTER_PRODUCT
    return AFTER_WEAK_PRODUCT if name.kind == NameKind.PRODUCT_WEAK and name.text.isalpha() else AFTER_VENDOR


def _moved(hit: Hit, by: int) -> Hit:
    return replace(hit, start=hit.start + by, end=hit.end + by)


def _capitals(spelled: dict[str, Name]) -> dict[str, Name]:
    upper: dict[str, Name] = {}
    for spelling, name in spelled.items():
        capitals = spelling.upper()
        if len(spelling) >= _FOLDED_MIN and capitals != spelling and capitals not in spelled:
            upper.setdefault(capitals, name)
    return upper


def _not_overlapping(hits: Sequence[Hit]) -> Iterator[Hit]:
    free_from = 0
    for hit in hits:
        if hit.start >= free_from:
            free_from = hit.end
            yield hit
