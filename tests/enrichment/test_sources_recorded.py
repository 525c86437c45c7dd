"""Every kind over real HTTP: a round with a service that behaves, and what the collector sees of one that does not."""

from __future__ import annotations

import gzip
import itertools
import json
import random
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from werkzeug import Request as Asked
from werkzeug import Response

from riskreview.enrichment.collecting import refuse_errors
from riskreview.enrichment.sources import KINDS, Brought, ParseFailed, SourceState, Throttled
from riskreview.lib.http import BadResponse, Policy, TooLarge, fetch, retry_after
from tests.enrichment import answers
from tests.enrichment.answers import NOW, Answer

pytestmark = pytest.mark.enable_socket

Service = Callable[[str, Mapping[str, str]], Answer]


@dataclass(frozen=True)
class Recorded:
    """A kind with its service: how many requests a round takes, how many documents it brings, and an answer with one
    good item, the same again, one without a date, and one that has nothing to be known by."""

    key: str
    service: Service
    requests: int
    documents: int
    odd: Answer
    config: dict[str, str] = field(default_factory=dict)


def odd_sitemap() -> Answer:
    entry = answers.sitemap_entry
    nameless = entry(3).replace("<loc>https://news.example/3</loc>", "")
    return Answer(answers.urlset(entry(1), entry(1), entry(2, ""), nameless), "application/xml")


def odd_rss() -> Answer:
    one = "<item><title>T</title><link>/1</link><pubDate>Wed, 29 Jan 2025 11:00:00 GMT</pubDate></item>"
    feed = f'<rss version="2.0"><channel>{one}{one}<item><link>/2</link></item><item/></channel></rss>'
    return Answer(feed.encode(), "application/rss+xml")


QUERY = {"query": "acme"}
ROUNDS = [
    Recorded("RSS", answers.rss_service, 1, 3, odd_rss()),
    Recorded(
        "JSON_FEED", answers.json_feed_service, 4, 5,
        answers.as_json(answers.json_feed(
            [answers.feed_item(1), answers.feed_item(1), answers.feed_item(2, date_published=None), {}]
        )),
    ),
    Recorded("NEWS_SITEMAP", answers.sitemap_service, 3, 4, odd_sitemap()),
    Recorded(
        "GDELT", answers.gdelt_service, 15, answers.GDELT_SEEN,
        answers.as_json({"articles": [
            answers.gdelt_article(1), answers.gdelt_article(1), answers.gdelt_article(2) | {"seendate": None}, {}
        ]}),
        QUERY,
    ),
    Recorded(
        "FEDERAL_REGISTER", answers.register_service, 3, answers.REGISTERED,
        answers.as_json({"count": 4, "total_pages": 1, "results": [
            answers.register_document(1), answers.register_document(1),
            answers.register_document(2, publication_date=None), {},
        ]}),
    ),
    Recorded(
        "GUARDIAN", answers.guardian_service, 3, 450,
        answers.as_json({"response": {"status": "ok", "pages": 1, "results": [
            answers.guardian_article(1), answers.guardian_article(1),
            answers.guardian_article(2) | {"webPublicationDate": None}, {},
        ]}}),
        QUERY,
    ),
    Recorded(
        "NEWSAPI", answers.newsapi_service, 3, 250,
        answers.as_json({"status": "ok", "totalResults": 4, "articles": [
            answers.newsapi_article(1), answers.newsapi_article(1), answers.newsapi_article(2, publishedAt=None), {}
        ]}),
        QUERY,
    ),
    Recorded(
        "HACKER_NEWS", answers.stories_service, 13, answers.STORIES,
        answers.as_json({"hits": [
            answers.story(1), answers.story(1), answers.story(2, created_at_i=None), {}
        ], "nbHits": 4, "nbPages": 1}),
        QUERY,
    ),
]  # fmt: skip
every_kind = pytest.mark.parametrize("kind", ROUNDS, ids=lambda kind: kind.key)


@dataclass
class Line:
    """A server on loopback that answers everything with `answer`, and what it was asked."""

    server: Any
    asked: list[Asked] = field(default_factory=list)
    answer: Callable[[Asked], Response] = lambda asked: Response(status=500)

    def serve(self, service: Service) -> None:
        self.answer = lambda asked: sent(
            service(asked.path, {**asked.args, "X-Api-Key": asked.headers.get("X-Api-Key", "")})
        )

    def give(
        self, body: bytes = b"", status: int = 200, content_type: str = "application/json", **headers: str
    ) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answer = lambda asked: Response(body, status, named, content_type=content_type)

    def source(self, kind: Recorded, **more: Any) -> SourceState:
        return SourceState(self.server.url_for("/service"), config=kind.config, secret="s3cret", **more)

    def policy(self, max_bytes: int) -> Policy:
        return Policy(allow=frozenset({(self.server.host, self.server.port)}), max_bytes=max_bytes)


def sent(answer: Answer) -> Response:
    return Response(answer.body, answer.status, answer.headers, content_type=answer.content_type)


