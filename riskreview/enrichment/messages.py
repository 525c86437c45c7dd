"""Messages (RFC 5322 with MIME): what one says and what hangs on it. Hostile ones stop at limits, in words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any, cast

from riskreview.enrichment.decoding import NotText, decoded
from riskreview.enrichment.extracted import EARLIEST, one_line, tried
from riskreview.lib.confining import Confined

MESSAGE_BYTES = 25_000_000
ATTACHMENTS_MAX = 50
PARTS_MAX = 2_000
HEADERS_MAX = 20_000
DEPTH_MAX = 10

_HEADER_MAX = 2_000
_DELIMITER = re.compile(rb"^--[^\s-]", re.MULTILINE)
_CONTAINER = re.compile(rb"^content-type:\s{0,20}(?:multipart|message)/", re.MULTILINE | re.IGNORECASE)
_ENVELOPE = ("from", "sender", "date", "subject", "message-id", "received", "to", "mime-version")
_ID = re.compile(r"<?([^\s<>]{3,400})>?")
# What others say of the sender. It is kept as they say it; anybody could have written it.
TRUST_HEADERS = ("authentication-results", "dkim-signature", "list-id", "return-path")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that hangs on a message. Its name and type are the sender's word."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Message:
    """One message. `id` and `list_id` are without brackets, `date` in UTC; each is empty when the message does not say
    or cannot be believed. `left_out` tells in words of parts that were not read."""

    id: str
    subject: str
    sender: str
    date: datetime | None
    list_id: str
    html: str
    text: str
    attachments: tuple[Attachment, ...]
    trust: dict[str, str]
    left_out: tuple[str, ...]


class _TooMany(Exception):
    pass


class _Bounded(EmailPolicy):
    """The standard library's policy, with an end to headers: its parser takes minutes for one long address."""

    seen: list[str]

    def __init__(self) -> None:
        object.__setattr__(self, "seen", [])  # a policy refuses what it does not know
        super().__init__(message_factory=EmailMessage)

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        """Name and value, the value cut at 2,000 characters. Raises _TooMany."""
        name, value = super().header_source_parse(sourcelines)
        self.seen.append(name)
        if len(self.seen) > HEADERS_MAX:
            raise _TooMany
        return name, _repaired(value[:_HEADER_MAX])


def read(raw: bytes) -> Message:
    """What a message says.

    Damaged encodings are read as far as they go, unknown ones guessed. Raises NotText for bytes that are no message,
    for over 25 MB, 2,000 parts, 20,000 headers, and for what the mail parser cannot make sense of. At most 50
    attachments are read, and parts nested at most 10 deep.
    """
    if len(raw) > MESSAGE_BYTES:
        raise NotText("A message has at most 25 MB.")
    if len(_DELIMITER.findall(raw)) > PARTS_MAX or len(_CONTAINER.findall(raw)) > PARTS_MAX // 20:
        raise NotText("The message has more parts than are read.")
    root = _parsed(raw)
    if not any(_header(root, name) for name in _ENVELOPE):
        raise NotText("It is no message: it names no sender, subject or date.")
    return _message(root)


def _parsed(raw: bytes) -> EmailMessage:
    policy: Any = _Bounded()
    try:
        return cast("EmailMessage", message_from_bytes(raw.lstrip(b"\r\n"), policy=policy))
    except _TooMany as error:
        raise NotText(f"The message has more than {HEADERS_MAX:,} headers.") from error
    except (Confined, MemoryError):
        raise
    except Exception as error:  # the parser raises many kinds on headers that are none
        raise NotText("The message is damaged and cannot be read.") from error


def _message(root: EmailMessage) -> Message:
    bodies: dict[str, list[str]] = {"text/html": [], "text/plain": []}
    attachments: list[Attachment] = []
    left_out: list[str] = []
    for part in _leaves(root, left_out):
        kind, name = _kind(part), _filename(part)
        if kind in bodies and not name and _disposition(part) != "attachment":
            bodies[kind].append(_words(part))
        elif kind == "message/rfc822":
            left_out.append("A message attached to it was not read on its own.")
        elif not _is_furniture(part, kind):
            attachments.append(Attachment(name, kind, _content(part)))
    if len(attachments) > ATTACHMENTS_MAX:
        left_out.append(f"It has more than {ATTACHMENTS_MAX} attachments; the first were read.")
    return Message(
        id=_identity(root),
        subject=one_line(_header(root, "subject")),
        sender=_sender(root),
        date=_date(_header(root, "date")),
        list_id=_list_id(root),
        html="\n".join(filter(None, bodies["text/html"])),
        text="\n\n".join(filter(None, bodies["text/plain"])),
        attachments=tuple(attachments[:ATTACHMENTS_MAX]),
        trust={name: value for name in TRUST_HEADERS if (value := _header(root, name))},
        left_out=tuple(dict.fromkeys(left_out)),
    )


def _leaves(part: Any, left_out: list[str], depth: int = 1) -> Iterator[Any]:
    if depth > DEPTH_MAX:
        left_out.append(f"Parts nested more than {DEPTH_MAX} deep were not read.")
    elif part.is_multipart() and _kind(part) != "message/rfc822":
        for each in part.get_payload():
            yield from _leaves(each, left_out, depth + 1)
    else:
        yield part


def _is_furniture(part: Any, kind: str) -> bool:
    """Pictures inside the text, signatures: parts that are no documents and need no word."""
    picture = kind.startswith(("image/", "audio/", "video/", "font/")) and _disposition(part) != "attachment"
    return picture or kind.endswith(("-signature", "/ms-tnef")) or kind.startswith(("multipart/", "message/"))


def _kind(part: Any) -> str:
    kind = tried(lambda: str(part.get_content_type()), "application/octet-stream")
    # A container that was cut off before its first part holds what there is as text.
    return "text/plain" if kind.startswith("multipart/") and not part.is_multipart() else kind


def _disposition(part: Any) -> str:
    return tried(lambda: str(part.get_content_disposition() or ""), "")


def _filename(part: Any) -> str:
    return one_line(tried(lambda: str(part.get_filename() or ""), ""))


def _content(part: Any) -> bytes:
    content = tried(lambda: part.get_payload(decode=True), None)
    return content if isinstance(content, bytes) else b""


def _words(part: Any) -> str:
    try:
        return decoded(_content(part), _header(part, "content-type"))
    except NotText:
        return ""


def _header(part: Any, name: str) -> str:
    as_written = next((value for key, value in part.raw_items() if key.lower() == name), "")
    return one_line(tried(lambda: str(part.get(name) or ""), str(as_written)), _HEADER_MAX)


def _repaired(value: str) -> str:
    """A header with bytes that should have been encoded, in the encoding they most likely have."""
    raw = value.encode("utf-8", "surrogateescape")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def _sender(root: Any) -> str:
    for name in ("from", "sender"):
        if as_written := _header(root, name):
            return one_line(tried(partial(_named, root, name), ""), 200) or as_written[:200]
    return ""


def _named(root: Any, name: str) -> str:
    first = root[name].addresses[0]
    return str(first.display_name or first.addr_spec.strip('<>"'))


def _identity(root: Any) -> str:
    found = _ID.fullmatch(_header(root, "message-id"))
    return found.group(1) if found else ""


def _list_id(root: Any) -> str:
    said = _header(root, "list-id")
    return said.rpartition("<")[2].rstrip("> ")[:200]


def _date(said: str) -> datetime | None:
    at = tried(lambda: _in_utc(parsedate_to_datetime(said)), None)
    return at if at and at >= EARLIEST else None


def _in_utc(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
