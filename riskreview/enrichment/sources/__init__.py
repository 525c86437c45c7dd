"""The kinds of source that documents are collected from: one module and one line here per kind."""

from . import federalregister, gdelt, guardian, hackernews, jsonfeed, mail, newsapi, newssitemap, page, rss, warc
from .shapes import (
    Brought,
    Bytes,
    Item,
    Kind,
    Misset,
    NotAFeed,
    NotAPage,
    ParseFailed,
    Request,
    SourceState,
    Throttled,
)

_ALL: tuple[Kind, ...] = (
    rss,
    jsonfeed,
    newssitemap,
    page,
    gdelt,
    federalregister,
    guardian,
    newsapi,
    hackernews,
    mail,
    warc,
)
KINDS: dict[str, Kind] = {kind.ABOUT.key: kind for kind in _ALL}

__all__ = [
    "KINDS",
    "Brought",
    "Bytes",
    "Item",
    "Kind",
    "Misset",
    "NotAFeed",
    "NotAPage",
    "ParseFailed",
    "Request",
    "SourceState",
    "Throttled",
]
