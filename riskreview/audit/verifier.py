"""Checks a bundle of the audit ledger, offline: `python3 verifier.py BUNDLE --key VKEY`. It needs Python 3.11 or newer
and the package `cryptography`, and nothing of riskreview: get this file and the key from someone you trust, never from
the bundle. Exit status 0: everything holds; 1: a check failed; 2: it could not be checked.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import io
import json
import os
import re
import struct
import sys
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import accumulate, chain
from pathlib import Path
from typing import Any, BinaryIO, Final, Self, TextIO

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

LOG_SIGNATURE, COSIGNATURE = 1, 4  # algorithm bytes of C2SP signed-note
NOTE_BYTES, NOTE_SIGNATURES = 64 * 1024, 64


class Malformed(ValueError):
    """Bytes that do not have the form they should have."""


class ProofFailed(ValueError):
    """A proof, root or signature that does not hold."""


# The tree (RFC 6962 section 2.1, RFC 9162 section 2.1)


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf, SHA-256(0x00 || data) (RFC 9162 section 2.1.1)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node, SHA-256(0x01 || left || right) (RFC 9162 section 2.1.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def check_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> None:
    """Raise `ProofFailed` unless the tree of this size and root has the leaf hash at `index` (RFC 9162 2.1.3.2)."""
    _check_lengths(leaf, root, *proof)
    if not 0 <= index < size:
        raise ProofFailed(f"a tree of {size} leaves has no leaf {index}")
    place, last, node = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise ProofFailed("the inclusion proof is too long")
        if place & 1 or place == last:
            node = node_hash(sibling, node)
            place, last = _climb(place, last)
        else:
            node = node_hash(node, sibling)
        place, last = place >> 1, last >> 1
    if last:
        raise ProofFailed("the inclusion proof is too short")
    if node != root:
        raise ProofFailed("the inclusion proof leads to another root")


def check_consistency(size1: int, size2: int, proof: Sequence[bytes], root1: bytes, root2: bytes) -> None:
    """Raise `ProofFailed` unless the second tree begins with all leaves of the first (RFC 9162 section 2.1.4.2)."""
    if not 1 <= size1 <= size2:
        raise ProofFailed(f"a tree of {size2} leaves cannot be shown to extend one of {size1}")
    if size1 == size2:
        # Nothing is hashed here, so nothing is said about lengths: one public vector compares roots of 12 bytes.
        if proof or root1 != root2:
            raise ProofFailed("two trees of one size need the same root and an empty proof")
        return
    _check_lengths(root1, root2, *proof)
    # A complete first tree is itself the first node of the path, which is why the proof leaves it out.
    path = [root1, *proof] if size1.bit_count() == 1 else list(proof)
    if not path:
        raise ProofFailed("the consistency proof is empty")
    place, last = _climb(size1 - 1, size2 - 1, ones=True)
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise ProofFailed("the consistency proof is too long")
        if place & 1 or place == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            place, last = _climb(place, last)
        else:
            new = node_hash(new, sibling)
        place, last = place >> 1, last >> 1
    if last:
        raise ProofFailed("the consistency proof is too short")
    if old != root1 or new != root2:
        raise ProofFailed("the consistency proof leads to other roots")


def _check_lengths(*hashes: bytes) -> None:
    if any(len(each) != 32 for each in hashes):
        raise ProofFailed("a hash does not have 32 bytes")


def _climb(place: int, last: int, *, ones: bool = False) -> tuple[int, int]:
    """Skip the levels on which a node has no sibling: while the lowest bit of its place is 0 (or 1), but never above
    the root."""
    while place and (place & 1) == ones:
        place, last = place >> 1, last >> 1
    return place, last


class Frontier:
    """The compact range of a growing tree: the roots of its complete subtrees, largest first, at most 64 hashes."""

    def __init__(self, size: int = 0, hashes: Sequence[bytes] = ()) -> None:
        if not 0 <= size < 1 << 64 or len(hashes) != size.bit_count() or any(len(each) != 32 for each in hashes):
            raise Malformed(f"{len(hashes)} hashes are no frontier of a tree of {size} leaves")
        self.size = size
        self.hashes = list(hashes)

    def append(self, leaf: bytes) -> None:
        """Add the hash of the next leaf."""
        hashes, full = self.hashes, self.size
        while full & 1:
            leaf = hashlib.sha256(b"\x01" + hashes.pop() + leaf).digest()
            full >>= 1
        hashes.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """The root of the tree so far; SHA-256 of nothing while it is empty (RFC 9162 section 2.1.1)."""
        if not self.hashes:
            return hashlib.sha256(b"").digest()
        node = self.hashes[-1]
        for left in reversed(self.hashes[:-1]):
            node = node_hash(left, node)
        return node


# Signed notes (C2SP signed-note, tlog-checkpoint, tlog-cosignature)


@dataclass(frozen=True, slots=True)
class Key:
    """A verifier key: `algorithm` 1 signs a log's checkpoints, 4 is a witness's cosignature/v1 (C2SP signed-note)."""

    name: str
    id: bytes
    algorithm: int
    public: bytes

    @classmethod
    def parse(cls, vkey: str) -> Key:
        """Read `name+id+base64(algorithm || public key)`. Raises `Malformed`, also when the id is another key's."""
        name, plus, rest = vkey.partition("+")
        hint, second, data = rest.partition("+")
        if not (plus and second and _is_name(name) and re.fullmatch(r"[0-9a-f]{8}", hint)):
            raise Malformed("a key is written NAME+ID+BASE64")
        raw = from_base64(data)
        if len(raw) != 33 or raw[0] not in (LOG_SIGNATURE, COSIGNATURE):
            raise Malformed("this is no Ed25519 key of a log (01) or witness (04)")
        if hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4].hex() != hint:
            raise Malformed("the id of the key does not belong to its name and bytes")
        return cls(name, bytes.fromhex(hint), raw[0], raw[1:])

    def check(self, signature: bytes, message: bytes) -> None:
        """Raise `ProofFailed` unless this is the key's Ed25519 signature (RFC 8032) of the message."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError) as error:
            raise ProofFailed(f"the signature of {self.name} does not hold") from error


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line of a note, not yet checked: `id` is the 4-byte key id, `blob` what follows it."""

    name: str
    id: bytes
    blob: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """A text with signatures: `text` is what they sign, up to and with its last newline (C2SP signed-note)."""

    text: bytes
    signatures: tuple[Signature, ...]

    @classmethod
    def parse(cls, note: bytes) -> Self:
        """Read a note of any text. Raises `Malformed`."""
        return cls(*_split(note))

    def signed_by(self, key: Key) -> bool:
        """Whether this log key signed; raises `ProofFailed` for a bad line of it, which rejects the whole note."""
        if key.algorithm != LOG_SIGNATURE:
            raise Malformed(f"{key.name} is not the key of a log")
        lines = self._lines_of(key)
        for line in lines:
            key.check(line.blob, self.text)
        return bool(lines)

    def cosigned_at(self, key: Key) -> int | None:
        """When this witness last cosigned, in Unix seconds, or None; raises `ProofFailed` for a bad line of it."""
        if key.algorithm != COSIGNATURE:
            raise Malformed(f"{key.name} is not the key of a witness")
        times = []
        for line in self._lines_of(key):
            if len(line.blob) != 72:
                raise ProofFailed(f"the cosignature of {key.name} does not have 72 bytes")
            at = int.from_bytes(line.blob[:8], "big")
            key.check(line.blob[8:], b"cosignature/v1\ntime %d\n" % at + self.text)
            times.append(at)
        return max(times, default=None)

    def _lines_of(self, key: Key) -> list[Signature]:
        return [each for each in self.signatures if each.name == key.name and each.id == key.id]


@dataclass(frozen=True, slots=True)
class Checkpoint(Note):
    """A signed head of a log: its `origin`, how many leaves it has and their root (C2SP tlog-checkpoint)."""

    origin: str
    size: int
    root: bytes

    @classmethod
    def parse(cls, note: bytes) -> Self:
        """Read a checkpoint; extension lines are allowed. Raises `Malformed`."""
        text, signatures = _split(note)
        lines = text.decode().split("\n")[:-1]
        if len(lines) < 3 or not all(lines):
            raise Malformed("a checkpoint has three or more lines, none of them empty")
        if not re.fullmatch(r"0|[1-9][0-9]{0,19}", lines[1]) or int(lines[1]) >= 1 << 64:
            raise Malformed("the size of a checkpoint is a decimal number without leading zeros")
        return cls(text, signatures, lines[0], int(lines[1]), hash_from_base64(lines[2]))


