"""What goes into and comes out of every kind of source."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

FEED_BYTES = 5_000_000
PAGE_BYTES = 10_000_000


class ParseFailed(Exception):
    """The bytes are not what this kind of source delivers; `reason` says so in words for staff."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotAFeed(ParseFailed):
    """The bytes are not an RSS, Atom or RDF feed."""


class NotAPage(ParseFailed):
    """The bytes are neither an HTML page nor plain text."""


@dataclass(frozen=True, slots=True)
class SourceState:
    """What a source remembers between two fetches: its address and the validators of the last answer."""

    url: str
    etag: str = ""
    last_modified: str = ""
    config: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Request:
    """One conditional GET; `max_bytes` caps the body after inflation."""

    url: str
    etag: str
    last_modified: str
    max_bytes: int


@dataclass(frozen=True, slots=True)
class Item:
    """One thing a source offers.

    `key` identifies the document: the canonical address, or the feed's own identifier where there is no link. `url` is
    empty when the item has no address that may be linked. `html` is as received and must be cleaned before it is shown;
    `text`, `title` and `summary` are plain text. Times are in UTC; one that cannot be believed (before 1990) is None,
    one in the future is left to the caller, who has the clock.
    """

    key: str
    url: str
    title: str = ""
    summary: str = ""
    html: str = ""
    text: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    authors: tuple[str, ...] = ()
    language: str = ""
    publisher: str = ""


class Kind(Protocol):
    """A module that knows one kind of source. It does no I/O."""

    def request(self, source: SourceState) -> Request: ...

    def parse(self, body: bytes, headers: Mapping[str, str], *, url: str) -> list[Item]: ...