@pytest.fixture
def line(httpserver: Any) -> Line:
    found = Line(httpserver)

    def handle(asked: Asked) -> Response:
        found.asked.append(asked)
        return found.answer(asked)

    httpserver.expect_request(re.compile(".*")).respond_with_handler(handle)
    return found


def ask(line: Line, kind: Recorded, source: SourceState) -> Any:
    """One request, as the collector sends it."""
    asked = KINDS[kind.key].request(source, now=NOW)
    return fetch(
        asked.url,
        policy=line.policy(asked.max_bytes),
        etag=asked.etag,
        last_modified=asked.last_modified,
        headers=asked.headers,
        secret_query=asked.secret_query,
    )


def visit(line: Line, kind: Recorded, source: SourceState) -> tuple[Brought | None, SourceState]:
    """One visit, as the collector makes it, and what the source remembers after it."""
    answer = ask(line, kind, source)
    if answer.not_modified:
        return None, source
    refuse_errors(answer)
    found = KINDS[kind.key].parse(answer.body, answer.headers, url=answer.final_url, source=source, now=NOW)
    known = {"etag": answer.headers.get("etag", ""), "last_modified": answer.headers.get("last-modified", "")}
    # Through JSON, as the database keeps it.
    return found, replace(source, cursor=json.loads(json.dumps(found.cursor)), **known)


def a_round(line: Line, kind: Recorded, source: SourceState) -> tuple[list[Brought], SourceState]:
    """Visits until the source asks for no more."""
    brought: list[Brought] = []
    for _ in range(60):
        found, source = visit(line, kind, source)
        if found is None:
            return brought, source
        brought.append(found)
        if not found.more:
            return brought, source
    raise AssertionError("the round did not end")


def keys(brought: list[Brought]) -> set[str]:
    return {item.key for found in brought for item in found.items}


@every_kind
def test_a_round_brings_every_document_in_several_pages(line: Line, kind: Recorded) -> None:
    line.serve(kind.service)
    brought, _ = a_round(line, kind, line.source(kind))
    assert (len(line.asked), len(keys(brought))) == (kind.requests, kind.documents)
    assert [found.refused for found in brought if found.refused] == []


@every_kind
def test_the_round_after_is_short_and_brings_nothing_unknown(line: Line, kind: Recorded) -> None:
    line.serve(kind.service)
    first, source = a_round(line, kind, line.source(kind))
    line.asked.clear()
    second, _ = a_round(line, kind, source)
    assert keys(second) <= keys(first)
    assert len(line.asked) <= 3


@every_kind
def test_an_unchanged_answer_is_nothing_at_all(line: Line, kind: Recorded) -> None:
    line.serve(kind.service)
    _, source = a_round(line, kind, line.source(kind))
    line.give(status=304)
    assert visit(line, kind, source) == (None, source)


@pytest.mark.parametrize("kind", ROUNDS[:3], ids=lambda kind: kind.key)
def test_feeds_are_asked_with_the_validators_of_their_first_page(line: Line, kind: Recorded) -> None:
    def tagged(asked: Asked) -> Response:
        answer = sent(kind.service(asked.path, asked.args))
        answer.headers["ETag"] = f'"{asked.full_path}"'
        return answer

    line.answer = tagged
    _, source = a_round(line, kind, line.source(kind))
    visit(line, kind, source)
    first, last = line.asked[0], line.asked[-1]
    assert "If-None-Match" not in first.headers
    assert last.headers["If-None-Match"] == f'"{first.full_path}"'


@pytest.mark.parametrize("kind", ROUNDS[3:], ids=lambda kind: kind.key)
def test_a_question_that_changes_is_asked_without_validators(line: Line, kind: Recorded) -> None:
    line.serve(kind.service)
    visit(line, kind, line.source(kind, etag='"1"', last_modified="Wed, 29 Jan 2025 10:00:00 GMT"))
    assert not {"If-None-Match", "If-Modified-Since"} & set(line.asked[0].headers.keys())


@every_kind
@pytest.mark.parametrize("status", [429, 500, 503])
def test_an_error_status_is_told_with_the_wait_that_was_asked_for(line: Line, kind: Recorded, status: int) -> None:
    line.give(b"{}", status, Retry_After="120")
    answer = ask(line, kind, line.source(kind))
    assert retry_after(answer.headers, NOW) == timedelta(minutes=2)
    with pytest.raises(BadResponse, match=f"status {status}"):
        visit(line, kind, line.source(kind))


@every_kind
@pytest.mark.parametrize("body", [b'{"articles": [{"url": "https://', b"<nothing><here>", b"<", b"\x89PNG\r\n\x00\x00"])
def test_a_malformed_answer_is_refused_in_words(line: Line, kind: Recorded, body: bytes) -> None:
    line.give(body)
    with pytest.raises(ParseFailed) as refused:
        visit(line, kind, line.source(kind))
    assert refused.value.reason.endswith(".")


@every_kind
def test_a_page_instead_of_an_answer_is_refused(line: Line, kind: Recorded) -> None:
    line.give(b"<!doctype html><html><title>Sign in</title></html>")
    with pytest.raises(ParseFailed, match="web page"):
        visit(line, kind, line.source(kind))


