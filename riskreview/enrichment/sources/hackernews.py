"""Hacker News through Algolia's search: pointers to the pages that were posted there."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from riskreview.enrichment.sources.asking import question, setting
from riskreview.enrichment.sources.reading import (
    address,
    distinct,
    epoch,
    json_answer,
    line,
    plain,
    string,
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
)
from riskreview.enrichment.sources.walking import Backwards
from riskreview.lib.urls import canonical_url

ABOUT = About(
    "HACKER_NEWS",
    "Hacker News",
    "Pages posted to Hacker News that match a query. The post says nothing about how reliable the page is.",
    address="https://hn.algolia.com/api/v1/search_by_date",
    settings=(Setting("query", "Query", "Words that all occur in the title, address or text", required=True),),
    gap=1.0,
    robots=False,
)

_PER_PAGE = 100
_FIRST = timedelta(days=7)
_LATE = 3_600  # posts come into the index a little later, or are let back in
_POST = "https://news.ycombinator.com/item?id="


def request(source: SourceState, *, now: datetime) -> Request:
    """The next page of stories, the newest first. Raises Misset when there is no query."""
    query = setting(source, "query")
    if not query:
        raise Misset("Hacker News needs a query.")
    walk = Backwards.resumed(source.cursor, now, first=_FIRST)
    times = [f"created_at_i>{walk.after - _LATE}", *([f"created_at_i<={walk.before}"] if walk.before else [])]
    asked = [
        ("tags", "story"),
        ("numericFilters", ",".join(times)),
        ("hitsPerPage", str(_PER_PAGE)),
        ("page", str(walk.page)),
        ("query", query),
    ]
    return Request(question(source.url or ABOUT.address, asked), max_bytes=PAGE_BYTES)


def parse(body: bytes, headers: Mapping[str, str], *, url: str, source: SourceState, now: datetime) -> Brought:
    """One page of stories. The search gives the first 1,000 of its hits; older ones are then asked for by their time.

    Raises ParseFailed when the answer is not what the service delivers.
    """
    found = json_answer(body, headers.get("content-type", ""))
    if not isinstance(found.get("hits"), list):
        raise ParseFailed("Hacker News answered with something other than a list of stories.")
    hits = things(found["hits"])
    read = [_item(hit) for hit in hits]
    refused = [_nameless(hit) for hit, item in zip(hits, read, strict=True) if not item]
    walk, pages = Backwards.resumed(source.cursor, now, first=_FIRST), whole(found.get("nbPages"))
    last = not hits or walk.page + 1 >= pages
    rest = bool(hits) and whole(found.get("nbHits")) > pages * whole(found.get("hitsPerPage"), _PER_PAGE)
    cursor, more, lost = walk.onward((epoch(hit.get("created_at_i")) for hit in hits), now, last=last, rest=rest)
    return Brought(distinct(item for item in read if item), cursor, more, refused=told(refused + [lost] * bool(lost)))


def _item(hit: Mapping[str, Any]) -> Item | None:
    """The page that was posted: when and by whom is the post's, not the page's. A post with a text of its own is
    its own page."""
    link = address(hit.get("url"))
    title = line(hit.get("title"))
    if link:
        host = (urlsplit(link).hostname or "").removeprefix("www.")
        return Item(canonical_url(link), link, title, publisher=host[:200])
    number, text = string(hit.get("objectID")), string(hit.get("story_text"))
    if not number.isdecimal() or not number.isascii() or hit.get("url"):
        return None
    author = line(hit.get("author"), 200)
    return Item(
        key=canonical_url(_POST + number[:20]),
        url=_POST + number[:20],
        title=title,
        html=text,
        text=plain(text),
        published=epoch(hit.get("created_at_i")),
        authors=(author,) if author else (),
        publisher="Hacker News",
    )


def _nameless(hit: Mapping[str, Any]) -> str:
    return f"A story has no usable address: {line(hit.get('title'), 100)}"
