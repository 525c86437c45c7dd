"""Web archives (WARC, such as CC-NEWS) in a drop folder: each page is one item, with the time of its capture."""

import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from warcio.bufferedreaders import ChunkedDataReader
from warcio.statusandheaders import StatusAndHeadersParser

from riskreview.enrichment.decoding import NotText, decoded, is_html, titled
from riskreview.enrichment.sources.reading import moment, told, whole
from riskreview.enrichment.sources.shapes import About, Brought, Bytes, Item, ParseFailed, Request, SourceState
from riskreview.enrichment.sources.warcfile import HEAD_BYTES, RECORD_BYTES, Damaged, Head, Place, Record
from riskreview.enrichment.sources.warcfile import records as read_records
from riskreview.lib.inflating import Damaged as Unpackable
from riskreview.lib.inflating import Oversized, inflated
from riskreview.lib.urls import canonical_url, safe_url

ABOUT = About(
    "WARC",
    "Web archive (WARC)",
    "A folder below the drop folder with .warc or .warc.gz files of any size.",
    road="FOLDER",
)
RECORDS_MAX = 2_000
BYTES_MAX = 50_000_000

_HTML = ("text/html", "application/xhtml+xml")
_PDF, _TEXT = "application/pdf", "text/plain"
_KEPT = ("content-type", "etag", "last-modified", "date", "content-language", "server")
_OF_RECORD = ("warc-record-id", "warc-payload-digest")
_STATUS = re.compile(r"\d{3}\b")
_http = StatusAndHeadersParser(["HTTP/1.0", "HTTP/1.1"], verify=False)


@dataclass(frozen=True, slots=True)
class Read:
    """What became of one record: an item, or words in `refused`, or neither when it is no page. Reading goes on at
    byte `offset`, behind the first `skip` records there (see `warcfile`)."""

    item: Item | None
    refused: str
    offset: int
    skip: int


class _Unusable(Exception):
    """A record that is no evidence; the text goes on where a sentence begins "The record at ..."."""


def request(source: SourceState, *, now: datetime) -> Request:
    """The folder: nothing is asked of anybody."""
    return Request(source.url)


def parse(body: bytes, headers: Mapping[str, str], *, url: str, source: SourceState, now: datetime) -> Brought:
    """The pages in a small archive: at most 2,000, or 50 MB of them, from the source's cursor on.

    Raises ParseFailed for bytes that are no web archive.
    """
    return bring(io.BytesIO(body), source.cursor)


def bring(
    file: BinaryIO, cursor: Mapping[str, Any], *, most: int = RECORDS_MAX, enough: Callable[[], bool] = lambda: False
) -> Brought:
    """The next pages of an archive that may be of any size, from the cursor of the visit before on.

    It ends behind `most` items, 50 MB of them, or the record at which `enough` says so, whichever is first; `more` and
    the cursor tell the next visit where to go on. Raises ParseFailed for a file that is no web archive.
    """
    items: list[Item] = []
    refused: list[str] = []
    size = 0
    for read in records(file, offset=whole(cursor.get("offset")), skip=whole(cursor.get("skip"))):
        if read.item and read.item.enclosed:
            items.append(read.item)
            size += len(read.item.enclosed.raw)
        refused += [read.refused] if read.refused else []
        if len(items) >= most or size >= BYTES_MAX or enough():
            return Brought(tuple(items), {"offset": read.offset, "skip": read.skip}, more=True, refused=told(refused))
    return Brought(tuple(items), refused=told(refused))


def records(file: BinaryIO, *, offset: int = 0, skip: int = 0) -> Iterator[Read]:
    """What became of each record, one at a time, from a place on that an earlier reading named.

    A page that was archived twice with the same bytes is brought once. Raises ParseFailed when nothing in the file is
    a record of a web archive.
    """
    seen: set[bytes] = set()
    is_archive = bool(offset or skip)
    for record in read_records(file, _is_page, Place(offset, skip)):
        if record.trouble and not is_archive and record.after.offset >= file.seek(0, io.SEEK_END):
            raise ParseFailed(f"It is no web archive that can be read. {record.trouble}")
        is_archive = True
        yield _read(record, seen)
    if not is_archive:
        raise ParseFailed("The file is empty.")


