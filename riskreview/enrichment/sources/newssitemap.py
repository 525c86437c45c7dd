"""News sitemaps: a urlset with the news extension, or a sitemapindex that lists several (sitemaps.org, Google News)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import ElementTree as Defused
from defusedxml.common import DefusedXmlException

from riskreview.enrichment.sources.guarding import refuse_what_is_no_xml
from riskreview.enrichment.sources.reading import LINE_MAX, address, distinct, epoch, line, moment, told
from riskreview.enrichment.sources.shapes import (
    PAGE_BYTES,
    PAGES_MAX,
    About,
    Brought,
    Item,
    NotAFeed,
    Request,
    SourceState,
)
from riskreview.enrichment.sources.walking import broken_off, seconds
from riskreview.lib.inflating import Damaged, Oversized, inflated
from riskreview.lib.urls import canonical_url

ABOUT = About("NEWS_SITEMAP", "News sitemap", "The address of a news sitemap, or of an index of several.")

_WHAT = "sitemap"
_ELEMENTS_MAX = 400_000  # an index of 50,000 sitemaps, as many as the protocol allows, has 300,002 tags
_NEWS_FOR = timedelta(days=2)  # a news sitemap holds the news of two days
_LATE = timedelta(hours=1)  # an index may be served from a cache


def request(source: SourceState, *, now: datetime) -> Request:
    """The next sitemap of an index that is being walked, else the source's address with its own validators."""
    waiting = _waiting(source.cursor, now)
    if waiting:
        return Request(_turn(waiting, source.cursor, now), max_bytes=PAGE_BYTES)
    if source.cursor.get("waiting"):
        return Request(source.url, max_bytes=PAGE_BYTES)
    etag, last_modified = _validators(source) or (source.etag, source.last_modified)
    return Request(source.url, etag, last_modified, PAGE_BYTES)


def parse(body: bytes, headers: Mapping[str, str], *, url: str, source: SourceState, now: datetime) -> Brought:
    """The news of one sitemap, or the sitemaps of an index that changed since the walk before, 49 at most.

    Raises NotAFeed, with the reason, for bytes that are no sitemap. One sitemap of an index that cannot be read is
    told of, and the walk goes on.
    """
    waiting = _waiting(source.cursor, now)
    try:
        root = _root(body)
    except NotAFeed as error:
        if not waiting:
            raise
        return _onward(source, waiting, url, now, (), [f"{url[:200]}: {error.reason}"])
    if waiting and _is(root, "sitemapindex"):
        return _onward(source, waiting, url, now, (), [f"{url[:200]}: It is an index inside an index."])
    if _is(root, "sitemapindex"):
        return _listed(root, headers, url, source, now)
    items, refused = _news(root, url)
    if waiting:
        return _onward(source, waiting, url, now, items, refused)
    return Brought(items, {"first": _first(headers)}, refused=told(refused))


def _waiting(cursor: Mapping[str, Any], now: datetime) -> list[str]:
    """The sitemaps of the index that are still to be read."""
    waiting = cursor.get("waiting")
    if not isinstance(waiting, list) or broken_off(cursor, now):
        return []
    return [each for each in waiting if address(each)][:PAGES_MAX]


