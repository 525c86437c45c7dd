"""GDELT DOC 2.0: news of the last three months in 65 languages, as pointers without text or date of publication."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from riskreview.enrichment.sources.asking import asked_in, question, setting
from riskreview.enrichment.sources.languagenames import code_of
from riskreview.enrichment.sources.reading import (
    EARLIEST,
    address,
    characters,
    distinct,
    json_object,
    line,
    moment,
    things,
    told,
)
from riskreview.enrichment.sources.shapes import (
    PAGE_BYTES,
    About,
    Brought,
    Item,
    Misset,
    ParseFailed,
    Request,
    Setting,
    SourceState,
    Throttled,
)
from riskreview.enrichment.sources.walking import Windows, seconds, written
from riskreview.lib.urls import canonical_url

ABOUT = About(
    "GDELT",
    "GDELT",
    "A query to GDELT DOC 2.0. It is free and often busy: do not make it the only source of anything.",
    address="https://api.gdeltproject.org/api/v2/doc/doc",
    settings=(
        Setting("query", "Query", 'Such as "Acme Robotics" (recall OR lawsuit) sourcelang:german', required=True),
    ),
    gap=6.0,  # it asks for one request every five seconds
    robots=False,
)

_RECORDS_MAX = 250
_STEP = 900  # GDELT files what it sees by the quarter of an hour
_FIRST = timedelta(days=1)
_LATE = 1_800  # what it saw can be found a little later
_REACH = timedelta(days=90)
_WAIT = timedelta(minutes=5)
_FORM = "%Y%m%d%H%M%S"

_THROTTLE = re.compile(r"limit requests|too many requests|rate.?limit", re.IGNORECASE)
_COMPLAINT = re.compile(r"\b(?:query|phrase|keyword|keywords|timespan|theme|specified|invalid)\b", re.IGNORECASE)

_CLOSING = re.compile(r" +([,)\]%”]|\.(?=\s|$))")
_MARKS = re.compile(r" +([:;!?])(?=\s|$)")
_OPENING = re.compile(r"([(\[“]|[$£€¥](?= +\d)) +")
_CONTRACTION = re.compile(r"(?<=\w) (['’]) (s|t|re|ve|ll|d|m)\b", re.IGNORECASE)
_POINT = re.compile(r"(?<=\d) \. (?=\d)")
_THOUSANDS = re.compile(r"\b(\d{1,3}) , (?=\d{3}\b)")
_INITIALS = re.compile(r"\b([A-Z]) \. (?=[A-Z] \.)")


def request(source: SourceState, *, now: datetime) -> Request:
    """The articles seen in the next window, the newest first. Raises Misset when there is no query."""
    query = setting(source, "query")
    if not query:
        raise Misset("GDELT needs a query.")
    start, end = _window(source, now)
    asked = [
        ("startdatetime", written(start, _FORM)),
        ("enddatetime", written(end, _FORM)),
        ("mode", "artlist"),
        ("format", "json"),
        ("maxrecords", str(_RECORDS_MAX)),
        ("sort", "datedesc"),
        ("query", query),
    ]
    return Request(question(source.url or ABOUT.address, asked), max_bytes=PAGE_BYTES)


def parse(body: bytes, headers: Mapping[str, str], *, url: str, source: SourceState, now: datetime) -> Brought:
    """The articles of one window. One that is full is asked for again in halves, down to a quarter of an hour.

    Raises Throttled when GDELT wants fewer requests, Misset when it does not like the query, and ParseFailed for
    anything else that is not a list of articles. It gives the same empty object for no hits and for what it does not
    understand, so that is no error.
    """
    found = _answer(characters(body, headers.get("content-type", "")))
    articles, walk, window = things(found.get("articles")), _walk(source), _asked(url)
    read = [_item(article) for article in articles]
    refused = [_nameless(article) for article, item in zip(articles, read, strict=True) if not item]
    refused += _out_of_reach(walk, window, now)
    full = len(articles) >= _RECORDS_MAX
    if full and (middle := _middle(window)):
        cursor, more = walk.to_halves((window[0], middle), (middle, window[1]))
    else:
        cursor, more = walk.to_next_window(window)
        if full:
            refused.append(
                f"GDELT saw more than {_RECORDS_MAX} articles about {written(window[0])}; the rest is missing."
            )
    return Brought(distinct(item for item in read if item), cursor, more, refused=told(refused))


def _walk(source: SourceState) -> Windows:
    return Windows.resumed(source.cursor, least=seconds(EARLIEST), most=2**40)


def _window(source: SourceState, now: datetime) -> tuple[int, int]:
    walk = _walk(source)
    if walk.waiting:
        return walk.waiting[0]
    end = seconds(now)
    start = walk.until - _LATE if walk.until else end - int(_FIRST.total_seconds())
    return min(max(start, end - int(_REACH.total_seconds())), end), end


def _asked(url: str) -> tuple[int, int]:
    """The window that was asked for. The time of asking is not known otherwise."""
    start, end = (_moment(asked_in(url, name)) for name in ("startdatetime", "enddatetime"))
    if not start or not end or start > end:
        raise ParseFailed("GDELT sent the request to another address and lost the question on the way.")
    return start, end


def _moment(text: str) -> int:
    at = moment(f"{text[:8]}T{text[8:]}Z") if re.fullmatch(r"\d{14}", text) else None
    return seconds(at) if at else 0


def _middle(window: tuple[int, int]) -> int | None:
    """Where to halve a window, at a quarter of an hour by the clock; None when it is as small as it gets."""
    start, end = window
    middle = (start + end) // 2 // _STEP * _STEP
    return middle if start < middle < end and end - start > _STEP else None


def _out_of_reach(walk: Windows, window: tuple[int, int], now: datetime) -> list[str]:
    """What is told when a walk was left so long that GDELT does not go back to where it stopped."""
    first = walk.waiting[0][0] if walk.waiting else walk.until
    gone = first and (window[0] > first or seconds(now - _REACH) > first)
    return [f"GDELT goes back three months: what it saw from {written(first)} on is out of reach."] if gone else []


def _answer(text: str) -> dict[str, Any]:
    if _THROTTLE.search(text[:500]) and not text.startswith("{"):
        raise Throttled("GDELT asks for fewer requests.", _WAIT)
    if text[:1] not in ("{", "[", "<") and _COMPLAINT.search(text[:500]):
        raise Misset("GDELT does not accept the query: a word or phrase is too short, too long or not as it wants it.")
    found = json_object(text)
    if found and not isinstance(found.get("articles"), list):
        raise ParseFailed("GDELT answered with something other than a list of articles.")
    return found


def _item(article: Mapping[str, Any]) -> Item | None:
    link = address(article.get("url"))
    if not link:
        return None
    language = code_of(line(article.get("language"), 60))
    return Item(
        key=canonical_url(link),
        url=link,
        title=mended(line(article.get("title")), language),
        language=language,
        publisher=line(article.get("domain"), 200),
    )


def _nameless(article: Mapping[str, Any]) -> str:
    return f"An article has no usable address: {line(article.get('title'), 100)}"


def mended(title: str, language: str = "en") -> str:
    """A title that GDELT took apart into words and marks, put together again; another title stays as it is.

    Blanks go before closing marks and after opening ones, and around the marks inside a number, a row of initials and
    an English contraction. Before : ; ! ? they stay in French, where they belong. A hyphen between blanks stays, too:
    whether it was one in "US-China" or a dash before the name of a paper, nobody can tell.
    """
    title = _THOUSANDS.sub(r"\1,", _POINT.sub(".", _CONTRACTION.sub(r"\1\2", title)))
    title = _OPENING.sub(r"\1", _CLOSING.sub(r"\1", _INITIALS.sub(r"\1.", title)))
    return title if language == "fr" else _MARKS.sub(r"\1", title)
