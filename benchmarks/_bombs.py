"""Feeds that blow up when they are read: what each is, the kind it is given to, and its bytes."""

from __future__ import annotations

import json
from collections.abc import Callable

from benchmarks._hostile import packed

Bomb = tuple[str, str, Callable[[], bytes]]


def feed(inside: str, head: str = "") -> bytes:
    """An RSS feed with something inside."""
    return f'<?xml version="1.0"?>{head}<rss version="2.0"><channel>{inside}</channel></rss>'.encode()


def sitemap(inside: str, head: str = "") -> bytes:
    """A news sitemap with something inside."""
    spaces = (
        'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"'
    )
    return f'<?xml version="1.0"?>{head}<urlset {spaces}>{inside}</urlset>'.encode()


def json_feed(items: str) -> bytes:
    """A JSON Feed with something inside."""
    return f'{{"version": "https://jsonfeed.org/version/1.1", "title": "W", "items": {items}}}'.encode()


def laughs() -> str:
    """Entities of entities of entities: a thousand million words when they are written out."""
    named = [f"&a{n - 1};" * 10 for n in range(1, 10)]
    lines = ['<!ENTITY a0 "ha">', *(f'<!ENTITY a{n} "{each}">' for n, each in enumerate(named, start=1))]
    return f"<!DOCTYPE rss [{''.join(lines)}]>"


LONG = f'<!DOCTYPE rss [<!ENTITY x "{"x" * 50_000}">]>'
FROM_A_FILE = '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
BY_PARAMETER = '<!DOCTYPE rss [<!ENTITY % x SYSTEM "http://169.254.169.254/x.dtd"> %x;]>'
DTD_ELSEWHERE = '<!DOCTYPE rss SYSTEM "http://169.254.169.254/x.dtd">'
MANY = " ".join(f"a{number}='x'" for number in range(190))
TOWER = "a" + "\u0301\u0323" * 450_000

XML: tuple[tuple[str, Callable[[Callable[..., bytes]], bytes]], ...] = (
    ("billion laughs", lambda make: make("<title>&a9;</title>", laughs())),
    ("one long entity, named often", lambda make: make("&x;" * 50_000, LONG)),
    ("an entity from a file", lambda make: make("<title>&x;</title>", FROM_A_FILE)),
    ("an entity from the network, by a parameter", lambda make: make("x", BY_PARAMETER)),
    ("a document type from the network", lambda make: make("x", DTD_ELSEWHERE)),
    ("100,000 tags inside each other", lambda make: make("<a>" * 100_000)),
    ("100 tags inside each other, 1,400 times", lambda make: make(("<a>" * 95 + "</a>" * 95) * 1_400)),
    ("200,000 items", lambda make: make("<item><title>x</title></item>" * 200_000)),
    ("200,000 items with nothing in them", lambda make: make("<item/>" * 200_000)),
    ("one title of 4 MB", lambda make: make(f"<item><title>{'x' * 4_000_000}</title></item>")),
    ("900,000 marks on one letter", lambda make: make(f"<item><title>{TOWER}</title></item>")),
    ("390,000 entities", lambda make: make(f"<item><title>{'&amp;' * 390_000}</title></item>")),
    ("1,500,000 entities nobody knows", lambda make: make(f"<item><title>{'&x;' * 1_500_000}</title></item>")),
    ("50,000 attributes", lambda make: make("<item " + " ".join(f"a{n}='x'" for n in range(50_000)) + "/>")),
    ("190 attributes, 2,000 times", lambda make: make(f"<item {MANY}/>" * 2_000)),
    ("200,000 sections that never end", lambda make: make("<![CDATA[" * 200_000)),
    ("200,000 comments that never end", lambda make: make("<!--" * 200_000)),
    ("10 GB of zeros in a packed file", lambda make: packed(10_000)[:4_900_000]),
)  # fmt: skip
JSON: tuple[tuple[str, Callable[[], bytes]], ...] = (
    ("100,000 lists inside each other", lambda: json_feed("[" * 100_000)),
    ("200,000 items", lambda: json_feed("[" + ",".join(f'{{"id": "{n}"}}' for n in range(200_000)) + "]")),
    ("a number of 4 million digits", lambda: json_feed("9" * 4_000_000)),
    ("4 million backslashes", lambda: json_feed('["' + "\\" * 4_000_000)),
    ("900,000 marks on one letter", lambda: json_feed(json.dumps([{"id": "1", "title": TOWER}], ensure_ascii=False))),
    ("900,000 marks in a host", lambda: json_feed(json.dumps([{"url": f"http://{TOWER}/"}], ensure_ascii=False))),
    ("1.5 million tags in one item", lambda: json_feed(json.dumps([{"content_html": "<b>" * 1_500_000}]))),
)

BOMBS: tuple[Bomb, ...] = (
    *(("RSS", what, lambda make=make: make(feed)) for what, make in XML),
    *(("NEWS_SITEMAP", what, lambda make=make: make(sitemap)) for what, make in XML),
    *(("JSON_FEED", what, make) for what, make in JSON),
)
