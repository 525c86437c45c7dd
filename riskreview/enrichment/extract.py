"""From the bytes of a document to its main text and what it says about itself."""

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from importlib.metadata import version
from typing import Any, Literal

import trafilatura
from htmldate import find_date

from riskreview.enrichment import messages, metadata, office, pdf
from riskreview.enrichment.decoding import NotText, decoded, is_html, titled
from riskreview.enrichment.extracted import FULL_WORDS, TEXT_MAX, TITLE_MAX, Extracted, headline, scope_of, tidy, tried
from riskreview.enrichment.languages import language_of
from riskreview.lib.text import normalise
from riskreview.lib.urls import safe_url

__all__ = ["VERSION", "Extracted", "NotText", "extract"]

VERSION = f"trafilatura {version('trafilatura')}, pypdf {version('pypdf')}, riskreview 3"

HTML_MAX = 2_000_000
_CANONICAL = re.compile(r"<link\b[^<>]{0,500}>", re.IGNORECASE)
_HREF = re.compile(r"href\s{0,5}=\s{0,5}[\"']?([^\"'\s<>]{1,2000})", re.IGNORECASE)


def extract(body: bytes, *, content_type: str = "", url: str = "") -> Extracted:
    """Reads a page, plain text, PDF, Word document or message: told by its first bytes, then by its declared type.

    Bounded in time: of a page the first 2,000,000 characters are read (some 2 seconds at worst), of other texts the
    first 5,000,000; what was cut shows as scope PARTIAL. Nothing is fetched. Raises NotText for empty and binary bytes
    and for whatever holds no words.
    """
    kind = content_type.partition(";")[0].strip().lower()
    if body.startswith(b"%PDF-") or (kind == pdf.PDF and b"%PDF-" in body[: pdf.MARK_WITHIN]):
        return pdf.read(body)
    if body.startswith(b"PK\x03\x04"):
        return office.read(body)
    if kind == "message/rfc822":
        return _message(body)
    content = decoded(body, content_type)
    if is_html(content, content_type):
        return _page(content, url)
    return _plain(content, is_table=kind == "text/csv")


def _plain(content: str, *, is_table: bool = False) -> Extracted:
    text = normalise(content[:TEXT_MAX]).strip("\n ")
    if not text:
        raise NotText("There is nothing in it.")
    scope = scope_of(text, cut=len(content) > TEXT_MAX)
    title = "" if is_table else headline(text)  # the first line of a table names its columns
    return Extracted(title, text, (), None, "", "", language_of(text), None, scope)


def _message(body: bytes) -> Extracted:
    message = messages.read(body)
    text = _mail_text(message.html[:HTML_MAX]) or normalise(message.text[:TEXT_MAX]).strip("\n ")
    if not text:
        raise NotText("The message holds no text.")
    cut = len(message.html) > HTML_MAX or len(message.text) > TEXT_MAX
    return Extracted(
        title=message.subject or headline(text),
        text=text,
        byline=(message.sender,) if message.sender else (),
        published=message.date,
        published_granularity="TIME" if message.date else "",
        found_by="mail" if message.date else "",
        language=language_of(text),
        canonical_url=None,
        scope=scope_of(text, cut=cut),
    )


def _mail_text(page: str) -> str:
    """The main text of a message in HTML; all of it where the main text leaves out half: lists of links are what a
    newsletter is about."""
    if not page:
        return ""
    main, whole = _main_text(page), tidy(metadata.visible_text(page))
    return main if 2 * len(main.split()) >= len(whole.split()) else whole


def _page(content: str, url: str) -> Extracted:
    page = content[:HTML_MAX]
    text = _main_text(page)
    if not text:
        raise NotText("The page has no readable text.")
    about = metadata.stated(page)
    published, granularity, found_by = about.published or _guessed_date(page)
    read = Extracted(
        title=(about.headline or titled(page))[:TITLE_MAX],
        text=text,
        byline=about.authors,
        published=published,
        published_granularity=granularity,
        found_by=found_by,
        language=about.language or language_of(text),
        canonical_url=_canonical(page, url),
        scope=scope_of(text, cut=len(content) > HTML_MAX),
        based_on=about.based_on,
    )
    return replace(read, scope="PARTIAL") if about.paywalled else read


def _main_text(page: str) -> str:
    text = tidy(_trafilatura(page))
    if len(text.split()) < FULL_WORDS:
        text = text or tidy(metadata.visible_text(page))
    return text


def _trafilatura(page: str) -> str:
    read = partial(
        trafilatura.bare_extraction, fast=True, with_metadata=False, include_comments=False, include_tables=True
    )
    document: Any = tried(partial(read, page), None)
    return (document.text or "") if document else ""


def _guessed_date(page: str) -> tuple[datetime | None, Literal["TIME", "DATE", ""], str]:
    guess = partial(find_date, original_date=True, extensive_search=False, outputformat="%Y-%m-%d")
    found = tried(partial(guess, page[:300_000]), None)
    moment = metadata.moment(found or "")
    return (moment[0], "DATE", "page") if moment else (None, "", "")


def _canonical(page: str, url: str) -> str | None:
    for link in _links(page):
        if re.search(r"rel\s{0,5}=\s{0,5}[\"']?canonical\b", link, re.IGNORECASE):
            href = _HREF.search(link)
            return safe_url(html.unescape(href.group(1)), base=url) if href else None
    return None


def _links(page: str) -> Iterator[str]:
    for match in _CANONICAL.finditer(page, 0, 300_000):
        yield match.group()
