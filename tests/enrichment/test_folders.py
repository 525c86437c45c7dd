"""Drop folders: read where the files lie, moved aside afterwards, nothing outside is ever touched."""

import pytest

from riskreview.enrichment import folders, reading
from riskreview.enrichment.sources import Misset
from riskreview.evidence.models import Answer, Document, Source, Visit
from riskreview.lib import webarchive
from tests import make


@pytest.fixture
def root(tmp_path, settings):
    settings.DROP_ROOT = str(tmp_path)
    place = tmp_path / "letters"
    (place / "new").mkdir(parents=True)
    return place


def put(root, name, body=b"x"):
    (root / name).write_bytes(body)


def test_files_wait_in_the_order_of_their_names(root):
    for name in ("2.eml", "1.eml", "new/0.eml", ".hidden"):
        put(root, name)
    (root / "0.eml").symlink_to(root / "1.eml")
    assert list(folders.waiting("folder:letters")) == [
        "folder:letters/1.eml",
        "folder:letters/2.eml",
        "folder:letters/new/0.eml",
    ]


def test_a_file_is_moved_aside_once_it_is_read(root):
    put(root, "1.eml")
    for _ in range(2):
        folders.move_aside("folder:letters/1.eml", "done")
    assert (root / "done" / "1.eml").read_bytes() == b"x"
    assert list(folders.waiting("folder:letters")) == []


def test_a_file_that_could_not_be_read_can_be_read_again(root):
    put(root, "1.eml")
    folders.move_aside("folder:letters/1.eml", "failed")
    assert folders.path_of("folder:letters/1.eml") == root / "failed" / "1.eml"


@pytest.mark.parametrize("name", ["../secret", "new/../../secret", "nothing.eml", "", "linked"])
def test_nothing_outside_the_folder_is_read(root, name):
    (root.parent / "secret").write_text("secret")
    (root / "linked").symlink_to(root.parent / "secret")
    with pytest.raises(Misset, match="not in the folder"):
        folders.path_of(f"folder:letters/{name}")


@pytest.mark.parametrize("address", ["folder:none", "folder:..", "folder:letters/x"])
def test_a_folder_that_is_not_there_says_so(root, address):
    with pytest.raises(Misset, match="drop folder"):
        folders.folder(address)


def test_without_a_drop_folder_there_are_none(settings):
    settings.DROP_ROOT = ""
    with pytest.raises(Misset, match="drop folder"):
        folders.folder("folder:letters")


LETTER = b"""From: Desk <desk@wire.example>\r\nTo: us@agency.example\r\nMessage-ID: <%d@wire.example>\r
Date: Wed, 29 Jan 2025 11:00:00 +0000\r\nSubject: Morning letter %d\r\nContent-Type: text/plain; charset=utf-8\r\n\r
The regulator asked the company to explain how it stores what people write, a spokesman said on Wednesday.\r\n"""


@pytest.mark.django_db(transaction=True)
def test_messages_in_a_folder_become_documents_and_are_moved_aside(root, alice, work):
    make.source(by=alice, kind="MAIL", url="folder:letters")
    put(root, "1.eml", LETTER % (1, 1))
    put(root, "new/2", LETTER % (2, 2))
    put(root, "3.eml", b"\0\1\2 no message at all")
    work()
    held = Document.objects.filter(kind="E_MAIL").order_by("key")
    assert [each.key for each in held] == ["mid:1@wire.example", "mid:2@wire.example"]
    assert {each.headline for each in held} == {"Morning letter 1", "Morning letter 2"}
    assert {path.name for path in (root / "done").iterdir()} >= {"1.eml", "2"}
    assert list(folders.waiting("folder:letters")) == []
    assert all(each.newest.text for each in held)
    assert Visit.objects.get(url__endswith="/3.eml").reason.startswith("3.eml: ")


def page(number):
    """A record of a web archive."""
    body = f"<html><title>Page {number}</title><p>{'Words of the page. ' * 20}{number}</p></html>".encode()
    http = webarchive.http_head(200, {"content-type": "text/html"}, length=len(body))
    uri, at = f"https://archive.example/{number}", make.WHEN.replace(year=2024)
    return webarchive.record("response", body, at=at, content_type="", uri=uri, http=http).packed


@pytest.mark.django_db(transaction=True)
def test_a_web_archive_is_read_in_several_goes(root, alice, work, monkeypatch):
    monkeypatch.setattr(reading, "RECORDS_MAX", 3)
    source = make.source(by=alice, kind="WARC", url="folder:letters")
    put(root, "news.warc.gz", b"".join(page(number) for number in range(7)))
    work()
    assert Document.objects.count() == 7
    assert Visit.objects.count() == 3
    assert {each.newest.fetched_at.year for each in Document.objects.all()} == {2024}
    source.refresh_from_db()
    assert (source.cursor, source.last_error) == ({}, "")
    assert [path.name for path in (root / "done").iterdir()] == ["news.warc.gz"]


def test_two_files_of_one_name_both_stay(root):
    for text in (b"one", b"two"):
        put(root, "1.eml", text)
        folders.move_aside("folder:letters/1.eml", "failed")
    assert sorted(path.read_bytes() for path in (root / "failed").iterdir()) == [b"one", b"two"]


@pytest.mark.django_db(transaction=True)
def test_a_new_file_with_the_name_of_one_that_was_given_up_is_read(root, alice, work):
    source = make.source(by=alice, kind="MAIL", url="folder:letters")
    source.visits.note(source, Answer("folder:letters/1.eml", b""))
    Visit.objects.update(dead_at=make.WHEN, at=make.WHEN)
    put(root, "1.eml", LETTER % (1, 1))
    work()
    assert Document.objects.get().headline == "Morning letter 1"


@pytest.mark.django_db(transaction=True)
def test_a_web_archive_that_was_given_up_and_is_tried_again_is_read_to_its_end(root, alice, work, monkeypatch):
    monkeypatch.setattr(reading, "RECORDS_MAX", 3)
    source = make.source(by=alice, kind="WARC", url="folder:letters")
    put(root, "news.warc.gz", b"".join(page(number) for number in range(7)))
    folders.move_aside("folder:letters/news.warc.gz", "failed")
    visit = source.visits.note(source, Answer("folder:letters/news.warc.gz", b""))
    Visit.objects.update(dead_at=make.WHEN, attempts=5)
    put(root, "later.warc.gz", b"".join(page(number) for number in range(20, 22)))
    work()
    assert Document.objects.count() == 2
    visit.refresh_from_db()
    visit.retry(by=alice)
    Source.objects.update(not_before=make.WHEN)
    work()
    assert Document.objects.count() == 9
    assert sorted(path.name for path in (root / "done").iterdir()) == ["later.warc.gz", "news.warc.gz"]
    assert list((root / "failed").iterdir()) == []
    source.refresh_from_db()
    assert (source.cursor, source.last_error) == ({}, "")
