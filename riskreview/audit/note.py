"""Signed notes and checkpoints, as their signers write them (C2SP signed-note, tlog-checkpoint, tlog-cosignature).

Reading and judging notes is `verifier`'s part. This file also works beside it on a witness's host, as no package's.
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar, Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

if __package__:
    from .verifier import Malformed, from_base64
else:
    from verifier import Malformed, from_base64  # type: ignore[import-not-found,no-redef]

ED25519 = 0x01
COSIGNATURE_V1 = 0x04
LATEST_TIME = 2**63 - 1
DASH = "\u2014"


def key_id(name: str, algorithm: int, public: bytes) -> bytes:
    """The 4 bytes that name a key beside a signature (C2SP signed-note, "Signatures"): a hint, not a fingerprint."""
    return hashlib.sha256(name.encode() + b"\n" + bytes([algorithm]) + public).digest()[:4]


class Exposed(ValueError):
    """A key file that others could have read, and what to do about it."""


class PrivateKey:
    """A name with an Ed25519 private key. What it prints as is the public half."""

    ALGORITHM: ClassVar[int]

    def __init__(self, name: str, key: Ed25519PrivateKey) -> None:
        check_name(name)
        self.name = name
        self._key = key
        self.public = key.public_key().public_bytes_raw()
        self.id = key_id(name, self.ALGORITHM, self.public)

    @classmethod
    def generate(cls, name: str) -> Self:
        """A new key from the system's randomness."""
        return cls(name, Ed25519PrivateKey.generate())

    @classmethod
    def from_seed(cls, name: str, seed: bytes) -> Self:
        """The key of a 32-byte seed (RFC 8032 section 5.1.5)."""
        if len(seed) != 32:
            raise Malformed(f"an Ed25519 seed has 32 bytes, not {len(seed)}")
        return cls(name, Ed25519PrivateKey.from_private_bytes(seed))

    @classmethod
    def parse(cls, text: str) -> Self:
        """The key that `private` wrote. Raises `Malformed`, without repeating what it was given."""
        # The last field is base64, which has a "+" of its own.
        pieces = text.split("+", 4)
        if len(pieces) != 5 or pieces[:2] != ["PRIVATE", "KEY"]:
            raise Malformed("a private key reads PRIVATE+KEY+name+id+base64")
        _, _, name, number, data = pieces
        raw = from_base64(data)
        if len(raw) != 33 or raw[0] != cls.ALGORITHM:
            raise Malformed(f"this is not a private key of type {cls.ALGORITHM}")
        key = cls.from_seed(name, raw[1:])
        if key.id.hex() != number:
            raise Malformed("the key id is not that of this name and key")
        return key

    @classmethod
    def read(cls, path: Path) -> Self:
        """The key that `write` put into a file. Raises `Malformed`, and `Exposed` if others can read it."""
        with path.open(encoding="utf-8") as file:
            if os.fstat(file.fileno()).st_mode & 0o177:
                raise Exposed(f"The key file {path} is open to others than its owner. Say: chmod 600 {path}")
            return cls.parse(file.read().removesuffix("\n"))

    def under(self, name: str) -> Self:
        """The same key under another name: each year's log has its own."""
        return type(self)(name, self._key)

    def private(self) -> str:
        """The secret text form, that of Go's sumdb/note: `PRIVATE+KEY+name+id+base64(type ‖ seed)`."""
        data = encode(bytes([self.ALGORITHM]) + self._key.private_bytes_raw())
        return f"PRIVATE+KEY+{self.name}+{self.id.hex()}+{data}"

    def write(self, path: Path) -> None:
        """Put the secret form into a new file that only its owner can read. Raises `FileExistsError`."""
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(self.private() + "\n")

    @property
    def vkey(self) -> str:
        """The public text form that auditors are given: `name+id+base64(type ‖ public key)` (C2SP signed-note)."""
        return f"{self.name}+{self.id.hex()}+{encode(bytes([self.ALGORITHM]) + self.public)}"

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}+{self.id.hex()}>"

    def _line(self, signature: bytes) -> bytes:
        return f"{DASH} {self.name} {encode(self.id + signature)}\n".encode()


class Signer(PrivateKey):
    """Who writes notes: the ledger itself (signature type 0x01)."""

    ALGORITHM = ED25519

    def sign(self, text: bytes) -> bytes:
        """The signature line under a note's text: em dash, name, base64, newline (C2SP signed-note, "Ed25519")."""
        check_text(text)
        return self._line(self._key.sign(text))


class Cosigner(PrivateKey):
    """Who has seen a log only ever grow: a witness (signature type 0x04)."""

    ALGORITHM = COSIGNATURE_V1

    def cosign(self, text: bytes, time: int) -> bytes:
        """The line of a cosignature/v1 over a checkpoint's text at `time`, POSIX seconds (C2SP tlog-cosignature)."""
        check_text(text)
        if not 0 <= time <= LATEST_TIME:
            raise ValueError(f"{time} is not a POSIX time of 63 bits")
        signature = self._key.sign(f"cosignature/v1\ntime {time}\n".encode() + text)
        return self._line(time.to_bytes(8, "big") + signature)


def checkpoint_text(origin: str, size: int, root: bytes) -> bytes:
    """The text a log signs: origin, number of leaves, 32-byte root hash, a line each (C2SP tlog-checkpoint).

    Raises `ValueError` for an empty tree: its signature would prove nothing and fit every log.
    """
    if size < 1:
        raise ValueError("an empty tree is never signed")
    if len(root) != 32:
        raise ValueError(f"a root hash has 32 bytes, not {len(root)}")
    if not origin or "\n" in origin:
        raise ValueError("an origin is one line")
    text = f"{origin}\n{size}\n{encode(root)}\n".encode()
    check_text(text)
    return text


def note(text: bytes, lines: Iterable[bytes]) -> bytes:
    """A signed note: the text, an empty line, one or more signature lines (C2SP signed-note, "Format")."""
    check_text(text)
    signatures = list(lines)
    if not signatures:
        raise ValueError("a note has at least one signature line")
    if not all(line.startswith(f"{DASH} ".encode()) and line.find(b"\n") == len(line) - 1 for line in signatures):
        raise ValueError("a signature line starts with a dash and a space, and ends with its only newline")
    return text + b"\n" + b"".join(signatures)


def check_name(name: str) -> None:
    """Raise `Malformed` unless a key may bear this name: not empty, no blanks, no "+" (C2SP signed-note, "Format")."""
    if not name or "+" in name or any(each.isspace() or each < " " for each in name):
        raise Malformed("a key's name is not empty and holds neither blanks nor a plus sign")
    if any("\ud800" <= each <= "\udfff" for each in name):
        raise Malformed("a key's name must not contain lone surrogates")


def check_text(text: bytes) -> None:
    """Raise `ValueError` unless this can be signed: UTF-8, a newline at its end, no other ASCII control character."""
    text.decode()
    if not text.endswith(b"\n"):
        raise ValueError("a note's text ends with a newline")
    if any(byte < 0x20 and byte != 0x0A for byte in text):
        raise ValueError("a note's text holds no control characters but newlines")


def encode(data: bytes) -> str:
    """Standard base64 (RFC 4648 section 4)."""
    return base64.b64encode(data).decode("ascii")