def _turn(waiting: list[str], cursor: Mapping[str, Any], now: datetime) -> str:
    """Whose turn it is: another's every hour that nothing moves, so that one dead sitemap does not hide the rest."""
    at = epoch(cursor.get("at")) or now
    return waiting[int((now - at).total_seconds() // 3600) % len(waiting)]


def _onward(
    source: SourceState, waiting: list[str], url: str, now: datetime, items: tuple[Item, ...], refused: list[str]
) -> Brought:
    done = url if url in waiting else _turn(waiting, source.cursor, now)
    rest = [each for each in waiting if each != done]
    cursor = {name: source.cursor[name] for name in ("first", "since", "began") if name in source.cursor}
    if rest:
        return Brought(items, cursor | {"waiting": rest, "at": seconds(now)}, more=True, refused=told(refused))
    return Brought(items, {"first": cursor.get("first"), "since": cursor.get("began")}, refused=told(refused))


def _listed(root: Element, headers: Mapping[str, str], url: str, source: SourceState, now: datetime) -> Brought:
    since = epoch(source.cursor.get("since"))
    changed, most = _changed(root, url, since - _LATE if since else now - _NEWS_FOR), PAGES_MAX - 1
    left = f"The index names {len(changed):,} sitemaps to be read; only {most} of them are."
    refused = (left,) if len(changed) > most else ()
    first = _first(headers)
    if not changed:
        return Brought(cursor={"first": first, "since": seconds(now)})
    walk = {"first": first, "since": source.cursor.get("since"), "began": seconds(now)}
    return Brought(cursor=walk | {"waiting": changed[:most], "at": seconds(now)}, more=True, refused=refused)


def _changed(root: Element, url: str, since: datetime) -> list[str]:
    """The sitemaps changed since then, newest first, then those that do not say when they changed."""
    found: dict[str, datetime | None] = {}
    for entry in root.iterfind("{*}sitemap"):
        place, at = address(_text(entry, "loc"), url), _changed_at(_text(entry, "lastmod"))
        if place and place != url and (at is None or at > since):
            found.setdefault(place, at)
    dated = sorted(((at, place) for place, at in found.items() if at), key=lambda each: each[0], reverse=True)
    return [place for _, place in dated] + [place for place, at in found.items() if not at]


def _changed_at(text: str) -> datetime | None:
    """When a sitemap changed; a day without time counts to its end."""
    at = moment(text)
    return at + timedelta(days=1) if at and len(text) <= len("2025-01-29") else at


def _root(body: bytes) -> Element:
    body = _unpacked(body)
    refuse_what_is_no_xml(body, _WHAT, _ELEMENTS_MAX)
    try:
        root: Element = Defused.fromstring(body)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise NotAFeed("The sitemap is damaged and cannot be read.") from error
    if not _is(root, "urlset") and not _is(root, "sitemapindex"):
        raise NotAFeed("No sitemap was found in the answer.")
    return root


def _unpacked(body: bytes) -> bytes:
    """A file that was packed before it was put on the server; the transport's own packing is gone by now."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    try:
        return inflated([body], "gzip", PAGE_BYTES)
    except Oversized as error:
        raise NotAFeed(f"The sitemap is larger than {PAGE_BYTES:,} bytes when unpacked.") from error
    except Damaged as error:
        raise NotAFeed("The sitemap is packed with gzip but cannot be unpacked.") from error


def _news(root: Element, url: str) -> tuple[tuple[Item, ...], list[str]]:
    entries = list(root.iterfind("{*}url"))
    marked = [(entry, news) for entry in entries if (news := entry.find("{*}news")) is not None]
    found = [(_item(entry, news, url), entry) for entry, news in marked]
    refused = [f"An entry has no usable address: {_text(news, 'title')[:100]}" for news in _without_item(found)]
    if entries and not marked:
        refused.append(f"None of the {len(entries):,} addresses is marked as news.")
    return distinct(item for item, _ in found if item), refused


def _without_item(found: list[tuple[Item | None, Element]]) -> list[Element]:
    return [news for item, entry in found if not item and (news := entry.find("{*}news")) is not None]


def _item(entry: Element, news: Element, url: str) -> Item | None:
    link = address(_text(entry, "loc"), url)
    if not link:
        return None
    publication = news.find("{*}publication")
    return Item(
        key=canonical_url(link),
        url=link,
        title=_text(news, "title")[:LINE_MAX],
        published=moment(_text(news, "publication_date")),
        updated=moment(_text(entry, "lastmod")),
        language=_text(publication, "language")[:35],
        publisher=_text(publication, "name")[:200],
    )


def _text(parent: Element | None, name: str) -> str:
    child = parent.find(f"{{*}}{name}") if parent is not None else None
    return line(child.text if child is not None else "", 2_048)


def _is(root: Element, name: str) -> bool:
    return root.tag.rpartition("}")[2] == name


def _first(headers: Mapping[str, str]) -> list[str]:
    return [headers.get("etag", "")[:400], headers.get("last-modified", "")[:80]]


def _validators(source: SourceState) -> tuple[str, str] | None:
    match source.cursor.get("first"):
        case [str(etag), str(last_modified)]:
            return etag, last_modified
    return None
