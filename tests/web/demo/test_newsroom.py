"""The demonstration's newsroom: what it serves, what it admits to, and how its bad wing misbehaves."""

import json
import re
import socket  # noqa: TID251 - a plain reader of our own server
import time
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPResponse  # noqa: TID251 - a plain reader of our own server
from urllib.parse import urlsplit

import feedparser  # type: ignore[import-untyped]
import pytest

from riskreview.web.demo.newsroom import Newsroom
from riskreview.web.demo.newsroom.__main__ import main
from riskreview.web.demo.newsroom.corpus import NOTICE, Article, Corpus, load
from riskreview.web.demo.newsroom.misbehaviour import BOMB_BYTES, HUGE_BYTES, MISBEHAVIOURS

CORRECTED_ARTICLE = "/ledger-and-quill/2025/01/29/alibaba-shares-qwen"

pytestmark = pytest.mark.enable_socket


@pytest.fixture(scope="module")
def newsroom() -> Iterator[Newsroom]:
    with Newsroom() as running:
        yield running


@pytest.fixture
def own_newsroom() -> Iterator[Newsroom]:
    with Newsroom() as running:
        yield running


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return load()


def ask(newsroom: Newsroom, path: str, method: str = "GET", **headers: str) -> tuple[HTTPResponse, bytes]:
    connection = HTTPConnection(urlsplit(newsroom.url).netloc, timeout=20)
    try:
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def feeds(newsroom: Newsroom) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = json.loads(ask(newsroom, "/feeds.json")[1])
    return rows


@pytest.mark.parametrize("article", load().articles, ids=lambda article: article.key)
def test_every_page_says_it_was_written_for_the_demonstration(newsroom: Newsroom, article: Article) -> None:
    response, body = ask(newsroom, article.path)
    page = body.decode()
    assert response.status == 200
    assert 4_000 <= len(body) <= 30_000
    assert NOTICE in page.partition("<footer>")[2]
    assert f'<link rel="canonical" href="{newsroom.url}{article.path}">' in page
    assert f'datetime="{article.published.isoformat()}"' in page


def test_front_pages_and_the_index_say_it_too(newsroom: Newsroom, corpus: Corpus) -> None:
    for path in ["/", "/bad/", *(outlet.path for outlet in corpus.outlets)]:
        response, body = ask(newsroom, path)
        assert response.status == 200
        assert NOTICE in body.decode(), path


def test_the_list_of_feeds_is_what_the_demo_registers(newsroom: Newsroom, corpus: Corpus) -> None:
    rows = feeds(newsroom)
    assert [row["name"] for row in rows] == [outlet.name for outlet in corpus.outlets]
    for row in rows:
        assert set(row) == {"name", "url", "kind", "language", "source_class", "reliability"}
        assert row["kind"] == "RSS"
        assert row["url"].startswith(newsroom.url)
        assert row["reliability"] in "ABCDEF"


def test_feeds_parse_without_a_complaint_and_carry_every_document(newsroom: Newsroom, corpus: Corpus) -> None:
    links = set()
    for row in feeds(newsroom):
        parsed = feedparser.parse(ask(newsroom, urlsplit(row["url"]).path)[1])
        assert parsed.bozo == 0
        assert NOTICE in parsed.feed.subtitle
        links |= {entry.link for entry in parsed.entries if entry.published_parsed and entry.title and entry.summary}
    assert links == {newsroom.url + article.path for article in corpus.articles}


def test_feed_dates_are_those_of_the_documents(newsroom: Newsroom, corpus: Corpus) -> None:
    published = {newsroom.url + article.path: article.published.astimezone(UTC) for article in corpus.articles}
    for row in feeds(newsroom):
        for entry in feedparser.parse(ask(newsroom, urlsplit(row["url"]).path)[1]).entries:
            assert datetime(*entry.published_parsed[:6]).replace(tzinfo=UTC) == published[entry.link]