def _split(note: bytes) -> tuple[bytes, tuple[Signature, ...]]:
    if len(note) > NOTE_BYTES:
        raise Malformed(f"a note has at most {NOTE_BYTES} bytes")
    text, blank, rest = note.rpartition(b"\n\n")
    if not blank or not rest.endswith(b"\n"):
        raise Malformed("a note is a text, a blank line and signature lines, each with its newline")
    if re.search(rb"[\x00-\x09\x0b-\x1f]", note):
        raise Malformed("a note has no control characters")
    lines = rest[:-1].split(b"\n")
    if len(lines) > NOTE_SIGNATURES:
        raise Malformed(f"a note has at most {NOTE_SIGNATURES} signatures")
    try:
        text.decode()
        return text + b"\n", tuple(_signature(line.decode()) for line in lines)
    except UnicodeDecodeError as error:
        raise Malformed("a note is UTF-8") from error


def _signature(line: str) -> Signature:
    dash, _, rest = line.partition(" ")
    name, _, data = rest.partition(" ")
    if dash != "\u2014" or not _is_name(name):
        raise Malformed("a signature line is an em dash, a name and base64")
    blob = from_base64(data)
    if len(blob) < 5:
        raise Malformed("a signature line holds a key id and a signature")
    return Signature(name, blob[:4], blob[4:])


def _is_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(each.isspace() or each < " " for each in name)


def from_base64(text: str | bytes) -> bytes:
    """Bytes from their one base64 form (RFC 4648 section 4). Raises `Malformed`, also for unused bits that are set."""
    data = text.encode() if isinstance(text, str) else text
    try:
        raw = binascii.a2b_base64(data, strict_mode=True)
    except ValueError as error:
        raise Malformed("this is not base64") from error
    if base64.b64encode(raw) != data:
        raise Malformed("this is not the one base64 form of its bytes")
    return raw


def hash_from_base64(text: str | bytes) -> bytes:
    """A SHA-256 value from base64. Raises `Malformed` unless it has 32 bytes."""
    raw = from_base64(text)
    if len(raw) != 32:
        raise Malformed("a hash has 32 bytes")
    return raw


# Canonical JSON (docs/audit.md: a subset of RFC 8785)

LARGEST = 2**53 - 1
JSON_BYTES, HEADER_BYTES, BODY_BYTES = 64 * 1024**2, 4_096, 256 * 1024
LEAF_LINE, BODY_LINE = 16 * 1024, 512 * 1024
_known_keys: set[str] = set()


def canonical(value: Any) -> bytes:
    """The canonical bytes of a plain value: sorted keys, no blanks, UTF-8."""
    return _encode(value).encode()


_encode = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


def from_json(data: bytes, *, any_keys: bool = False) -> Any:
    """A value from its canonical bytes. Raises `Malformed` for floats, huge integers, U+0000 and odd keys, too."""
    try:
        value = (_NAMES if any_keys else _PROFILE).decode(data.decode())
        same = canonical(value) == data
    except Malformed:
        raise
    except (ValueError, RecursionError) as error:
        raise Malformed("this is not JSON, or nested too deeply") from error
    if not same:
        raise Malformed("this is JSON, but not in canonical form")
    if b"\\u0000" in data and re.search(rb"(?<!\\)(?:\\\\)*\\u0000", data):
        raise Malformed("text holds no U+0000")
    return value


def _integer(digits: str) -> int:
    if len(digits) > 17 or abs(int(digits)) > LARGEST:
        raise Malformed("an integer is beyond 2^53 - 1")
    return int(digits)


def _no_number(digits: str) -> None:
    raise Malformed(f"{digits[:20]} is not an integer")


def _own_keys(found: dict[str, Any]) -> dict[str, Any]:
    if not _known_keys.issuperset(found):
        for key in found:
            if not re.fullmatch(r"[a-z][a-z0-9_.:-]*", key):
                raise Malformed(f"{key[:40]!r} is not a canonical key")
        if len(_known_keys) > 10_000:
            _known_keys.clear()
        _known_keys.update(found)
    return found


_PROFILE = json.JSONDecoder(
    object_hook=_own_keys, parse_int=_integer, parse_float=_no_number, parse_constant=_no_number
)
_NAMES = json.JSONDecoder(parse_int=_integer, parse_float=_no_number, parse_constant=_no_number)


# Header v1 as a grammar: whatever it matches is canonical JSON with the right keys and types

UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z"
HASH = "[A-Za-z0-9+/]{43}="
_PLAIN = r'[^"\\\x00-\x1f]*'
_TEXT = rf'{_PLAIN}(?:\\(?:["\\bfnrt]|u00(?:0[1-7bef]|1[0-9a-f])){_PLAIN})*'
_WORD, _LINK = '(?:null|"[a-z_]{1,40}")', f'(?:null|"{UUID}")'
HEADER_V1: Final = {
    "actor": f'"{UUID}"',
    "behalf": _LINK,
    "body": f'"({HASH})"',
    "id": f'"({UUID})"',
    "kind": '"(act|access|refusal)"',
    "meaning": _WORD,
    "reason": "(?:true|false)",
    "recorded_at": f'"({TIME})"',
    "request": _LINK,
    "strength": _WORD,
    "subject": rf'\{{"id":"({_TEXT})","label":(?:null|"{_TEXT}"),"seq":(null|[1-9][0-9]{{0,14}}),"type":"([a-z_]+)"\}}',
    "token": _LINK,
    "tx": '"[0-9]{1,20}"',
    "v": "1",
    "verb": r'"([a-z_]+\.[a-z_]+)"',
    "via": '"[a-z]{1,20}"',
}
_HEADER = re.compile(r"\{" + ",".join(f'"{key}":{form}' for key, form in HEADER_V1.items()) + r"\}")
_LEAF = re.compile(
    rb'\{"header":"([A-Za-z0-9+/]+=*)","i":(0|[1-9][0-9]{0,15})(?:,"proof":\[([A-Za-z0-9+/=",]*)\])?\}\n'
)
_PRUNED = re.compile(rf'\{{"hash":"({HASH})","i":(0|[1-9][0-9]{{0,15}}),"pruned_by":"({UUID})"\}}\n'.encode())
_BODY = re.compile(rf'\{{"body":"([A-Za-z0-9+/]+=*)","id":"({UUID})","salt":"({HASH})"\}}\n'.encode())


def header_fault(raw: bytes) -> str:
    """Why these bytes are no Header v1, in words."""
    if len(raw) > HEADER_BYTES:
        return f"the header has more than {HEADER_BYTES:,} bytes"
    try:
        value = from_json(raw)
    except Malformed as error:
        return f"the header is wrong: {error}"
    if not isinstance(value, dict) or value.keys() != HEADER_V1.keys():
        return "the header does not have exactly the keys of Header v1"
    wrong = [key for key, form in HEADER_V1.items() if not re.fullmatch(form, canonical(value[key]).decode())]
    return f"the header's {', '.join(wrong)} cannot be right"


# Findings and the report

CHECKS: Final = {
    "container": "bytes",
    "files": "files",
    "signatures": "logs",
    "quorum": "cosignatures",
    "leaves": "leaves",
    "earlier checkpoints": "checkpoints",
    "known checkpoints": "checkpoints",
    "headers": "headers",
    "sequence": "acts",
    "bodies": "bodies",
    "withheld": "bodies",
    "state": "states",
    "times": "times",
    "age": "times",
    "evidence": "files",
    "seal": "seals",
}
EXIT: Final = {"holds": 0, "fails": 1, "could not check": 2}


class Unreadable(Exception):
    """The bundle cannot be read at all, so nothing can be said about it."""


