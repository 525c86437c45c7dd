"""The content-addressed archive: exact bytes under their SHA-256, behind Django's storage API."""

from __future__ import annotations

import hashlib
import os
import uuid
from pathlib import Path

from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, storages


class Damaged(Exception):
    """The archive holds other bytes than it should."""


class WholeFileStorage(FileSystemStorage):
    """Files appear whole or not at all: written aside, flushed to disk, then renamed."""

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


def put(data: bytes) -> str:
    """Keep bytes, once, and return their SHA-256. Putting the same bytes again changes nothing."""
    sha256 = hashlib.sha256(data).hexdigest()
    archive, name = storages["archive"], path(sha256)
    if not archive.exists(name):
        archive.save(name, ContentFile(data))
    return sha256


def get(sha256: str) -> bytes:
    """The bytes of a hash. Raises `FileNotFoundError`, or `Damaged` when the bytes changed on disk."""
    with storages["archive"].open(path(sha256)) as file:
        data = bytes(file.read())
    if hashlib.sha256(data).hexdigest() != sha256:
        raise Damaged(f"The archived bytes {sha256[:12]}… are not what was stored.")
    return data
