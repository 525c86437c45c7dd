"""From a source to documents: fetch, parse, hold. Outside work first, then one transaction."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass

from django.conf import settings
from django.db.models import F
from django.db.models.functions import Now

from riskreview.evidence.models import Announcement, Capture, Document, Source
from riskreview.lib.http import BadResponse, Policy, Response, fetch
from riskreview.lib.urls import canonical_url

from .sources import KINDS, Item, SourceState

KEPT_HEADERS = ("content-type", "etag", "last-modified", "date", "content-language", "server")


@dataclass(frozen=True, slots=True)
class Collected:
    """What one visit to a source brought."""

    items: tuple[Item, ...] = ()
    etag: str = ""
    last_modified: str = ""
    page: Capture | None = None


def policy(max_bytes: int) -> Policy:
    """The fetcher's limits, with the operator's exceptions."""
    pairs = (text.rsplit(":", 1) for text in settings.FETCH_ALLOW)
    return Policy(
        allow=frozenset((host.strip("[]"), int(port)) for host, port in pairs),
        max_bytes=min(max_bytes, settings.FETCH_MAX_BYTES),
        user_agent=settings.FETCH_USER_AGENT,
    )


def visit(source: Source) -> Collected:
    """Ask a source what it has. Raises `FetchFailed` or `ParseFailed`, both with a reason for staff."""
    kind = KINDS[source.kind.lower()]
    asked = kind.request(SourceState(source.url, source.etag, source.last_modified))
    answer = fetch(asked.url, policy=policy(asked.max_bytes), etag=asked.etag, last_modified=asked.last_modified)
    if answer.not_modified:
        return Collected(etag=source.etag, last_modified=source.last_modified)
    refuse_errors(answer)
    items = tuple(kind.parse(answer.body, answer.headers, url=answer.final_url))
    return Collected(
        items=items,
        etag=answer.headers.get("etag", "")[:400],
        last_modified=answer.headers.get("last-modified", "")[:80],
        page=capture(answer) if source.kind == Source.Kind.PAGE else None,
    )


def keep(source: Source, collected: Collected) -> None:
    """Hold what a visit brought, and note how it went."""
    # One order for everybody: two sources that name the same documents never wait for each other.
    for item in sorted(collected.items, key=lambda each: each.key):
        hold(item, source=source, page=collected.page)
    found = {"last_item_at": Now(), "items_seen": F("items_seen") + len(collected.items)} if collected.items else {}
    Source.objects.filter(pk=source.pk).update(
        etag=collected.etag,
        last_modified=collected.last_modified,
        last_fetch_at=Now(),
        last_success_at=Now(),
        **found,
    )


def hold(item: Item, *, source: Source | None = None, page: Capture | None = None) -> Document:
    """Hold one item: with the bytes at hand where the item is the page, or has no address; else to be fetched."""
    bytes_at_hand = page or (None if item.url else written(item))
    return Document.objects.hold(announce(item, source), source=source, capture=bytes_at_hand)


def page_key(url: str) -> str:
    """The identity of a document that is known by its address."""
    return canonical_url(url)[:2100]


def announce(item: Item, source: Source | None) -> Announcement:
    """What a feed says of a document, with a stamp that changes when the feed says something else."""
    said = "\n".join(map(str, (item.title, item.summary, item.updated or item.published, item.html, item.text)))
    return Announcement(
        key=item.key[:2100],
        url=item.url[:2000],
        headline=item.title,
        publisher=item.publisher or (source.name if source else ""),
        byline=item.authors,
        language=item.language or (source.language if source else ""),
        published_at=item.published,
        stamp=hashlib.sha256(said.encode("utf-8", "replace")).hexdigest(),
    )


def written(item: Item) -> Capture:
    """An item without an address is its own evidence."""
    html = item.html or item.summary
    kind = "text/html; charset=utf-8" if item.html else "text/plain; charset=utf-8"
    now = datetime.datetime.now(datetime.UTC)
    return Capture(raw=(html or item.text or item.title).encode(), content_type=kind, fetched_at=now)


def obtain(document: Document) -> Obtained:
    """Fetch a document's bytes. Raises `FetchFailed`."""
    newest = document.newest
    known = newest.headers if newest else {}
    answer = fetch(
        document.url,
        policy=policy(settings.FETCH_MAX_BYTES),
        etag=known.get("etag", ""),
        last_modified=known.get("last-modified", ""),
    )
    if answer.not_modified:
        return Obtained(None, document.stamp)
    refuse_errors(answer)
    return Obtained(capture(answer), document.stamp)


@dataclass(frozen=True, slots=True)
class Obtained:
    """What a fetch brought, and the stamp of the announcement it answers. No capture: still the same bytes."""

    capture: Capture | None
    asked: str


def keep_obtained(document: Document, obtained: Obtained) -> None:
    """Keep fetched bytes as a snapshot, unless they are the ones we hold."""
    document.answered(obtained.capture, asked=obtained.asked)


def capture(answer: Response) -> Capture:
    """An answer as a capture: exact bytes and the headers that tell where they came from."""
    return Capture(
        raw=answer.body,
        content_type=answer.headers.get("content-type", ""),
        fetched_at=datetime.datetime.now(datetime.UTC),
        final_url=answer.final_url[:2000],
        status=answer.status,
        headers={name: answer.headers[name][:500] for name in KEPT_HEADERS if name in answer.headers},
    )


def refuse_errors(answer: Response) -> None:
    """Raise `BadResponse` unless the server gave what was asked for."""
    if answer.status != 200:
        raise BadResponse(f"The server answered with status {answer.status}.")
    if not answer.body:
        raise BadResponse("The server answered with nothing at all.")
