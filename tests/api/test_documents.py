"""Documents through the API: text, captures, exact bytes, uploads."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from riskreview.audit.models import Entry
from riskreview.evidence import archive
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
        (b"%PDF-1.7 ...", "text/plain", "a PDF"),
        (b"\x00\x01\x02\x03" * 50, "text/html", "binary"),
    ],
)
def test_what_is_not_text_is_refused_in_words(api, alice, content, content_type, says):
    answer = upload(api(alice), content, content_type)

    assert answer.status_code == 400
    assert says in answer.json()["errors"][0]["detail"]
    assert not Document.objects.exists()


def test_a_file_over_25_mb_is_413(api, alice, monkeypatch):
    monkeypatch.setattr("riskreview.api.material.LARGEST_FILE", 10)

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


def push(client, **more):
    body = {"url": ADDRESS, "headline": "One", "text": "One, in full."} | more
    sent = {name: value for name, value in body.items() if value is not None}
    return client.post("/api/v1/documents/push/", sent, format="json")


ADDRESS = "https://news.example/one"


def test_an_address_is_brought_in_to_be_fetched(api, alice):
    client = api(alice)
    answer = client.post("/api/v1/documents/bring/", {"url": f"{ADDRESS}?utm_source=x"}, format="json")

    assert answer.status_code == 201, answer.content
    assert Document.objects.get().fetch_wanted
    assert client.post("/api/v1/documents/bring/", {"url": ADDRESS}, format="json").status_code == 409
    found = client.get("/api/v1/documents/", {"url": f"{ADDRESS}/#x"}).json()["results"]
    assert [row["id"] for row in found] == [answer.json()["id"]]
    assert client.get("/api/v1/documents/", {"url": "nowhere"}).json()["count"] == 0


@pytest.mark.parametrize(
    "url", ["ftp://news.example/", "javascript:alert(1)", "https://a:b@news.example/", "", 7, None]
)
@pytest.mark.parametrize("act", ["bring", "push"])
def test_what_is_no_address_is_400(api, alice, act, url):
    body = {"url": url} | ({"headline": "x", "text": "y"} if act == "push" else {})
    answer = api(alice).post(f"/api/v1/documents/{act}/", body, format="json")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "url"


@pytest.mark.parametrize(("part", "kind"), [("text", "text/plain"), ("html", "text/html")])
def test_a_push_keeps_exactly_what_was_sent(api, alice, part, kind):
    source = make.source(by=alice)
    told = {
        "source": source.pk, "publisher": "Wire", "byline": ["A", "B"], "language": "en",
        "published_at": "2025-01-29T10:00:00Z", "text": None, part: " <p>Zwölf.</p>\n",
    }  # fmt: skip
    answer = push(api(alice), **told)

    assert answer.status_code == 201, answer.content
    newest = Document.objects.get().newest
    assert newest.raw.decode() == " <p>Zwölf.</p>\n"
    assert newest.content_type.startswith(kind)
    shown = answer.json()
    assert (shown["source"]["id"], shown["publisher"], shown["byline"]) == (source.pk, "Wire", ["A", "B"])
    assert push(api(alice)).status_code == 409


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"html": "<p>x</p>"}, "text"),
        ({"text": None}, "text"),
        ({"text": " \n"}, "text"),
        ({"text": None, "html": ""}, "html"),
        ({"source": 99}, "source"),
        ({"published_at": "1970-01-01T00:00:00Z"}, "published_at"),
        ({"published_at": "2099-01-01T00:00:00Z"}, "published_at"),
        ({"byline": "One name"}, "byline"),
        ({"language": "<b>"}, "language"),
        ({"reliability": "A"}, "reliability"),
        ({"headline": ""}, "headline"),
    ],
)
def test_a_push_that_makes_no_sense_is_400(api, alice, more, field):
    answer = push(api(alice), **more)

    assert (answer.status_code, answer.json()["errors"][0]["field"].partition(".")[0]) == (400, field)
    assert not Document.objects.exists()


def test_nothing_whole_is_pushed_for_a_source_of_excerpts(api, alice):
    answer = push(api(alice), source=make.source(by=alice, retention="EXCERPT").pk)

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "source")


def test_a_push_has_room_for_a_long_page_and_an_end(api, alice, monkeypatch):
    client = api(alice)
    assert push(client, text="x" * 3_000_000).status_code == 201
    monkeypatch.setattr("riskreview.api.parsing.DocumentJSONParser.largest", 1_000_000)
    assert push(client, url=f"{ADDRESS}/two", text="x" * 1_000_000).status_code == 413


def test_a_newer_text_is_a_capture_and_needs_the_version_seen(api, post, alice, dave):
    push(api(alice))
    document = Document.objects.get()
    road = f"documents/{document.pk}/recapture/"
    assert post(dave, road, document, {"text": "Two."}).status_code == 403
    assert post(alice, road, None, {"text": "Two."}).status_code == 428
    assert post(alice, road, document, {}).status_code == 400
    answer = post(alice, road, document, {"text": "Two."})

    assert answer.status_code == 200, answer.content
    assert len(answer.json()["snapshots"]) == 2
    assert document.newest.raw == b"Two."


def test_a_document_that_was_given_up_is_tried_again(post, alice):
    document = make.document()
    assert post(alice, f"documents/{document.pk}/retry/", document).status_code == 409
    Document.objects.filter(pk=document.pk).update(dead_at=make.WHEN, last_error="It was too much.")
    answer = post(alice, f"documents/{document.pk}/retry/", document)

    assert (answer.status_code, answer.json()["dead_at"]) == (200, None)


def test_a_detail_tells_what_changed_and_when_it_is_looked_at(api, alice):
    document = make.document()
    change = make.correction(document, note="A correction.")
    Document.objects.filter(pk=document.pk).update(checked_at=make.WHEN, missing_since=make.WHEN)
    shown = api(alice).get(f"/api/v1/documents/{document.pk}/").json()

    assert [each["id"] for each in shown["changes"]] == [change.pk]
    assert (shown["changes"][0]["after"], shown["changes"][0]["note"]) == (change.after_id, "A correction.")
    assert shown["checked_at"] == shown["missing_since"] == "2025-01-28T15:00:00Z"
    assert (shown["check_at"], shown["withdrawn_at"]) == (None, None)


def test_a_list_costs_the_same_however_long_it_is(api, alice, django_assert_num_queries):
    source = make.source(by=alice)
    for _ in range(3):
        make.document(source=source)
    client = api(alice)

    with django_assert_num_queries(4):
        assert client.get("/api/v1/documents/", {"digested": "true"}).json()["count"] == 3


ONCE = {
    "upload": upload,
    "bring": lambda client: client.post("/api/v1/documents/bring/", {"url": "https://news.example/a"}),
    "push": lambda client: client.post(
        "/api/v1/documents/push/", {"url": "https://news.example/b", "headline": "B", "text": "Some words."}
    ),
}


@pytest.mark.parametrize("act", ONCE)
def test_what_is_there_already_is_named(api, alice, act):
    client = api(alice)
    made = ONCE[act](client)
    again = ONCE[act](client)
    assert (made.status_code, again.status_code) == (201, 409), again.content
    existing = again.json()["existing"]
    assert existing["id"] == made.json()["id"]
    assert client.get(existing["url"]).json()["id"] == made.json()["id"]
    assert existing["page"] == f"http://testserver{Document.objects.get().get_absolute_url()}"


def test_another_409_names_nothing(post, alice):
    document = make.document()
    answer = post(alice, f"documents/{document.pk}/retry/", document)
    assert answer.status_code == 409
    assert "existing" not in answer.json()


def test_an_archive_that_cannot_be_asked_is_503_and_nobody_took_the_bytes(api, alice, monkeypatch):
    def unreachable(sha256):
        raise archive.Unreachable("The object store at https://secret.example cannot be reached.")

    client, document = api(alice), make.document()
    monkeypatch.setattr(archive, "get", unreachable)
    answer = client.get(f"/api/v1/documents/{document.pk}/snapshots/{document.newest.pk}/raw/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert "does not answer now" in answer.json()["detail"]
    assert "secret.example" not in answer.content.decode()
    assert not Entry.objects.filter(kind="access").exists()


def test_an_upload_while_the_archive_cannot_be_asked_is_503_and_keeps_nothing(api, alice, monkeypatch):
    def unreachable(data):
        raise archive.Unreachable("The object store cannot be reached.")

    monkeypatch.setattr(archive, "put", unreachable)
    assert upload(api(alice)).status_code == 503
    assert not Document.objects.exists()