@every_kind
@pytest.mark.parametrize("content_type", ["text/plain", "text/html; charset=utf-8", "application/octet-stream"])
def test_a_wrong_content_type_does_not_matter(line: Line, kind: Recorded, content_type: str) -> None:
    line.give(kind.odd.body, content_type=content_type)
    found, _ = visit(line, kind, line.source(kind))
    assert found
    assert len(found.items) == 2


@every_kind
def test_a_redirect_loop_ends(line: Line, kind: Recorded) -> None:
    line.answer = lambda asked: Response(status=302, headers={"Location": asked.full_path})
    with pytest.raises(BadResponse, match="redirects more than 3 times"):
        visit(line, kind, line.source(kind))
    assert len(line.asked) == 4


@every_kind
def test_a_body_without_end_is_left(line: Line, kind: Recorded) -> None:
    line.answer = lambda asked: Response(itertools.repeat(b" " * 65_536, 400), direct_passthrough=True)
    with pytest.raises(TooLarge):
        visit(line, kind, line.source(kind))


@every_kind
def test_a_bomb_is_left(line: Line, kind: Recorded) -> None:
    line.give(gzip.compress(b"\0" * 12_000_000), Content_Encoding="gzip")
    with pytest.raises(TooLarge):
        visit(line, kind, line.source(kind))


@every_kind
def test_an_empty_answer_is_refused(line: Line, kind: Recorded) -> None:
    line.give(b"")
    with pytest.raises(BadResponse, match="nothing at all"):
        visit(line, kind, line.source(kind))


@every_kind
def test_doubled_undated_and_nameless_items_do_not_stop_the_others(line: Line, kind: Recorded) -> None:
    line.answer = lambda asked: sent(kind.odd)
    found, _ = visit(line, kind, line.source(kind))
    assert found
    assert (len(found.items), found.more) == (2, False)
    assert found.items[1].published is None
    # A feed of RSS has no way to tell: what has no name is left out.
    assert len(found.refused) == (0 if kind.key == "RSS" else 1)


def mutilated(value: Any, chance: random.Random) -> Any:
    """A JSON value with something else in one place."""
    if chance.random() < 0.08:
        return chance.choice(
            [None, True, -1, 1e300, 10**30, "", "x", "\ud800", "https://[", "//", [], {}, [[]], [None]]
        )
    if isinstance(value, dict):
        return {name: mutilated(each, chance) for name, each in value.items()}
    return [mutilated(each, chance) for each in value] if isinstance(value, list) else value


@every_kind
def test_a_mutilated_answer_is_read_or_refused_but_never_raises_anything_else(line: Line, kind: Recorded) -> None:
    chance, source, whole = random.Random(7), line.source(kind), kind.odd.body
    url = KINDS[kind.key].request(source, now=NOW).url
    for _ in range(150):
        body = bytearray(whole)
        for _ in range(chance.randrange(1, 12)):
            body[chance.randrange(len(body))] = chance.randrange(256)
        bodies = [bytes(body)]
        if whole.startswith(b"{"):
            bodies.append(json.dumps(mutilated(json.loads(whole), chance)).encode())
        for each in bodies:
            with suppress(ParseFailed):
                json.dumps(KINDS[kind.key].parse(each, {}, url=url, source=source, now=NOW).cursor)


@every_kind
def test_a_cursor_of_another_kind_does_no_harm(line: Line, kind: Recorded) -> None:
    line.serve(kind.service)
    for other in ROUNDS:
        line.serve(other.service)
        _, source = visit(line, other, line.source(other))
        line.serve(kind.service)
        found, _ = visit(line, kind, line.source(kind, cursor=source.cursor))
        assert found


def test_throttling_with_status_200_is_no_failure(line: Line) -> None:
    [gdelt] = [kind for kind in ROUNDS if kind.key == "GDELT"]
    line.give(b"Please limit requests to one every 5 seconds.", content_type="text/html")
    with pytest.raises(Throttled) as refused:
        visit(line, gdelt, line.source(gdelt))
    assert refused.value.wait >= timedelta(seconds=6)


@pytest.mark.parametrize("key", ["GUARDIAN", "NEWSAPI"])
def test_a_key_that_is_wrong_shows_as_status_401_and_stays_out_of_the_reason(line: Line, key: str) -> None:
    [kind] = [kind for kind in ROUNDS if kind.key == key]
    line.serve(kind.service)
    with pytest.raises(BadResponse, match="status 401") as refused:
        visit(line, kind, replace(line.source(kind), secret="wr0ng"))
    assert "wr0ng" not in str(refused.value)


@pytest.mark.parametrize("key", ["GUARDIAN", "NEWSAPI"])
def test_a_key_is_not_part_of_the_address_that_is_kept(line: Line, key: str) -> None:
    [kind] = [kind for kind in ROUNDS if kind.key == key]
    line.serve(kind.service)
    answer = ask(line, kind, line.source(kind))
    assert (answer.status, "s3cret" in answer.final_url) == (200, False)
    assert "s3cret" in line.asked[0].full_path + line.asked[0].headers.get("X-Api-Key", "")
