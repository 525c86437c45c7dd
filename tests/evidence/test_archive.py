"""The archive keeps exact bytes, whole or not at all, and says when they changed."""

import hashlib
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from riskreview.evidence import archive
from riskreview.evidence.archive import WholeFileStorage


def file_of(sha256):
    return Path(storages["archive"].path(archive.path(sha256)))


@pytest.mark.parametrize("data", [b"", b"\x00\xff\r\n", "深度求索".encode(), bytes(range(256)) * 5_000])
def test_bytes_come_back_exactly(data):
    sha256 = archive.put(data)
    assert sha256 == hashlib.sha256(data).hexdigest()
    assert archive.get(sha256) == data


def test_the_same_bytes_are_kept_once():
    sha256 = archive.put(b"once only")
    kept = file_of(sha256).stat().st_mtime_ns
    assert archive.put(b"once only") == sha256
    assert file_of(sha256).stat().st_mtime_ns == kept
    assert len(list(file_of(sha256).parent.iterdir())) == 1


def test_the_place_follows_from_the_hash():
    assert archive.path("abcdef0123") == "ab/cd/abcdef0123"


def test_damaged_bytes_are_noticed():
    sha256 = archive.put(b"what was stored")
    file_of(sha256).write_bytes(b"what was forged")
    with pytest.raises(archive.Damaged, match=sha256[:12]):
        archive.get(sha256)


def test_missing_bytes_are_missing():
    with pytest.raises(FileNotFoundError):
        archive.get("0" * 64)


def test_a_write_that_breaks_leaves_nothing(tmp_path):
    class Breaking(ContentFile):
        def chunks(self, chunk_size=None):
            yield b"the first half"
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        WholeFileStorage(location=tmp_path).save("ab/file", Breaking(b"whole"))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_half_written_file_is_never_seen_under_its_name(tmp_path):
    class Watched(ContentFile):
        def chunks(self, chunk_size=None):
            yield b"first "
            seen.append((tmp_path / "ab" / "file").exists())
            yield b"second"

    seen = []
    WholeFileStorage(location=tmp_path).save("ab/file", Watched(b"x"))
    assert seen == [False]
    assert (tmp_path / "ab" / "file").read_bytes() == b"first second"


def test_two_writers_of_one_name_leave_one_file(tmp_path, monkeypatch):
    hashes = {archive.put(b"the same", into=WholeFileStorage(location=tmp_path))}
    late = WholeFileStorage(location=tmp_path)
    looks, really = iter([False]), late.exists  # it looked before the other had written
    monkeypatch.setattr(late, "exists", lambda name: next(looks, None) is None and really(name))
    hashes.add(archive.put(b"the same", into=late))
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == list(hashes)
