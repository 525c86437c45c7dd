"""Services that speak as newsapi.org does: pointers to articles, each with the beginning of its text."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from riskreview.enrichment.sources.asking import question, setting, several
from riskreview.enrichment.sources.reading import (
    address,
    distinct,
    json_answer,
    line,
    moment,
    plain,
    things,
    told,
    whole,
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
from riskreview.enrichment.sources.walking import Backwards, written
from riskreview.lib.urls import canonical_url

ABOUT = About(
    "NEWSAPI",
    "NewsAPI",
    "Articles found by NewsAPI, or a service that speaks as it does. Needs a key.",
    address="https://newsapi.org/v2/everything",
    settings=(
        Setting(
            "query", "Query", 'Such as "Acme Robotics" AND (recall OR lawsuit), at most 500 characters', required=True
        ),
        Setting("search_in", "Search in", "title, description, content, with commas between; all when empty"),
        Setting("sources", "Sources", "As the service names them, at most 20, with commas between"),
        Setting("domains", "Domains", "Such as example.com, with commas between"),
        Setting("exclude_domains", "Not from domains", "With commas between"),
        Setting("language", "Language", "Such as en"),
        Setting("pages", "Pages", "How many pages of 100 the plan gives for one question; 1 when empty"),
    ),
    secret="REQUIRED",  # noqa: S106 - the word says that one is needed
    gap=1.0,
    robots=False,
)

_PER_PAGE = 100
_QUERY_MAX = 500
_SOURCES_MAX = 20
_FIRST = timedelta(days=2)
_LATE = 7_200  # articles come into the index after their date of publication, on some plans long after
_WAIT = timedelta(hours=1)
_REMOVED = "removed.com"  # where articles point that the service had to take out
_WAITS = frozenset({"rateLimited", "apiKeyExhausted"})
_KEYS = frozenset({"apiKeyInvalid", "apiKeyDisabled", "apiKeyMissing"})
_ASKED_WRONG = frozenset({"parameterInvalid", "parametersMissing", "sourcesTooMany", "sourceDoesNotExist"})


def request(source: SourceState, *, now: datetime) -> Request:
    """The next page of articles, the newest first. Raises Misset for what the service would not take."""
    _refuse_misset(source)
    walk = _walk(source, now)
    asked = [
        ("from", written(walk.after - _LATE)),
        ("to", written(walk.before) if walk.before else ""),
        ("sortBy", "publishedAt"),
        ("pageSize", str(_PER_PAGE)),
        ("page", str(walk.page + 1)),
        ("searchIn", ",".join(several(source, "search_in"))),
        ("sources", ",".join(several(source, "sources"))),
        ("domains", ",".join(several(source, "domains"))),
        ("excludeDomains", ",".join(several(source, "exclude_domains"))),
        ("language", setting(source, "language")),
        ("q", setting(source, "query")),
    ]
    address_asked = question(source.url or ABOUT.address, asked)
    return Request(address_asked, max_bytes=PAGE_BYTES, headers=(("X-Api-Key", source.secret),))


def parse(body: bytes, headers: Mapping[str, str], *, url: str, source: SourceState, now: datetime) -> Brought:
    """One page of pointers. The text that comes along is cut off, so it is left out and each page is fetched.

    When the plan gives no further page, older articles are asked for by their time. Raises Throttled when the
    requests are used up, Misset for a key or question that is not accepted, and ParseFailed when the answer is not
    what the service delivers.
    """
    found = _answer(json_answer(body, headers.get("content-type", "")))
    articles = things(found["articles"])
    read = [_item(article) for article in articles]
    refused = [_nameless(article) for article, item in zip(articles, read, strict=True) if not item]
    walk, pages = _walk(source, now), _pages(source)
    through = not articles or whole(found.get("totalResults")) <= (walk.page + 1) * _PER_PAGE
    times = (item.published for item in read if item)
    cursor, more, lost = walk.onward(times, now, last=through or walk.page + 1 >= pages, rest=not through)
    return Brought(distinct(item for item in read if item), cursor, more, refused=told(refused + [lost] * bool(lost)))


def _refuse_misset(source: SourceState) -> None:
    query = setting(source, "query")
    if not query:
        raise Misset("NewsAPI needs a query.")
    if len(query) > _QUERY_MAX:
        raise Misset(f"The query has {len(query):,} characters; NewsAPI takes {_QUERY_MAX} at most.")
    if len(several(source, "sources")) > _SOURCES_MAX:
        raise Misset(f"NewsAPI takes {_SOURCES_MAX} sources at most.")
    if not source.secret:
        raise Misset("NewsAPI needs a key.")
    _pages(source)


def _walk(source: SourceState, now: datetime) -> Backwards:
    walk = Backwards.resumed(source.cursor, now, first=_FIRST)
    return walk if walk.page < _pages(source) else replace(walk, page=0)


def _pages(source: SourceState) -> int:
    text = setting(source, "pages") or "1"
    if not text.isdecimal() or not 1 <= int(text[:4]) <= 100:
        raise Misset("The number of pages must be a number from 1 to 100.")
    return int(text)


def _answer(found: dict[str, Any]) -> dict[str, Any]:
    code = line(found.get("code"), 60)
    if code in _WAITS:
        raise Throttled("The number of requests that the NewsAPI plan gives is used up.", _WAIT)
    if code in _KEYS:
        raise Misset("NewsAPI does not accept the key.")
    if code in _ASKED_WRONG:
        raise Misset("NewsAPI does not accept the question; check the query, the sources and the language.")
    if code == "maximumResultsReached":
        raise Misset("The NewsAPI plan gives fewer pages than the source is set to ask for.")
    if found.get("status") != "ok" or not isinstance(found.get("articles"), list):
        raise ParseFailed("NewsAPI answered with an error, or with something other than a list of articles.")
    return found


def _item(article: Mapping[str, Any]) -> Item | None:
    link, origin = address(article.get("url")), article.get("source")
    if not link or link.partition("://")[2].rstrip("/") == _REMOVED:
        return None
    author = line(article.get("author"), 200)
    return Item(
        key=canonical_url(link),
        url=link,
        title=line(article.get("title")),
        summary=plain(article.get("description")),
        published=moment(article.get("publishedAt")),
        authors=(author,) if author else (),
        publisher=line(origin.get("name"), 200) if isinstance(origin, dict) else "",
    )


def _nameless(article: Mapping[str, Any]) -> str:
    return f"An article has no usable address: {line(article.get('title'), 100)}"
