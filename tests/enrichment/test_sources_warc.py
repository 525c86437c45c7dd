import io
import logging
import time
import zlib
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from riskreview.enrichment.sources import KINDS, ParseFailed, SourceState, warc, warcfile
from tests.enrichment import files
from tests.enrichment.files import SENTENCES, http, packed, page, pages, record, zipped

WARC = KINDS["WARC"]
NOW = datetime(2025, 1, 30, tzinfo=UTC)
INFO = record(b"software: x\r\n", kind="warcinfo", url="", Content_Type="application/warc-fields")
ASKED = record(b"GET / HTTP/1.1\r\n\r\n", kind="request", Content_Type="application/http; msgtype=request")
LOOKED_UP = record(b"20250129\nnews.example 300", url="dns:news.example", Content_Type="text/dns")
PLAIN, GZIPPED, WHOLE = b"".join, packed, lambda records: zipped(b"".join(records))
MAKES = pytest.mark.parametrize("make", [PLAIN, GZIPPED, WHOLE], ids=["plain", "members", "one member"])


def read(body, **place):
    return list(warc.records(io.BytesIO(body), **place))


def brought(body, **place):
    return [each.item.url.rpartition("/")[2] for each in read(body, **place) if each.item]


def refused(body):
    return [each.refused for each in read(body) if each.refused]


@MAKES
def test_each_page_is_an_item_with_the_time_of_its_capture(make):
    answer = http(page(1), etag='"1"', server="x", set_cookie="secret")
    reads = read(make([INFO, ASKED, record(answer, WARC_Payload_Digest="sha1:AAAA"), LOOKED_UP]))
    assert [each.refused for each in reads] == [""] * 4
    [item] = [each.item for each in reads if each.item]
    assert (item.key, item.url) == ("https://news.example/1", "https://news.example/1")
    assert (item.title, item.publisher, item.published, item.kind) == ("Page 1", "news.example", None, "ARTICLE")
    kept = item.enclosed
    assert (kept.raw, kept.content_type, kept.status) == (page(1), "text/html; charset=utf-8", 200)
    assert kept.at == datetime(2025, 1, 29, 8, tzinfo=UTC)
    assert kept.headers == {
        "content-type": "text/html; charset=utf-8",
        "etag": '"1"',
        "server": "x",
        "warc-payload-digest": "sha1:AAAA",
        "warc-record-id": "<urn:uuid:00000000-0000-4000-8000-000000000001>",
    }


@MAKES
def test_a_later_visit_goes_on_behind_any_record(make):
    body = make([INFO, *pages(4), ASKED, *pages(7)[4:]])
    assert brought(body) == list("1234567")
    reads = read(body)
    assert reads[-1].offset == len(body)
    for number, each in enumerate(reads):
        rest = [later.item for later in reads[number + 1 :]]
        assert [later.item for later in read(body, offset=each.offset, skip=each.skip)] == rest


def test_places_are_bytes_where_each_record_is_a_member():
    records = pages(3)
    ends = [len(packed(records[:n])) for n in (1, 2, 3)]
    assert [(each.offset, each.skip) for each in read(packed(records))] == [(end, 0) for end in ends]
    assert [(each.offset, each.skip) for each in read(WHOLE(records))] == [(0, 1), (0, 2), (len(WHOLE(records)), 0)]


CHUNKED = b"5\r\n<html\r\n" + b"%x\r\n" % (len(page(1)) - 5) + page(1)[5:] + b"\r\n0\r\n\r\n"
CODED = {"content_encoding": "gzip"}


@pytest.mark.parametrize(
    ("sent", "headers"),
    [
        (CHUNKED, {"transfer_encoding": "chunked"}),
        (page(1), {"transfer_encoding": "chunked"}),
        (zipped(page(1)), CODED),
        (page(1), CODED),
        (page(1), {"content_encoding": "br"}),
        (page(1), {"content_encoding": "identity", "content_length": str(len(page(1)))}),
        (page(1), {"content_length": "nonsense"}),
        (
            b"%x\r\n" % len(zipped(page(1))) + zipped(page(1)) + b"\r\n0\r\n\r\n",
            {"transfer_encoding": "Chunked", **CODED},
        ),
    ],
    ids=files.named,
)
def test_the_codings_of_the_transfer_are_undone(sent, headers):
    [item] = [each.item for each in read(record(http(sent, **headers)))]
    assert item.enclosed.raw == page(1)


@pytest.mark.parametrize(
    ("url", "held"),
    [
        ("https://news.example/a b c", "https://news.example/a%20b%20c"),
        ("<https://news.example/wget>", "https://news.example/wget"),
        ("http://news.example/ä", "http://news.example/%C3%A4"),
    ],
)
def test_addresses_are_repaired(url, held, caplog):
    with caplog.at_level(logging.DEBUG):
        [item] = [each.item for each in read(record(http(page(1)), url=url))]
    assert item.url == held
    assert "news.example" not in caplog.text


