"""A single web page or plain text file, watched as a source of its own."""

from collections.abc import Mapping
from datetime import datetime

from riskreview.enrichment.decoding import NotText, decoded, is_html, titled
from riskreview.enrichment.sources.shapes import PAGE_BYTES, About, Brought, Item, NotAPage, Request, SourceState
from riskreview.lib.text import normalise
from riskreview.lib.urls import canonical_url

ABOUT = About("PAGE", "Web page", "The address of one page or plain text file that is watched.")


def request(source: SourceState, *, now: datetime) -> Request:
    """The page's address with the validators of the last answer."""
    return Request(source.url, source.etag, source.last_modified, PAGE_BYTES)


def parse(body: bytes, headers: Mapping[str, str], *, url: str, source: SourceState, now: datetime) -> Brought:
    """The page as one item, its main text not yet extracted. Raises NotAPage for empty or binary bytes."""
    content_type = headers.get("content-type", "")
    try:
        content = decoded(body, content_type)
    except NotText as error:
        raise NotAPage(error.reason) from error
    if is_html(content, content_type):
        return Brought((Item(canonical_url(url), url, title=titled(content), html=content),))
    return Brought((Item(canonical_url(url), url, text=normalise(content)),))