@dataclass(frozen=True, slots=True)
class Report:
    """What the checks of one bundle found; `verdict` is "holds", "fails" or "could not check"."""

    verdict: str
    origin: list[str]
    size: list[int]
    root: list[str]
    checks: list[dict[str, Any]]
    first_bad: dict[str, Any] | None
    not_checked: list[str]

    @property
    def exit_status(self) -> int:
        """0 when all holds, 1 when a check failed, 2 when it could not be checked."""
        return EXIT[self.verdict]

    def as_text(self) -> str:
        """The report for a person."""
        lines = [f"{origin}: {size:,} leaves, root {root}" for origin, size, root in self._heads()]
        lines += [f"{row['result']:<12} {row['name']:<20} {row['detail']}" for row in self.checks]
        if self.first_bad:
            place = [f"{key} {value}" for key, value in self.first_bad.items() if key != "why" and value is not None]
            lines.append(f"First fault: {', '.join([*place, self.first_bad['why']])}")
        lines += [f"Not checked: {sentence}" for sentence in self.not_checked]
        lines.append(f"Verdict: {self.verdict}")
        return "".join("".join(c if c.isprintable() else "?" for c in line) + "\n" for line in lines)

    def _heads(self) -> Iterator[tuple[str, int, str]]:
        return zip(self.origin, self.size, self.root, strict=True)


class Findings:
    """What was counted and found so far."""

    def __init__(self) -> None:
        self.counts = dict.fromkeys(CHECKS, 0)
        self.faults: dict[str, str] = {}
        self.many: Counter[str] = Counter()
        self.blocked: dict[str, str] = {}
        self.sentences: list[str] = []
        self.first_bad: dict[str, Any] | None = None

    def fail(
        self, check: str, why: str, file: str | None = None, index: int | None = None, entry: str | None = None
    ) -> None:
        """Note that a check failed. The first fault that names an entry is shown rather than an earlier wrong sum."""
        if not self.first_bad or (self.first_bad["index"] is None and index is not None):
            self.first_bad = {"file": file, "index": index, "entry": entry, "why": why}
        self.faults.setdefault(check, why)
        self.many[check] += 1

    def block(self, check: str, why: str) -> None:
        """Note that a check which was asked for could not be made: the verdict cannot be "holds"."""
        self.blocked.setdefault(check, why)
        self.sentences.append(why)

    @contextmanager
    def judge(self, check: str, file: str) -> Iterator[None]:
        """Turn what a block raises into a fault of this check."""
        try:
            yield
        except (Malformed, ProofFailed) as error:
            self.fail(check, str(error), file)

    def report(self, heads: Sequence[Checkpoint]) -> Report:
        """The report, with a row for every check that had something to do."""
        verdict = "fails" if self.faults else "could not check" if self.blocked else "holds"
        roots = [base64.b64encode(each.root).decode() for each in heads]
        rows = [self._row(name) for name in CHECKS]
        origins, sizes = [each.origin for each in heads], [each.size for each in heads]
        return Report(verdict, origins, sizes, roots, rows, self.first_bad, list(dict.fromkeys(self.sentences)))

    def _row(self, name: str) -> dict[str, Any]:
        count, result = self.counts[name], "ok"
        detail = f"{count:,} {CHECKS[name]}"
        if name in self.faults:
            more = f" (and {self.many[name] - 1:,} more)" if self.many[name] > 1 else ""
            result, detail = "failed", self.faults[name] + more
        elif name in self.blocked or not count:
            result, detail = "not checked", self.blocked.get(name, "nothing to check")
        return {"name": name, "result": result, "count": count, "detail": detail}


class Progress:
    """Tells of long work: nothing in the first two seconds, then at most one line per second."""

    def __init__(self, say: Callable[[str], None] | None) -> None:
        self.say, self.next = say, time.monotonic() + 2

    def tick(self, what: str, done: int, total: int) -> None:
        """Say how far the work is, if it is time to."""
        if self.say and time.monotonic() >= self.next:
            self.next = time.monotonic() + 1
            self.say(f"{what}: {done:,} of {total:,}")


# Folders and zips

NAME = re.compile(r"[A-Za-z0-9_.-]{1,120}(?:/[A-Za-z0-9_.-]{1,120}){0,7}")
FILES = 65_534
_LOCAL, _CENTRAL, _END = struct.Struct("<4s5H3L2H"), struct.Struct("<4s6H3L5H2L"), struct.Struct("<4s4H2LH")


def _check_name(name: str) -> str:
    if not NAME.fullmatch(name) or {".", ".."}.intersection(name.split("/")):
        raise Malformed(f"{name[:200]!a} is not a file name that a bundle may hold")
    return name


