"""Stock symbols in text: `NYSE: BABA`, `(NASDAQ:BIDU)`, `9988.HK`, `$BABA`. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_SAME_EXCHANGE = {
    "NASDAQGS": "NASDAQ",
    "NYSEAMERICAN": "NYSE",
    "NYSEARCA": "NYSE",
    "HK": "HKEX",
    "HKG": "HKEX",
    "SEHK": "HKEX",
    "TYO": "TSE",
    "T": "TSE",
    "LON": "LSE",
    "L": "LSE",
    "SS": "SSE",
    "SHA": "SSE",
    "SZ": "SZSE",
    "SHE": "SZSE",
    "KS": "KRX",
    "PA": "EPA",
    "DE": "ETR",
    "AX": "ASX",
    "TO": "TSX",
    "OTCMKTS": "OTC",
    "OTCPK": "OTC",
}
_EXCHANGES = (
    r"NYSE(?:\s?(?:American|Arca))?|NASDAQ(?:GS)?|Nasdaq(?:GS)?|HKG|HKEX|SEHK|LSE|LON|TSE|TYO|ASX|KRX|Euronext|EPA|ETR|"
    r"FRA|SSE|SHA|SZSE|SHE|TSX|OTC(?:MKTS|PK)?|NSE|BSE|TWSE|SIX|BIT|BME|AMS"
)
# Each form is looked for by the rare sign in it; what stands before the sign is then read backwards.
_LISTED = re.compile(r":\s?(?P<symbol>[A-Z0-9]{1,6}(?:\.[A-Z]{1,2})?)(?!\w)")
_EXCHANGE_BEFORE = re.compile(rf"(?<!\w)(?P<exchange>{_EXCHANGES})\s?$")
_SUFFIXED = re.compile(r"\.(?P<exchange>HK|SS|SZ|T|L|KS|PA|DE|AX|TO)(?!\w)")
_SYMBOL_BEFORE = re.compile(r"(?<![\w.])(?P<symbol>\d{1,6}|[A-Z]{1,5})$")
_CASHTAG = re.compile(r"\$(?P<symbol>[A-Z]{2,5})(?!\w)")
_BEFORE = 16
# A symbol by itself is only believed where shares are spoken of: "Apple (AAPL)", "NVDA was down 2.6 per cent".
_MOVES = (
    "slid|fell|rose|gained|jumped|dropped|climbed|slipped|surged|plunged|tumbled|sank|soared|rallied|closed|ended|traded|"
    "shares|stock|lost|added"
)
# Words of the exchanges in the neighbourhood of a symbol that has no sign of one.
_MARKET = re.compile(
    r"\b(?:shares?|stocks?|short interest|pre-?market|after-hours|earnings|puts|calls|ETFs?|tickers?|bulls?|bullish|"
    r"bears?|bearish|traders?|before the open|the open|the close|market cap|guidance|dividends?|buybacks?|portfolio|"
    r"holdings?|position|index|indices|EPS|price target|overweight|underweight|rall(?:y|ied)|points|per ?cent|"
    r"hedge|sold|bought|long|volume|session|closed|ended|traded|lower|higher|slid|fell|rose|gained|jumped|dropped|climbed|"
    r"slipped|tumbled|soared)\b|\d\s?%|[+-]\d",
    re.IGNORECASE,
)
_ANOTHER = re.compile(r"\b[A-Z]{2,5}\b")
_NEAR, _LONG = 70, 4
_BRACKETED = re.compile(r"\(([A-Z]{3,5})\)")
_NUMBERED = re.compile(r"\((\d{3,6})\)")
_MOVING = re.compile(rf"([A-Z][A-Z]{{2,4}})(?=\s(?:(?:is|was|were)\s(?:up|down)|{_MOVES})\b)")


@dataclass(frozen=True, slots=True)
class Ticker:
    """A stock symbol; `exchange` is "" when the text does not name one."""

    symbol: str
    exchange: str

    def means(self, known: "Ticker") -> bool:
        """True when this symbol as read can be that listing."""
        return self.symbol == known.symbol and (not known.exchange or self.exchange in ("", known.exchange))


def ticker_of(text: str) -> Ticker:
    """Reads a symbol as a person keeps it: `BABA`, `NYSE: BABA` or `9988.HK`."""
    for _, _, ticker in tickers_in(text):
        return ticker
    exchange, colon, symbol = text.rpartition(":")
    return Ticker(_symbol(symbol.strip()), _exchange(exchange) if colon else "")


def tickers_in(text: str) -> Iterator[tuple[int, int, Ticker]]:
    """All stock symbols in order, each with its span; brackets around a symbol belong to it."""
    free_from = 0
    for start, end, ticker in sorted([*_with_exchange(text), *_with_suffix(text), *_cashtags(text)], key=_place):
        if start >= free_from:
            free_from = end
            yield *_with_brackets(text, start, end), ticker


def bare_symbols(text: str) -> Iterator[tuple[int, int, Ticker]]:
    """What may be stock symbols without a sign of it, in brackets or before a verb of the exchanges, with their spans.

    Most are other abbreviations: only a registered symbol that is no registered name should be believed.
    """
    for form in (_BRACKETED, _MOVING):
        for match in form.finditer(text):
            if not text[max(0, match.start() - 1) : match.start()].isalnum():
                yield *match.span(), Ticker(match[1], "")


def numbered(text: str) -> Iterator[tuple[int, int, Ticker]]:
    """Numbers in brackets: symbols of Asian exchanges where their company is named before them."""
    for match in _NUMBERED.finditer(text):
        yield *match.span(), Ticker(_symbol(match[1]), "")


def is_traded(text: str, start: int, end: int) -> bool:
    """True when the words around a registered symbol speak of an exchange; a short one asks for two such words, or
    another symbol."""
    left, right = max(0, start - _NEAR), min(len(text), end + _NEAR)
    around = f"{text[left:start]} {text[end:right]}"
    if around.isupper():
        return False
    words = len(_MARKET.findall(around))
    return words > 0 and (end - start >= _LONG or words > 1 or _ANOTHER.search(around) is not None)


def _place(found: tuple[int, int, Ticker]) -> tuple[int, int]:
    return found[0], -found[1]


def _with_exchange(text: str) -> Iterator[tuple[int, int, Ticker]]:
    for match in _LISTED.finditer(text):
        before = _EXCHANGE_BEFORE.search(text, max(0, match.start() - _BEFORE), match.start())
        if before:
            yield before.start(), match.end(), Ticker(_symbol(match["symbol"]), _exchange(before["exchange"]))


def _with_suffix(text: str) -> Iterator[tuple[int, int, Ticker]]:
    for match in _SUFFIXED.finditer(text):
        before = _SYMBOL_BEFORE.search(text, max(0, match.start() - _BEFORE), match.start())
        if before:
            yield before.start(), match.end(), Ticker(_symbol(before["symbol"]), _exchange(match["exchange"]))


def _cashtags(text: str) -> Iterator[tuple[int, int, Ticker]]:
    for match in _CASHTAG.finditer(text):
        if not text[match.start() - 1 : match.start()].isalnum():
            yield *match.span(), Ticker(match["symbol"], "")


def _with_brackets(text: str, start: int, end: int) -> tuple[int, int]:
    enclosed = text[start - 1 : start] == "(" and text[end : end + 1] == ")"
    return (start - 1, end + 1) if enclosed else (start, end)


def _symbol(symbol: str) -> str:
    bare, _, suffix = symbol.partition(".")
    if bare.isdecimal():
        return bare.lstrip("0") or bare
    return bare if suffix in _SAME_EXCHANGE else symbol


def _exchange(name: str) -> str:
    joined = re.sub(r"\s", "", name).upper()
    return _SAME_EXCHANGE.get(joined, joined)
