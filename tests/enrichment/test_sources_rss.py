import random
import time
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from riskreview.enrichment.sources import KINDS, NotAFeed, SourceState
from riskreview.enrichment.sources.rss import ITEMS_MAX, parse, request

URL = "https://news.example/feed.xml"
RDF = b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'>"
NOW = datetime(2025, 1, 30, tzinfo=UTC)
ITEM = """<item><title>Council &amp;amp; company</title><link>/2025/a?utm_source=rss</link><guid>tag:1</guid>
<pubDate>Wed, 29 Jan 2025 11:00:00 +0100</pubDate><dc:creator>Ada Example</dc:creator>
<description>&lt;p&gt;One&lt;script&gt;evil()&lt;/script&gt;&lt;/p&gt;&lt;p&gt;Two&lt;/p&gt;</description></item>"""


def rss(items=ITEM, head=""):
    return f"""<?xml version="1.0" encoding="utf-8"?>{head}<rss version="2.0"
xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>The News</title><language>en-gb</language>
{items}</channel></rss>""".encode()


def read(body, content_type="application/rss+xml"):
    found = parse(body, {"content-type": content_type}, url=URL, source=SourceState(URL), now=NOW)
    return list(found.items)


def test_it_reads_an_rss_item():
    [item] = read(rss())
    assert item.key == "https://news.example/2025/a"
    assert item.url == "https://news.example/2025/a?utm_source=rss"
    assert item.title == "Council & company"
    assert item.summary == "One\nTwo"
    assert item.published == datetime(2025, 1, 29, 10, tzinfo=UTC)
    assert item.authors == ("Ada Example",)
    assert (item.publisher, item.language) == ("The News", "en-gb")


def test_it_reads_atom():
    body = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Atom News</title><entry><title>Review</title>
    <id>urn:1</id><link rel="alternate" href="https://news.example/b"/><updated>2025-01-30T08:00:00Z</updated>
    <published>2025-01-29T08:00:00Z</published><content type="html">&lt;p&gt;Long text&lt;/p&gt;</content>
    </entry></feed>"""
    [item] = read(body, "application/atom+xml")
    assert (item.key, item.title, item.text, item.html) == (
        "https://news.example/b",
        "Review",
        "Long text",
        "<p>Long text</p>",
    )
    assert item.published == datetime(2025, 1, 29, 8, tzinfo=UTC)
    assert item.updated == datetime(2025, 1, 30, 8, tzinfo=UTC)


def test_it_reads_rdf():
    body = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
    <channel><title>Old News</title></channel><item><title>Review</title><link>https://news.example/c</link></item>
    </rdf:RDF>"""
    assert [item.key for item in read(body)] == ["https://news.example/c"]


def test_it_asks_with_the_validators_of_the_last_answer():
    asked = request(SourceState(URL, '"1"', "yesterday"), now=NOW)
    assert (asked.url, asked.etag, asked.last_modified, asked.max_bytes) == (URL, '"1"', "yesterday", 5_000_000)
    assert KINDS["RSS"].request(SourceState(URL), now=NOW).url == URL


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "data:text/html,x", "https://a:b@news.example/", "file:///etc"]
)
def test_a_dangerous_link_is_dropped_and_the_guid_names_the_item(link):
    [item] = read(rss(f"<item><title>T</title><link>{link}</link><guid isPermaLink='false'>id 7</guid></item>"))
    assert item.url == ""
    assert item.key == "guid:https://news.example/feed.xml#id 7"


def test_an_item_without_link_and_guid_is_known_by_its_words():
    one, again = (read(rss("<item><title>Only a title</title></item>"))[0] for _ in range(2))
    assert one.key == again.key
    assert one.key.startswith("sha256:")


def test_the_same_item_twice_is_one():
    assert len(read(rss(ITEM * 3))) == 1


@pytest.mark.parametrize("date", ["Thu, 01 Jan 1970 00:00:00 GMT", "soon", "Wed, 32 Jan 99999", ""])
def test_a_date_that_cannot_be_is_none(date):
    [item] = read(rss(f"<item><title>T</title><link>https://news.example/x</link><pubDate>{date}</pubDate></item>"))
    assert item.published is None


def test_a_feed_without_items_is_empty():
    assert read(rss("")) == []