BOMB = zipped(b"\0" * 40_000_000)


@pytest.mark.parametrize(
    ("block", "headers", "reason"),
    [
        (http(page(1)), {"WARC_Truncated": "length"}, "was cut short by the crawler (length)"),
        (http(page(1), content_length="9999"), {}, "fewer bytes than its answer announced"),
        (http(page(1), status="404 Not Found"), {}, "an answer with status 404"),
        (http(page(1), status="301 Moved"), {}, "an answer with status 301"),
        (http(b"\xff\xd8\xff", kind="image/jpeg"), {}, "neither a page nor text nor a PDF (image/jpeg)"),
        (http(b"{}", kind="application/json"), {}, "neither a page nor text nor a PDF"),
        (http(b"\0\1\2" * 99), {}, "is no text: it is binary data"),
        (http(b" \n"), {}, "is an empty answer"),
        (http(BOMB, **CODED), {}, "larger than 20 MB when it is unpacked"),
        (http(b"\x1f\x8bnonsense", **CODED), {}, "cannot be unpacked"),
        (http(b"\x99" * 99, content_encoding="br"), {}, "cannot be unpacked (content coding br)"),
        (http(b"x" * 21_500_000), {}, "is larger than 20 MB"),
        (http(page(1)), {"url": "ftp://news.example/1"}, "an address that cannot be linked"),
        (http(page(1)), {"url": "https://user:word@news.example/1"}, "an address that cannot be linked"),
        (http(page(1)), {"url": ""}, "an address that cannot be linked"),
        (b"no answer", {}, "holds no HTTP answer"),
        (b"", {}, "holds no HTTP answer"),
        (b"HTTP/1.1 abc\r\n\r\n" + page(1), {}, "holds no HTTP answer"),
        (b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 300_000 + b"\r\n" + page(1), {}, "holds no HTTP answer"),
    ],
    ids=files.named,
)
def test_what_is_no_evidence_is_told_with_its_place_and_the_others_are_read(block, headers, reason):
    one, two = pages(2)
    for body in (PLAIN([one, record(block, **headers), two]), packed([one, record(block, **headers), two])):
        assert brought(body) == ["1", "2"]
        [told] = refused(body)
        place = len(one) if body.startswith(b"WARC") else len(packed([one]))
        assert told.startswith(f"The record at byte {place:,} ")
        assert reason in told
        assert told.endswith(".")


def test_texts_and_pdfs_are_evidence_too():
    body = PLAIN(
        [
            record(http(b"Words.", kind="text/plain"), url="https://news.example/1"),
            record(http(files.pdf([SENTENCES]), kind="application/pdf"), url="https://news.example/2"),
            record(http(page(3), kind=""), url="https://news.example/3"),
        ]
    )
    assert brought(body) == ["1", "2", "3"]


def test_the_same_page_with_the_same_bytes_is_brought_once():
    changed = record(http(page(1, "corrected")))
    assert brought(packed([*pages(2), *pages(2), changed])) == ["1", "2", "1"]


def spoilt(body, at):
    return body[:at] + bytes(byte ^ 0xFF for byte in body[at : at + 20]) + body[at + 20 :]


