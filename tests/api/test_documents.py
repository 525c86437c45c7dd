"""Documents through the API: text, captures, exact bytes, uploads."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from riskreview.audit.models import Entry
from riskreview.evidence.models import Document, Mention
from tests import make


def upload(client, content=b"A statement of the ministry, in full.", content_type="text/plain", **more):
    file = SimpleUploadedFile("statement.txt", content, content_type)
    return client.post(
        "/api/v1/documents/upload/", {"headline": "A statement", "file": file} | more, format="multipart"
    )


def test_a_detail_shows_captures_and_mentions(api, alice):
    vendor, document = make.vendor(by=alice), make.document()
    Mention.objects.create(
        snapshot=document.newest,
        start=0,
        end=8,
        surface="DeepSeek",
        vendor=vendor,
        kind="TRADE",
        state="ACCEPTED",
        score=900,
    )

    shown = api(alice).get(f"/api/v1/documents/{document.pk}/").json()

    assert shown["snapshots"][0]["raw_sha256"] == document.newest.raw_sha256
    assert shown["mentions"][0]["vendor"]["slug"] == "deepseek"


def test_the_text_is_served_with_its_hash(api, alice):
    document = make.document()

    shown = api(alice).get(f"/api/v1/documents/{document.pk}/text/").json()

    assert shown["text"] == make.TEXT
    assert shown["text_sha256"] == document.newest.text_sha256


def test_a_capture_of_another_document_has_no_text_here(api, alice):
    document, other = make.document(), make.document()
    client = api(alice)

    assert client.get(f"/api/v1/documents/{document.pk}/text/?snapshot={other.newest.pk}").status_code == 404
    assert client.get(f"/api/v1/documents/{document.pk}/text/?snapshot=x").status_code == 404


def test_exact_bytes_are_a_download_that_leaves_an_entry(api, dave):
    document = make.document()
    newest = document.newest

    answer = api(dave).get(f"/api/v1/documents/{document.pk}/snapshots/{newest.pk}/raw/")

    assert answer.content == newest.raw
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Security-Policy"].startswith("sandbox")
    entry = Entry.objects.get(kind="access")
    assert (entry.verb, entry.actor, entry.subject_id) == ("document.download", dave, str(document.pk))


def test_damaged_bytes_are_said_aloud_and_nobody_took_them(api, alice, monkeypatch):
    document = make.document()
    monkeypatch.setattr("riskreview.evidence.archive.path", lambda sha256: "gone")

    answer = api(alice).get(f"/api/v1/documents/{document.pk}/snapshots/{document.newest.pk}/raw/")

    assert answer.status_code == 500
    assert "missing or damaged" in answer.json()["detail"]
    assert not Entry.objects.filter(kind="access").exists()


def test_uploading_keeps_the_exact_bytes(api, alice):
    answer = upload(api(alice))

    assert answer.status_code == 201, answer.content
    assert Document.objects.get().newest.raw == b"A statement of the ministry, in full."
    assert Entry.objects.get(verb="document.upload").actor == alice


def test_uploading_the_same_bytes_again_is_409(api, alice):
    client = api(alice)
    upload(client)

    assert upload(client).status_code == 409


@pytest.mark.parametrize(
    ("content", "content_type", "says"),
    [
        (b"", "text/plain", "empty"),
        (b"%PDF-1.7 ...", "text/plain", "a PDF file"),
        (b"\x00\x01\x02\x03" * 50, "text/html", "binary"),
        (b"words", "application/pdf", "Send one of these"),
    ],
)
def test_what_is_not_text_is_refused_in_words(api, alice, content, content_type, says):
    answer = upload(api(alice), content, content_type)

    assert answer.status_code == 400
    assert says in answer.json()["errors"][0]["detail"]
    assert not Document.objects.exists()


def test_a_file_over_25_mb_is_413(api, alice, monkeypatch):
    monkeypatch.setattr("riskreview.api.documents.LARGEST_FILE", 10)

    assert upload(api(alice)).status_code == 413


FORM = b'--x\r\nContent-Disposition: form-data; name="headline"\r\n\r\n%s\r\n--x--\r\n'
DAMAGED = {
    "no boundary": ("multipart/form-data", b"--x", 400),
    "a cut form": ("multipart/form-data; boundary=x", FORM[:40], 400),
    "U+0000 in a field": ("multipart/form-data; boundary=x", FORM % b"a\0b", 400),
    "a field of 3 MB": ("multipart/form-data; boundary=x", FORM % (b"y" * 3_000_000), 413),
    "2,000 fields": ("multipart/form-data; boundary=x", (FORM % b"y")[:-7] * 2_000, 400),
    "27 MB": ("multipart/form-data; boundary=x", b"y" * 27_000_000, 413),
}


@pytest.mark.parametrize(("content_type", "body", "status"), [*DAMAGED.values()], ids=[*DAMAGED])
def test_a_damaged_form_is_refused_in_words(api, alice, content_type, body, status):
    answer = api(alice).generic("POST", "/api/v1/documents/upload/", body, content_type)

    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert not Document.objects.exists()


def test_a_reader_may_not_upload(api, dave):
    assert upload(api(dave)).status_code == 403


def test_an_upload_takes_no_other_fields(api, alice):
    assert upload(api(alice), kind="ARTICLE").json()["errors"][0]["field"] == "kind"


def test_a_list_costs_the_same_however_long_it_is(api, alice, django_assert_num_queries):
    source = make.source(by=alice)
    for _ in range(3):
        make.document(source=source)
    client = api(alice)

    with django_assert_num_queries(4):
        assert client.get("/api/v1/documents/", {"digested": "true"}).json()["count"] == 3
