from datetime import UTC, datetime

import pytest

from riskreview.enrichment.sources import KINDS, NotAPage, SourceState

URL = "http://news.example/notice/?utm_source=x"
PAGE = KINDS["PAGE"]
NOW = datetime(2025, 1, 29, tzinfo=UTC)


def read(body, content_type=""):
    return PAGE.parse(body, {"content-type": content_type}, url=URL, source=SourceState(URL), now=NOW).items


def test_a_page_is_one_item():
    [item] = read(b"<html><title>Notice</title><p>Text", "text/html")
    assert (item.key, item.url, item.title) == ("https://news.example/notice", URL, "Notice")
    assert item.html.startswith("<html>")
    assert item.text == ""


def test_a_plain_text_is_one_item():
    [item] = read("Notice\r\n“Text”".encode(), "text/plain")
    assert item.text == "Notice\n“Text”"
    assert item.html == ""


@pytest.mark.parametrize("body", [b"", b"\n", b"%PDF-1.7", b"\x00\x01" * 100])
def test_what_is_no_page_is_refused_with_a_reason(body):
    with pytest.raises(NotAPage) as refused:
        read(body)
    assert refused.value.reason.endswith(".")


def test_it_asks_with_the_validators_of_the_last_answer():
    asked = PAGE.request(SourceState(URL, '"1"', ""), now=NOW)
    assert (asked.url, asked.etag, asked.last_modified, asked.max_bytes) == (URL, '"1"', "", 10_000_000)
