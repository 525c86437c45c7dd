"""From what a source says of a document to a row that holds it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import replace

from django.db.models import Exists, OuterRef

from riskreview.evidence.models import Announcement, Capture, Companion, Document, Snapshot, Source
from riskreview.lib.hashing import sha256_hex

from . import watching
from .sources import Item

EXCERPT_WORDS = 60


def hold_all(
    items: Iterable[Item], source: Source, page: Capture | None = None, *, at: datetime.datetime | None = None
) -> int:
    """Hold the items of one answer, and return how many were new or said something new. What somebody had brought in
    by hand is not new. `at` is when the answer came, if newer ones were read since."""
    offered = {item.key[:2100]: item for item in reversed(list(items))}
    rows = Document.objects.filter(key__in=offered).values_list("key", "stamp", "source")
    known = {key: stamp for key, stamp, _ in rows}
    # What another source announced first is its to announce again: two that word it differently would never agree.
    others = {key for key, _, owner in rows if owner not in (None, source.pk)}
    news = {
        key: item
        for key, item in offered.items()
        if key not in others and not is_repeated(item, known) and known.get(key) != announce(item, source).stamp
    }
    # One order for everybody: two sources that name the same documents never wait for each other.
    for _, item in sorted(news.items()):
        hold(item, source=source, page=page, at=at)
    Companion.objects.keep((item.came_with[:2100], key) for key, item in offered.items() if item.came_with)
    return sum(known.get(key) != "" for key in news)


def is_repeated(item: Item, known: Mapping[str, str]) -> bool:
    """Whether a message only points to, or carries, what we hold: its words about it are no news of it."""
    return bool(item.came_with) and item.key[:2100] in known


def hold(
    item: Item,
    *,
    source: Source | None = None,
    page: Capture | None = None,
    at: datetime.datetime | None = None,
) -> Document:
    """Hold one item: with the bytes at hand where it came with them, or has no address; else to be fetched."""
    capture = at_hand(item, source, page)
    if capture and at and not (item.enclosed and item.enclosed.at):
        capture = replace(capture, fetched_at=at, live=False)
    if capture and capture.is_excerpt and (known := held_whole(item.key)):
        return known  # an excerpt never follows the whole text
    document = Document.objects.hold(announce(item, source), source=source, capture=capture)
    if item.corrects:
        watching.corrects(document, item.corrects[:2100])
    return document


def held_whole(key: str) -> Document | None:
    """The document, if we hold more of it than an excerpt."""
    whole = Exists(Snapshot.objects.filter(document=OuterRef("pk")).exclude(headers__has_key="retained"))
    held: Document | None = Document.objects.filter(whole, key=key[:2100]).first()
    return held


def at_hand(item: Item, source: Source | None, page: Capture | None) -> Capture | None:
    """The bytes of an item that need no fetching, if there are any."""
    if source and not source.keeps_whole:
        return excerpt(item)
    if page or item.enclosed:
        return page or enclosed(item)
    return None if item.url or item.fetch_url else written(item)


def announce(item: Item, source: Source | None) -> Announcement:
    """What a source says of a document, with a stamp that changes when it says something else."""
    said = "\n".join(map(str, (item.title, item.summary, item.updated or item.published, item.html, item.text)))
    raw = item.enclosed.raw if item.enclosed else b""
    return Announcement(
        key=item.key[:2100],
        url=item.url[:2000],
        fetch_url=item.fetch_url[:2000],
        kind=item.kind,
        headline=item.title,
        publisher=item.publisher or (source.name if source else ""),
        byline=item.authors,
        language=item.language or (source.language if source else ""),
        published_at=item.published,
        stamp=sha256_hex(said.encode("utf-8", "replace") + raw),
    )


def enclosed(item: Item) -> Capture:
    """The bytes that came with the item: a message, or a record of a web archive with its own time."""
    bytes_ = item.enclosed
    assert bytes_ is not None, "called for items with bytes only"  # noqa: S101 - tells the type checker
    now = datetime.datetime.now(datetime.UTC)
    return Capture(
        raw=bytes_.raw,
        content_type=bytes_.content_type,
        fetched_at=min(bytes_.at or now, now),  # a capture of the future would stay the newest for ever
        final_url=item.url[:2000],
        status=bytes_.status,
        headers={name[:100]: value[:500] for name, value in bytes_.headers.items()},
    )


def written(item: Item) -> Capture:
    """An item without an address is its own evidence."""
    html = item.html or item.summary
    kind = "text/html; charset=utf-8" if item.html else "text/plain; charset=utf-8"
    now = datetime.datetime.now(datetime.UTC)
    return Capture(raw=(html or item.text or item.title).encode(), content_type=kind, fetched_at=now, live=True)


def excerpt(item: Item) -> Capture:
    """What may be kept of a text whose terms forbid more: title, the first words, and the hash of the whole."""
    whole = item.text or item.summary or item.title
    words = whole.split()
    cut = " ".join(words[:EXCERPT_WORDS]) + (" …" if len(words) > EXCERPT_WORDS else "")
    return Capture(
        raw=f"{item.title}\n\n{cut}\n".encode(),
        content_type="text/plain; charset=utf-8",
        fetched_at=datetime.datetime.now(datetime.UTC),
        final_url=item.url[:2000],
        headers={
            "retained": "excerpt",
            "sha256-of-whole": sha256_hex(whole.encode("utf-8", "replace")),
        },
        live=True,
    )
