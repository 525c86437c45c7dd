"""The evidence of a case as a web archive: read by a tool that knows nothing of us, every digest verified."""

from __future__ import annotations

import datetime
import hashlib
import io
import json
import os
import subprocess
import tracemalloc
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from fastwarc.warc import ArchiveIterator, WarcRecordType

from riskreview.accounts.roles import Role
from riskreview.audit.models import Entry
from riskreview.cases.warc import Evidence
from riskreview.evidence import archive
from riskreview.evidence.models import Announcement, Capture, Document
from tests import make

pytestmark = pytest.mark.django_db
LATER = make.WHEN + datetime.timedelta(hours=5, microseconds=7)


def read(packed: bytes) -> list[SimpleNamespace]:
    """Every record, with its digests verified by the other reader."""
    found = []
    for record in ArchiveIterator(io.BytesIO(packed), parse_http=False, record_types=WarcRecordType.any_type):
        assert record.verify_block_digest(), record.headers["WARC-Record-ID"]
        if "http" in record.headers["Content-Type"]:
            record.parse_http()
            assert record.verify_payload_digest()
        http, headers = record.http_headers, dict(record.headers.asdict())
        found.append(SimpleNamespace(kind=headers["WARC-Type"], headers=headers, http=http, body=record.reader.read()))
    return found


def exported(case) -> list[SimpleNamespace]:
    return read(b"".join(record.packed for record in Evidence(case)))


def of_kind(kind: str, records) -> list[SimpleNamespace]:
    return [record for record in records if record.kind == kind]


def corrected(document: Document, words: str = "The same page, corrected.", **headers: str) -> Document:
    """A later capture, as a server sent it."""
    raw = f"<html><body><p>{words}</p></body></html>".encode()
    document.capture(Capture(raw, "text/html", LATER, final_url=document.url, status=200, headers=headers))
    return document


def lost(sha256: str) -> None:
    Path(storages["archive"].path(archive.path(sha256))).unlink()


@pytest.fixture
def case(alice):
    """A case with one exhibit of a page that was captured twice."""
    opened = make.case(by=alice, status="IN_REVIEW")
    document = make.exhibit(opened, by=alice).document
    corrected(document, etag='"7"', **{"content-encoding": "gzip", "transfer-encoding": "chunked"})
    return opened


def test_another_tool_reads_every_capture_of_a_cited_document(case):
    first, second = case.exhibits.get().document.snapshots.order_by("pk")
    records = exported(case)
    assert [record.kind for record in records] == ["warcinfo", "response", "conversion", "response", "metadata"]
    for record, snapshot in zip(of_kind("response", records), (first, second), strict=True):
        assert record.body == snapshot.raw
        assert record.headers["WARC-Target-URI"] == snapshot.final_url
        assert record.headers["WARC-Payload-Digest"] == f"sha256:{snapshot.raw_sha256}"
        assert record.headers["WARC-Warcinfo-ID"] == records[0].headers["WARC-Record-ID"]
    assert records[1].headers["WARC-Date"] == "2025-01-28T15:00:00.000000Z"
    assert records[3].headers["WARC-Date"] == "2025-01-28T20:00:00.000007Z"


def test_the_head_of_an_answer_is_true_of_the_kept_bytes(case):
    response = of_kind("response", exported(case))[1]
    told = {name.lower(): value for name, value in response.http.asdict().items()}
    assert response.http.status_line == "HTTP/1.1 200 OK"
    assert told == {"content-type": "text/html", "etag": '"7"', "content-length": str(len(response.body))}


def test_the_first_record_says_what_this_is_and_not_who_asked(case, alice):
    info, *_ = exported(case)
    told = dict(line.split(": ", 1) for line in info.body.decode().splitlines())
    assert told["software"].startswith("riskreview/")
    assert told["isPartOf"] == case.ref
    assert told["conformsTo"].endswith("/warc-1.1/")
    whole = b"".join(record.body for record in exported(case))
    assert alice.email.encode() not in whole
    assert alice.name.encode() not in whole


def test_what_is_known_of_a_document_stands_beside_it(case):
    exhibit = case.exhibits.get()
    records = exported(case)
    known = json.loads(of_kind("metadata", records)[0].body)
    assert (known["key"], known["headline"]) == (exhibit.document.key, "Review of DeepSeek")
    assert known["published_at"] == "2025-01-28T15:00:00.000000Z"
    assert [each["record"] for each in known["captures"]] == [
        record.headers["WARC-Record-ID"] for record in of_kind("response", records)
    ]
    quoted = known["exhibits"][0]
    assert (quoted["exhibit"], quoted["passage"], quoted["grade"]) == ("E1", exhibit.passage, exhibit.grade)


