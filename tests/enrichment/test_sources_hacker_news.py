"""Hacker News through Algolia."""

import json
from datetime import timedelta

import pytest

from riskreview.enrichment.sources import KINDS, Misset, ParseFailed, SourceState
from riskreview.enrichment.sources.asking import asked_in
from riskreview.enrichment.sources.hackernews import ABOUT, parse, request
from tests.enrichment.answers import HOUR, NOW, STORIES, stories_service, story

QUERY = {"query": "acme"}


def source(cursor=None, **config):
    return SourceState(ABOUT.address, config=config or QUERY, cursor=json.loads(json.dumps(cursor or {})))


def read(body, cursor=None, now=NOW):
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    return parse(body, {}, url=ABOUT.address, source=source(cursor), now=now)


def answer(*hits, total=None, pages=1):
    total = len(hits) if total is None else total
    return {"hits": list(hits), "nbHits": total, "nbPages": pages, "page": 0, "hitsPerPage": 100}


def test_the_question_is_asked():
    url = request(source(), now=NOW).url
    assert url.startswith("https://hn.algolia.com/api/v1/search_by_date?")
    names = ("query", "tags", "numericFilters", "hitsPerPage", "page")
    start = int((NOW - timedelta(days=7, hours=1)).timestamp())
    assert [asked_in(url, name) for name in names] == ["acme", "story", f"created_at_i>{start}", "100", "0"]


def test_a_story_points_to_the_linked_page_and_lends_it_neither_date_nor_author():
    [item] = read(answer(story(1))).items
    assert (item.key, item.url, item.title) == ("https://www.news.example/1", "https://www.news.example/1", "Story 1")
    assert (item.published, item.authors, item.text, item.publisher) == (None, (), "", "news.example")


@pytest.mark.parametrize("url", [None, ""])
def test_a_post_with_a_text_is_its_own_page(url):
    [item] = read(answer(story(7, url=url, story_text="<p>One &amp; two<p>Three"))).items
    assert item.url == item.key == "https://news.ycombinator.com/item?id=7"
    assert (item.text, item.authors, item.published) == ("One & two\nThree", ("ada",), NOW - HOUR)


@pytest.mark.parametrize(
    "hit",
    [
        story(1, url="javascript:x"),
        story(1, url="", objectID="1&x"),
        story(1, url=None, objectID=5),
        {"title": "Story 1"},
    ],
)
def test_a_story_without_a_usable_address_is_told_of(hit):
    found = read(answer(hit, story(2), story(2)))
    assert ([item.title for item in found.items], found.refused) == (
        ["Story 2"],
        ("A story has no usable address: Story 1",),
    )


def test_without_a_query_nothing_is_asked():
    with pytest.raises(Misset):
        request(SourceState(ABOUT.address), now=NOW)


def test_pages_are_asked_for_one_by_one():
    first = read(answer(story(1), total=150, pages=2))
    assert (first.more, asked_in(request(source(first.cursor), now=NOW).url, "page")) == (True, "1")
    second = read(answer(story(2, NOW - 3 * HOUR), total=150, pages=2), first.cursor)
    later = request(source(second.cursor), now=NOW + HOUR).url
    assert second.more is False
    assert asked_in(later, "numericFilters") == f"created_at_i>{int((NOW - 2 * HOUR).timestamp())}"


def walked(cursor=None):
    asked, items = [], {}
    for _ in range(60):
        url = request(source(cursor), now=NOW).url
        names = ("numericFilters", "hitsPerPage", "page")
        asked.append({name: asked_in(url, name) for name in names})
        found = parse(stories_service("", asked[-1]).body, {}, url=url, source=source(cursor), now=NOW)
        items |= {item.key: item for item in found.items}
        cursor = found.cursor
        if not found.more:
            return asked, items, cursor
    raise AssertionError("the walk did not end")


def test_more_than_a_thousand_hits_are_had_by_their_time():
    asked, items, cursor = walked()
    assert len(items) == STORIES
    assert len(asked) == 13
    assert "<=" in asked[10]["numericFilters"]
    assert cursor == {"after": int((NOW - HOUR).timestamp())}


def test_a_thousand_hits_of_one_second_end_the_walk_and_say_so():
    start = int((NOW - HOUR).timestamp())
    found = read(answer(story(1), total=1_500, pages=1), {"after": start - 100, "before": start})
    assert (found.more, found.refused) == (False, ("There is more than the service gives, and it could not be had.",))


def test_a_story_from_the_future_does_not_hide_the_present():
    found = read(answer(story(1, NOW + timedelta(days=900)), story(2)))
    assert found.cursor == {"after": int((NOW - HOUR).timestamp())}


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"{}", b'{"hits": {}}', b'{"message": "Too many"}', b"{"])
def test_anything_else_is_refused(body):
    with pytest.raises(ParseFailed):
        read(body)


@pytest.mark.parametrize("cursor", [{"after": "x"}, {"page": "y"}, {"before": -1}, {"after": 10**30, "at": {}}])
def test_a_damaged_cursor_starts_afresh(cursor):
    assert request(source(cursor), now=NOW).url == request(source(), now=NOW).url
    assert len(read(answer(story(1)), cursor).items) == 1


def test_it_is_on_the_register():
    assert KINDS["HACKER_NEWS"].ABOUT is ABOUT
