"""The Guardian Open Platform."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from riskreview.enrichment.sources import KINDS, Misset, ParseFailed, SourceState, Throttled
from riskreview.enrichment.sources.asking import asked_in
from riskreview.enrichment.sources.guardian import ABOUT, parse, request
from tests.enrichment.answers import HOUR, NOW, guardian_article

CONFIG = {"query": '"artificial intelligence"', "section": "technology"}


def source(cursor=None, secret="s3cret", **config):
    return SourceState(
        ABOUT.address, config=config or CONFIG, cursor=json.loads(json.dumps(cursor or {})), secret=secret
    )


def read(body, cursor=None, now=NOW):
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    return parse(body, {}, url=ABOUT.address, source=source(cursor), now=now)


def answer(*articles, pages=1):
    return {"response": {"status": "ok", "total": len(articles), "pages": pages, "results": list(articles)}}


def test_the_key_travels_apart_from_the_address():
    asked = request(source(), now=NOW)
    assert asked.secret_query == (("api-key", "s3cret"),)
    assert "s3cret" not in asked.url + repr(asked) + repr(source())


def test_the_question_is_asked():
    url = request(source(), now=NOW).url
    told = {name: asked_in(url, name) for name in ("q", "section", "page-size", "page", "order-by", "from-date", "tag")}
    assert told == {
        "q": '"artificial intelligence"', "section": "technology", "page-size": "200", "page": "1",
        "order-by": "newest", "from-date": "2025-01-23T11:00:00Z", "tag": "",
    }  # fmt: skip
    assert set(asked_in(url, "show-fields").split(",")) >= {"bodyText", "byline", "lastModified"}


def test_an_article_comes_with_its_text_of_which_only_an_excerpt_is_kept():
    article = guardian_article(1, lastModified="2025-01-30T11:30:00Z", trailText="<b>In</b> short")
    [item] = read(answer(article)).items
    assert (item.key, item.title, item.text) == (
        "https://www.theguardian.com/technology/2025/story-1",
        "Story 1",
        "Text 1",
    )
    assert (item.published, item.updated) == (NOW - HOUR, datetime(2025, 1, 30, 11, 30, tzinfo=UTC))
    assert (item.authors, item.summary) == (("Ada Example", "Ben Example"), "In short")
    assert (ABOUT.retention, ABOUT.secret, ABOUT.robots) == ("EXCERPT", "REQUIRED", False)


@pytest.mark.parametrize(("config", "secret"), [({"section": "x"}, "s"), (CONFIG, ""), ({"query": "x" * 2_000}, "s")])
def test_without_a_query_or_a_key_nothing_is_asked(config, secret):
    with pytest.raises(Misset) as refused:
        request(source(secret=secret, **config), now=NOW)
    assert refused.value.reason.endswith(".")


def test_pages_are_asked_for_one_by_one_and_the_next_walk_ends_at_the_newest():
    first = read(answer(guardian_article(1), guardian_article(2, NOW - 2 * HOUR), pages=2))
    assert (first.more, asked_in(request(source(first.cursor), now=NOW).url, "page")) == (True, "2")
    second = read(answer(guardian_article(3, NOW - 3 * HOUR), pages=2), first.cursor)
    later = request(source(second.cursor), now=NOW + HOUR).url
    assert (second.more, asked_in(later, "page"), asked_in(later, "from-date")) == (False, "1", "2025-01-30T10:00:00Z")


def test_an_article_from_the_future_does_not_hide_the_present():
    found = read(answer(guardian_article(1, NOW + timedelta(days=300)), guardian_article(2)))
    assert len(found.items) == 2
    assert asked_in(request(source(found.cursor), now=NOW).url, "from-date") == "2025-01-30T10:00:00Z"


def test_a_walk_broken_off_for_a_day_begins_again_and_loses_nothing():
    begun = read(answer(guardian_article(1), pages=9), {"after": int((NOW - 5 * HOUR).timestamp())})
    later = request(source(begun.cursor), now=NOW + 25 * HOUR).url
    assert (asked_in(later, "page"), asked_in(later, "from-date")) == ("1", "2025-01-30T06:00:00Z")


@pytest.mark.parametrize(
    ("body", "error", "reason"),
    [
        ({"message": "API rate limit exceeded"}, Throttled, "limit of requests"),
        ({"message": "Unauthorized"}, Misset, "does not accept the key"),
        ({"message": "Invalid authentication credentials"}, Misset, "does not accept the key"),
        ({"response": {"status": "error", "message": "bad s3cret"}}, ParseFailed, "could not answer"),
        ({"response": {"status": "ok"}}, ParseFailed, "other than a list"),
        ({"response": "x"}, ParseFailed, "other than a list"),
        ({}, ParseFailed, "other than a list"),
        (b"", ParseFailed, "empty"),
        (b"<h1>Developer Inactive</h1>", ParseFailed, "web page"),
        (b"null", ParseFailed, "not an object"),
    ],
)
def test_an_error_is_told_in_our_words(body, error, reason):
    with pytest.raises(error, match=reason) as refused:
        read(body)
    assert type(refused.value) is error
    assert "s3cret" not in refused.value.reason


def test_an_article_without_address_is_told_of_and_a_doubled_one_kept_once():
    bare = {"webTitle": "T", "webUrl": "javascript:x", "fields": None}
    undated = guardian_article(1) | {"webPublicationDate": "soon", "fields": "x"}
    found = read(answer(bare, undated, undated))
    assert (len(found.items), found.items[0].published, found.items[0].text) == (1, None, "")
    assert found.refused == ("An article has no usable address: T",)


@pytest.mark.parametrize(
    "cursor", [{"after": "x"}, {"after": 10**40}, {"page": -3}, {"page": True, "before": "x"}, {"after": 5}]
)
def test_a_damaged_cursor_starts_afresh(cursor):
    url = request(source(cursor), now=NOW).url
    assert (asked_in(url, "from-date"), asked_in(url, "page")) == ("2025-01-23T11:00:00Z", "1")
    assert len(read(answer(guardian_article(1)), cursor).items) == 1


def test_a_cursor_from_the_future_asks_from_now():
    url = request(source({"after": int((NOW + timedelta(days=400)).timestamp())}), now=NOW).url
    assert asked_in(url, "from-date") == "2025-01-30T11:00:00Z"


def test_it_is_on_the_register():
    assert KINDS["GUARDIAN"].ABOUT is ABOUT
