"""The archive in an object store: a real S3 server, killed if need be."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.core.management import CommandError, call_command

from riskreview.enrichment import pipeline
from riskreview.evidence import archive
from riskreview.evidence.models import Announcement, Capture, Document
from tests import make
from tests.evidence.conftest import BUCKET, PREFIX, started
from tests.expect import at_once

ROOT = Path(__file__).resolve().parents[2]


def key(sha256: str) -> str:
    return f"{PREFIX}/{archive.path(sha256)}"


@pytest.mark.parametrize("data", [b"", b"\x00\xff\r\n", "深度求索".encode(), bytes(range(256)) * 5_000])
def test_bytes_come_back_exactly(on_s3, data):
    sha256 = archive.put(data)
    assert sha256 == hashlib.sha256(data).hexdigest()
    assert archive.get(sha256) == data
    assert on_s3.client.get_object(Bucket=BUCKET, Key=key(sha256))["Body"].read() == data


def test_a_second_put_is_neither_a_second_object_nor_a_second_write(on_s3):
    sha256 = archive.put(b"once only")
    first = on_s3.client.head_object(Bucket=BUCKET, Key=key(sha256))["LastModified"]
    assert archive.put(b"once only") == sha256
    storages["archive"].save(archive.path(sha256), archive.ContentFile(b"once only"))
    assert on_s3.names() == [key(sha256)]
    assert on_s3.client.head_object(Bucket=BUCKET, Key=key(sha256))["LastModified"] == first


def test_what_is_there_is_never_overwritten(on_s3):
    sha256 = archive.put(b"the first")
    name = storages["archive"].save(archive.path(sha256), archive.ContentFile(b"another"))
    assert (name, archive.get(sha256)) == (archive.path(sha256), b"the first")


def test_eight_writers_at_one_moment_leave_one_object(on_s3):
    data = os.urandom(300_000)
    outcomes = at_once([lambda: archive.put(data)] * 8)
    assert outcomes == [hashlib.sha256(data).hexdigest()] * 8
    assert on_s3.names() == [key(outcomes[0])]
    assert archive.get(outcomes[0]) == data


def test_missing_bytes_are_missing_as_they_are_in_a_folder(on_s3):
    with pytest.raises(FileNotFoundError):
        archive.get("0" * 64)


def test_damaged_bytes_are_noticed(on_s3):
    sha256 = archive.put(b"what was stored")
    on_s3.client.put_object(Bucket=BUCKET, Key=key(sha256), Body=b"what was forged")
    with pytest.raises(archive.Damaged, match=sha256[:12]):
        archive.get(sha256)


def test_objects_are_private(on_s3):
    sha256 = archive.put(b"nobody else's")
    grants = on_s3.client.get_object_acl(Bucket=BUCKET, Key=key(sha256))["Grants"]
    assert [each["Grantee"].get("URI") for each in grants] == [None]


def test_a_bucket_that_is_not_there_is_told_by_name(s3, archived_at):
    archived_at(s3.url.replace(BUCKET, "elsewhere"))
    with pytest.raises(archive.Unreachable, match=r"bucket elsewhere.*NoSuchBucket"):
        archive.put(b"data")
    with pytest.raises(archive.Unreachable, match="NoSuchBucket"):
        archive.get("0" * 64)


@pytest.fixture
def mortal(_keys, archived_at):
    """The archive lies in a server that a test may kill."""
    server = started()
    server.client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    archived_at(server.url)
    yield server
    server.kill()


def test_a_dead_server_is_told_in_words_for_staff(mortal):
    sha256 = archive.put(b"kept")
    mortal.kill()
    for act in (lambda: archive.get(sha256), lambda: archive.put(b"more"), lambda: archive.put(b"kept")):
        with pytest.raises(archive.Unreachable) as told:
            act()
        assert f"http://127.0.0.1:{mortal.port} (bucket {BUCKET}) cannot be reached" in told.value.reason


@pytest.mark.django_db
def test_a_document_goes_the_whole_way(on_s3):
    raw = f"<html><body><article><p>{make.TEXT * 4}</p></article></body></html>".encode()
    url = "https://news.example/s3"
    document = Document.objects.hold(
        Announcement(key=url, url=url, headline="Review"),
        capture=Capture(raw=raw, content_type="text/html", fetched_at=make.WHEN, final_url=url, status=200),
    )
    assert on_s3.names() == [key(hashlib.sha256(raw).hexdigest())]
    assert pipeline.digest_now(document)
    assert "The White House said" in document.newest.text
    assert document.newest.raw == raw


@pytest.mark.django_db
def test_the_reason_is_kept_on_the_row_and_the_document_is_tried_again(mortal):
    document = make.document()
    mortal.kill()
    Document.objects.filter(pk=document.pk).update(digested_at=None)
    assert not pipeline.digest_now(document)
    assert "cannot be reached" in document.last_error
    assert (document.dead_at, document.lease, document.attempts) == (None, None, 1)


def test_a_copy_brings_what_is_missing_and_both_ways_work(s3, archived_at, tmp_path, capsys):
    from_folder, back = tmp_path / "from", tmp_path / "back"
    folder = archive.WholeFileStorage(location=from_folder)
    hashes = sorted(archive.put(f"number {number}".encode(), into=folder) for number in range(5))
    (from_folder / "00").mkdir(exist_ok=True)
    (from_folder / "notes.txt").write_text("not a part of the archive")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(storages._storages, "archive", folder)
        call_command("copy_archive", "--to", s3.url)
        assert "5 copied, 0 there already, 0 failed" in capsys.readouterr().out
        call_command("copy_archive", "--to", s3.url)
        assert "0 copied, 5 there already, 0 failed" in capsys.readouterr().out
    assert sorted(s3.names()) == sorted(map(key, hashes))
    archived_at(s3.url)
    call_command("copy_archive", "--to", str(back), "--jobs", "1")
    assert list(archive.every(archive.WholeFileStorage(location=back))) == hashes == list(archive.every())


def test_a_copy_that_cannot_be_made_is_named_and_the_others_are_made(on_s3, tmp_path, capsys):
    good, bad = archive.put(b"good"), archive.put(b"bad")
    on_s3.client.put_object(Bucket=BUCKET, Key=key(bad), Body=b"rotten")
    with pytest.raises(CommandError, match="Not everything"):
        call_command("copy_archive", "--to", str(tmp_path / "copy"))
    told = capsys.readouterr()
    assert "1 copied, 0 there already, 1 failed" in told.out
    assert f"failed {bad}" in told.err
    assert (tmp_path / "copy" / archive.path(good)).read_bytes() == b"good"


def test_what_is_there_already_is_read_back_when_asked(on_s3, tmp_path):
    copy = archive.WholeFileStorage(location=tmp_path)
    sha256 = archive.put(archive.get(archive.put(b"good")), into=copy)
    Path(copy.path(archive.path(sha256))).write_bytes(b"rotten")
    call_command("copy_archive", "--to", str(tmp_path))
    with pytest.raises(CommandError, match="Not everything"):
        call_command("copy_archive", "--to", str(tmp_path), "--check")


def test_a_copy_to_no_address_is_refused_in_words(on_s3):
    with pytest.raises(CommandError, match="An object store is written as"):
        call_command("copy_archive", "--to", "gopher://bucket")


LOADED = """
import sys, django
django.setup()
import riskreview.urls, riskreview.web.urls, riskreview.api.urls
from django.conf import settings
print(settings.STORAGES["archive"]["BACKEND"], "botocore" in sys.modules)
"""


def start(**environment: str) -> subprocess.CompletedProcess[str]:
    """A process that reads the settings and loads every page."""
    known = {"DJANGO_SETTINGS_MODULE": "riskreview.settings", "SECRET_KEY": "x" * 50, "DATABASE_URL": "postgres://a@/b"}
    env = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | known | environment
    return subprocess.run(
        [sys.executable, "-c", LOADED], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )


def test_one_setting_moves_the_archive_and_the_client_is_loaded_only_when_used():
    told = start()
    assert told.stdout.split() == ["riskreview.evidence.archive.WholeFileStorage", "False"], told.stderr
    told = start(ARCHIVE_URL="s3://evidence/site?endpoint=https://store.example:9000&addressing=path")
    assert told.stdout.split() == ["riskreview.evidence.store.BucketStorage", "False"], told.stderr


def test_a_wrong_address_stops_the_start_in_words():
    told = start(ARCHIVE_URL="s3://KEY:SECRET@evidence")
    assert told.returncode != 0
    assert "ImproperlyConfigured: ARCHIVE_URL: Keys do not belong into the address" in told.stderr
    assert "SECRET" not in told.stderr