class Folder:
    """A bundle as a folder: `sizes` are the bytes of its files by name. Raises `Malformed` for links and odd names."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.sizes: dict[str, int] = {}
        self.crcs: dict[str, int] = {}
        self._walk(path, "")

    def _walk(self, folder: Path, prefix: str) -> None:
        with os.scandir(folder) as found:
            for each in sorted(found, key=lambda entry: entry.name):
                name = _check_name(prefix + each.name)
                if each.is_dir(follow_symlinks=False):
                    self._walk(folder / each.name, name + "/")
                elif each.is_file(follow_symlinks=False):
                    self.sizes[name] = each.stat(follow_symlinks=False).st_size
                else:
                    raise Malformed(f"{name} is a link or a special file")
                if len(self.sizes) > FILES:
                    raise Malformed(f"the bundle has more than {FILES:,} files")

    def close(self) -> None:
        """Let go of the bundle."""

    def open(self, name: str) -> BinaryIO:
        """A file of the bundle. Raises `Malformed` when it is missing."""
        if name not in self.sizes:
            raise Malformed(f"{name} is missing")
        return self._open(name)

    def _open(self, name: str) -> BinaryIO:
        return (self.path / name).open("rb")

    def read(self, name: str, limit: int = JSON_BYTES) -> bytes:
        """A whole file. Raises `Malformed` when it is missing or larger than the limit."""
        with self.open(name) as stream:
            data = stream.read(limit + 1)
        if len(data) > limit:
            raise Malformed(f"{name} has more than {limit:,} bytes")
        return data

    def sum(self, name: str, tick: Callable[[int], None]) -> str:
        """The SHA-256 of a file, hexadecimal. Raises `Malformed` when the container holds another checksum of it."""
        digest, crc = hashlib.sha256(), 0
        with self.open(name) as stream:
            while data := stream.read(1 << 20):
                digest.update(data)
                crc = zlib.crc32(data, crc) if self.crcs else 0
                tick(len(data))
        if self.crcs.get(name, crc) != crc:
            raise Malformed(f"the checksum of {name} in the container is not that of its bytes")
        return digest.hexdigest()


class Part(io.RawIOBase):
    """A range of bytes of an open file, as a stream."""

    def __init__(self, file: BinaryIO, start: int, size: int) -> None:
        self.file, self.place, self.end = file, start, start + size

    def readable(self) -> bool:
        """Streams of a bundle are only read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer from the range."""
        self.file.seek(self.place)
        data = self.file.read(min(len(buffer), self.end - self.place))
        buffer[: len(data)] = data
        self.place += len(data)
        return len(data)


class Zip(Folder):
    """A bundle as a zip of the strict form, in which every byte is either a file's or follows from the files.

    Stored, dated 1980-01-01, made by Unix (3, version 2.0) with mode 0600, flags 0 or UTF-8, nothing else anywhere.
    """

    def __init__(self, path: Path) -> None:
        self.file = path.open("rb", buffering=0)
        self.sizes, self.crcs, self.starts = {}, {}, dict[str, int]()
        self.size = self.file.seek(0, os.SEEK_END)
        try:
            self._read_directory()
        except (struct.error, ValueError) as error:
            self.close()
            raise error if isinstance(error, Malformed) else Malformed("the zip is cut or damaged") from error

    def close(self) -> None:
        """Close the file."""
        self.file.close()

    def _at(self, place: int, size: int) -> bytes:
        self.file.seek(max(place, 0))
        return self.file.read(size)

    def _read_directory(self) -> None:
        end = self._at(self.size - _END.size, _END.size)
        count, size, start = _END.unpack(end)[4:7]
        self._expect(self.size - _END.size, end, _END.pack(b"PK\5\6", 0, 0, count, count, size, start, 0), "end record")
        if start + size + _END.size != self.size or size > JSON_BYTES:
            raise Malformed("the zip has bytes before or after its directory, or its directory has another length")
        directory, place, data = self._at(start, size), 0, 0
        for _ in range(count):
            length, data = self._read_entry(directory, place, start, data)
            place += length
        if place != size or data != start:
            raise Malformed("the zip has bytes that belong to no file")

    def _read_entry(self, directory: bytes, place: int, start: int, data: int) -> tuple[int, int]:
        """Compare one entry of the directory and its local header with what they must be."""
        fields = _CENTRAL.unpack_from(directory, place)
        flags, crc, size, length = fields[3] & 0x800, fields[7], fields[9], fields[10]
        raw = directory[place + _CENTRAL.size : place + _CENTRAL.size + length]
        name = _check_name(raw.decode("ascii"))
        shared = (20, flags, 0, 0, 33, crc, size, size, length, 0)
        # The number before the last is the mode, 0600 in its upper half: what Python's zipfile writes unasked.
        central = _CENTRAL.pack(b"PK\1\2", 3 << 8 | 20, *shared, 0, 0, 0, 0o600 << 16, data) + raw
        local = _LOCAL.pack(b"PK\3\4", *shared) + raw
        self._expect(start + place, directory[place : place + len(central)], central, f"directory entry of {name}")
        self._expect(data, self._at(data, len(local)), local, f"local header of {name}")
        if name in self.sizes:
            raise Malformed(f"{name} is twice in the zip")
        self.sizes[name], self.starts[name], self.crcs[name] = size, data + len(local), crc
        return len(central), data + len(local) + size

    @staticmethod
    def _expect(place: int, found: bytes, expected: bytes, what: str) -> None:
        if found != expected:
            pairs = enumerate(zip(found, expected, strict=False))
            offset = next((number for number, (one, other) in pairs if one != other), len(found))
            raise Malformed(f"byte {place + offset:,} of the zip, in the {what}, is not what the strict form has there")

    def _open(self, name: str) -> BinaryIO:
        return io.BufferedReader(Part(self.file, self.starts[name], self.sizes[name]), 1 << 16)


def opened(path: Path) -> Folder:
    """The bundle at a path. Raises `Unreadable` or `Malformed`."""
    if path.is_dir():
        return Folder(path)
    if path.exists() and not path.is_file():
        raise Unreadable("this is neither a folder nor a zip")
    with path.open("rb") as file:
        if file.read(2) != b"PK":
            raise Unreadable("this is neither a folder nor a zip")
    return Zip(path)


# bundle.json and the seal

FORMAT = "riskreview-bundle/1"
BUNDLE_KEYS: Final = {"files", "format", "kind", "logs", "made_at", "sealed_by", "software", "subject"}
CONTEXT = b"riskreview/audit-body/v1\x00"
EXPORTS = ("case.export", "ledger.export")
WRITTEN_LAST = ("bodies.jsonl", "removed.json")
BUSY_SECONDS = 60
# Clocks differ, and an act is committed some time after it was begun: no honest log should be called back-dated.
SKEW = 300
# What takes bodies out of the record, and what a withheld body is then said to be.
EXPLAINS: Final = {"ledger.erase": "erased", "ledger.prune": "pruned"}
_LOG_FILE = re.compile(
    r"(logs/[1-9][0-9]{0,3})/(?:checkpoint\.txt|leaves\.jsonl|checkpoints/(0|[1-9][0-9]*)\.(?:txt|proof))"
)


def is_sealed(name: str) -> bool:
    """Whether the seal covers a file: all but what the signed log itself covers, which is written after the seal."""
    return not name.startswith("logs/") and name not in (*WRITTEN_LAST, "bundle.json")


def seal(bundle: dict[str, Any]) -> str:
    """The seal of a bundle.json: SHA-256, hexadecimal, of what it says about all sealed files and itself."""
    files = {name: told for name, told in bundle["files"].items() if is_sealed(name)}
    told = {key: bundle[key] for key in ("format", "kind", "made_at", "software", "subject")}
    return hashlib.sha256(canonical({**told, "files": files})).hexdigest()


def read_bundle(data: bytes) -> dict[str, Any]:
    """What bundle.json says. Raises `Malformed` unless every part has its form."""
    bundle = from_json(data, any_keys=True)
    _need(isinstance(bundle, dict) and bundle.keys() == BUNDLE_KEYS, "bundle.json does not have exactly its keys")
    _need(bundle["format"] == FORMAT, f"only {FORMAT} is known")
    _need(bundle["kind"] in ("full", "case"), "a bundle is full or of a case")
    _need(_is_time(bundle["made_at"]) and isinstance(bundle["software"], str), "made_at or software is wrong")
    _need(_is(bundle["sealed_by"], UUID), "sealed_by is the id of an entry")
    subject = bundle["subject"]
    whole = _has(subject, "id", "label", "type") and all(isinstance(subject[key], str) for key in ("id", "type"))
    whole = whole and isinstance(subject["label"], str | None)
    _need(whole if bundle["kind"] == "case" else subject is None, "a bundle of a case has a subject, a full one none")
    _need(isinstance(bundle["files"], dict), "files is a list of names with sums")
    for name, told in bundle["files"].items():
        sums = _has(told, "bytes", "sha256") and _is(told["sha256"], "[0-9a-f]{64}") and type(told["bytes"]) is int
        _need(sums and _check_name(name) != "bundle.json", f"files says nothing useful about {name}")
    _need(isinstance(bundle["logs"], list) and 0 < len(bundle["logs"]) <= 1_000, "a bundle has at least one log")
    for log in bundle["logs"]:
        told = _has(log, "folder", "origin", "size") and _is(log["folder"], "logs/[1-9][0-9]{0,3}")
        _need(told and isinstance(log["origin"], str) and type(log["size"]) is int, "a log has no folder or no size")
    apart = {len({log[key] for log in bundle["logs"]}) for key in ("folder", "origin")}
    _need(apart == {len(bundle["logs"])}, "two logs have one folder or origin")
    return bundle  # type: ignore[no-any-return]


def _need(holds: object, why: str) -> None:
    if not holds:
        raise Malformed(why)


def _is(value: object, form: str) -> bool:
    return isinstance(value, str) and re.fullmatch(form, value) is not None


def _is_time(value: object) -> bool:
    try:
        return _is(value, TIME) and bool(datetime.fromisoformat(str(value)))
    except ValueError:
        return False


def _has(value: object, *keys: str) -> bool:
    return isinstance(value, dict) and value.keys() == set(keys)


def _dig(value: object, *keys: str) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _packed(identity: str) -> bytes:
    return bytes.fromhex(identity.replace("-", ""))


# The one pass over leaves and bodies


@dataclass(frozen=True, slots=True)
class Stop:
    """A root that the first `size` leaves of a log must have, and which check and file say so."""

    size: int
    root: bytes
    check: str
    file: str


@dataclass(slots=True)
class Log:
    """A log of the bundle: its newest checkpoint, the earlier roots to meet, and when witnesses saw which size."""

    folder: str
    newest: Checkpoint
    stops: list[Stop] = field(default_factory=list)
    seen: list[tuple[int, int]] = field(default_factory=list)


def time_windows(seen: Sequence[tuple[int, int]], skew: int) -> list[tuple[int, str, str]]:
    """From which index on an entry may have been recorded from when until when, given (size, Unix time) of witnesses.

    What a witnessed tree held was recorded before the witness saw it, and what it did not hold was recorded after.
    """
    ordered = sorted(seen)
    earliest = [0, *accumulate((at - skew for _, at in ordered), max)]
    latest = [1 << 64, *accumulate((at + skew for _, at in reversed(ordered)), min)][::-1]
    starts = [0, *(size for size, _ in ordered)]
    return [(start, _text(low), _text(high)) for start, low, high in zip(starts, earliest, latest, strict=True)]


def _text(seconds: int) -> str:
    """A Unix time as entries write it, so that texts compare like times."""
    return datetime.fromtimestamp(min(max(seconds, 0), 253_402_300_799), UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _lines(stream: BinaryIO, limit: int) -> Iterator[bytes]:
    number = 0
    while line := stream.readline(limit + 1):
        number += 1
        if len(line) > limit or not line.endswith(b"\n"):
            raise Malformed(f"line {number:,} is longer than {limit:,} bytes or has no end")
        yield line


class Withheld:
    """Which bodies a bundle admits to withhold, and which acts must explain that."""

    def __init__(self, rows: list[Any]) -> None:
        self.open: dict[bytes, str] = {}
        self.owed: dict[tuple[str, str], set[bytes]] = {}
        self.pruned: Counter[str] = Counter()
        self.explained: dict[tuple[str, str], int | None] = {}
        for row in rows:
            told = _has(row, "by", "id", "why") and _is(row["id"], UUID) and (row["by"] is None or _is(row["by"], UUID))
            why = str(row["why"]) if told else ""
            _need(why == "not_disclosed" if told and row["by"] is None else why in EXPLAINS.values(), "a row is wrong")
            identity = _packed(row["id"])
            _need(identity not in self.open, f"{row['id']} is listed twice")
            self.open[identity] = sys.intern(why)
            if row["by"]:
                self.owed.setdefault((row["by"], why), set()).add(identity)

    def owes(self, entry: str, verb: str) -> bool:
        """Whether this act is said to explain anything."""
        return (entry, EXPLAINS[verb]) in self.owed

    def explain(self, entry: str, verb: str, body: Any, seen: set[bytes]) -> None:
        """Hear an act that took something out. Raises `Malformed` when it does not name what it should explain."""
        ids, listed = self.owed.get((entry, EXPLAINS[verb]), set()), _dig(body, "arguments", "entries")
        what = _dig(body, "arguments", "what")
        if what == "trace":
            listed = []  # it took addresses only, and explains no body
        named = {_packed(each) for each in listed if _is(each, UUID)} if isinstance(listed, list) else set()
        self.explained[entry, EXPLAINS[verb]] = None if body is None else 0 if what == "act" else len(named)
        _need(ids <= seen, "this act is said to explain the loss of a body that was recorded after it")
        _need(body is None or ids <= named, "this act is said to explain the loss of a body that it does not name")

    def unexplained(self) -> Iterator[str]:
        """What is left to complain about after the last leaf."""
        for entry, why in self.owed.keys() - self.explained.keys():
            yield f"bodies are {why} by entry {entry}, but no such act is among the leaves"
        for entry, leaves in self.pruned.items():
            named = self.explained.get((entry, "pruned"), 0)
            if named is not None and named < leaves:
                yield f"entry {entry} explains {named} of the {leaves} entries that were pruned by it"


class Walk:
    """One pass over the leaves and bodies of all logs, in their order. It keeps a few bytes per entry and subject."""

    def __init__(self, bundle: dict[str, Any], source: Folder, findings: Findings, progress: Progress) -> None:
        self.bundle, self.source, self.findings, self.progress = bundle, source, findings, progress
        self.is_case = bundle["kind"] == "case"
        subject = bundle["subject"]
        self.subject = f"{subject['type']}:{subject['id']}" if subject else ""
        self.withheld = Withheld([])
        self.states: dict[str, tuple[int, str]] = {}
        self.agrees: dict[str, bool | None] = {}
        self.last: dict[str, int] = {}
        self.settled: dict[str, int] = {}
        self.quiet = _text(int(datetime.fromisoformat(bundle["made_at"]).timestamp()) - BUSY_SECONDS)
        self.ids: set[bytes] = set()
        self.from_start = self.is_case
        self.sealed_at: str | None = None
        self.heads: dict[str, Checkpoint] = {}
        self.headers = self.acts = self.bodies = self.hidden = self.done = 0
        self.total = sum(each["size"] for each in bundle["logs"])
        self.file, self.index = "", 0
        self.body: re.Match[bytes] | None = None
        self.lines: Iterator[bytes] = iter(())

    def load(self) -> None:
        """Read the small lists that the pass compares with."""
        with self.findings.judge("withheld", "withheld.json"):
            # What was kept from the holder is sealed; what is gone from the record, acts in the log explain.
            kept, gone = (from_json(self.source.read(name)) for name in ("withheld.json", "removed.json"))
            _need(isinstance(kept, list) and isinstance(gone, list), "this is no list")
            mixed = [row for row in kept if _dig(row, "by")] + [row for row in gone if not _dig(row, "by")]
            _need(not mixed, "a row is in the wrong one of withheld.json and removed.json")
            self.withheld = Withheld(kept + gone)
        self.admitted = Counter(self.withheld.open.values())
        with self.findings.judge("state", "state.json"):
            rows = from_json(self.source.read("state.json"))
            _need(isinstance(rows, list), "this is no list")
            for row in rows:
                told = _has(row, "id", "seq", "state", "type") and _is(row["state"], "[0-9a-f]{64}")
                _need(told and type(row["seq"]) is int, "a row of state is wrong")
                subject = f"{row['type']}:{row['id']}"
                _need(subject not in self.states, f"{subject} is listed twice")
                self.states[subject] = row["seq"], row["state"]

    def run(self, logs: Sequence[Log], skew: int) -> None:
        """Walk through all logs, then say what was left over."""
        with self.source.open("bodies.jsonl") as bodies:
            self.lines = _lines(bodies, BODY_LINE)
            self._next_body()
            for log in logs:
                self.file = f"{log.folder}/leaves.jsonl"
                self.windows = time_windows(log.seen, skew)[::-1]
                self.low, self.high = "", "~"
                self._leaves(log)
                self.heads[log.newest.origin] = log.newest
        self._finish()

    # Leaves

    def _leaves(self, log: Log) -> None:
        self.index = 0
        try:
            with self.source.open(self.file) as stream:
                (self._case if self.is_case else self._full)(log, _lines(stream, LEAF_LINE))
        except (Malformed, ProofFailed) as error:
            self._fail("leaves", str(error), self.index)

    def _full(self, log: Log, leaves: Iterator[bytes]) -> None:
        frontier, stops = Frontier(), sorted(log.stops, key=lambda stop: stop.size, reverse=True)
        agreed = self._meet(frontier, stops, 0)
        for line in leaves:
            self.index = index = frontier.size
            if index == log.newest.size:
                raise Malformed(f"there are more leaves than the {index:,} of the checkpoint")
            frontier.append(self._leaf(index, line))
            if stops and stops[-1].size == frontier.size:
                agreed = self._meet(frontier, stops, agreed)
        self.index = frontier.size
        if frontier.size != log.newest.size:
            raise ProofFailed(f"there are {frontier.size:,} leaves, but {log.newest.size:,} in the checkpoint")

    def _leaf(self, index: int, line: bytes) -> bytes:
        """The hash of one leaf of a full bundle, which must be the next."""
        if found := _LEAF.fullmatch(line):
            header, number, proof = found.groups()
            _need(int(number) == index and proof is None, "another leaf should be here, and without a proof")
            raw = from_base64(header)
            self._entry(index, raw)
            return leaf_hash(raw)
        found = _PRUNED.fullmatch(line)
        if not found or int(found[2]) != index:
            raise Malformed("another leaf should be here, or this is none")
        self._count(1)
        self.hidden += 1
        self.withheld.pruned[found[3].decode()] += 1
        return hash_from_base64(found[1])

    def _meet(self, frontier: Frontier, stops: list[Stop], agreed: int) -> int:
        """Compare the root with all checkpoints of this size; return up to where the leaves are known to be good."""
        root = frontier.root()
        while stops and stops[-1].size == frontier.size:
            stop = stops.pop()
            if stop.root == root:
                agreed = stop.size
            else:
                why = f"the first {stop.size:,} leaves do not have the signed root (the first {agreed:,} do)"
                self.findings.fail(stop.check, why, stop.file, agreed if stop.size == agreed + 1 else None)
        return agreed

    def _case(self, log: Log, leaves: Iterator[bytes]) -> None:
        before = -1
        for line in leaves:
            found = _LEAF.fullmatch(line)
            if not found or found[3] is None or int(found[2]) <= before:
                raise Malformed("here should be a later leaf with its proof, or this is none")
            self.index = before = int(found[2])
            raw = from_base64(found[1])
            listed = found[3].split(b",") if found[3] else []
            _need(all(re.fullmatch(rb'"[^"]*"', each) for each in listed), "a proof is not a list of hashes")
            proof = [hash_from_base64(each[1:-1]) for each in listed]
            try:
                check_inclusion(before, log.newest.size, leaf_hash(raw), proof, log.newest.root)
            except ProofFailed as error:
                self._fail("leaves", str(error), before, raw)
            self._entry(before, raw)

    # Entries

    def _entry(self, index: int, raw: bytes) -> None:
        """Check one header, and its body if that is here."""
        self._count(1)
        try:
            found = _HEADER.fullmatch(raw.decode()) if len(raw) <= HEADER_BYTES else None
        except UnicodeDecodeError:
            found = None
        if not found:
            self._fail("headers", header_fault(raw), index)
            return
        commitment, entry, kind, recorded_at, subject, seq, noun, verb = found.groups()
        self.headers += 1
        identity, subject = _packed(entry), f"{noun}:{subject}"
        if identity in self.ids:
            self._fail("sequence", "this entry is in the bundle twice", index, entry)
        self._time(index, entry, recorded_at)
        if index == 0 and not self.heads and verb == "ledger.begin_log" and seq == "1":
            self.from_start = True
        body = self._body(index, entry, identity, commitment)
        self._seq(index, entry, kind, subject, seq)
        if subject in self.states and kind == "act" and seq != "null":
            self._state(subject, int(seq), recorded_at, body)
        if entry == self.bundle["sealed_by"]:
            self._seal(index, recorded_at, kind, verb, body)
        elif verb in EXPLAINS and kind == "act":
            self._explain(index, entry, verb, subject, body)
        elif self.is_case and not self._is_of_the_case(subject):
            self._fail("leaves", f"this entry is about {subject}, which the bundle is not", index, entry)
        elif index == 0 and verb == "ledger.begin_log":
            self._follows(entry, body)
        self.ids.add(identity)

    def _is_of_the_case(self, subject: str) -> bool:
        """Whether a bundle of a case is about this: the case itself, or a row of it that state.json lists."""
        return subject == self.subject or subject in self.states

    def _state(self, subject: str, seq: int, recorded_at: str, body: dict[str, Any] | None) -> None:
        """Hear of an act on a subject whose row is in the bundle."""
        number, wanted = self.states[subject]
        if recorded_at < self.quiet:
            self.settled[subject] = seq
        if seq == number:
            self.agrees[subject] = None if body is None else _dig(body, "state", "sha256") == wanted

    def _time(self, index: int, entry: str, recorded_at: str) -> None:
        while self.windows and self.windows[-1][0] <= index:
            _, self.low, self.high = self.windows.pop()
        try:
            datetime.fromisoformat(recorded_at)
        except ValueError:
            self._fail("headers", "recorded_at is no time", index, entry)
        if not self.low <= recorded_at <= self.high:
            when = f"before {self.low}" if recorded_at < self.low else f"after {self.high}"
            self._fail("times", f"recorded_at {recorded_at} is {when}, which witnesses contradict", index, entry)

    def _seq(self, index: int, entry: str, kind: str, subject: str, seq: str) -> None:
        if kind != "act":
            if seq != "null":
                self._fail("sequence", f"an entry of kind {kind} has no sequence number", index, entry)
            return
        number, before = 0 if seq == "null" else int(seq), self.last.get(subject)
        self.acts += 1
        self.last[subject] = number
        if self.is_case and not self._is_of_the_case(subject):
            good = number > (before or 0)
        elif before is None and not self.from_start:
            good = number > 0
        else:
            good = number == (before or 0) + 1
        if not good:
            why = f"{subject} has act {number} after act {before or 0}: one is missing or out of order"
            self._fail("sequence", why, index, entry)

    def _next_body(self) -> None:
        self.body = None
        try:
            if line := next(self.lines, b""):
                self.body = _BODY.fullmatch(line)
                _need(self.body, "this line is no body, id and salt")
        except Malformed as error:
            self.findings.fail("bodies", f"after {self.bodies:,} bodies: {error}", "bodies.jsonl")

    def _body(self, index: int, entry: str, identity: bytes, commitment: str) -> dict[str, Any] | None:
        """The body of an entry, checked, or None: then it must be among the withheld."""
        if not self.body or self.body[2] != entry.encode():
            if self.withheld.open.pop(identity, None) is None:
                self._fail("withheld", "the body is not in its place, and not said to be withheld", index, entry)
            return None
        data, _, salt = self.body.groups()
        self.bodies += 1
        self._next_body()
        try:
            raw = from_base64(data)
            digest = hashlib.sha256(CONTEXT + identity + hash_from_base64(salt) + raw).digest()
            _need(base64.b64encode(digest).decode() == commitment, "the body is not the one that the header commits to")
            _need(len(raw) <= BODY_BYTES, "the body is too large")
            body = from_json(raw)
            _need(isinstance(body, dict), "the body is no object")
        except Malformed as error:
            self._fail("bodies", str(error), index, entry)
            return None
        return body  # type: ignore[no-any-return]

    # Special entries

    def _seal(self, index: int, recorded_at: str, kind: str, verb: str, body: dict[str, Any] | None) -> None:
        """Check the entry that binds the readable files to the log, and the states as they were when it was made."""
        self.sealed_at = recorded_at
        self.findings.counts["seal"] = 1
        entry = self.bundle["sealed_by"]
        if kind != "access" or verb not in EXPORTS:
            self._fail("seal", "the entry that should hold the seal is not about an export", index, entry)
        elif body is None:
            self._fail("seal", "the body that should hold the seal is not in the bundle", index, entry)
        elif _dig(body, "arguments", "seal") != seal(self.bundle):
            self._fail("seal", "the readable files are not those that were sealed in the log", index, entry)
        self._compare_states()

    def _explain(self, index: int, entry: str, verb: str, subject: str, body: dict[str, Any] | None) -> None:
        if self.is_case and not self._is_of_the_case(subject) and not self.withheld.owes(entry, verb):
            self._fail("leaves", "this act explains nothing that the bundle withholds", index, entry)
        try:
            self.withheld.explain(entry, verb, body, self.ids)
        except Malformed as error:
            self._fail("withheld", str(error), index, entry)

    def _follows(self, entry: str, body: dict[str, Any] | None) -> None:
        """A log that follows another holds its last checkpoint: so the earlier one was not cut afterwards."""
        earlier = self.heads.get(str(_dig(body, "arguments", "previous")))
        note = _dig(body, "arguments", "checkpoint")
        if earlier and isinstance(note, str):
            with self.findings.judge("earlier checkpoints", self.file):
                last = Checkpoint.parse(note.encode())
                same = (last.size, last.root) == (earlier.size, earlier.root)
                _need(same, f"entry {entry} follows a checkpoint of {last.size:,} leaves, not the bundle's newest")

    def _compare_states(self) -> None:
        """What rows say now must be what their last acts left behind. Later acts, of after the export, do not count.

        The rows were read while others worked: an act of the minute before the export may be in them or not.
        """
        for subject, (seq, _) in self.states.items():
            last, agrees = self.last.get(subject), self.agrees.get(subject)
            self.findings.counts["state"] += 1
            fits = self.settled.get(subject, 0) <= seq <= (last or 0)
            if not fits and (self.from_start or last is not None):
                why = f"{subject} is now at act {seq}, but the log ends with act {last or 0} about it"
                self.findings.fail("state", why, "state.json")
            elif agrees is False:
                self.findings.fail("state", f"{subject} is not what its last act left behind", "state.json")
        if unknown := sum(self.agrees.get(subject) is None for subject in self.states):
            self.findings.sentences.append(f"{unknown:,} states: the body of the last act is not here.")
        subjects = [self.subject] if self.is_case else self.last
        if absent := sum(subject not in self.states for subject in subjects):
            self.findings.sentences.append(f"{absent:,} subjects: state.json does not say what they are now.")

    def _finish(self) -> None:
        """Complain about what should have been used up, and count."""
        if self.sealed_at is None:
            self.findings.fail("seal", "the entry that should hold the seal is not among the leaves", "bundle.json")
            self._compare_states()
        if self.body:
            why = "this body belongs to no leaf at this place"
            self.findings.fail("bodies", why, "bodies.jsonl", entry=self.body[2].decode())
        if self.withheld.open:
            why = f"{len(self.withheld.open):,} bodies are said to be withheld but are here, or their leaves are not"
            self.findings.fail("withheld", why, "withheld.json")
        for why in self.withheld.unexplained():
            self.findings.fail("withheld", why, "withheld.json")
        counts = {"leaves": self.done, "headers": self.headers, "sequence": self.acts, "bodies": self.bodies}
        self.findings.counts.update(counts, withheld=self.admitted.total() + self.hidden)

    def _count(self, leaves: int) -> None:
        self.done += leaves
        if self.done % 1_000 == 0:
            self.progress.tick("leaves", self.done, self.total)

    def _fail(self, check: str, why: str, index: int, entry: str | bytes | None = None) -> None:
        if isinstance(entry, bytes):
            named = re.search(rf'"id":"({UUID})"'.encode(), entry)
            entry = named[1].decode() if named else None
        self.findings.fail(check, why, "bodies.jsonl" if check == "bodies" else self.file, index, entry)


# The whole check


@dataclass(frozen=True, slots=True)
class Auditor:
    """What the auditor brings: keys, witnesses, checkpoints kept from earlier, and limits. Nothing of the bundle."""

    keys: Sequence[Key]
    witnesses: Sequence[Key]
    quorum: int
    known: Sequence[bytes]
    max_age: timedelta | None
    skew: int
    now: datetime

    def signed(self, note: Checkpoint) -> bool:
        """Whether a known key of the note's origin signed it. Raises `ProofFailed` for a bad line of one."""
        signed = [note.signed_by(key) for key in self.keys if key.name == note.origin]
        return any(signed)

    def seen(self, note: Checkpoint) -> dict[bytes, int]:
        """When known witnesses cosigned a note, by public key. Raises `ProofFailed` for a bad line of one."""
        times = {key.public: note.cosigned_at(key) for key in self.witnesses}
        return {public: at for public, at in times.items() if at is not None}


