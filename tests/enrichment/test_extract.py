import time
from datetime import UTC, datetime

import pytest

from riskreview.enrichment.extract import VERSION, NotText, extract
from tests.enrichment import seed

BODY = "".join(
    f"<p>Paragraph {n} tells how the council reviews the company and what it found so far.</p>" for n in range(9)
)
PAGE = f"""<!DOCTYPE html><html lang="en-GB"><head><title>Council reviews company | News</title>
<link rel="canonical" href="/2025/01/review?utm_source=feed">
<script type="application/ld+json">{{"@context": "https://schema.org", "@graph": [{{"@type": "NewsArticle",
"headline": "Council reviews company &amp; app", "datePublished": "2025-01-29T10:30:00+01:00",
"author": [{{"@type": "Person", "name": "Ada Example"}}, "Bo Example"]}}]}}</script></head>
<body><nav><a href="/">Home</a><a href="/sports">Sports</a></nav><article><h1>Council reviews company</h1>
<script>alert("evil()")</script>{BODY}<style>p {{ color: red }}</style></article>
<footer>Copyright</footer></body></html>"""


def page(body, **headers):
    return extract(body.encode(), content_type="text/html; charset=utf-8", url="https://news.example/a")


def test_it_reads_a_page():
    got = page(PAGE)
    assert got.title == "Council reviews company & app"
    assert got.text.count("\n") >= 8
    assert "Paragraph 8 tells" in got.text
    assert got.byline == ("Ada Example", "Bo Example")
    assert got.published == datetime(2025, 1, 29, 9, 30, tzinfo=UTC)
    assert (got.published_granularity, got.found_by) == ("TIME", "json-ld")
    assert got.language == "en"
    assert got.canonical_url == "https://news.example/2025/01/review?utm_source=feed"
    assert got.scope == "FULL"


def test_scripts_styles_and_menus_do_not_survive():
    text = page(PAGE).text
    assert not any(word in text for word in ("evil", "alert", "color", "Sports", "<", "schema.org"))
    short = page(
        "<html><body><p>Read <b onclick=evil()>this</b><script>evil()</script><svg onload=evil()></p></body></html>"
    )
    assert short.text == "Read this"


NOTICE = "The authority has opened an inquiry into the service. " * 4


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("The service is suspended from today.", "FULL"),
        (NOTICE, "FULL"),
        (f"{NOTICE}…", "PARTIAL"),
        (f"{NOTICE}\nSubscribe to continue reading.", "PARTIAL"),
        (f"{NOTICE}\nThis article is only available to subscribers", "PARTIAL"),
        (f"{NOTICE}\nAlready a subscriber? Log in", "PARTIAL"),
        ("People can subscribe to the register of notices.", "FULL"),
    ],
)
def test_only_evidence_of_more_makes_a_text_a_part(text, scope):
    assert extract(text.encode(), content_type="text/plain").scope == scope
    assert page(f"<html><body><p>{text}</p></body></html>").scope == scope


@pytest.mark.parametrize(
    ("content", "kind", "title"),
    [
        (b"# The review\n\nIt opened.", "text/markdown", "The review"),
        (b"Notice of inquiry\n\nIt opened.", "text/plain", "Notice of inquiry"),
        (b"vendor,country\nDeepSeek,CN\n", "text/csv", ""),
    ],
)
def test_a_text_is_called_by_its_first_heading_and_a_table_by_nothing(content, kind, title):
    assert extract(content, content_type=kind).title == title


@pytest.mark.parametrize(
    ("head", "published", "granularity", "found_by"),
    [
        ('<meta property="article:published_time" content="2025-01-29T08:00:00Z">', 8, "TIME", "meta"),
        ('<meta name="date" content="2025-01-29">', 0, "DATE", "meta"),
    ],
)
def test_meta_elements_tell_the_date(head, published, granularity, found_by):
    got = page(f"<html><head>{head}</head><body><article>{BODY}</article></body></html>")
    assert got.published == datetime(2025, 1, 29, published, tzinfo=UTC)
    assert (got.published_granularity, got.found_by) == (granularity, found_by)


@pytest.mark.parametrize("stated", ["1969-12-31", "soon", "2025-13-45", ""])
def test_a_date_that_cannot_be_is_not_believed(stated):
    got = page(f'<html><head><meta name="date" content="{stated}"></head><body><article>{BODY}</article></body></html>')
    assert got.published is None
    assert (got.published_granularity, got.found_by) == ("", "")


def test_damaged_statements_are_passed_over():
    broken = '<script type="application/ld+json">{"@type": "NewsArticle", </script><meta content><meta name=author>'
    got = page(f"<html><head>{broken}<title>Still here</title></head><body><article>{BODY}</article></body></html>")
    assert got.title == "Still here"


def test_a_page_behind_a_paywall_is_partial():
    ld = '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": "False"}</script>'
    assert page(f"<html><head>{ld}</head><body><article>{BODY}</article></body></html>").scope == "PARTIAL"
    assert (
        page(f"<html><body><article>{BODY}<p>Subscribe to continue reading</p></article></body></html>").scope
        == "PARTIAL"
    )


def test_a_dangerous_canonical_address_is_none():
    link = '<link rel="canonical" href="javascript:alert(1)">'
    assert page(f"<html><head>{link}</head><body><article>{BODY}</article></body></html>").canonical_url is None


def test_it_reads_a_plain_text_as_it_is():
    got = extract("A short headline\nThe council reviews it.\r\nAnd “more”.\n".encode(), content_type="text/plain")
    assert got.title == "A short headline"
    assert got.text == "A short headline\nThe council reviews it.\nAnd “more”."
    assert got.published is None


def test_markup_in_a_plain_text_is_text():
    text = "He wrote <script>alert(1)</script> on the wall."
    assert extract(text.encode(), content_type="text/plain").text == text


@pytest.mark.parametrize(
    "body", [b"", b"   \n", b"%PDF-1.4", b"\x00\x01\x02" * 100, b"<html><body><script>x()</script></body></html>"]
)
def test_what_holds_no_words_is_refused_with_a_reason(body):
    with pytest.raises(NotText) as refused:
        extract(body)
    assert refused.value.reason.endswith(".")


@pytest.mark.parametrize(
    "hostile",
    [
        "word " * 1_000_000,
        "x" * 5_000_000,
        '"' * 5_000_000,
        "<html><body><p>" + "a " * 2_500_000,
        "<html>" + "<div>" * 1_000_000 + "deep",
        "<html><p>" + "<span>q</span>" * 350_000,
        "<html><script type=application/ld+json>" + "<" * 5_000_000,
        "<html><meta " * 400_000,
        "<html " + "lang " * 1_000_000,
    ],
)
def test_five_million_characters_are_bounded_in_time(hostile):
    started = time.process_time()
    try:
        got = extract(hostile.encode())
    except NotText:
        got = None
    assert time.process_time() - started < 15
    assert got is None or len(got.text) <= 5_000_000


def test_what_lies_beyond_the_cap_shows_as_partial():
    assert extract(b"A word. " * 700_000, content_type="text/plain").scope == "PARTIAL"


def test_the_version_names_the_extractor():
    assert VERSION.startswith("trafilatura ")
    assert "riskreview" in VERSION


@seed.needs_seed
def test_the_seed_article_is_stored_as_it_stands():
    got = extract((seed.SEEDS / "qwen-2.5-max.txt").read_bytes(), content_type="text/plain")
    assert got.text == seed.text()
    assert (got.title, got.language, got.scope) == ("", "en", "FULL")