def test_a_passage_is_found_by_its_offsets_in_the_text_that_goes_along(case):
    records = exported(case)
    text = of_kind("conversion", records)[0]
    quoted = json.loads(of_kind("metadata", records)[0].body)["exhibits"][0]
    assert text.body.decode()[quoted["start"] : quoted["end"]] == quoted["passage"]
    assert hashlib.sha256(text.body).hexdigest() == quoted["text_sha256"]
    assert text.headers["WARC-Refers-To"] == records[1].headers["WARC-Record-ID"]


def test_what_has_no_address_is_a_resource_named_by_its_bytes(alice):
    case = make.case(by=alice, status="IN_REVIEW")
    content = "A statement, in full: 深度求索.".encode()
    held = Document.objects.upload(
        by=alice, headline="Statement", content=content, content_type="text/plain", now=make.WHEN
    )
    held.newest.read_as(title="", text=content.decode(), extractor_version="test")
    case.add_exhibit(by=alice, snapshot=held.newest, start=0, end=11)
    resource = of_kind("resource", exported(case))[0]
    assert resource.headers["WARC-Target-URI"] == f"urn:sha256:{hashlib.sha256(content).hexdigest()}"
    assert (resource.body, resource.headers["Content-Type"]) == (content, "text/plain")


def test_an_address_with_other_letters_is_written_in_ascii(alice):
    case = make.case(by=alice, status="IN_REVIEW")
    url = "https://news.example/深 a\r\nWARC-Forged: 1"
    held = Document.objects.hold(
        Announcement(key="odd", url="https://news.example/odd"),
        capture=Capture(b"words", "text/plain", make.WHEN, final_url=url, status=200),
    )
    held.newest.read_as(title="", text="words", extractor_version="test")
    case.add_exhibit(by=alice, snapshot=held.newest, start=0, end=5)
    assert of_kind("response", exported(case))[0].headers["WARC-Target-URI"] == (
        "https://news.example/%E6%B7%B1%20a%0D%0AWARC-Forged:%201"
    )


def test_the_same_evidence_is_the_same_file(case):
    once, again = (b"".join(record.packed for record in Evidence(case)) for _ in range(2))
    assert once == again


def test_a_case_without_exhibits_is_one_record(alice):
    assert [record.kind for record in exported(make.case(by=alice))] == ["warcinfo"]


@pytest.mark.parametrize("fault", ["missing", "damaged"])
def test_bytes_that_are_not_there_are_told_and_the_rest_goes_on(case, fault):
    first, second = case.exhibits.get().document.snapshots.order_by("pk")
    file = Path(storages["archive"].path(archive.path(first.raw_sha256)))
    file.unlink() if fault == "missing" else file.write_bytes(b"forged")
    evidence = Evidence(case)
    records = read(b"".join(record.packed for record in evidence))
    told, known = [json.loads(record.body) for record in of_kind("metadata", records)]
    assert told["sha256"] == first.raw_sha256
    assert told["problem"] == known["captures"][0]["problem"]
    assert evidence.missing == [f"Review of DeepSeek, captured 2025-01-28T15:00:00.000000Z: {told['problem']}"]
    assert [record.body for record in of_kind("response", records)] == [second.raw]
    assert "problem" not in known["captures"][1]


def test_gzip_finds_nothing_wrong(case, tmp_path):
    file = tmp_path / "evidence.warc.gz"
    call_command("export_warc", case.ref, "--out", str(file))
    subprocess.run(["gzip", "--test", file], check=True)
    unpacked = subprocess.run(["zcat", file], check=True, capture_output=True).stdout
    assert unpacked.count(b"WARC/1.1\r\n") == 5


def test_the_command_leaves_an_entry_in_the_name_of_who_took_it(case, dave, system, tmp_path):
    call_command("export_warc", case.ref.lower(), "--out", str(tmp_path / "one"), "--by", dave.email)
    call_command("export_warc", case.ref, "--out", str(tmp_path / "two"))
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    taken = Entry.objects.about(case).filter(kind="access").order_by("pk")
    assert [(entry.verb, entry.actor, entry.public["via"]) for entry in taken] == [
        ("case.export_evidence", dave, "command"),
        ("case.export_evidence", system, "command"),
    ]


def test_the_command_reports_what_is_missing_and_keeps_the_file(case, tmp_path):
    lost(case.exhibits.get().snapshot.raw_sha256)
    with pytest.raises(CommandError, match="does not hold these bytes"):
        call_command("export_warc", case.ref, "--out", str(tmp_path / "file"))
    assert len(read((tmp_path / "file").read_bytes())) == 5