def verify(
    path: str | Path,
    *,
    keys: Sequence[Key],
    witnesses: Sequence[Key] = (),
    quorum: int = 0,
    known: Sequence[bytes] = (),
    max_age: timedelta | None = None,
    skew: int = SKEW,
    now: datetime | None = None,
    progress: Callable[[str], None] | None = None,
) -> Report:
    """Check a bundle with the auditor's own keys and checkpoints. `skew` is in seconds, `known` holds notes."""
    auditor = Auditor(keys, witnesses, quorum, known, max_age, skew, now or datetime.now(UTC))
    findings, heads = Findings(), list[Checkpoint]()
    try:
        source = opened(Path(path))
    except Malformed as error:
        findings.fail("container", str(error), Path(path).name)
    except (Unreadable, OSError, ValueError) as error:
        findings.block("container", f"The bundle cannot be read: {error}")
    else:
        findings.counts["container"] = sum(source.sizes.values())
        try:
            heads = Check(source, findings, auditor, Progress(progress)).run()
        except (OSError, MemoryError) as error:
            findings.block("container", f"The bundle cannot be read: {type(error).__name__}: {error}")
        finally:
            source.close()
    return findings.report(heads)


class Check:
    """All checks of one bundle that was opened."""

    def __init__(self, source: Folder, findings: Findings, auditor: Auditor, progress: Progress) -> None:
        self.source, self.findings, self.auditor, self.progress = source, findings, auditor, progress
        self.sums: dict[str, str] = {}
        self.newest_seen: int | None = None

    def run(self) -> list[Checkpoint]:
        """Check everything that can be; the newest checkpoint of each log that could be read."""
        logs: list[Log] = []
        with self.findings.judge("files", "bundle.json"):
            self.bundle = read_bundle(self.source.read("bundle.json"))
            self._files()
            for told in self.bundle["logs"]:
                self._log(told, logs)
            self._known({log.newest.origin: log for log in logs})
            self._evidence()
            walk = Walk(self.bundle, self.source, self.findings, self.progress)
            walk.load()
            with self.findings.judge("bodies", "bodies.jsonl"):
                walk.run(logs, self.auditor.skew)
            self.findings.counts["times"] = walk.headers if any(log.seen for log in logs) else 0
            self._age(walk.sealed_at)
            self.findings.sentences += self._limits(walk)
        return [log.newest for log in logs]

    def _files(self) -> None:
        """Sums and names: nothing missing, nothing unlisted, and in logs/ only what has a meaning there."""
        listed, done = self.bundle["files"], 0
        folders = {log["folder"] for log in self.bundle["logs"]}
        total = sum(self.source.sizes.values())

        def tick(size: int) -> None:
            nonlocal done
            done += size
            self.progress.tick("bytes", done, total)

        for name in sorted(listed.keys() | self.source.sizes.keys() - {"bundle.json"}):
            with self.findings.judge("files", name):
                _need(name in listed, f"{name} is not listed in bundle.json")
                self.sums[name] = self.source.sum(name, tick)
                right = (self.sums[name], self.source.sizes[name]) == (listed[name]["sha256"], listed[name]["bytes"])
                _need(right, f"{name} is not the file whose sum is in bundle.json")
                own = _LOG_FILE.fullmatch(name)
                meant = is_sealed(name) or name in WRITTEN_LAST or (own and own[1] in folders)
                _need(meant, f"{name} has no meaning")
                self.findings.counts["files"] += 1
        with self.findings.judge("files", "bundle.json"):
            self.source.sum("bundle.json", tick)

    # Checkpoints

    def _log(self, told: dict[str, Any], logs: list[Log]) -> None:
        """Add a log by its newest checkpoint, and check the signatures and the earlier checkpoints."""
        file = f"{told['folder']}/checkpoint.txt"
        with self.findings.judge("signatures", file):
            note = Checkpoint.parse(self.source.read(file, NOTE_BYTES))
            log = Log(told["folder"], note, [Stop(note.size, note.root, "leaves", f"{told['folder']}/leaves.jsonl")])
            same = (note.origin, note.size) == (told["origin"], told["size"])
            _need(same, "the checkpoint is of another log or size than bundle.json says")
            logs.append(log)
            self._signatures(log, file)
            self._earlier(log)

    def _signatures(self, log: Log, file: str) -> None:
        note = log.newest
        self.findings.counts["signatures"] += 1
        with self.findings.judge("signatures", file):
            if not any(key.name == note.origin for key in self.auditor.keys):
                self.findings.block(
                    "signatures", f"No key was given for {note.origin}, so nothing vouches for this log."
                )
            elif not self.auditor.signed(note):
                raise ProofFailed(f"no key that you gave signed this checkpoint of {note.origin}")
            seen = self.auditor.seen(note)
            log.seen += [(note.size, at) for at in seen.values()]
            self._saw(seen.values())
            self.findings.counts["quorum"] += len(seen)
            if len(seen) < self.auditor.quorum:
                why = f"{len(seen)} known witnesses cosigned the newest checkpoint, {self.auditor.quorum} are needed"
                self.findings.fail("quorum", why, file)

    def _saw(self, times: Iterable[int]) -> None:
        """Note when witnesses have seen a checkpoint of this bundle; the latest time tells its age."""
        self.newest_seen = max([*times, *([] if self.newest_seen is None else [self.newest_seen])], default=None)

    def _earlier(self, log: Log) -> None:
        """The other checkpoints that the bundle holds must be signed, and be beginnings of the newest."""
        for name in sorted(self.source.sizes):
            own = _LOG_FILE.fullmatch(name)
            if not own or own[1] != log.folder or not own[2] or name.endswith(".proof"):
                continue
            with self.findings.judge("earlier checkpoints", name):
                self.findings.counts["earlier checkpoints"] += 1
                note = Checkpoint.parse(self.source.read(name, NOTE_BYTES))
                _need(note.origin == log.newest.origin and str(note.size) == own[2], "it is of another log or size")
                _need(note.size <= log.newest.size, "it is newer than the newest")
                has_key = any(key.name == note.origin for key in self.auditor.keys)
                _need(not has_key or self.auditor.signed(note), "no key that you gave signed it")
                seen = self.auditor.seen(note).values()
                log.seen += [(note.size, at) for at in seen]
                self._saw(seen)
                self._prefix(log, note, "earlier checkpoints", name)

    def _prefix(self, log: Log, note: Checkpoint, check: str, file: str) -> None:
        """A checkpoint is a beginning of the newest: by the leaves in a full bundle, by a proof in one of a case."""
        if self.bundle["kind"] == "full":
            log.stops.append(Stop(note.size, note.root, check, file))
        elif note.size == log.newest.size:
            _need(note.root == log.newest.root, "two signed checkpoints of one size have different roots: a fork")
        elif note.size == 0:
            _need(note.root == Frontier().root(), "this is not the root of an empty log")
        else:
            data = self.source.read(f"{log.folder}/checkpoints/{note.size}.proof", NOTE_BYTES)
            _need(not data or data.endswith(b"\n"), "the proof has no end")
            proof = [hash_from_base64(line) for line in data.split(b"\n")[:-1]]
            check_consistency(note.size, log.newest.size, proof, note.root, log.newest.root)

    def _known(self, logs: dict[str, Log]) -> None:
        """The auditor's own checkpoints must be signed, not newer, and beginnings of the bundle's newest."""
        for number, data in enumerate(self.auditor.known, 1):
            file = f"known checkpoint {number}"
            try:
                note = Checkpoint.parse(data)
            except Malformed as error:
                self.findings.block("known checkpoints", f"The {file} cannot be read: {error}.")
                continue
            log = logs.get(note.origin)
            if not log or not any(key.name == note.origin for key in self.auditor.keys):
                why = f"The {file} is of {note.origin}, of which the bundle has no log or you gave no key."
                self.findings.block("known checkpoints", why)
                continue
            with self.findings.judge("known checkpoints", file):
                self.findings.counts["known checkpoints"] += 1
                _need(self.auditor.signed(note), "no key that you gave signed it")
                log.seen += [(note.size, at) for at in self.auditor.seen(note).values()]
                newer = "it is larger: the log was cut, or this bundle is older than the checkpoint you kept"
                _need(note.size <= log.newest.size, newer)
                proof = f"{log.folder}/checkpoints/{note.size}.proof"
                if self.bundle["kind"] == "case" and 0 < note.size < log.newest.size and proof not in self.source.sizes:
                    why = f"The bundle holds no proof that it extends {file}, of {note.size:,} leaves."
                    self.findings.block("known checkpoints", why)
                else:
                    self._prefix(log, note, "known checkpoints", file)

    # The rest

    def _age(self, sealed_at: str | None) -> None:
        limit, now = self.auditor.max_age, self.auditor.now
        if limit is None:
            self.findings.sentences.append("Age: no --max-age was given, so this may be an old copy.")
            return
        # The log's own word for the time counts only for an auditor who asks no witness: a cut log can be sealed anew.
        own_word = None if self.auditor.witnesses else sealed_at
        witnessed = _text(self.newest_seen) if self.newest_seen is not None else own_word
        self.findings.counts["age"] = 1
        with self.findings.judge("age", "bundle.json"):
            _need(witnessed, "no witness that you named, or nothing, says how old the bundle is")
            at = datetime.fromisoformat(str(witnessed))
            _need(at >= now - limit, f"the newest time is {witnessed}, which is too long ago")
            _need(at <= now + timedelta(seconds=self.auditor.skew), f"the newest time is {witnessed}, in the future")

    def _evidence(self) -> None:
        """Evidence is named by the hash of its bytes, and evidence.json tells of each."""
        kept = [name for name in sorted(self.sums) if name.startswith("evidence/")]
        if not kept and "evidence.json" not in self.source.sizes:
            return
        with self.findings.judge("evidence", "evidence.json"):
            rows = from_json(self.source.read("evidence.json"), any_keys=True)
            _need(isinstance(rows, list) and all(isinstance(row, dict) for row in rows), "this is no list of evidence")
            told = [row.get(key) for row in rows for key in ("raw_sha256", "text_sha256")]
            named = {each for each in told if isinstance(each, str)}
            for name in kept:
                digest = name.removeprefix("evidence/").removesuffix(".txt")
                _need(self.sums[name] == digest, f"{name} does not hold the bytes of its name")
                _need(digest in named, f"{name} is not told of in evidence.json")
                self.findings.counts["evidence"] += 1
            if absent := len(named - {Path(name).stem for name in kept}):
                self.findings.sentences.append(f"{absent:,} pieces of evidence: only their hashes are here.")

    def _limits(self, walk: Walk) -> Iterator[str]:
        """What no check of a bundle can show, or nobody asked for."""
        if not self.auditor.witnesses:
            yield "Witnesses: no key of one was given, so whoever holds the log's key could have rewritten it."
        if not self.auditor.known:
            yield "Earlier checkpoints: you gave none of your own, so a shorter but genuine copy would also pass."
        for why, count in sorted(walk.admitted.items()):
            yield f"{count:,} bodies: {why.replace('_', ' ')}."
        if walk.hidden:
            yield f"{walk.hidden:,} entries: pruned, only their hashes are left."
        if self.bundle["kind"] == "case":
            yield "Whether accesses and refusals are missing: unlike acts they have no sequence numbers."
        elif not walk.from_start:
            yield "What happened before the bundle's first entry."
        yield "Who stands behind an account, and whether what they wrote down is true."


