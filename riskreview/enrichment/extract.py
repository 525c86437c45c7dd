"""From the bytes of a page or text to its main text and what it says about itself."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from typing import Any, Literal

import trafilatura
from htmldate import find_date

from riskreview.enrichment import metadata
from riskreview.enrichment.decoding import NotText, decoded, is_html, titled
from riskreview.enrichment.languages import language_of
from riskreview.lib.text import normalise
from riskreview.lib.urls import safe_url

__all__ = ["VERSION", "Extracted", "NotText", "extract"]

VERSION = f"trafilatura {version('trafilatura')}, riskreview 1"

HTML_MAX = 2_000_000
TEXT_MAX = 5_000_000
_FULL_WORDS = 25
_TITLE_MAX = 300
_HEADLINE_MAX = 120
_PAYWALL = re.compile(r"\b(?:subscribe|sign in|log in|register) to (?:continue|keep|read)", re.IGNORECASE)
_CANONICAL = re.compile(r"<link\b[^<>]{0,500}>", re.IGNORECASE)
_HREF = re.compile(r"href\s{0,5}=\s{0,5}[\"']?([^\"'\s<>]{1,2000})", re.IGNORECASE)

Scope = Literal["FULL", "SUMMARY", "PARTIAL"]


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a document says and what it says about itself.

    `text` and `title` are normalised plain text: markup and scripts are gone. `published` is in UTC for granularity
    "TIME"; for "DATE" it is midnight UTC of the day stated; it is None with "" when the document does not say.
    `found_by` names where the date stood. `language` is an ISO 639-1 code or "". `canonical_url` is what the page
    itself calls its address. `scope` is PARTIAL for a text that is cut, short or behind a paywall.
    """

    title: str
    text: str
    byline: tuple[str, ...]
    published: datetime | None
    published_granularity: Literal["TIME", "DATE", ""]
    found_by: str
    language: str
    canonical_url: str | None
    scope: Scope


def extract(body: bytes, *, content_type: str = "", url: str = "") -> Extracted:
    """Reads a page or plain text.

    Bounded in time: of a page the first 2,000,000 characters are read (some 2 seconds at worst), of a plain text the
    first 5,000,000; what was cut shows as scope PARTIAL. Nothing is fetched. Raises NotText for empty and binary bytes
    and for a page without any words.
    """
    content = decoded(body, content_type)
    if is_html(content, content_type):
        return _page(content, url)
    return _plain(content)


def _plain(content: str) -> Extracted:
    text = normalise(content[:TEXT_MAX]).strip("\n ")
    if not text:
        raise NotText("There is nothing in it.")
    scope = _scope(text, cut=len(content) > TEXT_MAX)
    return Extracted(_headline(text), text, (), None, "", "", language_of(text), None, scope)


def _headline(text: str) -> str:
    first, _, rest = text.partition("\n")
    first = first.strip()
    is_title = rest.strip() and len(first) <= _HEADLINE_MAX and not first.endswith((".", "!", "?", ":", ",", ";"))
    return first if is_title else ""


def _page(content: str, url: str) -> Extracted:
    page = content[:HTML_MAX]
    text = _main_text(page)
    if not text:
        raise NotText("The page has no readable text.")
    about = metadata.stated(page)
    published, granularity, found_by = about.published or _guessed_date(page)
    scope = "PARTIAL" if about.paywalled else _scope(text, cut=len(content) > HTML_MAX)
    return Extracted(
        title=(about.headline or titled(page))[:_TITLE_MAX],
        text=text,
        byline=about.authors,
        published=published,
        published_granularity=granularity,
        found_by=found_by,
        language=about.language or language_of(text),
        canonical_url=_canonical(page, url),
        scope=scope,
    )


def _main_text(page: str) -> str:
    found = _trafilatura(page)
    text = _tidy(found)
    if len(text.split()) < _FULL_WORDS:
        fallback = _tidy(metadata.visible_text(page))
        text = text or fallback
    return text


def _trafilatura(page: str) -> str:
    try:
        document: Any = trafilatura.bare_extraction(
            page, fast=True, with_metadata=False, include_comments=False, include_tables=True
        )
    except Exception:  # noqa: BLE001 - hostile markup raises anything; the visible text remains
        return ""
    return (document.text or "") if document else ""


def _tidy(text: str) -> str:
    lines = (" ".join(line.split()) for line in normalise(text).split("\n"))
    return "\n".join(line for line in lines if line)


def _guessed_date(page: str) -> tuple[datetime | None, Literal["TIME", "DATE", ""], str]:
    try:
        found = find_date(page[:300_000], original_date=True, extensive_search=False, outputformat="%Y-%m-%d")
    except Exception:  # noqa: BLE001 - a guess is a courtesy; a damaged page keeps its text
        return None, "", ""
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


def _scope(text: str, *, cut: bool) -> Scope:
    ends_open = text.endswith(("...", "…", "[…]", "[...]"))
    short = len(text.split()) < _FULL_WORDS and not re.search(r"[\u2e80-\uffdc]{30}", text)
    return "PARTIAL" if cut or ends_open or short or _PAYWALL.search(text[-2_000:]) else "FULL"
