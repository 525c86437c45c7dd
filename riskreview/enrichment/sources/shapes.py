"""What goes into and comes out of every kind of source (docs/sources.md)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

from riskreview.evidence.kinds import About, Setting

__all__ = [
    "BROKE_OFF",
    "FEED_BYTES",
    "ITEMS_MAX",
    "PAGES_MAX",
    "PAGE_BYTES",
    "About",
    "Brought",
    "Bytes",
    "Item",
    "Kind",
    "Misset",
    "NotAFeed",
    "NotAPage",
    "ParseFailed",
    "Request",
    "Setting",
    "SourceState",
    "Throttled",
]

FEED_BYTES = 5_000_000
PAGE_BYTES = 10_000_000
ITEMS_MAX = 2_000
PAGES_MAX = 50
BROKE_OFF = "broke-off"  # stands among the headers of an answer whose connection ended too early


class ParseFailed(Exception):
    """The bytes are not what this kind of source delivers; `reason` says so in words for staff."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotAFeed(ParseFailed):
    """The bytes are not a feed of the kind expected."""


class NotAPage(ParseFailed):
    """The bytes are neither an HTML page nor plain text."""


class Misset(ParseFailed):
    """What a person set for the source cannot be asked: a query that is too long, a secret that is missing."""


class Throttled(ParseFailed):
    """The service asks to be left alone for `wait`; nothing was brought, and nothing is wrong with the source."""

    def __init__(self, reason: str, wait: timedelta) -> None:
        super().__init__(reason)
        self.wait = wait


@dataclass(frozen=True, slots=True)
class SourceState:
    """What a source remembers between two requests.

    `etag` and `last_modified` are the validators of the last answer, `config` what a person set, `cursor` what the last
    `parse` left behind (plain JSON), `secret` the credential, which stays out of everything that is written down.
    """

    url: str
    etag: str = ""
    last_modified: str = ""
    config: Mapping[str, str] = field(default_factory=dict)
    cursor: Mapping[str, Any] = field(default_factory=dict)
    secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Request:
    """One conditional GET; `max_bytes` caps the body after inflation.

    A secret travels in `headers` or `secret_query`, never in `url`: that one may be logged and kept. Both go to the
    host of `url` alone, and not along with a redirect to another.
    """

    url: str
    etag: str = ""
    last_modified: str = ""
    max_bytes: int = FEED_BYTES
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    secret_query: tuple[tuple[str, str], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Bytes:
    """The exact bytes of an item that came along with it: a message, a record of a web archive. `at` is in UTC."""

    raw: bytes
    content_type: str
    at: datetime | None = None
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing a source offers.

    `key` identifies the document: the canonical address, or an identifier of its own such as `fr:2024-01234`. `url` is
    empty when the item has no address that may be linked; `fetch_url` is where its bytes are, when not there. `html` is
    as received and must be cleaned before it is shown; `text`, `title` and `summary` are plain text. Times are in UTC;
    one that cannot be believed (before 1990) is None, one in the future is left to the caller, who has the clock.
    `corrects` is the key of a document that this one says it corrects. With `enclosed` nothing is fetched. `came_with`
    is the key of the message that it hangs on, or that points to it.
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
    fetch_url: str = ""
    kind: Literal["ARTICLE", "OFFICIAL_NOTICE", "E_MAIL"] = "ARTICLE"
    corrects: str = ""
    came_with: str = ""
    enclosed: Bytes | None = None


@dataclass(frozen=True, slots=True)
class Brought:
    """What one answer brought.

    `cursor` replaces the source's and is stored together with the items; `more` asks for the next request at once
    (another page). `over` says, in words, why the source will never bring anything again. `refused` tells of each item
    that could not be read; the others are kept all the same. `broke_off`: the answer ended in the middle, so these are
    the first of its items, and it is asked for again.
    """

    items: tuple[Item, ...] = ()
    cursor: Mapping[str, Any] = field(default_factory=dict)
    more: bool = False
    over: str = ""
    refused: tuple[str, ...] = ()
    broke_off: bool = False


class Kind(Protocol):
    """A module that knows one kind of source. It does no I/O, and time is passed in (UTC)."""

    ABOUT: About

    def request(self, source: SourceState, *, now: datetime) -> Request: ...

    def parse(
        self, body: bytes, headers: Mapping[str, str], *, url: str, source: SourceState, now: datetime
    ) -> Brought: ...
