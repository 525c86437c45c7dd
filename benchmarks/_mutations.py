"""Feeds of every family, and what goes wrong with them on the way: a seeded generator, equal for equal seeds."""

from __future__ import annotations

import datetime
import json
import random
from collections.abc import Callable, Iterator

WORDS = (
    "agency", "council", "model", "notice", "report", "data", "order", "vendor", "review", "licence", "ministry",
    "export", "court", "access", "price",
)  # fmt: skip
Mutate = Callable[[random.Random, bytes], bytes]


def feeds(seed: int, count: int) -> Iterator[tuple[str, bytes, str]]:
    """So many damaged feeds, each with the kind of source it is taken for and the content type it is sent with."""
    rng = random.Random(seed)
    families = sorted(MAKERS)
    for _ in range(count):
        family = rng.choice(families)
        body = MAKERS[family](rng)
        for _ in range(rng.randint(1, 4)):
            body = rng.choice(MUTATIONS)(rng, body)
        kind = KIND[family] if rng.random() < 0.95 else rng.choice(sorted(KIND.values()))
        yield kind, body[:4_900_000], content_type(rng, kind)


def content_type(rng: random.Random, kind: str) -> str:
    """What the server says it is, which need not be so."""
    usual = "application/json" if kind == "JSON_FEED" else "application/xml"
    said = usual if rng.random() < 0.6 else rng.choice(["text/html", "text/plain", "application/rss+xml", "x", ""])
    lies = ["utf-16", "gb18030", "hex", "utf-7", "none", "\udcff", "x" * 300]
    return said if rng.random() < 0.7 else f"{said}; charset={rng.choice(lies)}"


def sentence(rng: random.Random) -> str:
    """Some words; now and then in another script."""
    said = " ".join(rng.choices(WORDS, k=rng.randint(2, 12)))
    return said + rng.choice(["", "", " – “quoted”", " 安全审查", " décision", " &amp; more", " 🙂"])


def moment(rng: random.Random) -> datetime.datetime:
    """A time of the last years."""
    return datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC) + datetime.timedelta(minutes=rng.randint(0, 10**6))


def rss(rng: random.Random) -> bytes:
    """RSS 2.0."""
    items = "".join(
        f"<item><title>{sentence(rng)}</title><link>https://news.example/{rng.randint(1, 999)}</link>"
        f"<guid isPermaLink='false'>{rng.random()}</guid><pubDate>{moment(rng):%a, %d %b %Y %H:%M:%S} GMT</pubDate>"
        f"<description><![CDATA[<p>{sentence(rng)}</p>]]></description></item>"
        for _ in range(rng.randint(0, 20))
    )
    head = '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>W</title>'
    return f"{head}{items}</channel></rss>".encode()


def atom(rng: random.Random) -> bytes:
    """Atom 1.0."""
    entries = "".join(
        f"<entry><title>{sentence(rng)}</title><id>urn:x:{rng.random()}</id><updated>{moment(rng).isoformat()}</updated>"
        f"<link rel='alternate' href='/a/{rng.randint(1, 999)}'/>"
        f"<content type='html'>&lt;p&gt;{sentence(rng)}</content></entry>"
        for _ in range(rng.randint(0, 20))
    )
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>W</title>{entries}</feed>'.encode()


def rdf(rng: random.Random) -> bytes:
    """RSS 1.0."""
    items = "".join(
        f"<item><title>{sentence(rng)}</title><link>https://news.example/{rng.randint(1, 999)}</link></item>"
        for _ in range(rng.randint(0, 20))
    )
    space = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
    return f"<rdf:RDF {space}><channel><title>W</title></channel>{items}</rdf:RDF>".encode()


def json_feed(rng: random.Random) -> bytes:
    """JSON Feed 1.1."""
    items = [
        {
            "id": rng.choice([rng.randint(1, 999), str(rng.random()), None, {"a": 1}]),
            "url": f"https://news.example/{rng.randint(1, 999)}",
            "title": sentence(rng),
            "content_html": f"<p>{sentence(rng)}</p>",
            "date_published": moment(rng).isoformat(),
            "authors": [{"name": sentence(rng)}],
        }
        for _ in range(rng.randint(0, 20))
    ]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "W", "items": items}).encode()


def sitemap(rng: random.Random) -> bytes:
    """A news sitemap."""
    schemas = "http://www.sitemaps.org/schemas/sitemap/0.9", "http://www.google.com/schemas/sitemap-news/0.9"
    urls = "".join(
        f"<url><loc>https://news.example/{rng.randint(1, 999)}</loc><news:news><news:publication>"
        f"<news:name>W</news:name><news:language>en</news:language></news:publication>"
        f"<news:publication_date>{moment(rng).isoformat()}"
        f"</news:publication_date><news:title>{sentence(rng)}</news:title></news:news></url>"
        for _ in range(rng.randint(0, 20))
    )
    return f'<?xml version="1.0"?><urlset xmlns="{schemas[0]}" xmlns:news="{schemas[1]}">{urls}</urlset>'.encode()


