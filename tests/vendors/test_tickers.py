import time

import pytest

from riskreview.vendors.tickers import Ticker, ticker_of, tickers_in


def read(text):
    return [(text[start:end], ticker.symbol, ticker.exchange) for start, end, ticker in tickers_in(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Alibaba (NYSE: BABA) rose", [("(NYSE: BABA)", "BABA", "NYSE")]),
        ("(NASDAQ:BIDU) and NYSE:BABA", [("(NASDAQ:BIDU)", "BIDU", "NASDAQ"), ("NYSE:BABA", "BABA", "NYSE")]),
        ("NYSE American: ABC", [("NYSE American: ABC", "ABC", "NYSE")]),
        ("(HKG: 9988) or 0700.HK", [("(HKG: 9988)", "9988", "HKEX"), ("0700.HK", "700", "HKEX")]),
        ("$BABA is up, US$BABA is not", [("$BABA", "BABA", "")]),
        ("(OTCMKTS: TCEHY)", [("(OTCMKTS: TCEHY)", "TCEHY", "OTC")]),
        ("7203.T and 005930.KS", [("7203.T", "7203", "TSE"), ("005930.KS", "5930", "KRX")]),
        ("LSE: BP.L", [("LSE: BP.L", "BP", "LSE")]),
        ("Time: NOW, at 9:45, 3.5.HK, XNYSE: BABA and BABA", []),
        ("", []),
    ],
)
def test_it_reads_the_forms_of_stock_symbols(text, found):
    assert read(text) == found


@pytest.mark.parametrize(
    ("kept", "ticker"),
    [("BABA", Ticker("BABA", "")), ("NYSE: BABA", Ticker("BABA", "NYSE")), ("9988.HK", Ticker("9988", "HKEX"))],
)
def test_it_reads_a_symbol_as_people_keep_it(kept, ticker):
    assert ticker_of(kept) == ticker


@pytest.mark.parametrize(
    "hostile", [":A" * 300_000, ".HK" * 300_000, "NYSE: " * 150_000, "$AB" * 300_000, "1" * 900_000]
)
def test_hostile_text_takes_linear_time(hostile):
    started = time.process_time()
    list(tickers_in(hostile))
    assert time.process_time() - started < 5
