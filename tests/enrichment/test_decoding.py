import codecs

import pytest

from riskreview.enrichment.decoding import NotText, decoded, is_html, titled

TEXT = "Das Büro prüft “DeepSeek” – für 10 €."


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (TEXT.encode(), ""),
        (TEXT.encode(), "text/plain; charset=iso-8859-1"),
        (codecs.BOM_UTF8 + TEXT.encode(), ""),
        (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), ""),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), ""),
        (TEXT.encode("cp1252"), ""),
        (TEXT.encode("cp1252"), "text/plain; charset=ISO-8859-1"),
        (TEXT.encode("cp1252"), "text/plain; charset=nonsense"),
        (TEXT.encode("cp1252"), "text/plain; charset=hex"),
    ],
)
def test_it_finds_the_encoding(body, content_type):
    assert decoded(body, content_type) == TEXT


def test_a_declared_encoding_is_used():
    assert decoded("深度求索".encode("gb18030"), "text/html; charset=gb18030") == "深度求索"
    page = "<meta charset=gb18030>深度求索"
    assert decoded(page.encode("gb18030")) == page


def test_one_broken_byte_does_not_spoil_a_utf8_text():
    body = TEXT.encode() * 20
    assert decoded(body[:-1] + b"\xff").startswith(TEXT)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "nothing in it"),
        (b" \n\t\0", "nothing in it"),
        (b"%PDF-1.7 \x93", "a PDF file"),
        (b"PK\x03\x04abc", "ZIP archive"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"\x00\x01\x02\x03" * 50, "binary"),
        (b"\x01\x02\x03\x04" * 50, "binary"),
    ],
)
def test_it_refuses_what_holds_nothing_to_read(body, reason):
    with pytest.raises(NotText, match=reason):
        decoded(body)


@pytest.mark.parametrize(
    ("content", "content_type", "html"),
    [
        ("<!DOCTYPE html><p>x", "", True),
        ("\n<?xml version='1.0'?><html>", "", True),
        ("plain", "text/html; charset=utf-8", True),
        ("<html>", "text/plain", False),
        ("He wrote <html> in a text.", "", False),
    ],
)
def test_it_tells_a_page_from_a_text(content, content_type, html):
    assert is_html(content, content_type) is html


def test_the_title_is_plain_text():
    assert titled("<TITLE lang=en>\n A &amp; B\n</TITLE>") == "A & B"
    assert titled("<p>none") == ""
