"""From the bytes a source answered with to documents: hostile input, read under limits and without the network."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from riskreview.evidence import archive
from riskreview.evidence.models import Capture, Source, Visit
from riskreview.lib.confining import Confined, confined

from . import folders
from .collecting import kind_of, state
from .holding import hold_all
from .sources import KINDS, Brought, Kind, ParseFailed, SourceState, warc

PARSE_SECONDS = 20.0
RECORDS_MAX = 200  # of a web archive in one go; the next visit goes on behind them
RECORD_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Read:
    """What became of an answer: what it brought, or why it could not be read. `page` is the page it is itself."""

    brought: Brought = field(default_factory=Brought)
    page: Capture | None = None
    trouble: ParseFailed | None = None


def read(visit: Visit) -> Read:
    """Read one answer. What is wrong with it is a result, not an error: it is the source that is told."""
    source = visit.source
    try:
        if not visit.size:
            folders.put_back(visit.url)  # one that lay aside waits again, for there may be more in it than is read now
            return Read(put_aside(read_file(visit.url, state(source), source.kind)))
        brought = parsed(
            kind_of(source), visit.body, visit.headers, url=visit.final_url or visit.url, source=state(source)
        )
    except ParseFailed as trouble:
        return Read(trouble=trouble)
    return Read(put_aside(brought), page=page_of(visit) if source.kind == "PAGE" else None)


def parsed(kind: Kind, body: bytes, headers: Mapping[str, str], *, url: str, source: SourceState) -> Brought:
    """What an answer holds, read under limits and without the network. Raises `ParseFailed`."""
    with limited(PARSE_SECONDS):
        return kind.parse(body, headers, url=url, source=source, now=timezone.now())


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """The limits for reading an answer. Whoever passes them could not read it: raises `ParseFailed`."""
    try:
        with confined(memory=settings.PARSE_MEMORY_BYTES, seconds=seconds):
            yield
    except Confined as error:
        raise ParseFailed(error.reason) from error


def put_aside(brought: Brought) -> Brought:
    """Archive the bytes that came along, before any transaction: the store may be far away."""
    for item in brought.items:
        if item.enclosed:
            archive.put(item.enclosed.raw)
    return brought


def page_of(visit: Visit) -> Capture:
    """A watched page is its own document."""
    return Capture(
        raw=visit.body,
        content_type=visit.headers.get("content-type", ""),
        fetched_at=visit.at,
        final_url=visit.final_url,
        status=visit.status,
        headers=visit.headers,
        live=True,
    )


def read_file(address: str, source: SourceState, kind: str) -> Brought:
    """Read a file of a drop folder; of a web archive some records, from where the last reader stopped."""
    path = folders.path_of(address)
    if kind == warc.ABOUT.key:
        return read_archive(path, address, source)
    if path.stat().st_size > settings.FETCH_MAX_BYTES * 3:
        raise ParseFailed("The file is too large for a message.")
    return parsed(KINDS[kind], path.read_bytes(), {}, url="", source=source)


def read_archive(path: Path, address: str, source: SourceState) -> Brought:
    """Read some records of a web archive of any size. The cursor says where in which file to go on."""
    until = time.monotonic() + RECORD_SECONDS
    place = source.cursor if source.cursor.get("file") == address else {}
    with path.open("rb") as file, limited(2 * RECORD_SECONDS):
        brought = warc.bring(file, place, most=RECORDS_MAX, enough=lambda: time.monotonic() > until)
    return replace(brought, cursor={**brought.cursor, "file": address} if brought.more else {})


def keep(visit: Visit, got: Read) -> None:
    """Hold what an answer brought, and note how it went; a file that is done with is moved aside afterwards."""
    if got.trouble:
        keep_trouble(visit, got.trouble)
        return
    brought, trouble = got.brought, told_of(got.brought)
    late = overtaken(visit)
    fresh = hold_all(brought.items, visit.source, got.page, at=visit.at if late else None)
    visit.read(items=len(brought.items), new_items=fresh, refused=brought.refused, reason=trouble)
    if late:
        visit.source.brought_late(fresh)
    else:
        keep_place(visit, brought, fresh, trouble)
    if not visit.size and not brought.more:
        transaction.on_commit(lambda: folders.move_aside(visit.url, "done"))


def overtaken(visit: Visit) -> bool:
    """Whether a newer answer was read before this one; nobody reads another of the source meanwhile."""
    Source.objects.select_for_update(no_key=True).get(pk=visit.source_id)
    return visit.is_overtaken


def told_of(brought: Brought) -> str:
    """What is told of an answer that ended in the middle; nothing of a whole one."""
    if not brought.broke_off:
        return ""
    number = len(brought.items)
    return f"The answer broke off; {number:,} {'item was' if number == 1 else 'items were'} read."


def keep_place(visit: Visit, brought: Brought, fresh: int, trouble: str) -> None:
    """Note how it went, and where the source stands now; after an answer that broke off, where it stood before."""
    visit.source.brought(
        cursor=None if trouble else brought.cursor,
        validators=visit.headers,
        fresh=fresh,
        more=not trouble and (brought.more or not visit.size),
        over=brought.over,
        trouble=trouble,
    )


def keep_trouble(visit: Visit, trouble: ParseFailed) -> None:
    """Note why an answer could not be read. A service that only wants to be left alone for a while has not failed, and
    a file that cannot be read keeps no other from being read."""
    is_file = not visit.size
    wait = timedelta() if is_file else getattr(trouble, "wait", None)
    reason = f"{Path(visit.url).name}: {trouble.reason}" if is_file else trouble.reason
    visit.unreadable(reason, keep=wait is None)
    if not overtaken(visit):
        visit.source.could_not_be_read(reason, wait=wait)
    if is_file:
        transaction.on_commit(lambda: folders.move_aside(visit.url, "failed"))
