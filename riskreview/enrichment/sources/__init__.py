"""The kinds of source that documents are collected from: one module and one line here per kind."""

from riskreview.enrichment.sources import page, rss
from riskreview.enrichment.sources.shapes import Item, Kind, NotAFeed, NotAPage, ParseFailed, Request, SourceState

KINDS: dict[str, Kind] = {"rss": rss, "page": page}

__all__ = ["KINDS", "Item", "Kind", "NotAFeed", "NotAPage", "ParseFailed", "Request", "SourceState"]
