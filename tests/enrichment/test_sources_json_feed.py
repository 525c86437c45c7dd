"""JSON Feed 1 and 1.1."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from riskreview.enrichment.sources import KINDS, NotAFeed, ParseFailed, SourceState
from riskreview.enrichment.sources.jsonfeed import parse, request
from riskreview.enrichment.sources.shapes import PAGES_MAX
from tests.enrichment.answers import NOW, feed_item, json_feed

URL = "https://news.example/feed.json"


def read(feed, cursor=None, url=URL, now=NOW, headers=None):
    body = feed if isinstance(feed, bytes) else json.dumps(feed).encode()
    return parse(body, headers or {}, url=url, source=SourceState(URL, cursor=cursor or {}), now=now)


def read_one(**item):
    [found] = read(json_feed([item])).items
    return found


def test_an_item_of_version_1_1_is_read():
    item = feed_item(1, summary="Short", date_modified="2025-01-30T08:00:00Z", authors=[{"name": "Ada"}, {"url": "x"}])
    [found] = read(json_feed([item], language="en-gb")).items
    assert (found.key, found.url, found.title) == ("https://news.example/1", "https://news.example/1", "Story 1")
    assert (found.html, found.text, found.summary) == ("<p>Text 1</p>", "Text 1", "Short")
    assert (found.published, found.updated) == (
        datetime(2025, 1, 29, 10, tzinfo=UTC),
        datetime(2025, 1, 30, 8, tzinfo=UTC),
    )
    assert (found.authors, found.language, found.publisher) == (("Ada",), "en-gb", "The News")


@pytest.mark.parametrize("version", ["https://jsonfeed.org/version/1", "http://jsonfeed.org/version/1"])
def test_version_1_has_one_author_and_lets_the_id_be_a_number(version):
    feed = json_feed([{"id": 7, "content_text": "Words"}], version=version, author={"name": "Ada"})
    [item] = read(feed).items
    assert (item.key, item.url, item.text, item.authors) == (f"guid:{URL}#7", "", "Words", ("Ada",))


@pytest.mark.parametrize(
    ("item", "key", "url"),
    [
        ({"id": "a", "url": "/b?utm_source=x"}, "https://news.example/b", "https://news.example/b?utm_source=x"),
        ({"id": "a", "external_url": "https://other.example/c"}, "https://other.example/c", "https://other.example/c"),
        ({"id": "a", "url": "/own", "external_url": "https://other.example/c"}, "https://news.example/own",
         "https://news.example/own"),
        ({"id": "https://news.example/d"}, "https://news.example/d", "https://news.example/d"),
        ({"id": "a", "url": "javascript:alert(1)"}, f"guid:{URL}#a", ""),
        ({"id": 1.5}, f"guid:{URL}#1.5", ""),
    ],
)  # fmt: skip
def test_an_item_is_known_by_its_address_else_by_its_id(item, key, url):
    found = read_one(**item)
    assert (found.key, found.url) == (key, url)


def test_an_item_with_words_only_is_known_by_them():
    assert read_one(title="Only a title").key.startswith("sha256:")


@pytest.mark.parametrize("item", [{}, {"id": True}, {"id": None, "attachments": [{"url": "https://x.example/a.mp3"}]}])
def test_an_item_with_nothing_to_know_it_by_is_told_of_and_the_others_are_kept(item):
    found = read(json_feed([item, feed_item(1), "no item"]))
    assert [item.title for item in found.items] == ["Story 1"]
    assert "no address, id or words" in found.refused[0]


@pytest.mark.parametrize("date", ["1970-01-01T00:00:00Z", "soon", "", None, 5, "9999-12-31T23:59:59-23:59"])
def test_a_date_that_cannot_be_is_none(date):
    assert read_one(id="a", title="T", date_published=date).published is None


@pytest.mark.parametrize(
    ("date", "utc"),
    [
        ("2025-01-29", datetime(2025, 1, 29, tzinfo=UTC)),
        ("2025-01-29t10:00:00z", datetime(2025, 1, 29, 10, tzinfo=UTC)),
        ("2025-01-29T10:00:00.1234567+02:00", datetime(2025, 1, 29, 8, 0, 0, 123456, tzinfo=UTC)),
        ("Wed, 29 Jan 2025 10:00:00 GMT", datetime(2025, 1, 29, 10, tzinfo=UTC)),
    ],
)
def test_dates_are_read_as_they_are_found_in_the_wild(date, utc):
    assert read_one(id="a", title="T", date_published=date).published == utc


def test_the_same_item_twice_is_one():
    assert len(read(json_feed([feed_item(1), feed_item(1)])).items) == 1


def test_control_characters_never_get_through():
    assert read_one(id="a", title="One\u0000\u0007\ntwo", content_text="x\u0000y").title == "One two"


def test_half_a_character_is_marked():
    assert read_one(id="a", title="x\ud800", content_html="<p>y\udfff").html == "<p>y\ufffd"


def test_a_finished_feed_is_over():
    found = read(json_feed([feed_item(1)], expired=True, next_url="?page=2"))
    assert (found.over, found.more, len(found.items)) == ("The feed says that it is finished.", False, 1)
    assert read(json_feed([], expired="true")).over == ""


def walk(feeds, cursor=None):
    """What is asked for and brought when each address answers with its feed."""
    asked, items, source = [], [], SourceState(URL, cursor=cursor or {})
    for _ in range(PAGES_MAX + 5):
        url = request(source, now=NOW).url
        asked.append(url)
        found = parse(json.dumps(feeds(url)).encode(), {}, url=url, source=source, now=NOW)
        items += found.items
        source = SourceState(URL, cursor=json.loads(json.dumps(found.cursor)))
        if not found.more:
            return asked, items, found
    raise AssertionError("the walk did not end")


def test_pages_are_followed():
    def feeds(url):
        page = int(url.partition("=")[2] or 1)
        return json_feed([feed_item(page)], **({"next_url": f"?page={page + 1}"} if page < 3 else {}))

    asked, items, _ = walk(feeds)
    assert asked == [URL, f"{URL}?page=2", f"{URL}?page=3"]
    assert [item.title for item in items] == ["Story 1", "Story 2", "Story 3"]


@pytest.mark.parametrize("back", [URL, "?page=2", "", "javascript:alert(1)", 7])
def test_next_url_does_not_loop(back):
    asked, _, _ = walk(lambda url: json_feed([feed_item(url[-6:])], next_url="?page=2" if url == URL else back))
    assert asked == [URL, f"{URL}?page=2"]


def test_the_walk_ends_at_the_page_cap_and_says_so():
    def feeds(url):
        page = int(url.partition("=")[2] or 1)
        return json_feed([feed_item(page)], next_url=f"?page={page + 1}")

    asked, items, last = walk(feeds)
    assert len(asked) == len(items) == PAGES_MAX
    assert last.refused == ("The feed has more than 50 pages; older items were left out.",)


def test_the_next_walk_ends_where_the_last_one_began():
    def feeds(url):
        page = int(url.partition("=")[2] or 1)
        items = {1: [9, 8], 2: [7, 6], 3: [5, 4]}[page]
        return json_feed([feed_item(each) for each in items], **({"next_url": f"?page={page + 1}"} if page < 3 else {}))

    asked, _, first = walk(lambda url: json_feed([feed_item(7), feed_item(6)]))
    assert len(asked) == 1
    asked, items, _ = walk(feeds, first.cursor)
    assert [url.partition("=")[2] for url in asked] == ["", "2"]
    assert [item.title for item in items] == ["Story 9", "Story 8", "Story 7", "Story 6"]


def test_the_first_page_keeps_its_own_validators():
    begun = read(json_feed([feed_item(1)], next_url="?page=2"), headers={"etag": '"1"', "last-modified": "then"})
    waiting = SourceState(URL, '"1"', "then", cursor=begun.cursor)
    assert (request(waiting, now=NOW).url, request(waiting, now=NOW).etag) == (f"{URL}?page=2", "")
    done = read(json_feed([feed_item(2)]), begun.cursor, f"{URL}?page=2", headers={"etag": '"2"'})
    again = request(SourceState(URL, '"2"', "", cursor=done.cursor), now=NOW)
    assert (again.url, again.etag, again.last_modified) == (URL, '"1"', "then")


def test_a_further_page_that_cannot_be_read_ends_the_walk():
    begun = read(json_feed([feed_item(1)], next_url="?page=2"))
    found = read(b"<html>", begun.cursor, f"{URL}?page=2")
    assert (found.more, found.items) == (False, ())
    assert "A further page could not be read." in found.refused[0]


def test_a_walk_broken_off_for_a_day_begins_again_without_validators():
    begun = read(json_feed([feed_item(1)], next_url="?page=2"), headers={"etag": '"1"'})
    again = request(SourceState(URL, '"1"', cursor=begun.cursor), now=NOW + timedelta(days=2))
    assert (again.url, again.etag) == (URL, "")


@pytest.mark.parametrize(
    "cursor",
    [
        {"pages": "x"}, {"pages": [1, None]}, {"pages": {}, "at": "x"}, {"first": [1]}, {"known": 7, "fresh": None},
        {"known": [[]], "at": -1}, {"at": 10**30}, {"something": "else"},
    ],
)  # fmt: skip
def test_a_damaged_cursor_starts_afresh(cursor):
    assert request(SourceState(URL, cursor=cursor), now=NOW).url == URL
    assert len(read(json_feed([feed_item(1)]), cursor).items) == 1


@pytest.mark.parametrize(
    ("body", "error", "reason"),
    [
        (b"", ParseFailed, "empty"),
        (b"<!doctype html><html></html>", ParseFailed, "web page"),
        (b"<rss version='2.0'/>", ParseFailed, "web page"),
        (b"\x89PNG\r\n\x00\x00", ParseFailed, "binary"),
        (b"[]", ParseFailed, "not an object"),
        (b'{"version": ', ParseFailed, "not valid JSON"),
        (b'{"a": NaN}', ParseFailed, "number that cannot be"),
        (b'{"a": ' + b"9" * 5_000 + b"}", ParseFailed, "number that cannot be"),
        (b'{"a": ' + b"[" * 200 + b"]" * 200 + b"}", ParseFailed, "more than 100 deep"),
        (b'{"a": [' + b"[]," * 300_001 + b"1]}", ParseFailed, "more than 300,000"),
        (b"{}", NotAFeed, "not a JSON Feed"),
        (b'{"version": "https://jsonfeed.org/version/2", "items": []}', NotAFeed, "not a JSON Feed"),
        (b'{"version": "https://jsonfeed.org/version/1", "items": {}}', NotAFeed, "no list of items"),
    ],
)
def test_what_is_no_json_feed_is_refused_with_a_reason(body, error, reason):
    with pytest.raises(error, match=reason) as refused:
        read(body)
    assert refused.value.reason.endswith(".")


def test_a_byte_order_mark_and_brackets_inside_texts_do_no_harm():
    feed = json_feed([feed_item(1, content_text="[" * 200 + '\\" {')])
    assert len(read(b"\xef\xbb\xbf" + json.dumps(feed).encode()).items) == 1


def test_it_is_on_the_register():
    assert KINDS["JSON_FEED"].request(SourceState(URL, '"1"', "then"), now=NOW).etag == '"1"'