def test_one_feed_carries_the_full_text(newsroom: Newsroom, corpus: Corpus) -> None:
    parsed = feedparser.parse(ask(newsroom, "/harbour-wire/feed.xml")[1])
    texts = {newsroom.url + article.path: article.paragraphs for article in corpus.articles}
    for entry in parsed.entries:
        assert texts[entry.link][-1][:60] in entry.content[0].value
        assert NOTICE in entry.content[0].value


def test_some_pages_carry_structured_data(newsroom: Newsroom, corpus: Corpus) -> None:
    copy = next(article for article in corpus.articles if article.based_on and article.outlet.structured_data)
    page = ask(newsroom, copy.path)[1].decode()
    data = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)[0])
    assert data["@type"] == "NewsArticle"
    assert data["datePublished"] == copy.published.isoformat()
    assert ask(newsroom, urlsplit(data["isBasedOn"]).path)[0].status == 200


@pytest.mark.parametrize("path", ["/harbour-wire/feed.xml", "/meridian-post/feed.xml", CORRECTED_ARTICLE])
def test_an_unchanged_answer_is_a_304(newsroom: Newsroom, path: str) -> None:
    first, body = ask(newsroom, path)
    etag, modified = first.headers["ETag"], first.headers["Last-Modified"]
    for headers in ({"If_None_Match": etag}, {"If_None_Match": f"W/{etag}"}, {"If_Modified_Since": modified}):
        again, nothing = ask(newsroom, path, **headers)
        assert (again.status, nothing) == (304, b"")
    changed, all_of_it = ask(newsroom, path, If_None_Match='"something else"', If_Modified_Since=modified)
    assert (changed.status, all_of_it) == (200, body)


def test_a_nonsense_date_is_ignored(newsroom: Newsroom) -> None:
    assert ask(newsroom, "/", If_Modified_Since="the day before")[0].status == 200


def test_the_correction_is_served_once_it_is_made(own_newsroom: Newsroom) -> None:
    before, first = ask(own_newsroom, CORRECTED_ARTICLE)
    feed, _ = ask(own_newsroom, "/ledger-and-quill/feed.xml")
    assert ask(own_newsroom, "/_control/correct", "POST")[0].status == 200
    after, second = ask(own_newsroom, CORRECTED_ARTICLE, If_None_Match=before.headers["ETag"])
    assert b"8.5%" in first
    assert b"Correction." not in first
    assert b"as much as 5.5%" in second
    assert b"Correction." in second
    assert after.headers["Last-Modified"] == "Thu, 30 Jan 2025 09:15:00 GMT"
    tag = feed.headers["ETag"]
    assert ask(own_newsroom, "/ledger-and-quill/feed.xml", If_None_Match=tag)[0].status == 200
    assert ask(own_newsroom, "/harbour-wire/feed.xml")[0].status == 200


def test_it_can_start_corrected() -> None:
    with Newsroom(corrected=True) as newsroom:
        assert b"Correction." in ask(newsroom, CORRECTED_ARTICLE)[1]


def test_what_was_held_back_is_printed_once_somebody_asks_and_dated_that_moment(own_newsroom: Newsroom) -> None:
    feed, [notice] = "/eastmoor-register/feed.xml", load().held
    before = feedparser.parse(ask(own_newsroom, feed)[1]).entries
    asked_at = datetime.now(UTC).replace(microsecond=0)
    assert ask(own_newsroom, "/_control/publish", "POST")[0].status == 200
    after = feedparser.parse(ask(own_newsroom, feed)[1]).entries
    assert notice.headline not in [entry.title for entry in before]
    assert [entry.title for entry in after] == [notice.headline, *(entry.title for entry in before)]
    assert asked_at <= datetime(*after[0].published_parsed[:6]).replace(tzinfo=UTC) <= datetime.now(UTC)
    response, body = ask(own_newsroom, urlsplit(after[0].link).path)
    assert response.status == 200
    assert b"Lanternfish Holdings has acquired DeepSeek." in body
    assert b"made up" in body