def test_the_command_refuses_in_words(case, erin, dave, tmp_path):
    with pytest.raises(CommandError, match="Nobody who may read"):
        call_command("export_warc", case.ref, "--out", str(tmp_path / "x"), "--by", erin.email)
    with pytest.raises(CommandError, match="There is no case RR-2099-0001"):
        call_command("export_warc", "RR-2099-0001", "--out", str(tmp_path / "x"), "--by", dave.email)
    (tmp_path / "there").write_bytes(b"precious")
    with pytest.raises(CommandError, match="exists already"):
        call_command("export_warc", case.ref, "--out", str(tmp_path / "there"))
    with pytest.raises(CommandError, match="There is no folder .*nowhere"):
        call_command("export_warc", case.ref, "--out", str(tmp_path / "nowhere" / "x"))
    assert [path.name for path in tmp_path.iterdir()] == ["there"]


def test_an_archive_that_cannot_be_asked_ends_it_and_nothing_is_left(case, tmp_path, monkeypatch):
    def unreachable(sha256):
        raise archive.Unreachable("The object store cannot be reached.")

    monkeypatch.setattr(archive, "get", unreachable)
    with pytest.raises(CommandError, match="cannot be reached"):
        call_command("export_warc", case.ref, "--out", str(tmp_path / "file"))
    assert list(tmp_path.iterdir()) == []
    assert not Entry.objects.filter(kind="access").exists()


FACES = {
    "page": lambda case, browse, api, who: browse(who).get(f"/cases/{case.ref}/evidence.warc.gz"),
    "api": lambda case, browse, api, who: api(who).get(f"/api/v1/cases/{case.ref}/warc/"),
}


@pytest.fixture(params=FACES)
def get(request, case, browse, api):
    """Download through a face."""
    return lambda who: FACES[request.param](case, browse, api, who)


def test_an_archive_that_cannot_be_asked_is_503_at_both_faces_and_on_no_record(get, dave, monkeypatch):
    def unreachable(sha256):
        raise archive.Unreachable("The object store cannot be reached.")

    monkeypatch.setattr(archive, "get", unreachable)
    answer = get(dave)
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert not Entry.objects.filter(kind="access").exists()


def test_both_faces_give_the_same_file_on_record(get, case, dave):
    answer = get(dave)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/gzip")
    assert answer["Content-Disposition"] == f'attachment; filename="{case.ref}.warc.gz"'
    assert answer["Content-Security-Policy"].startswith("sandbox")
    assert answer["Cache-Control"] == "no-store"
    assert b"".join(answer.streaming_content) == b"".join(record.packed for record in Evidence(case))
    entry = Entry.objects.about(case).newest_first().first()
    assert (entry.kind, entry.verb, entry.actor) == ("access", "case.export_evidence", dave)


def test_without_a_role_nobody_gets_anything(case, browse, api, erin, dave, system):
    assert FACES["page"](case, browse, api, erin).status_code == 403
    client = api(dave)
    dave.revoke(by=system, role=Role.READER)
    assert client.get(f"/api/v1/cases/{case.ref}/warc/").status_code in (401, 404)
    assert not Entry.objects.filter(kind="access").exists()


def test_a_case_that_is_hidden_from_a_reader_is_not_there(get, case, dave, monkeypatch):
    hidden = type(case).objects.none()
    monkeypatch.setattr(type(type(case).objects), "visible_to", lambda rows, user: hidden)
    assert get(dave).status_code == 404
    assert not Entry.objects.filter(kind="access").exists()


def test_the_page_offers_it_where_there_is_evidence(browse, case, alice):
    address = f"/cases/{case.ref}/evidence.warc.gz"
    assert address in browse(alice).get(case.get_absolute_url()).content.decode()
    empty = make.case(by=alice, title="Nothing yet")
    assert "evidence.warc.gz" not in browse(alice).get(empty.get_absolute_url()).content.decode()


def test_it_costs_two_queries_and_one_per_cited_text(case, alice, django_assert_num_queries):
    for _ in range(4):
        corrected(make.exhibit(case, by=alice).document)
    with django_assert_num_queries(2 + 5):
        assert len(exported(case)) == 1 + 5 * 4


def test_it_holds_one_capture_at_a_time(case, alice):
    def cited(day: int) -> None:
        text, at = os.urandom(500_000).hex(), make.WHEN + datetime.timedelta(days=day)
        document = case.exhibits.first().document
        capture = document.capture(Capture(text.encode(), "text/plain", at, final_url=document.url, status=200))
        capture.read_as(title="", text=text, extractor_version="test")
        case.add_exhibit(by=alice, snapshot=capture, start=0, end=9)

    def peak() -> int:
        tracemalloc.start()
        size = sum(len(record.packed) for record in Evidence(case))
        told = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert size > 1_000_000
        return told

    cited(1)
    one = peak()
    for day in range(2, 9):
        cited(day)
    assert peak() < 1.5 * one
