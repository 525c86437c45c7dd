"""Records of a web archive: equal input, equal bytes; another reader finds in them what was put there."""

import datetime
import gzip
import io

import pytest
from fastwarc.warc import ArchiveIterator

from riskreview.lib import webarchive

AT = datetime.datetime(2025, 1, 28, 16, 0, 0, 5, tzinfo=datetime.timezone(datetime.timedelta(hours=1)))


def resource(body=b"words", **also):
    given = {"uri": "https://news.example/1", "at": AT, "content_type": "text/plain"}
    return webarchive.record("resource", body, **(given | also))


def read(packed):
    return next(iter(ArchiveIterator(io.BytesIO(packed), parse_http=False)))


def test_equal_input_makes_equal_bytes():
    assert resource() == resource()
    assert resource().packed[4:8] == b"\0\0\0\0"  # no time in the head of the gzip member


@pytest.mark.parametrize(
    "other",
    [
        {"body": b"other words"},
        {"uri": "https://news.example/2"},
        {"at": AT + datetime.timedelta(microseconds=1)},
        {"seed": "another document"},
    ],
)
def test_what_differs_has_another_id(other):
    assert resource(**other).id != resource().id


def test_the_time_is_told_in_utc_with_its_fraction():
    assert read(resource().packed).headers["WARC-Date"] == "2025-01-28T15:00:00.000005Z"


def test_each_record_is_a_gzip_member_of_its_own():
    one, two = resource(), resource(b"other words")
    assert gzip.decompress(one.packed) + gzip.decompress(two.packed) == gzip.decompress(one.packed + two.packed)
    assert gzip.decompress(one.packed).startswith(b"WARC/1.1\r\n")


@pytest.mark.parametrize(
    ("headers", "kept"),
    [
        ({"Content-Encoding": "br", "content-type": "text/html"}, {"content-type": "text/html"}),
        ({"transfer-encoding": "chunked", "content-length": "12"}, {}),
        ({"etag": 'W/"7"'}, {"etag": 'W/"7"'}),
        ({"server": "a\r\nx-forged: 1"}, {"server": "a x-forged: 1"}),
        ({"x\r\ny": "1", "": "2"}, {}),
    ],
)
def test_a_head_keeps_what_is_true_of_the_kept_bytes(headers, kept):
    head = webarchive.http_head(200, headers, length=7)
    assert dict(head.headers) == kept | {"content-length": "7"}


@pytest.mark.parametrize(("status", "line"), [(200, "200 OK"), (404, "404 Not Found"), (299, "299")])
def test_a_status_is_told_with_its_phrase(status, line):
    assert webarchive.http_head(status, {}, length=0).statusline == line


def test_a_field_stays_on_its_line():
    assert webarchive.fields({"description": "one\r\nsoftware: forged"}) == b"description: one software: forged\r\n"
