"""Finding the names of vendors and products in text. Pure: no database, no settings, no clock.

Which hits are really about a vendor is decided later, from context: a hit says only that the name stands there.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from riskreview.lib.spelled import Spellings, ends
from riskreview.lib.text import sentences

from .tickers import Ticker, bare_symbols, is_traded, numbered, ticker_of, tickers_in
from .versions import AFTER_PRODUCT, AFTER_SMALL, AFTER_VENDOR, AFTER_WEAK_PRODUCT, product_key, version_end
from .writing import in_capitals, in_small_letters

__all__ = [
    "Gazetteer",
    "Hit",
    "Listing",
    "Name",
    "NameKind",
    "in_capitals",
    "in_small_letters",
    "listed",
    "product_key",
]

Span = tuple[int, int]
_FOLDED_MIN = 4
_SYMBOL_MIN = 2
# A spelling with a capital or digit inside is no word in any case: "tiktok", "gpt-4".
_INVENTED = re.compile(r"(?=.{4,40}$)(?:[A-Za-z]+[A-Z]|[A-Za-z]+-?\d)[\w.+-]*$")
_LAST_WORDS = re.compile(r"(?=((?:(?<![^\s(])\S+\s){0,2}(?<![^\s(])\S+$))").findall


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
_WEAK = (NameKind.WEAK, NameKind.PRODUCT_WEAK)
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
    because the sentence is written in capitals, `small` when it was because the sentence knows no capitals.
    """

    start: int
    end: int
    surface: str
    name: Name
    product_key: str = ""
    extended: bool = False
    capitals: bool = False
    small: bool = False

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
        self._exact: Spellings[Name | _Small | _Symbol] = Spellings(
            {**_symbols(self._tickers, self._spelled), **_small(self._spelled), **self._spelled}
        )
        self._capitals = Spellings(_capitals(self._spelled))
        self._small = Spellings(_all_small(self._spelled))

    def find(self, text: str) -> list[Hit]:
        """All hits in order, none overlapping: the longest at each place, then the stronger kind.

        Case counts, but in sentences written all in capitals names are found too. Needs time linear in the text.
        """
        hits = self.hits(text, in_capitals(text, sentences(text)))
        hits += [hit for listing in self.listings(text) if (hit := listed(listing, text)) is not None]
        hits.sort(key=lambda hit: (hit.start, -hit.end, hit.rank))
        return list(_not_overlapping(hits))

    def hits(self, text: str, capitals: Sequence[Span] = (), small: Sequence[Span] | None = None) -> list[Hit]:
        """All hits but symbols, in no order and overlapping.

        `capitals` are the spans that are written in capitals, `small` those that know no capitals, by default the
        sentences that do not.
        """
        hits = [hit for start, end, what in self._exact.find(text) for hit in _read(text, start, end, what)]
        for left, right in capitals:
            line = text[left:right]
            for start, end, name in self._capitals.find(line):
                hits += (_moved(hit, left) for hit in _hit(line, start, end, name, capitals=True))
        for left, right in in_small_letters(text, sentences(text)) if small is None else small:
            line = text[left:right]
            for start, end, name in self._small.find(line):
                found = _hit(line, start, end, name, capitals=True)
                hits += (replace(_moved(hit, left), capitals=False, small=True) for hit in found)
        return hits

    def listings(self, text: str) -> Iterator[Listing]:
        """All stock symbols: those in the forms of symbols, registered or not, and registered ones beside a verb of
        the exchanges or in brackets."""
        for start, end, ticker in tickers_in(text):
            yield Listing(start, end, ticker, self._registered(ticker))
        for start, end, ticker in bare_symbols(text):
            if ticker.symbol in self._tickers and ticker.symbol not in self._words:
                yield Listing(start, end, ticker, self._registered(ticker))
        for start, end, ticker in numbered(text):
            name = self._registered(ticker)
            if name is not None and self._names_before(text, start - 1) == name.vendor:
                yield Listing(start, end, ticker, name)

    def _names_before(self, text: str, end: int) -> int | None:
        """The vendor whose registered name ends there, of at most three words."""
        places = [end - len(each) for each in _LAST_WORDS(text[max(0, end - 40) : end])]
        return next((vendor for start in places if (vendor := self.vendor_of(text[start:end])) is not None), None)

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


@dataclass(frozen=True, slots=True)
class _Small:
    """A name as developers and hurried people write it: without capitals. It counts alone, or only with a version."""

    name: Name
    alone: bool


@dataclass(frozen=True, slots=True)
class _Symbol:
    """A stock symbol without a sign of it."""

    name: Name


def listed(listing: Listing, text: str) -> Hit | None:
    """The hit of a registered symbol."""
    if listing.name is None:
        return None
    return Hit(listing.start, listing.end, text[listing.start : listing.end], listing.name)


def _read(text: str, start: int, end: int, what: Name | _Small | _Symbol) -> Iterator[Hit]:
    if isinstance(what, Name):
        yield from _hit(text, start, end, what)
    elif isinstance(what, _Symbol):
        if ends(text, end) == end and is_traded(text, start, end):
            yield Hit(start, end, text[start:end], what.name)
    elif stop := version_end(AFTER_SMALL, text, end):
        surface = text[start:stop]
        yield Hit(start, stop, surface, what.name, product_key(surface, end - start), True)
    elif what.alone:
        yield from _hit(text, start, end, what.name)


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


def _small(spelled: dict[str, Name]) -> dict[str, _Small]:
    """Small spellings that are no ordinary words: invented ones, and families with a version behind them."""
    small: dict[str, _Small] = {}
    words = {spelling.lower() for spelling, name in spelled.items() if name.kind in _WEAK}
    for spelling, name in spelled.items():
        lower = spelling.lower()
        strong = name.kind in (NameKind.STRONG, NameKind.PRODUCT)
        alone = strong and lower not in words and _INVENTED.match(spelling) is not None
        family = name.kind in (*_PRODUCTS, NameKind.WEAK) and spelling.isascii() and spelling.isalpha()
        if lower != spelling and lower not in spelled and (alone or family):
            small.setdefault(lower, _Small(name, alone))
    return small


def _all_small(spelled: dict[str, Name]) -> dict[str, Name]:
    """What else a sentence without capitals may name."""
    safe = {spelling for spelling, each in _small(spelled).items() if each.alone}
    small: dict[str, Name] = {}
    for spelling, name in spelled.items():
        lower = spelling.lower()
        if spelling.isascii() and lower != spelling and lower not in spelled and lower not in safe:
            small.setdefault(lower, name)
    return small


def _symbols(tickers: dict[str, list[tuple[Ticker, Name]]], spelled: dict[str, Name]) -> dict[str, _Symbol]:
    return {
        symbol: _Symbol(known[0][1])
        for symbol, known in tickers.items()
        if symbol.isalpha() and len(symbol) >= _SYMBOL_MIN and symbol not in spelled
    }


def _not_overlapping(hits: Sequence[Hit]) -> Iterator[Hit]:
    free_from = 0
    for hit in hits:
        if hit.start >= free_from:
            free_from = hit.end
            yield hit
