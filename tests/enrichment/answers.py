"""Services as they answer, written by us in the shapes they document: each knows its documents, and gives of them what
its real counterpart would, within the same limits."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

NOW = datetime(2025, 1, 30, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@dataclass
class Answer:
    """What goes over the line."""

    body: bytes
    content_type: str = "application/json"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


def as_json(value: Any, status: int = 200) -> Answer:
    return Answer(json.dumps(value).encode(), "application/json; charset=utf-8", status)


def iso(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def compact(text: str) -> datetime:
    return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC)


def feed_item(number: int | str, **more: Any) -> dict[str, Any]:
    return {
        "id": f"https://news.example/{number}",
        "url": f"https://news.example/{number}",
        "title": f"Story {number}",
        "content_html": f"<p>Text {number}</p>",
        "date_published": "2025-01-29T11:00:00+01:00",
        **more,
    }


def json_feed(items: list[Any], **more: Any) -> dict[str, Any]:
    return {"version": "https://jsonfeed.org/version/1.1", "title": "The News", "items": items, **more}


def json_feed_service(path: str, asked: Mapping[str, str]) -> Answer:
    """Three pages of two items; an item of the first page comes up again on the second, and the last page points to the
    first one under another address."""
    page = int(asked.get("page", "1"))
    numbers = {1: [1, 2], 2: [2, 3], 3: [4, 5]}[page]
    further = {"next_url": f"?page={page + 1}"} if page < 3 else {"next_url": "?page=1"}
    answer = as_json(json_feed([feed_item(number) for number in numbers], **further))
    answer.headers["ETag"] = f'"page {page}"'
    return answer


def sitemap_entry(number: int, published: str = "2025-01-29T11:00:00+01:00") -> str:
    return f"""<url><loc>https://news.example/{number}</loc><news:news><news:publication><news:name>The News</news:name>
    <news:language>en</news:language></news:publication><news:publication_date>{published}</news:publication_date>
    <news:title>Story {number} &amp; more</news:title></news:news></url>"""


def urlset(*entries: str) -> bytes:
    return f"""<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
    xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
    xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">{"".join(entries)}</urlset>""".encode()


def sitemap_index(places: Mapping[str, str]) -> bytes:
    """An index of sitemaps with the time of change of each, empty for none."""
    entries = "".join(
        f"<sitemap><loc>{place}</loc>{f'<lastmod>{changed}</lastmod>' if changed else ''}</sitemap>"
        for place, changed in places.items()
    )
    start = '<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    return f"{start}{entries}</sitemapindex>".encode()


def sitemap_service(path: str, asked: Mapping[str, str]) -> Answer:
    """An index of a changed sitemap, one that is packed and undated, and one that has not changed for years."""
    if path.endswith("/packed.xml.gz"):
        return Answer(gzip.compress(urlset(sitemap_entry(3), sitemap_entry(4, "2025-01-29"))), "application/gzip")
    if path.endswith("/today.xml"):
        return Answer(urlset(sitemap_entry(1), sitemap_entry(2), sitemap_entry(3)), "application/xml")
    places = {"/old.xml": "2019-01-01", "/packed.xml.gz": "", "/today.xml": "2025-01-30T08:00:00Z"}
    return Answer(sitemap_index(places), "application/xml")


GDELT_SEEN = 700


def gdelt_article(number: int, seen: datetime = NOW) -> dict[str, Any]:
    return {
        "url": f"https://news.example/{number}",
        "url_mobile": "",
        "title": f"Story {number} : it ' s out",
        "seendate": seen.strftime("%Y%m%dT%H%M%SZ"),
        "socialimage": "",
        "domain": "news.example",
        "language": "English",
        "sourcecountry": "United Kingdom",
    }


def gdelt_seen(number: int) -> datetime:
    """Seven hundred articles over a day, most of them in one hour, filed by the quarter."""
    minutes = 600 + number % 4 * 15 if number < 400 else number * 2 % 1_440 // 15 * 15
    return NOW - timedelta(minutes=minutes)


def gdelt_service(path: str, asked: Mapping[str, str]) -> Answer:
    start, end = compact(asked["startdatetime"]), compact(asked["enddatetime"])
    seen = [(gdelt_seen(number), number) for number in range(GDELT_SEEN)]
    found = sorted(((at, number) for at, number in seen if start <= at <= end), reverse=True)
    articles = [gdelt_article(number, at) for at, number in found[: int(asked["maxrecords"])]]
    text = json.dumps({"articles": articles} if articles else {})
    return Answer(text.replace("Story", "Story\x02").encode(), "application/json; charset=utf-8")


def register_document(number: int, published: date = date(2025, 1, 29), **more: Any) -> dict[str, Any]:
    return {
        "document_number": f"2025-{number:05}",
        "type": "Notice",
        "title": f"Notice {number}",
        "abstract": f"What notice {number} is about.",
        "publication_date": published.isoformat(),
        "agencies": [{"name": "Commerce Department"}, {"name": "Industry and Security Bureau"}],
        "html_url": f"https://www.federalregister.gov/documents/2025-{number:05}/notice",
        "raw_text_url": f"https://www.federalregister.gov/documents/full_text/text/2025-{number:05}.txt",
        "body_html_url": f"https://www.federalregister.gov/documents/full_text/html/2025-{number:05}.html",
        "correction_of": None,
        **more,
    }


