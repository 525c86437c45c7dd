"""The Federal Register, API v1."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from riskreview.enrichment.sources import KINDS, Misset, ParseFailed, SourceState
from riskreview.enrichment.sources.asking import asked_in
from riskreview.enrichment.sources.federalregister import ABOUT, parse, request
from riskreview.enrichment.sources.shapes import PAGE_BYTES
from tests.enrichment.answers import NOW, register_document

FROM, TO = "conditions[publication_date][gte]", "conditions[publication_date][lte]"


def source(cursor=None, **config):
    return SourceState(ABOUT.address, config=config, cursor=json.loads(json.dumps(cursor or {})))


def window(url):
    return asked_in(url, FROM), asked_in(url, TO)


def read(body, cursor=None, **config):
    state = source(cursor, **config)
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    return parse(body, {}, url=request(state, now=NOW).url, source=state, now=NOW + timedelta(days=1))


def answer(*documents, count=None, pages=1):
    return {"count": len(documents) if count is None else count, "total_pages": pages, "results": list(documents)}


def read_one(**more):
    [item] = read(answer(register_document(1, **more))).items
    return item


def test_a_document_is_an_official_notice():
    item = read_one()
    assert (item.key, item.kind, item.title) == ("fr:2025-00001", "OFFICIAL_NOTICE", "Notice 1")
    assert item.url == "https://www.federalregister.gov/documents/2025-00001/notice"
    assert item.fetch_url == "https://www.federalregister.gov/documents/full_text/html/2025-00001.html"
    assert (item.summary, item.corrects) == ("What notice 1 is about.", "")
    assert item.publisher == "Commerce Department, Industry and Security Bureau"
    assert item.published == datetime(2025, 1, 29, tzinfo=UTC)


def test_the_plain_text_stands_in_where_there_is_no_html():
    assert read_one(body_html_url=None).fetch_url.endswith("/text/2025-00001.txt")
    assert read_one(body_html_url=None, raw_text_url=None).fetch_url == ""


@pytest.mark.parametrize(
    ("number", "published", "key"),
    [
        ("2025-00001", "2025-01-29", "fr:2025-00001"),
        ("2016-00001", "2016-01-01", "fr:2016-00001"),
        ("E8-123", "2008-02-01", "fr:E8-123:2008-02-01"),
        ("2015-32999", "2015-12-31", "fr:2015-32999:2015-12-31"),
        ("E8-123", None, "fr:E8-123"),
    ],
)
def test_numbers_used_twice_before_2016_are_told_apart_by_their_date(number, published, key):
    assert read_one(document_number=number, publication_date=published).key == key


@pytest.mark.parametrize(
    ("told", "key"),
    [
        ("https://www.federalregister.gov/api/v1/documents/2024-31000", "fr:2024-31000"),
        ("https://www.federalregister.gov/api/v1/documents/2024-31000.json?fields[]=title", "fr:2024-31000"),
        ("2024-31000", "fr:2024-31000"),
        (None, ""),
        ("", ""),
        (["x"], ""),
        ("https://www.federalregister.gov/?q=a b", ""),
    ],
)
def test_a_correction_names_what_it_corrects(told, key):
    assert read_one(correction_of=told).corrects == key


@pytest.mark.parametrize(
    "boilerplate",
    [
        "There is no summary available for this document.",
        "No abstract.",
        "A summary of this document is not available.",
        "This document does not have an abstract.",
        None,
    ],
)
def test_no_summary_is_no_summary(boilerplate):
    assert read_one(abstract=boilerplate).summary == ""


@pytest.mark.parametrize(
    "abstract",
    ["There is no doubt about the summary.", "No summary judgment was asked for; " + "the court held. " * 20],
)
def test_a_summary_that_only_sounds_like_it_stays(abstract):
    assert read_one(abstract=abstract).summary == abstract.strip()


def test_markup_in_titles_and_summaries_is_dropped():
    item = read_one(title="<i>Acme</i> &amp; Co.", abstract="<p>One</p><script>x</script>")
    assert (item.title, item.summary) == ("Acme & Co.", "One")


def test_the_conditions_are_asked_for():
    asked = request(
        source(term="artificial intelligence", type="rule, NOTICE", agencies="commerce-department"), now=NOW
    )
    assert asked.url.startswith("https://www.federalregister.gov/api/v1/documents.json?")
    assert asked.url.count("conditions%5Btype%5D%5B%5D=") == 2
    assert asked_in(asked.url, "conditions[term]") == "artificial intelligence"
    assert asked_in(asked.url, "conditions[agencies][]") == "commerce-department"
    assert (asked_in(asked.url, "per_page"), asked_in(asked.url, "page"), asked.max_bytes) == ("200", "1", PAGE_BYTES)
    assert window(asked.url) == ("2024-12-31", "2025-01-30")
    assert (ABOUT.robots, ABOUT.gap > 0) == (False, True)


@pytest.mark.parametrize("config", [{"type": "RULE, LAW"}, {"since": "last year"}, {"term": "x" * 1_990}])
def test_a_condition_that_cannot_be_asked_is_refused(config):
    with pytest.raises(Misset):
        request(source(**config), now=NOW)


def test_pages_are_asked_for_one_by_one_and_then_the_window_is_through():
    first = read(answer(register_document(1), count=250, pages=2))
    assert first.more
    url = request(source(first.cursor), now=NOW + timedelta(days=3)).url
    assert (asked_in(url, "page"), window(url)) == ("2", ("2024-12-31", "2025-01-30"))
    second = read(answer(register_document(2), count=250, pages=2), first.cursor)
    assert second.more is False
    later = request(source(second.cursor), now=NOW + timedelta(days=3)).url
    assert (asked_in(later, "page"), window(later)) == ("1", ("2025-01-28", "2025-02-02"))


def test_more_than_the_service_gives_is_asked_for_in_halves():
    found = read(answer(register_document(1), count=10_001, pages=51), since="2025-01-01")
    assert (found.more, len(found.items)) == (True, 1)
    halves = []
    for _ in range(2):
        url = request(source(found.cursor), now=NOW).url
        halves.append(window(url))
        found = parse(b'{"count": 0}', {}, url=url, source=source(found.cursor), now=NOW)
    assert halves == [("2025-01-01", "2025-01-15"), ("2025-01-16", "2025-01-30")]
    assert (found.more, found.cursor["until"]) == (False, date(2025, 1, 30).toordinal())


def test_one_day_beyond_the_limit_is_walked_as_far_as_it_goes_and_told():
    day = date(2025, 1, 29).toordinal()
    cursor = {"until": day - 1, "windows": [[day, day]], "page": 49}
    assert read(answer(register_document(1), count=12_000, pages=60), cursor).more
    last = read(answer(register_document(1), count=12_000, pages=60), cursor | {"page": 50})
    assert last.more is False
    assert last.refused == ("The 2025-01-29 has 12,000 documents; the service gives 10,000 of them.",)


def test_a_page_that_came_out_empty_ends_the_window():
    found = read({"count": 900, "total_pages": 5})
    assert (found.items, found.more) == ((), False)


def test_a_document_without_a_number_is_told_of():
    found = read(
        answer(register_document(1), {"title": "T"}, register_document(1), register_document(2, document_number="a b"))
    )
    assert [item.key for item in found.items] == ["fr:2025-00001"]
    assert found.refused[0] == "A document has no usable number: T"


@pytest.mark.parametrize("published", ["1970-01-01", "soon", None])
def test_a_date_that_cannot_be_is_none(published):
    assert read_one(publication_date=published).published is None


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b"<html>Request access</html>", "web page"),
        (b'{"errors": {"type": "no"}}', "other than a list"),
        (b'{"count": 1, "results": {}}', "other than a list"),
        (b'{"count": 1', "not valid JSON"),
    ],
)
def test_anything_else_is_refused_with_a_reason(body, reason):
    with pytest.raises(ParseFailed, match=reason):
        read(body)


def test_an_answer_from_elsewhere_does_not_move_the_window():
    with pytest.raises(ParseFailed, match="lost the question"):
        parse(b'{"count": 0}', {}, url="https://www.federalregister.gov/", source=source(), now=NOW)


@pytest.mark.parametrize(
    "cursor",
    [{"until": 2**50}, {"until": "x"}, {"windows": [[9, 1]], "page": 3}, {"windows": 5}, {"page": "x", "pages": -1}],
)
def test_a_damaged_cursor_starts_afresh(cursor):
    url = request(source(cursor), now=NOW).url
    assert asked_in(url, "page") == "1"
    assert window(url)[1] == "2025-01-30"
    assert len(read(answer(register_document(1)), cursor).items) == 1


def test_it_is_on_the_register():
    assert KINDS["FEDERAL_REGISTER"].ABOUT is ABOUT