def test_a_damaged_member_in_the_middle_does_not_end_the_file():
    sizes = [len(packed([each])) for each in pages(5)]
    for offset in (0, 5, sizes[2] // 2, sizes[2] - 25):
        body = spoilt(packed(pages(5)), sum(sizes[:2]) + offset)
        assert brought(body) == ["1", "2", "4", "5"]
        [told] = refused(body)
        assert told.startswith(f"The record at byte {sum(sizes[:2]):,} ")
        assert told.endswith(f"{sizes[2]:,} bytes were passed over.")


def test_a_member_that_was_cut_off_does_not_swallow_the_next():
    one, two, three = (packed([each]) for each in pages(3))
    assert brought(one + two[:-60] + three) == ["1", "3"]


def test_a_damaged_record_in_a_plain_file_does_not_end_it():
    one, two, three = pages(3)
    assert brought(one + two[:-60] + three) == ["1", "3"]
    assert brought(one + b"junk\r\n" * 50 + two + three) == ["2", "3"]
    assert brought(one + record(http(page(2)), length=10) + three) == ["1", "3"]
    assert brought(one[:-4] + two) == ["1", "2"]
    assert brought(one + record(http(page(2)), length=10**9) + three) == ["1", "3"]
    assert brought(one + record(http(page(2)), length="x") + three) == ["1", "3"]
    assert brought(one + record(http(page(2)), length="") + three) == ["1", "3"]
    assert brought(one + record(http(page(2)), kind="request", length=10**9) + three) == ["1", "3"]
    assert brought(one + record(http(page(2)), version="9.9") + three) == ["1", "3"]


@pytest.mark.parametrize("make", [PLAIN, GZIPPED, WHOLE], ids=["plain", "members", "one member"])
def test_a_file_that_was_cut_off_ends_with_a_note(make):
    body = make(pages(3))
    assert brought(body[:-40]) == ["1", "2"]
    [told] = refused(body[:-40])
    assert "is cut off" in told


def test_an_archive_inside_a_page_is_no_part_of_the_file():
    inner = record(http(b"WARC/1.0\r\n\r\n" + packed(pages(1)), kind="image/x"), url="https://news.example/i")
    assert brought(inner + pages(1)[0]) == ["1"]


def test_a_gzip_member_that_holds_something_else_is_passed_over():
    one, two = (packed([each]) for each in pages(2))
    assert brought(one + zipped(b"something else") + two) == ["1", "2"]
    assert brought(one + b"\x1f\x8b\x08\x00" * 500 + two) == ["1", "2"]
    assert brought(one + b"\0" * 500 + two) == ["1", "2"]


@pytest.mark.parametrize(
    "body", [b"", b"\r\n\r\n", b"words", b"%PDF-1.4", zipped(b"words"), b"\x1f\x8b\x08\0", b"\0" * 999]
)
def test_what_is_no_archive_is_refused_with_a_reason(body):
    with pytest.raises(ParseFailed) as failed:
        WARC.parse(body, {}, url="", source=SourceState("folder:archive"), now=NOW)
    assert failed.value.reason.endswith(".")


def endless():
    """A small member that unpacks to a head of 100 MB."""
    packer = zlib.compressobj(wbits=31)
    out = packer.compress(b"WARC/1.0\r\nX: ")
    for _ in range(100):
        out += packer.compress(b"x" * 1_000_000)
    return out + packer.flush()


def lines(count):
    return zipped(b"WARC/1.0\r\n" + b"a: b\r\n" * count)


@pytest.mark.parametrize("bomb", [endless(), lines(2_000_000), b"WARC/1.0\r\n" + b"x" * 5_000_000], ids=files.named)
def test_a_head_without_end_stops_at_its_limit(bomb):
    one, two = (packed([each]) for each in pages(2))
    begun = time.process_time()
    assert brought(one + bomb + two) == ["1", "2"]
    assert time.process_time() - begun < 5


def test_a_visit_ends_at_its_limits_and_the_next_goes_on():
    file = io.BytesIO(packed(pages(7)))
    first = warc.bring(file, {}, most=3)
    assert [item.title for item in first.items] == ["Page 1", "Page 2", "Page 3"]
    assert first.more
    second = warc.bring(file, first.cursor, enough=lambda: True)
    assert [item.title for item in second.items] == ["Page 4"]
    third = warc.bring(file, second.cursor)
    assert [item.title for item in third.items] == ["Page 5", "Page 6", "Page 7"]
    assert (third.more, third.cursor) == (False, {})


def test_a_visit_brings_no_more_bytes_than_it_may(monkeypatch):
    monkeypatch.setattr(warc, "BYTES_MAX", 2 * len(page(1)))
    assert len(warc.bring(io.BytesIO(packed(pages(7))), {}).items) == 2


def test_the_kind_reads_a_small_archive_from_its_cursor_on():
    body = WHOLE(pages(3))
    source = SourceState("folder:archive", cursor={"offset": 0, "skip": 1})
    got = WARC.parse(body, {}, url="", source=source, now=NOW)
    assert [item.title for item in got.items] == ["Page 2", "Page 3"]
    assert WARC.request(source, now=NOW).url == source.url
    assert WARC.ABOUT.road == "FOLDER"


@MAKES
def test_of_300_mutations_every_one_is_read_as_far_as_it_goes(make):
    rng, whole, outcomes = files.random_of(7), make([INFO, *pages(6)]), set()
    for _ in range(300):
        body = files.mutated(whole, rng)
        try:
            reads = read(body)
        except ParseFailed:
            continue
        assert all(later.offset >= before.offset for before, later in pairwise(reads))
        outcomes.add(sum(bool(each.item) for each in reads))
    assert len(outcomes) > 2


def test_a_search_for_a_beginning_looks_into_few_members(monkeypatch):
    monkeypatch.setattr(warcfile, "_PROBES_MAX", 10)
    one, two = (packed([each]) for each in pages(2))
    assert brought(one + b"\x1f\x8b\x08\x00" * 9 + two) == ["1", "2"]
    assert brought(one + b"\x1f\x8b\x08\x00" * 99 + two) == ["1"]


def test_a_beginning_on_the_border_of_what_is_searched_at_once_is_found(monkeypatch):
    one, two = pages(2)
    for searched in range(90, 110):
        monkeypatch.setattr(warcfile, "_SEARCHED", searched)
        assert brought(packed([one]) + b"\n" * 97 + b"x" * 99 + b"\n" + two) == ["1", "2"]
        assert brought(packed([one]) + b"x" * 197 + packed([two])) == ["1", "2"]
