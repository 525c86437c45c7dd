"""News sitemaps and their indexes."""

import gzip
import json
from datetime import UTC, datetime, timedelta

import pytest

from riskreview.enrichment.sources import NotAFeed, SourceState
from riskreview.enrichment.sources.newssitemap import parse, request
from riskreview.enrichment.sources.shapes import PAGES_MAX
from tests.enrichment.answers import NOW, sitemap_entry, sitemap_index, urlset

URL = "https://news.example/sitemap.xml"
TODAY, YESTERDAY = "https://news.example/today.xml", "https://news.example/yesterday.xml"


def read(body, cursor=None, url=URL, now=NOW, headers=None):
    return parse(body, headers or {}, url=url, source=SourceState(URL, cursor=cursor or {}), now=now)


def asked(cursor, now=NOW):
    return request(SourceState(URL, '"last"', cursor=json.loads(json.dumps(cursor))), now=now)


def test_news_are_read():
    entry = sitemap_entry(1).replace(
        "</url>", "<lastmod>2025-01-30</lastmod><image:image><image:loc>x</image:loc></image:image></url>"
    )
    [item] = read(urlset(entry)).items
    assert (item.key, item.url, item.title) == ("https://news.example/1", "https://news.example/1", "Story 1 & more")
    assert (item.published, item.updated) == (datetime(2025, 1, 29, 10, tzinfo=UTC), datetime(2025, 1, 30, tzinfo=UTC))
    assert (item.publisher, item.language) == ("The News", "en")


@pytest.mark.parametrize(
    ("date", "utc"),
    [
        ("2025-01-29", datetime(2025, 1, 29, tzinfo=UTC)),
        ("2025-01-29T11:00+01:00", datetime(2025, 1, 29, 10, tzinfo=UTC)),
        ("2025-01-29T11:00:00.5Z", datetime(2025, 1, 29, 11, 0, 0, 500_000, tzinfo=UTC)),
        ("yesterday", None),
        ("", None),
        ("1969-12-31", None),
    ],
)
def test_dates_come_with_and_without_time(date, utc):
    [item] = read(urlset(sitemap_entry(1, date))).items
    assert item.published == utc


def test_a_packed_sitemap_is_unpacked():
    assert len(read(gzip.compress(urlset(sitemap_entry(1)))).items) == 1


def test_an_ordinary_page_is_no_news_and_a_bad_address_is_told_of():
    page = "<url><loc>https://news.example/about</loc></url>"
    bad = sitemap_entry(2).replace("https://news.example/2", "javascript:alert(1)")
    found = read(urlset(page, bad, sitemap_entry(1), sitemap_entry(1)))
    assert [item.url for item in found.items] == ["https://news.example/1"]
    assert found.refused == ("An entry has no usable address: Story 2 & more",)
    assert read(urlset(page, page)).refused == ("None of the 2 addresses is marked as news.",)
    assert read(urlset()).refused == ()


def test_an_index_is_walked_newest_first_and_what_has_not_changed_is_left_out():
    places = {
        "/undated.xml": "", YESTERDAY: "2025-01-29", TODAY: "2025-01-30T08:00:00Z", "/old.xml": "2024-12-01", URL: "",
    }  # fmt: skip
    found = read(sitemap_index(places))
    assert (found.items, found.more) == ((), True)
    assert found.cursor["waiting"] == [TODAY, YESTERDAY, "https://news.example/undated.xml"]
    assert (asked(found.cursor).url, asked(found.cursor).etag) == (TODAY, "")
    second = read(urlset(sitemap_entry(1)), found.cursor, TODAY)
    assert (len(second.items), second.more, asked(second.cursor).url) == (1, True, YESTERDAY)