REGISTERED = 450


def register_service(path: str, asked: Mapping[str, str]) -> Answer:
    first, last = (date.fromisoformat(asked[f"conditions[publication_date][{end}]"]) for end in ("gte", "lte"))
    days = [NOW.date() - timedelta(days=number % 20) for number in range(REGISTERED)]
    found = [register_document(number, day) for number, day in enumerate(days) if first <= day <= last]
    size, page = int(asked["per_page"]), int(asked["page"])
    results = found[size * (page - 1) : size * page]
    answer: dict[str, Any] = {"count": len(found), "total_pages": -(-len(found) // size)}
    return as_json(answer | ({"results": results} if results else {}))


def guardian_article(number: int, published: datetime = NOW - HOUR, **fields: Any) -> dict[str, Any]:
    return {
        "id": f"technology/2025/story-{number}",
        "type": "article",
        "sectionId": "technology",
        "webPublicationDate": iso(published),
        "webTitle": f"Story {number}",
        "webUrl": f"https://www.theguardian.com/technology/2025/story-{number}",
        "apiUrl": f"https://content.guardianapis.com/technology/2025/story-{number}",
        "fields": {"bodyText": f"Text {number}", "byline": "Ada Example and Ben Example", **fields},
    }


def paged(number: int) -> datetime:
    """A document a minute, up to an hour ago."""
    return NOW - HOUR - timedelta(minutes=number)


def guardian_service(path: str, asked: Mapping[str, str]) -> Answer:
    if asked.get("api-key") != "s3cret":
        return as_json({"message": "Unauthorized"}, 401)
    size, page, since = int(asked["page-size"]), int(asked["page"]), datetime.fromisoformat(asked["from-date"])
    found = [guardian_article(number, paged(number)) for number in range(450) if paged(number) >= since]
    pages = max(1, -(-len(found) // size))
    if page > pages:
        return as_json({"response": {"status": "error", "message": "requested page is beyond the available ones"}}, 400)
    results = found[size * (page - 1) : size * page]
    whole = {"status": "ok", "total": len(found), "pageSize": size, "currentPage": page, "pages": pages}
    return as_json({"response": whole | {"orderBy": "newest", "results": results}})


def newsapi_article(number: int, published: datetime = NOW - HOUR, **more: Any) -> dict[str, Any]:
    return {
        "source": {"id": None, "name": "The News"},
        "author": "Ada Example",
        "title": f"Story {number}",
        "description": f"About {number}",
        "url": f"https://news.example/{number}",
        "urlToImage": None,
        "publishedAt": iso(published),
        "content": "The beginning of the text, and no more than that… [+4021 chars]",
        **more,
    }


def newsapi_service(path: str, asked: Mapping[str, str]) -> Answer:
    """A small plan: one page for a question."""
    if asked.get("X-Api-Key") != "s3cret":
        return as_json({"status": "error", "code": "apiKeyInvalid", "message": "Wrong key."}, 401)
    if asked["page"] != "1":
        return as_json({"status": "error", "code": "maximumResultsReached", "message": "Upgrade."}, 426)
    since, until = datetime.fromisoformat(asked["from"]), datetime.fromisoformat(asked.get("to", iso(NOW)))
    found = [newsapi_article(number, paged(number)) for number in range(250) if since <= paged(number) <= until]
    return as_json({"status": "ok", "totalResults": len(found), "articles": found[: int(asked["pageSize"])]})


def story(number: int, created: datetime = NOW - HOUR, **more: Any) -> dict[str, Any]:
    return {
        "objectID": str(number),
        "title": f"Story {number}",
        "url": f"https://www.news.example/{number}",
        "author": "ada",
        "points": 3,
        "num_comments": 0,
        "created_at": iso(created),
        "created_at_i": int(created.timestamp()),
        "story_text": None,
        **more,
    }


STORIES, WITHIN_REACH = 1_200, 1_000


def stories_service(path: str, asked: Mapping[str, str]) -> Answer:
    """Algolia gives the first thousand of its hits, and says how many there are."""
    limits = asked["numericFilters"].split(",")
    after = int(next(each for each in limits if ">" in each).partition(">")[2])
    before = next((int(each.partition("<=")[2]) for each in limits if "<=" in each), 2**40)
    stamps = [(int(paged(number).timestamp()), number) for number in range(STORIES)]
    found = [story(number, paged(number)) for stamp, number in stamps if after < stamp <= before]
    size, page = int(asked["hitsPerPage"]), int(asked["page"])
    given = found[:WITHIN_REACH]
    pages, hits = -(-len(given) // size), given[size * page : size * (page + 1)]
    return as_json({"hits": hits, "nbHits": len(found), "nbPages": pages, "page": page, "hitsPerPage": size})


def rss_service(path: str, asked: Mapping[str, str]) -> Answer:
    items = "".join(
        f"<item><title>Story {number}</title><link>https://news.example/{number}</link></item>"
        for number in (1, 2, 2, 3)
    )
    feed = f'<?xml version="1.0"?><rss version="2.0"><channel><title>The News</title>{items}</channel></rss>'
    return Answer(feed.encode(), "application/rss+xml")
