"""The content-addressed archive: exact bytes under their SHA-256, behind Django's storage API."""

from __future__ import annotations

import hashlib
import os
import re
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, Storage, storages

from riskreview.lib.buckets import Bucket

ASK_AGAIN_SECONDS = 60  # what is told to those who meet an archive that is `Unreachable`
_HASH = re.compile(r"[0-9a-f]{64}")


class Damaged(Exception):
    """The archive holds other bytes than it should."""


class Unreachable(Exception):
    """The archive cannot be asked now, whatever it holds; `reason` says why in words for staff."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class WholeFileStorage(FileSystemStorage):
    """Files appear whole or not at all: written aside, flushed to disk, then renamed."""

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """The name as it is. Two writers of one name write the same bytes, so whoever is last does no harm."""
        return name

    def _save(self, name: str, content: File[bytes]) -> str:
        target = Path(self.path(name))
        target.parent.mkdir(parents=True, exist_ok=True)
        aside = target.with_name(f".{target.name}.{uuid.uuid4().hex}")
        try:
            with aside.open("xb") as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            aside.replace(target)
        finally:
            aside.unlink(missing_ok=True)
        return name


def path(sha256: str) -> str:
    """Where the bytes of a hash lie."""
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def put(data: bytes, *, into: Storage | None = None) -> str:
    """Keep bytes, once, and return their SHA-256. Putting the same bytes again changes nothing.

    Raises `Unreachable`.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    archive, name = into or storages["archive"], path(sha256)
    if not archive.exists(name):
        archive.save(name, ContentFile(data))
    return sha256


def get(sha256: str, *, of: Storage | None = None) -> bytes:
    """The bytes of a hash, of the archive or of another place of its form. Raises `FileNotFoundError`, `Damaged` when
    the bytes changed in the store, or `Unreachable`."""
    with (of or storages["archive"]).open(path(sha256)) as file:
        data = bytes(file.read())
    if hashlib.sha256(data).hexdigest() != sha256:
        raise Damaged(f"The archived bytes {sha256[:12]}… are not what was stored.")
    return data


def every(of: Storage | None = None) -> Iterator[str]:
    """The hashes of all bytes in the archive, or in another place of its form, in order."""
    archive = of or storages["archive"]
    for first in sorted(archive.listdir("")[0]):
        for second in sorted(archive.listdir(first)[0]):
            yield from filter(_HASH.fullmatch, sorted(archive.listdir(f"{first}/{second}")[1]))


def placed(folder: str, address: str = "") -> dict[str, Any]:
    """The entry of Django's STORAGES for an archive in a folder, or in the object store of this address.

    Raises `ValueError`, in words, when that is no address of an object store.
    """
    if not address:
        return {"BACKEND": f"{__name__}.WholeFileStorage", "OPTIONS": {"location": folder}}
    bucket = Bucket.parse(address)
    options = {
        "bucket_name": bucket.name,
        "location": bucket.prefix,
        "endpoint_url": bucket.endpoint or None,
        "region_name": bucket.region or None,
        "addressing_style": bucket.addressing,
    }
    return {"BACKEND": f"{__package__}.store.BucketStorage", "OPTIONS": options}
