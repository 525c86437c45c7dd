"""JSON Feed 1 and 1.1 (jsonfeed.org)."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from riskreview.enrichment.sources.reading import (
    address,
    distinct,
    identity,
    json_answer,
    line,
    moment,
    plain,
    string,
    things,
    told,
)
from riskreview.enrichment.sources.shapes import (
    FEED_BYTES,
    PAGES_MAX,
    About,
    Brought,
    Item,
    NotAFeed,
    ParseFailed,
    Request,
    SourceState,
)
from riskreview.enrichment.sources.walking import broken_off, seconds
from riskreview.lib.hashing import sha256_hex
from riskreview.lib.text import normalise

ABOUT = About("JSON_FEED", "JSON Feed", "The address of a feed in JSON Feed 1 or 1.1.")

_VERSION = re.compile(r"https?://(?:www\.)?jsonfeed\.org/version/1(?:\.\d{1,3})?/?")
_KNOWN_MAX = 500


def request(source: SourceState, *, now: datetime) -> Request:
    """The next page of a walk that has begun, else the feed's address with the validators of its first page."""
    page = _waiting(source)
    if page and not broken_off(source.cursor, now):
        return Request(page[-1], max_bytes=FEED_BYTES)
    if page:  # the first page may well be unchanged, and the rest still to be read
        return Request(source.url, max_bytes=FEED_BYTES)
    etag, last_modified = _validators(source) or (source.etag, source.last_modified)
    return Request(source.url, etag, last_modified, FEED_BYTES)


def parse(body: bytes, headers: Mapping[str, str], *, url: str, source: SourceState, now: datetime) -> Brought:
    """One page of a feed, and where its next page is.

    The walk ends at a page whose last item stood on the first page of the walk before, where an address comes up
    twice, and after 50 pages. A further page that cannot be read ends it as well. Raises ParseFailed for a first page
    that is no JSON, and NotAFeed for one that is no JSON Feed.
    """
    pages = [] if broken_off(source.cursor, now) else _waiting(source)
    try:
        feed = _feed(json_answer(body, headers.get("content-type", "")))
    except ParseFailed as error:
        if not pages:
            raise
        return Brought(cursor=_home(source.cursor), refused=(f"A further page could not be read. {error.reason}",))
    read = [(entry, _item(entry, feed, url, source.url)) for entry in things(feed["items"])]
    items = distinct(item for _, item in read if item)
    refused = [f"An item has no address, id or words: {_name(entry)}" for entry, item in read if not item]
    cursor = dict(source.cursor) if pages else _begun(source, headers, items)
    over = "The feed says that it is finished." if feed.get("expired") is True else ""
    further = _further(feed, url, [source.url, *pages], items, source.cursor)
    if further and len(pages) + 1 >= PAGES_MAX:
        further, refused = "", [*refused, f"The feed has more than {PAGES_MAX} pages; older items were left out."]
    if further and not over:
        return Brought(
            items, cursor | {"pages": [*pages, further], "at": seconds(now)}, more=True, refused=told(refused)
        )
    return Brought(items, _home(cursor), over=over, refused=told(refused))


def _waiting(source: SourceState) -> list[str]:
    """The further pages of a walk so far, the last of them still to be read."""
    pages = source.cursor.get("pages")
    return [page for page in pages if address(page)] if isinstance(pages, list) else []


def _validators(source: SourceState) -> tuple[str, str] | None:
    match source.cursor.get("first"):
        case [str(etag), str(last_modified)]:
            return etag, last_modified
    return None


def _begun(source: SourceState, headers: Mapping[str, str], items: tuple[Item, ...]) -> dict[str, Any]:
    """The cursor of a walk at its first page: `known` are the items of the walk before, `fresh` those of this one."""
    known = source.cursor.get("known")
    return {
        "first": [headers.get("etag", "")[:400], headers.get("last-modified", "")[:80]],
        "known": [each for each in known if isinstance(each, str)] if isinstance(known, list) else [],
        "fresh": [_short(item) for item in items[:_KNOWN_MAX]],
    }


def _home(cursor: Mapping[str, Any]) -> dict[str, Any]:
    """The cursor of a walk that is over."""
    return {"first": cursor.get("first", ["", ""]), "known": cursor.get("fresh", [])}


def _short(item: Item) -> str:
    return sha256_hex(item.key.encode("utf-8", "replace"))[:16]


def _further(
    feed: Mapping[str, Any], url: str, seen: list[str], items: tuple[Item, ...], cursor: Mapping[str, Any]
) -> str:
    known = cursor.get("known")
    if items and isinstance(known, list) and _short(items[-1]) in known:
        return ""
    further = address(feed.get("next_url"), url)
    return "" if further in (*seen, url) else further


def _feed(found: dict[str, Any]) -> dict[str, Any]:
    if not _VERSION.fullmatch(string(found.get("version")).strip()):
        raise NotAFeed("The answer is JSON, but not a JSON Feed of version 1 or 1.1.")
    if not isinstance(found.get("items"), list):
        raise NotAFeed("The feed has no list of items.")
    return found


def _item(entry: Mapping[str, Any], feed: Mapping[str, Any], base: str, home: str) -> Item | None:
    own = _own_id(entry.get("id"))
    linked = address(entry.get("url"), base) or address(entry.get("external_url"), base)
    link = linked or (address(own) if own.startswith(("http://", "https://")) else "")
    html, text = string(entry.get("content_html")), normalise(string(entry.get("content_text")))
    title, summary = line(entry.get("title")), normalise(string(entry.get("summary")))
    key = identity(link, own, home, title + summary + html + text)
    if not key:
        return None
    return Item(
        key=key,
        url=link,
        title=title,
        summary=summary,
        html=html,
        text=text or plain(html),
        published=moment(entry.get("date_published")),
        updated=moment(entry.get("date_modified")),
        authors=_authors(entry) or _authors(feed),
        language=line(entry.get("language") or feed.get("language"), 35),
        publisher=line(feed.get("title"), 200),
    )


def _own_id(value: object) -> str:
    """The id, which version 1 let be a number."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value) if number else string(value).strip()


def _authors(thing: Mapping[str, Any]) -> tuple[str, ...]:
    """`authors` of version 1.1, else the one `author` of version 1."""
    named = things(thing.get("authors")) or things([thing.get("author")])
    return tuple(dict.fromkeys(name for each in named if (name := line(each.get("name"), 200))))[:20]


def _name(entry: Mapping[str, Any]) -> str:
    return ", ".join(sorted(str(name)[:20] for name in entry))[:100] or "nothing in it"
