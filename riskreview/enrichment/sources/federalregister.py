"""The Federal Register of the United States, API v1: rules, proposed rules, notices and presidential documents."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from riskreview.enrichment.sources.asking import asked_in, question, setting, several
from riskreview.enrichment.sources.reading import (
    EARLIEST,
    address,
    distinct,
    json_answer,
    line,
    moment,
    plain,
    things,
    told,
    whole,
)
from riskreview.enrichment.sources.shapes import (
    PAGE_BYTES,
    About,
    Brought,
    Item,
    Misset,
    ParseFailed,
    Request,
    Setting,
    SourceState,
)
from riskreview.enrichment.sources.walking import Windows

ABOUT = About(
    "FEDERAL_REGISTER",
    "Federal Register",
    "Documents of the United States government that match the conditions.",
    address="https://www.federalregister.gov/api/v1/documents.json",
    settings=(
        Setting("term", "Words", "Such as artificial intelligence, or a phrase in quotes"),
        Setting("type", "Types", "RULE, PRORULE, NOTICE, PRESDOCU, with commas between; all when empty"),
        Setting("agencies", "Agencies", "As in their addresses, such as commerce-department, with commas between"),
        Setting("since", "From day", "The first day, such as 2025-01-01; a month back when empty"),
    ),
    gap=1.0,
    robots=False,
)

_PER_PAGE = 200
_WITHIN_REACH = 10_000  # the service gives no results behind these
_FIRST = 30
_AGAIN = 2  # days asked for once more: answers are cached for one
_TYPES = ("RULE", "PRORULE", "NOTICE", "PRESDOCU")
_UNIQUE_FROM = date(2016, 1, 1)  # document numbers were used more than once before
_FIELDS = (
    "document_number", "type", "title", "abstract", "publication_date", "agencies", "html_url", "raw_text_url",
    "body_html_url", "correction_of",
)  # fmt: skip
_NUMBER = re.compile(r"[A-Za-z0-9]{1,6}(?:-[A-Za-z0-9]{1,12}){1,3}")
_FROM, _TO = "conditions[publication_date][gte]", "conditions[publication_date][lte]"
# Tens of thousands of documents say that they have no summary, all in the same words; that would make copies of them.
_NO_SUMMARY = re.compile(
    r"(?:there is )?no (?:summary|abstract)\b.{0,60}"
    r"|.{0,60}\b(?:summary|abstract)\b.{0,40}\b(?:not |un)available\b.{0,20}"
    r"|.{0,40}\bdoes not (?:have|contain|include) an? (?:summary|abstract)\b.{0,20}",
    re.IGNORECASE | re.DOTALL,
)


def request(source: SourceState, *, now: datetime) -> Request:
    """The next page of the documents published in the next window. Raises Misset for a condition that cannot be."""
    walk = _walk(source)
    start, end = walk.waiting[0] if walk.waiting else _fresh(source, walk, now)
    asked = [
        (_FROM, _day(start).isoformat()),
        (_TO, _day(end).isoformat()),
        ("order", "newest"),
        ("per_page", str(_PER_PAGE)),
        ("page", str(walk.page)),
        *(("fields[]", name) for name in _FIELDS),
        ("conditions[term]", setting(source, "term")),
        *(("conditions[type][]", name) for name in _types(source)),
        *(("conditions[agencies][]", name.lower()) for name in several(source, "agencies")),
    ]
    return Request(question(source.url or ABOUT.address, asked), max_bytes=PAGE_BYTES)


def parse(body: bytes, headers: Mapping[str, str], *, url: str, source: SourceState, now: datetime) -> Brought:
    """One page of documents. A window with more documents than the service gives is asked for again in halves.

    Raises ParseFailed when the answer is not what the service delivers.
    """
    found = json_answer(body, headers.get("content-type", ""))
    if "count" not in found or ("results" in found and not isinstance(found["results"], list)):
        raise ParseFailed("The Federal Register answered with something other than a list of documents.")
    results, window, walk = things(found.get("results")), _asked(url), _walk(source)
    read = [_item(result) for result in results]
    refused = [_nameless(result) for result, item in zip(results, read, strict=True) if not item]
    cursor, more = _onward(walk, window, found, refused)
    return Brought(distinct(item for item in read if item), cursor, more, refused=told(refused))


def _onward(
    walk: Windows, window: tuple[int, int], found: Mapping[str, Any], refused: list[str]
) -> tuple[dict[str, Any], bool]:
    (start, end), count = window, whole(found.get("count"))
    if count > _WITHIN_REACH and start < end:
        middle = (start + end) // 2
        return walk.to_halves((start, middle), (middle + 1, end))
    within = min(count, _WITHIN_REACH)
    pages = min(whole(found.get("total_pages"), -(-within // _PER_PAGE)), _WITHIN_REACH // _PER_PAGE)
    if found.get("results") and walk.page < pages:
        return walk.to_next_page(window)
    if count > _WITHIN_REACH:
        refused.append(f"The {_day(start)} has {count:,} documents; the service gives {_WITHIN_REACH:,} of them.")
    return walk.to_next_window(window)


def _walk(source: SourceState) -> Windows:
    return Windows.resumed(source.cursor, least=EARLIEST.toordinal(), most=date.max.toordinal())


def _fresh(source: SourceState, walk: Windows, now: datetime) -> tuple[int, int]:
    today = now.astimezone(UTC).date()
    start = _day(walk.until) - timedelta(days=_AGAIN) if walk.until else _since(source, today)
    return min(start, today).toordinal(), today.toordinal()


def _since(source: SourceState, today: date) -> date:
    text = setting(source, "since")
    if not text:
        return today - timedelta(days=_FIRST)
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Misset("The first day must be a date such as 2025-01-01.") from error


def _types(source: SourceState) -> list[str]:
    types = [name.upper() for name in several(source, "type")]
    if strange := [name for name in types if name not in _TYPES]:
        raise Misset(f"The Federal Register has no type {strange[0][:40]}; there are {', '.join(_TYPES)}.")
    return types


def _day(ordinal: int) -> date:
    return date.fromordinal(ordinal)


def _asked(url: str) -> tuple[int, int]:
    """The window that was asked for. The day of asking is not known otherwise."""
    try:
        start, end = (date.fromisoformat(asked_in(url, name)).toordinal() for name in (_FROM, _TO))
    except ValueError as error:
        raise ParseFailed("The Federal Register sent the request on and lost the question on the way.") from error
    return start, end


def _item(result: Mapping[str, Any]) -> Item | None:
    number, published = line(result.get("document_number"), 60), moment(result.get("publication_date"))
    if not _NUMBER.fullmatch(number):
        return None
    text = address(result.get("body_html_url")) or address(result.get("raw_text_url"))
    summary = plain(result.get("abstract"))
    return Item(
        key=_key(number, published),
        url=address(result.get("html_url")),
        fetch_url=text,
        title=line(plain(result.get("title"))),
        summary="" if _NO_SUMMARY.fullmatch(summary) else summary,
        published=published,
        language="en",
        publisher=", ".join(_agencies(result))[:200],
        kind="OFFICIAL_NOTICE",
        corrects=_corrected(result.get("correction_of")),
    )


def _key(number: str, published: datetime | None) -> str:
    if published and published.date() < _UNIQUE_FROM:
        return f"fr:{number}:{published.date().isoformat()}"
    return f"fr:{number}"


def _corrected(value: object) -> str:
    """The key of the document corrected, from its number or its address in this service. A document from before 2016
    is not found that way: its date is not told."""
    number = line(value, 300).partition("?")[0].rstrip("/").rpartition("/")[2].removesuffix(".json")
    return f"fr:{number}" if _NUMBER.fullmatch(number) else ""


def _agencies(result: Mapping[str, Any]) -> list[str]:
    named = (line(each.get("name") or each.get("raw_name"), 200) for each in things(result.get("agencies")))
    return list(dict.fromkeys(name for name in named if name))


def _nameless(result: Mapping[str, Any]) -> str:
    return f"A document has no usable number: {line(result.get('title'), 100)}"