def test_the_next_round_reads_only_what_changed_since():
    index = sitemap_index({TODAY: "2025-01-30T08:00:00Z"})
    done = read(urlset(), read(index, headers={"etag": '"index"'}).cursor, TODAY)
    assert (done.more, asked(done.cursor).url, asked(done.cursor).etag) == (False, URL, '"index"')
    later = NOW + timedelta(hours=3)
    assert read(index, done.cursor, now=later).more is False
    changed = sitemap_index({TODAY: "2025-01-30T14:30:00Z", YESTERDAY: "2025-01-30", "/undated.xml": ""})
    assert len(read(changed, done.cursor, now=later).cursor["waiting"]) == 3


def test_an_index_beyond_the_page_cap_is_told_of():
    found = read(sitemap_index({f"https://news.example/{number}.xml": "" for number in range(60)}))
    assert len(found.cursor["waiting"]) == PAGES_MAX - 1
    assert found.refused == ("The index names 60 sitemaps to be read; only 49 of them are.",)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<html></html>", "web page"),
        (b"", "empty"),
        (sitemap_index({TODAY: ""}), "index inside an index"),
    ],
)
def test_one_bad_sitemap_does_not_stop_the_walk(body, reason):
    begun = read(sitemap_index({TODAY: "2025-01-30T08:00:00Z", YESTERDAY: "2025-01-29"}))
    found = read(body, begun.cursor, TODAY)
    assert (found.more, found.cursor["waiting"]) == (True, [YESTERDAY])
    assert reason in found.refused[0]


def test_a_dead_sitemap_lets_the_others_pass_after_an_hour_and_is_given_up_after_a_day():
    begun = read(sitemap_index({TODAY: "2025-01-30T08:00:00Z", YESTERDAY: "2025-01-29"}))
    assert asked(begun.cursor).url == TODAY
    later = NOW + timedelta(minutes=70)
    assert asked(begun.cursor, later).url == YESTERDAY
    moved = read(urlset(sitemap_entry(1)), begun.cursor, YESTERDAY, later)
    assert moved.cursor["waiting"] == [TODAY]
    again = asked(moved.cursor, later + timedelta(hours=25))
    assert (again.url, again.etag) == (URL, "")


def test_a_sitemap_that_redirects_counts_as_read():
    begun = read(sitemap_index({TODAY: "2025-01-30T08:00:00Z", YESTERDAY: "2025-01-29"}))
    assert read(urlset(), begun.cursor, "https://cdn.example/moved.xml").cursor["waiting"] == [YESTERDAY]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b" ", "empty"),
        (b"<!DOCTYPE html><html></html>", "a web page, not a sitemap"),
        (b"https://news.example/1\n", "plain text, not a sitemap"),
        (b"\x00\x01<", "binary"),
        (b"\x1f\x8bnothing", "cannot be unpacked"),
        (gzip.compress(urlset(sitemap_entry(1)))[:-20], "cannot be unpacked"),
        (gzip.compress(b"<" + b" " * 10_000_001), "larger than 10,000,000 bytes"),
        (b"<rss/>", "No sitemap"),
        (b"<urlset><url></urlset>", "damaged"),
        (b'<?xml version="1.0" encoding="martian"?><urlset/>', "damaged"),
        (b'<!DOCTYPE r [<!ENTITY a "b">]><urlset/>', "own entities"),
        (b'<!DOCTYPE r [<!ENTITY a "b">]><urlset/>'.decode().encode("utf-16"), "own entities"),
        (b"<urlset>" + b"<url/>" * 400_000 + b"</urlset>", "more than 400,000 tags"),
        (b"<a>" * 101, "more than 100 deep"),
    ],
)
def test_what_is_no_sitemap_is_refused_with_a_reason(body, reason):
    with pytest.raises(NotAFeed, match=reason) as refused:
        read(body)
    assert refused.value.reason.endswith(".")


@pytest.mark.parametrize(
    "cursor", [{"waiting": "x"}, {"waiting": [None, 1]}, {"first": "x"}, {"since": "x", "at": []}, {"since": 10**30}]
)
def test_a_damaged_cursor_starts_afresh(cursor):
    assert asked(cursor).url == URL
    assert len(read(urlset(sitemap_entry(1)), cursor).items) == 1
    assert read(sitemap_index({TODAY: ""}), cursor).more