# The command


def read_keys(text: str) -> list[Key]:
    """Keys of the command line: one itself, or @FILE or the path of a file with one a line. Raises `Malformed`."""
    given = text
    try:
        if text.startswith("@") or Path(text).is_file():
            with Path(text.removeprefix("@")).open("rb") as file:
                text = file.read(65_536).decode()
    except (OSError, ValueError) as error:
        if text.startswith("@"):
            raise Malformed(f"{text}: {error}") from error
    if "+" not in text:
        raise Malformed(f"{given}: there is no such file, and a key is written NAME+ID+BASE64")
    return [Key.parse(line.strip()) for line in text.splitlines() if line.strip()]


def _kind_of_key(algorithm: int) -> Callable[[str], list[Key]]:
    def parse(text: str) -> list[Key]:
        try:
            keys = read_keys(text)
        except Malformed as error:
            raise argparse.ArgumentTypeError(str(error)) from error
        if other := [key.name for key in keys if key.algorithm != algorithm]:
            raise argparse.ArgumentTypeError(f"{other[0]} is a key of the other kind (log or witness)")
        return keys

    return parse


def _duration(text: str) -> timedelta:
    found = re.fullmatch(r"([0-9]{1,6})([smhd])", text)
    if not found:
        raise argparse.ArgumentTypeError("an age is written 90s, 15m, 24h or 7d")
    return int(found[1]) * timedelta(seconds={"s": 1, "m": 60, "h": 3_600, "d": 86_400}[found[2]])


