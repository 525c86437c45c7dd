"""What a page states about itself: JSON-LD first, then meta elements."""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import nh3

from riskreview.lib.text import normalise

Dated = tuple[datetime | None, Literal["TIME", "DATE", ""], str]

_HEAD_MAX = 500_000
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_JSON_LD = re.compile(
    r"<script\b[^<>]{0,200}application/ld\+json[^<>]{0,200}>([^<]{0,100000}(?:<(?!/script)[^<]{0,100000}){0,200})</script",
    re.IGNORECASE,
)
_META = re.compile(r"<meta\b([^<>]{1,4000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([a-z:\-]{1,20})\s{0,5}=\s{0,5}(?:\"([^\"]{0,2000})\"|'([^']{0,2000})')", re.IGNORECASE)
_LANG = re.compile(r"<html\b[^<>]{0,500}?\blang\s{0,5}=\s{0,5}[\"']?([A-Za-z]{2,3})\b", re.IGNORECASE)
_BLOCK = re.compile(
    r"</?(?:p|div|br|li|h[1-6]|tr|td|blockquote|section|article|title|body|head)\b[^<>]{0,500}>", re.IGNORECASE
)
_DATE_ONLY = re.compile(r"\d{4}-\d{2}-\d{2}$")
_ARTICLE_TYPES = re.compile(r"Article|Posting|Report|WebPage")


@dataclass(frozen=True, slots=True)
class Stated:
    """A page's own word for headline, authors, date, language, whether it stands behind a paywall, and the addresses of
    what it was made from."""

    headline: str = ""
    authors: tuple[str, ...] = ()
    published: Dated | None = None
    language: str = ""
    paywalled: bool = False
    based_on: tuple[str, ...] = ()


def stated(page: str) -> Stated:
    """Reads the first 500,000 characters of a page; damaged statements are passed over."""
    head = page[:_HEAD_MAX]
    article = next(_articles(head), {})
    meta = _meta(head)
    return Stated(
        headline=_text(article.get("headline")) or _text(meta.get("og:title")),
        authors=_authors(article.get("author")) or _authors(meta.get("author")),
        published=_published(article, meta),
        language=_language(head, meta),
        paywalled=str(article.get("isAccessibleForFree", "")).lower() == "false",
        based_on=_addresses(article.get("isBasedOn")),
    )


def moment(value: str) -> tuple[datetime, Literal["TIME", "DATE"]] | None:
    """An ISO 8601 date or time in UTC, with its granularity; a time without a zone is taken as UTC.

    None for anything else and for dates before 1990.
    """
    value = value.strip()[:40]
    try:
        parsed = datetime.fromisoformat(value)
        parsed = parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    if parsed < _EARLIEST:
        return None
    return parsed, "DATE" if _DATE_ONLY.match(value) else "TIME"


def visible_text(page: str) -> str:
    """All text of a page without markup, scripts and styles, a line per block; for pages without a main text."""
    broken_up = _BLOCK.sub("\n", page)
    unseen = {"script", "style", "noscript", "template", "head", "nav", "footer"}
    return html.unescape(nh3.clean(broken_up, tags=set(), clean_content_tags=unseen))


def _articles(head: str) -> Iterator[dict[str, Any]]:
    for match in _JSON_LD.finditer(head):
        try:
            data = json.loads(match.group(1))
        except (ValueError, RecursionError):
            continue
        yield from (node for node in _nodes(data) if _ARTICLE_TYPES.search(str(node.get("@type", ""))))


def _nodes(data: Any) -> Iterator[dict[str, Any]]:
    for node in data if isinstance(data, list) else [data]:
        if isinstance(node, dict):
            yield node
            graph = node.get("@graph")
            if isinstance(graph, list):
                yield from (inner for inner in graph if isinstance(inner, dict))


def _meta(head: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in _META.finditer(head):
        attributes = {name.lower(): double or single for name, double, single in _ATTRIBUTE.findall(match.group(1))}
        name = attributes.get("property") or attributes.get("name") or attributes.get("http-equiv") or ""
        found.setdefault(name.lower(), attributes.get("content", ""))
    return found


def _published(article: dict[str, Any], meta: dict[str, str]) -> Dated | None:
    places = [
        ("json-ld", article.get("datePublished")),
        ("meta", meta.get("article:published_time")),
        ("meta", meta.get("dc.date.issued")),
        ("meta", meta.get("date")),
    ]
    for place, value in places:
        found = moment(value) if isinstance(value, str) else None
        if found:
            return (*found, place)
    return None


def _authors(value: Any) -> tuple[str, ...]:
    names = []
    for author in (value if isinstance(value, list) else [value])[:20]:
        name = author.get("name") if isinstance(author, dict) else author
        names.append(_text(name)[:200])
    return tuple(dict.fromkeys(name for name in names if name and not name.startswith("http")))


def _addresses(value: Any) -> tuple[str, ...]:
    """Addresses of works, given as themselves or as objects with a `url` or an `@id` (schema.org/isBasedOn)."""
    named = []
    for work in (value if isinstance(value, list) else [value])[:5]:
        address = work.get("url") or work.get("@id") if isinstance(work, dict) else work
        named.append(address[:2_000] if isinstance(address, str) else "")
    return tuple(address for address in named if address.startswith(("http://", "https://")))


def _language(head: str, meta: dict[str, str]) -> str:
    match = _LANG.search(head)
    declared = match.group(1) if match else meta.get("content-language", "")
    return declared[:2].lower() if re.fullmatch(r"[A-Za-z]{2}(?:[-_,].*)?", declared) else ""


def _text(value: Any) -> str:
    return " ".join(normalise(html.unescape(value)).split())[:1_000] if isinstance(value, str) else ""
