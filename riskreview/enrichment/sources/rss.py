"""RSS 2.0, Atom 1.0 and RDF feeds."""

import html
import io
import re
from calendar import timegm
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import feedparser
import nh3

from riskreview.enrichment.sources.shapes import FEED_BYTES, Item, NotAFeed, Request, SourceState
from riskreview.lib.hashing import sha256_hex
from riskreview.lib.text import normalise
from riskreview.lib.urls import canonical_url, safe_url

ITEMS_MAX = 2_000
_ELEMENTS_MAX = 300_000
_DEPTH_MAX = 100
_FIELD_MAX = 1_000_000
_TITLE_MAX = 1_000
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_UNREADABLE_MAX = 0.1

_CDATA = re.compile(rb"<!\[CDATA\[.*?\]\]>", re.DOTALL)
_TAG = re.compile(rb"<(/?)([A-Za-z][A-Za-z0-9:_.\-]{0,60})([^<>]{0,4000})>")
_VOID = frozenset({b"br", b"img", b"hr", b"input", b"meta", b"link", b"p", b"li"})
_HTML_START = re.compile(rb"(?:<\?xml[^>]{0,200}>\s{0,200})?<(?:!doctype\s{1,20}html|html)\b", re.IGNORECASE)
_BLOCK = re.compile(
    r"</?(?:p|div|br|li|ul|ol|h[1-6]|tr|table|blockquote|section|article|pre)\b[^<>]{0,500}>", re.IGNORECASE
)


def request(source: SourceState) -> Request:
    """The feed's address with the validators of the last answer."""
    return Request(source.url, source.etag, source.last_modified, FEED_BYTES)


def parse(body: bytes, headers: Mapping[str, str], *, url: str) -> list[Item]:
    """The first 2,000 items of a feed, in its order, one per key.

    Raises NotAFeed, with the reason, for empty bytes, a web page, binary data, a feed that declares its own entities,
    has over 300,000 tags or nests over 100 deep, text in an encoding that cannot be repaired, and anything the feed
    reader cannot make sense of. A feed without items is an empty list.
    """
    _refuse_what_is_no_feed(body)
    feed = _read(body, headers)
    if not feed.get("version") and not feed.get("entries"):
        raise NotAFeed("No RSS, Atom or RDF feed was found in the answer.")
    items: dict[str, Item] = {}
    for entry in feed["entries"][:ITEMS_MAX]:
        item = _item(entry, feed.get("feed", {}), url)
        if item:
            items.setdefault(item.key, item)
    _refuse_unreadable(list(items.values()))
    return list(items.values())


def _refuse_what_is_no_feed(body: bytes) -> None:
    if not body.strip(b"\0 \t\r\n"):
        raise NotAFeed("The answer is empty.")
    wide = body.startswith((b"\xff\xfe", b"\xfe\xff"))
    plain = body.replace(b"\0", b"") if wide else body
    if b"\0" in plain:
        raise NotAFeed("The answer is binary data, not a feed.")
    if _HTML_START.match(plain.removeprefix(b"\xef\xbb\xbf").lstrip()):
        raise NotAFeed("The answer is a web page, not a feed.")
    if b"<" not in plain:
        raise NotAFeed("The answer is plain text, not a feed.")
    if b"<!ENTITY" in plain:
        raise NotAFeed("The feed declares its own entities, which is not accepted.")
    if plain.count(b"<") > _ELEMENTS_MAX:
        raise NotAFeed(f"The feed has more than {_ELEMENTS_MAX:,} tags.")
    if _depth(plain) > _DEPTH_MAX:
        raise NotAFeed(f"The feed nests its tags more than {_DEPTH_MAX} deep.")


def _depth(plain: bytes) -> int:
    depth = deepest = 0
    for closing, name, rest in _TAG.findall(_CDATA.sub(b"", plain)):
        if name.lower() in _VOID or rest.endswith(b"/"):
            continue
        depth = max(0, depth - 1) if closing else depth + 1
        deepest = max(deepest, depth)
    return deepest


def _read(body: bytes, headers: Mapping[str, str]) -> Any:
    declared = {"content-type": headers["content-type"]} if "content-type" in headers else {}
    try:
        # A file object, never the bytes themselves: feedparser would take those for an address or a file name.
        return feedparser.parse(
            io.BytesIO(body), response_headers=declared, sanitize_html=False, resolve_relative_uris=False
        )
    except Exception as error:  # feedparser raises many kinds on damaged feeds instead of marking them
        raise NotAFeed(f"The feed is damaged and cannot be read ({type(error).__name__}).") from error


def _item(entry: Any, feed: Any, base: str) -> Item | None:
    link = safe_url(_string(entry.get("link")), base=base) or ""
    title = _plain(_string(entry.get("title"))).replace("\n", " ")[:_TITLE_MAX]
    body = _content(entry)
    summary = _plain(_string(entry.get("summary")))
    key = _key(link, _string(entry.get("id")), base, title + summary + body)
    if not key:
        return None
    return Item(
        key=key,
        url=link,
        title=title,
        summary=summary,
        html=body,
        text=_plain(body),
        published=_time(dict.get(entry, "published_parsed")),
        updated=_time(dict.get(entry, "updated_parsed")),  # its own get() invents one from the other date
        authors=_authors(entry),
        language=_string(entry.get("language") or feed.get("language"))[:35],
        publisher=_plain(_string(feed.get("title")))[:200],
    )


def _key(link: str, guid: str, base: str, content: str) -> str:
    if link:
        return canonical_url(link)
    if guid:
        return f"guid:{canonical_url(base) if base else ''}#{normalise(guid)[:500]}"
    return f"sha256:{sha256_hex(content.encode('utf-8', 'replace'))}" if content.strip() else ""


def _content(entry: Any) -> str:
    parts = entry.get("content") or []
    values = [_string(part.get("value")) for part in parts if hasattr(part, "get")]
    return max(values, key=len, default="") or _string(entry.get("summary"))


def _string(value: object) -> str:
    return value[:_FIELD_MAX] if isinstance(value, str) else ""


def _plain(markup: str) -> str:
    broken_up = _BLOCK.sub("\n", markup)
    text = normalise(html.unescape(nh3.clean(broken_up, tags=set(), clean_content_tags={"script", "style"})))
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _time(parsed: Any) -> datetime | None:
    try:
        moment = datetime.fromtimestamp(timegm(parsed), tz=UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None
    return moment if moment >= _EARLIEST else None


def _authors(entry: Any) -> tuple[str, ...]:
    named = [_string(author.get("name")) for author in entry.get("authors") or [] if hasattr(author, "get")]
    names = [_plain(name)[:200] for name in [*named, _string(entry.get("author"))]]
    return tuple(dict.fromkeys(name for name in names if name))[:20]


def _refuse_unreadable(items: list[Item]) -> None:
    text = "".join(item.title + item.summary for item in items)
    if text.count("\ufffd") > _UNREADABLE_MAX * len(text):
        raise NotAFeed("The feed is in an encoding that cannot be read.")