def test_a_windows_encoding_is_understood():
    body = rss("<item><title>Büro “prüft” – 10 €</title><link>https://news.example/x</link></item>").decode()
    [item] = read(body.replace("utf-8", "windows-1252").encode("cp1252"), "application/rss+xml")
    assert item.title == "Büro “prüft” – 10 €"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b"<!DOCTYPE html><html><body>Please log in</body></html>", "web page"),
        (b"\xef\xbb\xbf<html></html>", "web page"),
        (b"limit requests to one every 5 seconds", "plain text"),
        (b'{"version": "https://jsonfeed.org/version/1.1"}', "plain text"),
        (b"\x89PNG\r\n\x00\x00<", "binary"),
        (b"<unrelated><xml/></unrelated>", "No RSS"),
        (rss(head='<!DOCTYPE r [<!ENTITY a "b">]>'), "own entities"),
        (rss("<item/>" * 300_001), "more than 300,000 tags"),
        (rss("<a>" * 101), "more than 100 deep"),
        (rss("&lt;" * 400_001), "more than 400,000 character references"),
        (rss("<a>" * 101 + "<![CDATA["), "more than 100 deep"),
        (rss(f"<item a='{'x' * 20_001}'/>"), "more than 20,000 characters"),
        (rss("<item " + "a=''" * 201 + "/>"), "more than 200 attributes"),
        (rss("<item x='>' " + "a='>'" * 201 + "/>"), "more than 200 attributes"),
        (rss("<item><title>" + "\ufffd" * 50 + "</title><link>https://news.example/x</link></item>"), "cannot be read"),
    ],
)
def test_what_is_no_feed_is_refused_with_a_reason(body, reason):
    with pytest.raises(NotAFeed, match=reason) as refused:
        read(body)
    assert refused.value.reason.endswith(".")


def test_only_so_many_items_are_kept():
    many = "".join(f"<item><link>https://news.example/{n}</link><title>T</title></item>" for n in range(ITEMS_MAX + 50))
    assert len(read(rss(many))) == ITEMS_MAX


def test_a_mutilated_feed_is_read_or_refused_but_never_raises_anything_else():
    chance = random.Random(7)
    whole = rss(ITEM * 2)
    for _ in range(200):
        body = bytearray(whole)
        for _ in range(chance.randrange(1, 12)):
            body[chance.randrange(len(body))] = chance.randrange(256)
        with suppress(NotAFeed):
            read(bytes(body))


def test_five_million_bytes_are_bounded_in_time():
    started = time.process_time()
    with pytest.raises(NotAFeed):
        read(b"<" * 5_000_000)
    assert len(read(rss(f"<item><link>https://news.example/x</link><title>{'A' * 4_900_000}</title></item>"))) == 1
    assert time.process_time() - started < 10


@pytest.mark.parametrize("piece", ["<![CDATA[", "<!--", "<?x", "<a x='", "<a " + "a" * 8_000, "<item/>", "&x;", "]]>"])
def test_a_feed_of_nothing_but_beginnings_is_bounded_in_time(piece):
    started = time.process_time()
    with suppress(NotAFeed):
        read(rss(piece * min(200_000, 2_000_000 // len(piece))))
    assert time.process_time() - started < 10


@pytest.mark.parametrize(
    ("body", "broke_off", "titles"),
    [
        (b"<rss version='2.0'><channel><item><title>A</title></item></channel></rss>", False, ["A"]),
        (b"<rss version='2.0'><channel><item><title>A</title></item></channel>", False, ["A"]),
        (b"<rss version='2.0'><channel><item><title>A</title></item><item><title>B", True, ["A"]),
        (b"<rss version='2.0'><channel><item><title>A</title></item>", True, ["A"]),
        (b"<rss version='2.0'><channel><title>T</title></channel></rss>", False, []),
        (
            b"<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>a</id><title>A</title></entry><entry><id>b",
            True,
            ["A"],
        ),
        (
            RDF + b"<channel><title>T</title></channel><item><title>A</title></item><item><title>B</ti",
            True,
            ["A"],
        ),
    ],
)
def test_a_feed_that_ends_in_the_middle_says_so_and_brings_no_half_item(body, broke_off, titles):
    brought = parse(body, {}, url=URL, source=SourceState(URL), now=NOW)
    assert (brought.broke_off, [item.title for item in brought.items]) == (broke_off, titles)
