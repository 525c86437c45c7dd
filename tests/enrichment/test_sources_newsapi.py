"""Services that speak as NewsAPI does."""

import json
from datetime import timedelta

import pytest

from riskreview.enrichment.sources import KINDS, Misset, ParseFailed, SourceState, Throttled
from riskreview.enrichment.sources.asking import asked_in
from riskreview.enrichment.sources.newsapi import ABOUT, parse, request
from tests.enrichment.answers import HOUR, NOW, newsapi_article, paged

CONFIG = {"query": '"Acme Robotics"'}


def source(cursor=None, secret="s3cret", **config):
    config = CONFIG | config
    return SourceState(ABOUT.address, config=config, cursor=json.loads(json.dumps(cursor or {})), secret=secret)


def read(body, cursor=None, now=NOW, **config):
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    return parse(body, {}, url=ABOUT.address, source=source(cursor, **config), now=now)


def answer(*articles, total=None):
    return {"status": "ok", "totalResults": len(articles) if total is None else total, "articles": list(articles)}


def test_the_key_travels_in_a_header():
    asked = request(source(), now=NOW)
    assert asked.headers == (("X-Api-Key", "s3cret"),)
    assert "s3cret" not in asked.url + repr(asked)


def test_the_question_is_asked():
    config = {
        "search_in": "title, description", "domains": "a.example", "exclude_domains": "b.example", "language": "en",
    }  # fmt: skip
    url = request(source(**config), now=NOW).url
    names = ("q", "searchIn", "domains", "excludeDomains", "language", "sortBy", "pageSize", "page", "from", "to")
    assert [asked_in(url, name) for name in names] == [
        '"Acme Robotics"', "title,description", "a.example", "b.example", "en", "publishedAt", "100", "1",
        "2025-01-28T10:00:00Z", "",
    ]  # fmt: skip


def test_the_text_that_is_cut_off_is_left_out_so_that_the_page_is_fetched():
    [item] = read(answer(newsapi_article(1))).items
    assert (item.key, item.url, item.title) == ("https://news.example/1", "https://news.example/1", "Story 1")
    assert (item.html, item.text, item.summary, item.enclosed) == ("", "", "About 1", None)
    assert (item.published, item.authors, item.publisher) == (NOW - HOUR, ("Ada Example",), "The News")


@pytest.mark.parametrize(
    "config",
    [
        {"query": ""}, {"query": "x" * 501}, {"sources": ",".join(f"s{number}" for number in range(21))},
        {"pages": "many"}, {"pages": "0"}, {"pages": "99999"}, {"domains": "d.example," * 199},
    ],
)  # fmt: skip
def test_what_the_service_would_not_take_is_refused(config):
    with pytest.raises(Misset) as refused:
        request(source(**config), now=NOW)
    assert refused.value.reason.endswith(".")
    assert len(request(source(query="x" * 500), now=NOW).url) > 500


def test_without_a_key_nothing_is_asked():
    with pytest.raises(Misset, match="key"):
        request(source(secret=""), now=NOW)


def hundred(start=0):
    return [newsapi_article(number, paged(number)) for number in range(start, start + 100)]


def test_a_plan_with_pages_is_asked_for_them():
    first = read(answer(*hundred(), total=150), pages="5")
    assert (first.more, asked_in(request(source(first.cursor, pages="5"), now=NOW).url, "page")) == (True, "2")
    second = read(answer(*hundred(100)[:50], total=150), first.cursor, pages="5")
    assert (second.more, second.cursor) == (False, {"after": int((NOW - HOUR).timestamp())})


def test_a_plan_with_one_page_is_asked_for_what_is_older():
    first = read(answer(*hundred(), total=150))
    url = request(source(first.cursor), now=NOW).url
    assert (first.more, asked_in(url, "page"), asked_in(url, "to")) == (True, "1", "2025-01-30T09:21:00Z")


def test_a_hundred_articles_of_one_second_end_the_walk_and_say_so():
    cursor = read(answer(*hundred(), total=900)).cursor
    same = [newsapi_article(number, paged(99)) for number in range(100)]
    found = read(answer(*same, total=900), cursor)
    assert found.more is False
    assert found.refused == ("There is more than the service gives, and it could not be had.",)


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("rateLimited", Throttled), ("apiKeyExhausted", Throttled), ("apiKeyInvalid", Misset),
        ("apiKeyDisabled", Misset), ("apiKeyMissing", Misset), ("parameterInvalid", Misset), ("sourcesTooMany", Misset),
        ("maximumResultsReached", Misset), ("unexpectedError", ParseFailed), (None, ParseFailed), (["x"], ParseFailed),
    ],
)  # fmt: skip
def test_an_error_is_told_in_our_words(code, error):
    with pytest.raises(error) as refused:
        read({"status": "error", "code": code, "message": "Your key s3cret is wrong"})
    assert type(refused.value) is error
    assert "s3cret" not in refused.value.reason


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b"{}", b'{"status": "ok"}', b'{"status": "ok", "articles": {}}', b"{"]
)
def test_anything_else_is_refused(body):
    with pytest.raises(ParseFailed):
        read(body)


def test_articles_taken_out_and_without_address_are_told_of():
    removed = newsapi_article(2, title="[Removed]", url="https://removed.com")
    found = read(
        answer(removed, newsapi_article(3, url=None), newsapi_article(1, source=None, author=None, publishedAt="?"))
    )
    assert [(item.title, item.published, item.authors) for item in found.items] == [("Story 1", None, ())]
    assert found.refused == (
        "An article has no usable address: [Removed]",
        "An article has no usable address: Story 3",
    )


def test_what_is_told_of_many_is_short():
    found = read(answer(*[newsapi_article(number, url="") for number in range(90)]))
    assert (len(found.refused), found.refused[-1]) == (21, "And 70 more like these.")


@pytest.mark.parametrize("cursor", [{"after": []}, {"before": "x"}, {"newest": 1.5}, {"at": "x", "page": None}])
def test_a_damaged_cursor_starts_afresh(cursor):
    url = request(source(cursor), now=NOW).url
    assert (asked_in(url, "from"), asked_in(url, "page"), asked_in(url, "to")) == ("2025-01-28T10:00:00Z", "1", "")
    assert len(read(answer(newsapi_article(1)), cursor).items) == 1


def test_an_answer_without_articles_leaves_the_place_where_it_is():
    after = int((NOW - 5 * HOUR).timestamp())
    assert read(answer(), {"after": after}, now=NOW + timedelta(days=1)).cursor == {"after": after}


def test_it_is_on_the_register():
    assert KINDS["NEWSAPI"].ABOUT is ABOUT