def _note(text: str) -> bytes:
    try:
        with Path(text).open("rb") as file:
            return file.read(NOTE_BYTES + 1)
    except (OSError, ValueError) as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _count(text: str) -> int:
    if not re.fullmatch("[0-9]{1,6}", text):
        raise argparse.ArgumentTypeError("this is a small whole number")
    return int(text)


def _arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="verifier.py", description="Check a bundle of the audit ledger, offline.")
    parser.add_argument("bundle", metavar="BUNDLE", help="a folder or zip")
    log, witness = _kind_of_key(LOG_SIGNATURE), _kind_of_key(COSIGNATURE)
    key = "the key of a log: itself, @FILE or a path; from someone you trust, never from the bundle"
    parser.add_argument("--key", metavar="VKEY", action="append", required=True, type=log, help=key)
    parser.add_argument("--witness", metavar="VKEY", action="append", default=[], type=witness, help="of a witness")
    parser.add_argument("--quorum", metavar="N", default=0, type=_count, help="how many witnesses must have cosigned")
    parser.add_argument("--known", metavar="CHECKPOINT_FILE", action="append", default=[], type=_note, help="you kept")
    parser.add_argument("--max-age", metavar="24h", type=_duration, help="how old the bundle may be (s, m, h, d)")
    parser.add_argument("--skew", metavar="300", default=SKEW, type=_count, help="seconds that clocks may differ")
    parser.add_argument("--json", metavar="FILE", help="write the report as JSON; - writes it instead of the text")
    chosen = parser.parse_args(words)
    chosen.key, chosen.witness = (list(chain.from_iterable(each)) for each in (chosen.key, chosen.witness))
    if chosen.quorum > len({each.public for each in chosen.witness}):
        parser.error("--quorum asks for more witnesses than were given")
    return chosen


def main(words: Sequence[str] | None = None) -> int:
    """Check the bundle that the command line names, print the report, and return the exit status."""
    chosen = _arguments(words)
    options = {"keys": chosen.key, "witnesses": chosen.witness, "quorum": chosen.quorum, "known": chosen.known}
    try:
        options |= {"max_age": chosen.max_age, "skew": chosen.skew, "progress": lambda line: _say(sys.stderr, line)}
        report = verify(chosen.bundle, **options)
        data = json.dumps(asdict(report), indent=2, ensure_ascii=True)
        if chosen.json and chosen.json != "-":
            Path(chosen.json).write_text(data + "\n", encoding="utf-8")
        _say(sys.stdout, data if chosen.json == "-" else report.as_text().rstrip())
    except Exception as error:  # noqa: BLE001 - hostile bytes must end in a sentence and status 2, never in a traceback
        _say(sys.stderr, f"Could not check: {type(error).__name__}: {error}")
        return EXIT["could not check"]
    return report.exit_status


def _say(stream: TextIO, text: str) -> None:
    # A terminal that cannot show a character must not end the check.
    encoding = stream.encoding or "ascii"
    stream.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")
    stream.flush()


if __name__ == "__main__":
    sys.exit(main())
