"""RSS 2.0, Atom 1.0 and RDF feeds."""

import io
import re
from calendar import timegm
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import feedparser

from riskreview.enrichment.sources.guarding import refuse_what_is_no_xml
from riskreview.enrichment.sources.reading import LINE_MAX, believed, identity, plain, string
from riskreview.enrichment.sources.shapes import (
    BROKE_OFF,
    FEED_BYTES,
    ITEMS_MAX,
    About,
    Brought,
    Item,
    NotAFeed,
    Request,
    SourceState,
)
from riskreview.lib.urls import safe_url

_UNREADABLE_MAX = 0.1
_ITEM = re.compile(rb"<(?:[\w.-]{1,40}+:)?(?:item|entry)\b", re.IGNORECASE)
_ITEM_END = re.compile(rb"</(?:[\w.-]{1,40}+:)?(?:item|entry)\s*>|<(?:item|entry)\b[^<>]{0,2000}/>", re.IGNORECASE)
_END = re.compile(rb"</(?:[\w.-]{1,40}+:)?(?:rss|feed|rdf|channel)\s*>", re.IGNORECASE)

ABOUT = About("RSS", "RSS or Atom feed", "The address of an RSS 2.0, Atom 1.0 or RDF feed.", parts=True)


def request(source: SourceState, *, now: datetime) -> Request:
    """The feed's address with the validators of the last answer."""
    return Request(source.url, source.etag, source.last_modified, FEED_BYTES)


def parse(body: bytes, headers: Mapping[str, str], *, url: str, source: SourceState, now: datetime) -> Brought:
    """The first 2,000 items of a feed, in its order, one per key; of one that ends in the middle, those before its end.

    Raises NotAFeed, with the reason, for empty bytes, a web page, binary data, a feed that declares its own entities,
    has over 300,000 tags or nests over 100 deep, text in an encoding that cannot be repaired, and anything the feed
    reader cannot make sense of. A feed without items is fine.
    """
    refuse_what_is_no_xml(body)
    feed = _read(body, headers)
    if not feed.get("version") and not feed.get("entries"):
        raise NotAFeed("No RSS, Atom or RDF feed was found in the answer.")
    broke_off, ended = _extent(body, headers)
    items: dict[str, Item] = {}
    for entry in feed["entries"][: min(ended, ITEMS_MAX) if broke_off else ITEMS_MAX]:
        item = _item(entry, feed.get("feed", {}), url)
        if item:
            items.setdefault(item.key, item)
    _refuse_unreadable(list(items.values()))
    return Brought(tuple(items.values()), broke_off=broke_off)


def _extent(body: bytes, headers: Mapping[str, str]) -> tuple[bool, int]:
    """Whether a feed ends in the middle, and how many of its items have their end: the last may be half of one."""
    plain = body.replace(b"\0", b"")
    last = max((found.start() for found in _ITEM.finditer(plain)), default=0)
    whole = not last or bool(_END.search(plain, last))
    return BROKE_OFF in headers or not whole, len(_ITEM_END.findall(plain))


def _read(body: bytes, headers: Mapping[str, str]) -> Any:
    declared = {"content-type": headers["content-type"]} if "content-type" in headers else {}
    try:
        # A file object, never the bytes themselves: feedparser would take those for an address or a file name.
        return feedparser.parse(
            io.BytesIO(body), response_headers=declared, sanitize_html=False, resolve_relative_uris=False
        )
    except MemoryError:
        raise
    except Exception as error:  # feedparser raises many kinds on damaged feeds instead of marking them
        raise NotAFeed(f"The feed is damaged and cannot be read ({type(error).__name__}).") from error


def _item(entry: Any, feed: Any, base: str) -> Item | None:
    link = safe_url(string(entry.get("link")), base=base) or ""
    title = plain(string(entry.get("title"))).replace("\n", " ")[:LINE_MAX]
    body = _content(entry)
    summary = plain(string(entry.get("summary")))
    key = identity(link, string(entry.get("id")), base, title + summary + body)
    if not key:
        return None
    return Item(
        key=key,
        url=link,
        title=title,
        summary=summary,
        html=body,
        text=plain(body),
        published=_time(dict.get(entry, "published_parsed")),
        updated=_time(dict.get(entry, "updated_parsed")),  # its own get() invents one from the other date
        authors=_authors(entry),
        language=string(entry.get("language") or feed.get("language"))[:35],
        publisher=plain(string(feed.get("title")))[:200],
    )


def _content(entry: Any) -> str:
    parts = entry.get("content") or []
    values = [string(part.get("value")) for part in parts if hasattr(part, "get")]
    return max(values, key=len, default="") or string(entry.get("summary"))


def _time(parsed: Any) -> datetime | None:
    try:
        return believed(datetime.fromtimestamp(timegm(parsed), tz=UTC))
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def _authors(entry: Any) -> tuple[str, ...]:
    named = [string(author.get("name")) for author in entry.get("authors") or [] if hasattr(author, "get")]
    names = [plain(name)[:200] for name in [*named, string(entry.get("author"))]]
    return tuple(dict.fromkeys(name for name in names if name))[:20]


def _refuse_unreadable(items: list[Item]) -> None:
    text = "".join(item.title + item.summary for item in items)
    if text.count("\ufffd") > _UNREADABLE_MAX * len(text):
        raise NotAFeed("The feed is in an encoding that cannot be read.")