def test_asked_twice_it_prints_nothing_anew(own_newsroom: Newsroom) -> None:
    for _ in range(2):
        ask(own_newsroom, "/_control/publish", "POST")
        tag = ask(own_newsroom, "/eastmoor-register/feed.xml")[0].headers["ETag"]
    assert ask(own_newsroom, "/eastmoor-register/feed.xml", If_None_Match=tag)[0].status == 304


def test_reading_the_switch_does_not_throw_it(own_newsroom: Newsroom) -> None:
    assert ask(own_newsroom, "/_control/correct")[0].status == 404
    assert ask(own_newsroom, "/_control/publish")[0].status == 404
    assert ask(own_newsroom, "/_control/other", "POST")[0].status == 404
    assert b"8.5%" in ask(own_newsroom, CORRECTED_ARTICLE)[1]


def test_nothing_stands_at_an_unknown_address(newsroom: Newsroom) -> None:
    for path in ["/nowhere", "/harbour-wire/2025/01/01/nothing", "/bad/unheard-of", "/../outlets.toml"]:
        assert ask(newsroom, path)[0].status == 404


def test_a_head_request_has_no_body(newsroom: Newsroom) -> None:
    response, body = ask(newsroom, "/harbour-wire/feed.xml", "HEAD")
    assert (response.status, body) == (200, b"")
    assert int(response.headers["Content-Length"]) > 1_000


def test_the_bad_wing_is_bad_in_the_promised_ways(newsroom: Newsroom) -> None:
    bodies = {name: ask(newsroom, f"/bad/{name}") for name in MISBEHAVIOURS if name not in {"slow", "huge"}}
    assert bodies["empty"][1] == b""
    assert b"<html" in bodies["not-a-feed"][1]
    assert feedparser.parse(bodies["truncated-xml"][1]).bozo == 1
    with pytest.raises(UnicodeDecodeError):
        bodies["latin1-labelled-utf8"][1].decode()
    assert b"\0" in bodies["binary"][1]
    assert b"<script>" in bodies["script"][1]
    assert bodies["404"][0].status == 404
    assert bodies["redirect-loop"][0].status == 302
    assert bodies["redirect-loop"][0].headers["Location"] == "/bad/redirect-loop"


def test_the_huge_feed_states_no_length_and_exceeds_20_megabytes(newsroom: Newsroom) -> None:
    response, body = ask(newsroom, "/bad/huge")
    assert response.headers["Content-Length"] is None
    assert len(body) > HUGE_BYTES > 20_000_000


def test_the_bomb_is_small_and_inflates_past_50_megabytes(newsroom: Newsroom) -> None:
    response, body = ask(newsroom, "/bad/gzip-bomb")
    assert response.headers["Content-Encoding"] == "gzip"
    assert len(body) < 100_000
    assert len(zlib.decompress(body, wbits=31)) > BOMB_BYTES > 50_000_000


def test_the_slow_source_drips_and_does_not_delay_stopping() -> None:
    newsroom = Newsroom().start()
    with socket.create_connection(("127.0.0.1", urlsplit(newsroom.url).port or 0), timeout=5) as reader:
        reader.sendall(b"GET /bad/slow HTTP/1.0\r\n\r\n")
        assert reader.recv(1)
        began = time.monotonic()
        newsroom.stop()
    assert time.monotonic() - began < 2


def test_a_reader_who_hangs_up_changes_nothing(newsroom: Newsroom, capfd: pytest.CaptureFixture[str]) -> None:
    with socket.create_connection(("127.0.0.1", urlsplit(newsroom.url).port or 0), timeout=5) as reader:
        reader.sendall(b"GET /bad/huge HTTP/1.0\r\n\r\n")
        assert reader.recv(10)
    assert ask(newsroom, "/")[0].status == 200
    assert capfd.readouterr().err == ""


def test_a_taken_port_is_named(newsroom: Newsroom, capsys: pytest.CaptureFixture[str]) -> None:
    port = urlsplit(newsroom.url).port
    assert main(["--port", str(port)]) == 1
    assert f"cannot start on port {port}" in capsys.readouterr().err