MAKERS = {"rss": rss, "atom": atom, "rdf": rdf, "json": json_feed, "sitemap": sitemap}
KIND = {"rss": "RSS", "atom": "RSS", "rdf": "RSS", "json": "JSON_FEED", "sitemap": "NEWS_SITEMAP"}


def place(rng: random.Random, body: bytes) -> int:
    """Somewhere in it."""
    return rng.randrange(len(body) + 1)


def flip(rng: random.Random, body: bytes) -> bytes:
    """Some bytes become others."""
    changed = bytearray(body)
    for _ in range(rng.randint(1, 30)):
        if changed:
            changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def cut(rng: random.Random, body: bytes) -> bytes:
    """It breaks off."""
    return body[: place(rng, body)]


def insert(what: Callable[[random.Random], bytes]) -> Mutate:
    """Something strange gets in somewhere."""

    def mutate(rng: random.Random, body: bytes) -> bytes:
        at = place(rng, body)
        return body[:at] + what(rng) + body[at:]

    return mutate


def swap(rng: random.Random, body: bytes) -> bytes:
    """Two tags change their names."""
    tags = [
        b"<item>",
        b"</item>",
        b"<title>",
        b"</title>",
        b"<link>",
        b"<entry>",
        b"</entry>",
        b"<url>",
        b"{",
        b"}",
        b'"',
    ]
    one, other = rng.sample(tags, 2)
    return body.replace(one, other, rng.randint(1, 3))


def again(rng: random.Random, body: bytes) -> bytes:
    """A part comes several times."""
    start, end = sorted((place(rng, body), place(rng, body)))
    return body[:end] + body[start:end][:20_000] * rng.randint(1, 5) + body[end:]


def lie(rng: random.Random, body: bytes) -> bytes:
    """It claims another encoding than it has."""
    claimed = rng.choice([b"utf-16", b"latin-1", b"koi8-r", b"utf-7", b"hex", b"ebcdic-cp-us", b"none", b"gb18030"])
    return b'<?xml version="1.0" encoding="' + claimed + b'"?>' + body.split(b"?>", 1)[-1]


def other_encoding(rng: random.Random, body: bytes) -> bytes:
    """It has another encoding than it claims."""
    return body.decode("utf-8", "replace").encode(rng.choice(["utf-16", "utf-32", "cp1252", "gb18030"]), "replace")


def dates(rng: random.Random, body: bytes) -> bytes:
    """Its years are impossible."""
    return body.replace(b"202", rng.choice([b"0", b"99999", b"-1", b"2e9", b"\xd9\xa2"]), rng.randint(1, 9))


def nest(rng: random.Random, body: bytes) -> bytes:
    """Tags inside tags inside tags."""
    depth = rng.choice([50, 200, 5_000])
    return body.replace(b"<title>", b"<b>" * depth + b"<title>", 1).replace(b"[", b"[" * depth, 1)


def entities(rng: random.Random) -> bytes:
    """Names for characters that nobody declared, or that were declared with bad intent."""
    return rng.choice(
        [b"&nbsp;", b"&#0;", b"&#xD800;", b"&#99999999;", b"&unknown;", b"<!ENTITY x SYSTEM 'file:///x'>"]
    )


def controls(rng: random.Random) -> bytes:
    """Characters that no text holds."""
    return bytes(rng.choices(range(32), k=rng.randint(1, 20))) + rng.choice(
        [b"", "\u202e\u200b\ufeff".encode(), b"\xff\xfe"]
    )


def attributes(rng: random.Random) -> bytes:
    """A tag with a great many of them."""
    return b"<x " + b" ".join(b"a%d='1'" % number for number in range(rng.choice([10, 500, 5_000]))) + b">"


def numbers(rng: random.Random) -> bytes:
    """Numbers that fit nowhere."""
    return rng.choice([b"9" * 5_000, b"1e999999", b"-0.0", b"NaN", b"1" * 400 + b"." + b"1" * 400])


MUTATIONS: tuple[Mutate, ...] = (
    flip, flip, cut, swap, again, lie, other_encoding, dates, nest,
    insert(entities), insert(controls), insert(attributes), insert(numbers),
    insert(lambda rng: b"]]>"), insert(lambda rng: b"<![CDATA["), insert(lambda rng: b"<!--"),
    insert(lambda rng: b"\0"),
)  # fmt: skip