def _read(record: Record, seen: set[bytes]) -> Read:
    item, refused = None, record.trouble
    try:
        item = _item(record) if not refused and _is_page(record.head) else None
    except _Unusable as unusable:
        refused = f"The {record.at} {unusable}."
    if item and item.enclosed:
        same = sha256(item.key.encode() + b"\0" + item.enclosed.raw).digest()
        item = None if same in seen else item
        seen.add(same)
    return Read(item, refused, record.after.offset, record.after.skip)


def _is_page(head: dict[str, str]) -> bool:
    """Whether a record is an answer that a crawler got over HTTP: only those are pages."""
    kind = head.get("content-type", "").replace(" ", "").lower()
    return head.get("warc-type", "").lower() == "response" and kind.startswith("application/http")


def _item(record: Record) -> Item:
    head = record.head
    if int(head["content-length"]) > RECORD_BYTES + HEAD_BYTES:
        raise _Unusable("is larger than 20 MB")
    if "warc-truncated" in head:
        raise _Unusable(f"was cut short by the crawler ({head['warc-truncated'][:40]})")
    url = safe_url(head.get("warc-target-uri", "").strip("<> "))
    if not url:
        raise _Unusable("has an address that cannot be linked")
    status, headers, sent = _answer(record.block)
    if status != 200:
        raise _Unusable(f"is an answer with status {status}")
    raw, kind = _payload(headers, sent), headers.get("content-type", "")
    about = {name: headers[name] for name in _KEPT if name in headers}
    about |= {name: head[name] for name in _OF_RECORD if name in head}
    return Item(
        key=canonical_url(url),
        url=url,
        title=_title(raw, kind),
        publisher=(urlsplit(url).hostname or "").removeprefix("www."),
        enclosed=Bytes(raw, kind, at=moment(head.get("warc-date")), status=status, headers=about),
    )


def _answer(block: bytes) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of an HTTP answer, the body as it was sent."""
    stream = io.BytesIO(block)
    try:
        parsed = _http.parse(Head(stream))
    except (Damaged, EOFError) as error:
        raise _Unusable("holds no HTTP answer") from error
    status = _STATUS.match(parsed.statusline)
    if not parsed.protocol.upper().startswith("HTTP/") or not status:
        raise _Unusable("holds no HTTP answer")
    headers = {name.lower(): str(value) for name, value in reversed(parsed.headers)}
    return int(status.group()), headers, block[stream.tell() :]


def _payload(headers: dict[str, str], sent: bytes) -> bytes:
    """The body without the codings of its transfer. Crawlers often undo them and leave the headers: what is not packed
    is taken as it is."""
    stated = headers.get("content-length", "").strip()
    if stated.isdecimal() and len(stated) < 12 and int(stated) > len(sent):
        raise _Unusable("was cut short: it has fewer bytes than its answer announced")
    if headers.get("transfer-encoding", "").strip().lower() == "chunked":
        sent = ChunkedDataReader(io.BytesIO(sent)).read()
    coding = headers.get("content-encoding", "").strip().lower()
    is_packed = sent.startswith(b"\x1f\x8b") if coding in ("gzip", "x-gzip") else coding not in ("", "identity")
    if is_packed and sent.lstrip()[:1] == b"<":
        is_packed = False
    try:
        raw = inflated([sent], coding if is_packed else "", RECORD_BYTES)
    except Oversized as error:
        raise _Unusable("is larger than 20 MB when it is unpacked") from error
    except Unpackable as error:
        raise _Unusable(f"cannot be unpacked (content coding {coding[:40]})") from error
    if not raw.strip():
        raise _Unusable("is an empty answer")
    return raw


def _title(raw: bytes, content_type: str) -> str:
    """The title of a page; nothing for text and PDF. Raises _Unusable for everything else."""
    kind = content_type.partition(";")[0].strip().lower()
    if raw.startswith(b"%PDF-") and kind in ("", _PDF):
        return ""
    if kind and kind not in (*_HTML, _TEXT):
        raise _Unusable(f"is neither a page nor text nor a PDF ({kind[:60]})")
    try:
        content = decoded(raw, content_type)
    except NotText as error:
        raise _Unusable(f"is no text: {error.reason.rstrip('.').lower()}") from error
    return titled(content) if is_html(content, content_type) else ""
