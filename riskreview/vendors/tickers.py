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
}
_EXCHANGES = (
    r"NYSE(?:\s?(?:American|Arca))?|NASDAQ(?:GS)?|Nasdaq(?:GS)?|HKG|HKEX|SEHK|LSE|LON|TSE|TYO|ASX|KRX|Euronext|EPA|ETR|"
    r"FRA|SSE|SHA|SZSE|SHE|TSX"
)
_FORMS = re.compile(
    rf"(?<!\w)(?P<exchange>{_EXCHANGES})\s?:\s?(?P<listed>[A-Z0-9]{{1,6}}(?:\.[A-Z]{{1,2}})?)(?![\w])"
    r"|(?<![\w.])(?P<number>\d{1,6}|[A-Z]{1,5})\.(?P<suffix>HK|SS|SZ|T|L|KS|PA|DE|AX|TO)(?!\w)"
    r"|(?<!\w)\$(?P<cashtag>[A-Z]{2,5})(?!\w)"
)


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
    for match in _FORMS.finditer(text):
        symbol = match["listed"] or match["number"] or match["cashtag"]
        start, end = match.span()
        if text[start - 1 : start] == "(" and text[end : end + 1] == ")":
            start, end = start - 1, end + 1
        yield start, end, Ticker(_symbol(symbol), _exchange(match["exchange"] or match["suffix"] or ""))


def _symbol(symbol: str) -> str:
    bare = symbol.partition(".")[0]
    return bare.lstrip("0") or bare if bare.isdecimal() else symbol


def _exchange(name: str) -> str:
    joined = re.sub(r"\s", "", name).upper()
    return _SAME_EXCHANGE.get(joined, joined)
