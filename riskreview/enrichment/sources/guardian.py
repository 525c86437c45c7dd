"""The Guardian Open Platform: articles with their text. Its terms do not let texts be kept."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from riskreview.enrichment.sources.asking import question, setting
from riskreview.enrichment.sources.reading import (
    address,
    distinct,
    json_answer,
    line,
    moment,
    plain,
    string,
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
    Throttled,
)
from riskreview.enrichment.sources.walking import Backwards, written
from riskreview.lib.text import normalise
from riskreview.lib.urls import canonical_url

ABOUT = About(
    "GUARDIAN",
    "The Guardian",
    "Articles of The Guardian that match a query. Needs a key of the Open Platform.",
    address="https://content.guardianapis.com/search",
    settings=(
        Setting("query", "Query", 'Such as "artificial intelligence" AND (audit OR fine)', required=True),
        Setting("section", "Section", "Such as technology, or technology|business"),
        Setting("tag", "Tag", "Such as technology/artificialintelligenceai"),
    ),
    secret="REQUIRED",  # noqa: S106 - the word says that one is needed
    gap=1.0,
    retention="EXCERPT",
    robots=False,
)

_PER_PAGE = 200
_FIRST = timedelta(days=7)
_LATE = 3_600  # articles come into the index after their date of publication
_WAIT = timedelta(hours=1)
_BYLINE = re.compile(r",| and ")


def request(source: SourceState, *, now: datetime) -> Request:
    """The next page of articles, the newest first. Raises Misset when there is no query or no key."""
    query = setting(source, "query")
    if not query:
        raise Misset("The Guardian needs a query.")
    if not source.secret:
        raise Misset("The Guardian needs a key.")
    walk = Backwards.resumed(source.cursor, now, first=_FIRST)
    asked = [
        ("from-date", written(walk.after - _LATE)),
        ("order-by", "newest"),
        ("page-size", str(_PER_PAGE)),
        ("page", str(walk.page + 1)),
        ("show-fields", "bodyText,byline,lastModified,trailText"),
        ("section", setting(source, "section")),
        ("tag", setting(source, "tag")),
        ("q", query),
    ]
    address_asked = question(source.url or ABOUT.address, asked)
    return Request(address_asked, max_bytes=PAGE_BYTES, secret_query=(("api-key", source.secret),))


def parse(body: bytes, headers: Mapping[str, str], *, url: str, source: SourceState, now: datetime) -> Brought:
    """One page of articles with their texts.

    Raises Throttled when the day's requests are used up, Misset for a key that is not accepted, and ParseFailed when
    the answer is not what the service delivers.
    """
    answer = _answer(json_answer(body, headers.get("content-type", "")))
    results = things(answer["results"])
    read = [_item(result) for result in results]
    refused = [_nameless(result) for result, item in zip(results, read, strict=True) if not item]
    walk = Backwards.resumed(source.cursor, now, first=_FIRST)
    last = not results or walk.page + 1 >= whole(answer.get("pages"))
    cursor, more, lost = walk.onward((item.published for item in read if item), now, last=last, rest=False)
    return Brought(distinct(item for item in read if item), cursor, more, refused=told(refused + [lost] * bool(lost)))


def _answer(found: dict[str, Any]) -> dict[str, Any]:
    inner = found.get("response")
    answer: dict[str, Any] = inner if isinstance(inner, dict) else found
    message = string(answer.get("message")).lower()
    if "limit" in message or "quota" in message:
        raise Throttled("The Guardian's limit of requests is reached.", _WAIT)
    if "unauthori" in message or "forbidden" in message or "credential" in message or "api key" in message:
        raise Misset("The Guardian does not accept the key.")
    if answer.get("status") == "error":
        raise ParseFailed("The Guardian could not answer the question; check query, section and tag.")
    if not isinstance(answer.get("results"), list):
        raise ParseFailed("The Guardian answered with something other than a list of articles.")
    return answer


def _item(result: Mapping[str, Any]) -> Item | None:
    link, fields = address(result.get("webUrl")), result.get("fields")
    if not link:
        return None
    given: Mapping[str, Any] = fields if isinstance(fields, dict) else {}
    return Item(
        key=canonical_url(link),
        url=link,
        title=line(result.get("webTitle")),
        summary=plain(given.get("trailText")),
        text=normalise(string(given.get("bodyText"))),
        published=moment(result.get("webPublicationDate")),
        updated=moment(given.get("lastModified")),
        authors=_authors(line(given.get("byline"), 400)),
        language="en",
        publisher="The Guardian",
    )


def _authors(byline: str) -> tuple[str, ...]:
    names = (name.strip() for name in _BYLINE.split(byline.removeprefix("By ")))
    return tuple(dict.fromkeys(name for name in names if name))[:20]


def _nameless(result: Mapping[str, Any]) -> str:
    return f"An article has no usable address: {line(result.get('webTitle'), 100)}"
