"""Records of a web archive (WARC 1.1, ISO 28500:2017), each packed as a gzip member of its own.

Equal input makes equal bytes: a record's id is derived from what it holds, and no clock is read.
"""

from __future__ import annotations

import hashlib
import io
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

VERSION = "1.1"
CONFORMS_TO = "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
RESPONSE = "application/http; msgtype=response"
# True of the transfer, not of the bytes that are kept: those were put together and inflated.
OF_THE_TRANSFER = {"content-encoding", "transfer-encoding", "content-length", "trailer", "connection", "keep-alive"}
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


@dataclass(frozen=True, slots=True)
class Record:
    """One record, packed."""

    id: str
    packed: bytes


def record(
    kind: str,
    body: bytes,
    *,
    at: datetime,
    content_type: str,
    uri: str = "",
    http: StatusAndHeaders | None = None,
    refers_to: str = "",
    warcinfo: str = "",
    seed: str = "",
) -> Record:
    """A record of this kind about an address at a moment. `refers_to` and `warcinfo` are ids of other records.

    `body` is the payload; with `http` it follows that head. `seed` tells records apart that would hold the same.
    """
    payload, block = hashlib.sha256(body), hashlib.sha256()
    if http:
        http.compute_headers_buffer()
        block.update(http.headers_buff)
    block.update(body)
    date = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    identity = uuid.uuid5(uuid.NAMESPACE_URL, "\n".join(("warc", kind, uri, date, block.hexdigest(), seed)))
    head = {
        "WARC-Type": kind,
        "WARC-Record-ID": f"<urn:uuid:{identity}>",
        "WARC-Date": date,
        "WARC-Target-URI": uri,
        "WARC-Refers-To": refers_to,
        "WARC-Warcinfo-ID": warcinfo,
        "WARC-Payload-Digest": "" if kind == "warcinfo" else f"sha256:{payload.hexdigest()}",
        "WARC-Block-Digest": f"sha256:{block.hexdigest()}",
    }
    given = {name: value for name, value in head.items() if value}
    return Record(head["WARC-Record-ID"], _packed(kind, body, given, content_type, http))


def _packed(kind: str, body: bytes, head: dict[str, str], content_type: str, http: StatusAndHeaders | None) -> bytes:
    packed = io.BytesIO()
    writer = WARCWriter(packed, gzip=True, warc_version=VERSION)
    made = writer.create_warc_record(
        head.get("WARC-Target-URI", ""),
        kind,
        payload=io.BytesIO(body),
        length=len(body),
        warc_content_type=content_type,
        warc_headers_dict=head,
        http_headers=http,
    )
    writer.write_record(made)
    return packed.getvalue()


def http_head(status: int, headers: Mapping[str, str], *, length: int) -> StatusAndHeaders:
    """The head of an answer that was kept inflated: what was true of its transfer alone is left out, and the length is
    that of the kept bytes."""
    phrase = HTTPStatus(status).phrase if status in list(HTTPStatus) else ""
    known = {name.lower(): plain(value) for name, value in headers.items() if _NAME.fullmatch(name)}
    kept = [(name, value) for name, value in sorted(known.items()) if name not in OF_THE_TRANSFER]
    return StatusAndHeaders(f"{status} {phrase}".strip(), [*kept, ("content-length", str(length))], "HTTP/1.1")


def plain(text: str) -> str:
    """A text on one line, as a header can hold it."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def fields(told: Mapping[str, str]) -> bytes:
    """The body of a warcinfo record."""
    return "".join(f"{name}: {plain(value)}\r\n" for name, value in told.items()).encode()
