"""Reads the records of a web archive one after the other (WARC 1.0 and 1.1, ISO 28500), from a file of any size.

Never more than one record is in memory, and only one that is wanted. A place in the file is where a later reader goes
on: the byte at which a gzip member or a record begins, and how many records of that member were read already. An
archive that packs each record as a member of its own, as it should, has a place at every record. One that is a single
member has none inside: a later reader unpacks it from its start again and passes over the records it knows.
"""

import io
import logging
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecordLoader

RECORD_BYTES = 20_000_000
HEAD_BYTES = 1_000_000

_MAGIC = b"\x1f\x8b\x08"
_NAME = re.compile(rb"WARC/\d\.\d{1,2}\r?\n")
# Where reading can go on behind damage. The flags of a gzip member leave three bits unused.
_BEGINNING = re.compile(rb"\x1f\x8b\x08[\x00-\x1f]|WARC/\d\.\d{1,2}\r?\n[A-Za-z-]{4,40}:")
_LONGEST_MARK = 64
_LINE_MAX = 64_000
_BLOCK = 65_536
_SEARCHED = 1_000_000
_PROBES_MAX = 10_000
_loader = ArcWarcRecordLoader(verify_http=False, arc2warc=False)

# It reports every blank in an address, with the address.
logging.getLogger("warcio").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record begins or reading goes on: behind `skip` records of what begins at byte `offset`."""

    offset: int = 0
    skip: int = 0

    def __str__(self) -> str:
        within = f", number {self.skip + 1:,} packed there" if self.skip else ""
        return f"record at byte {self.offset:,}{within}"


@dataclass(frozen=True, slots=True)
class Record:
    """One record, or in `trouble` why there is none. `block` is empty for a record that was not wanted."""

    at: Place
    after: Place
    head: dict[str, str] = field(default_factory=dict)
    block: bytes = b""
    trouble: str = ""


# Judges a record by its head: True to read it, False to pass over it.
Wanted = Callable[[dict[str, str]], bool]


class Damaged(Exception):
    """The bytes cannot be unpacked or are no record; the text goes on where a sentence begins "The record at ..."."""


def records(file: BinaryIO, wanted: Wanted, start: Place) -> Iterator[Record]:
    """The records from a place on, also those passed over. Damage is told as a record with trouble, and what can be
    read behind it is read. The file must be seekable, and is the reader's until the last record."""
    place = start
    while mark := _peek(file, place.offset):
        run = _Run(file, place, packed=mark.startswith(_MAGIC))
        try:
            yield from run.records(wanted)
            place = run.place
        except Damaged as damage:
            further = Place(_beginning(file, run.place.offset + 1))
            yield Record(run.place, further, trouble=_told(damage, run.place, further))
            place = further


def _told(damage: Damaged, at: Place, further: Place) -> str:
    return f"The {at} {damage}. {further.offset - at.offset:,} bytes were passed over."


class Head:
    """What a parser of heads reads from: its lines and their sum are bounded. Raises Damaged."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream
        self.left = HEAD_BYTES

    def readline(self, length: int | None = None) -> bytes:
        """The next line of the head."""
        line: bytes = self.stream.readline(_LINE_MAX)
        self.left -= len(line)
        if self.left < 0 or len(line) == _LINE_MAX:
            raise Damaged("has a head without end")
        return line


class _Run:
    """The records in one piece of a file: what one gzip member holds, or all there is unpacked.

    `place` is the record being read; when all are read, the end of the piece.
    """

    def __init__(self, file: BinaryIO, start: Place, *, packed: bool) -> None:
        file.seek(start.offset)
        self.file, self.place, self.known = file, Place(start.offset), start.skip
        self.member = _Member(file) if packed else None
        self.stream: Any = io.BufferedReader(self.member, _BLOCK) if self.member else file

    def records(self, wanted: Wanted) -> Iterator[Record]:
        """One record after the other, without those known from an earlier visit. Raises Damaged."""
        line = self.begin()
        while line:
            at, is_known = self.place, self.place.skip < self.known
            head, block = self.read(line, (lambda head: False) if is_known else wanted)
            # The next one is looked for first: a record that does not end where it says is not handed on.
            line = self.begin(behind=True)
            if not is_known:
                yield Record(at, self.place, head, block)

    def begin(self, *, behind: bool = False) -> bytes:
        """Find the first line of the next record and make it the place; nothing at the end of the piece."""
        line: bytes = self.stream.readline(_LINE_MAX)
        while line and not line.strip():
            line = self.stream.readline(_LINE_MAX)
        place = self.following(line, behind)
        if line and not _NAME.fullmatch(line):
            raise Damaged("does not end where it says" if behind else "is no record")
        self.place = place
        return line

    def following(self, line: bytes, behind: bool) -> Place:
        """The place of the record that begins with this line."""
        if self.member is None:
            return Place(self.file.tell() - len(line))
        return Place(self.place.offset, self.place.skip + behind) if line else Place(self.member.end())

    def read(self, line: bytes, wanted: Wanted) -> tuple[dict[str, str], bytes]:
        """Head and block of a record whose first line was read."""
        try:
            record = _loader.parse_record_stream(Head(self.stream), line, "warc", no_record_parse=True)
        except (ArchiveLoadFailed, EOFError) as error:
            raise Damaged("is of an unknown version or cut off") from error
        head = {name.lower(): str(value) for name, value in reversed(record.rec_headers.headers)}
        if record.length is None or not head.get("content-length", "").strip().isdecimal():
            raise Damaged("does not say how long it is")
        if record.length <= RECORD_BYTES + HEAD_BYTES and wanted(head):
            return head, self.block(record.length)
        self.pass_over(record.length)
        return head, b""

    def block(self, length: int) -> bytes:
        """The bytes of a record."""
        block: bytes = self.stream.read(length)
        if len(block) < length:
            raise Damaged("is cut off")
        return block

    def pass_over(self, length: int) -> None:
        """Go behind the bytes of a record without holding them."""
        if self.member is None:
            end = self.file.tell() + length
            if end > self.file.seek(0, io.SEEK_END):
                raise Damaged("is cut off")
            self.file.seek(end)
        while self.member and length:
            passed = len(self.stream.read(min(length, _BLOCK)))
            if not passed:
                raise Damaged("is cut off")
            length -= passed


class _Member(io.RawIOBase):
    """One gzip member, unpacked as it is read. Raises Damaged."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__()
        self.file = file
        self.unpacker = zlib.decompressobj(31)

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer, at the end of the member with nothing."""
        while not self.unpacker.eof:
            packed = self.unpacker.unconsumed_tail or self.file.read(_BLOCK)
            try:
                data = self.unpacker.decompress(packed, len(buffer))
            except zlib.error as error:
                raise Damaged("is damaged") from error
            if data:
                buffer[: len(data)] = data
                return len(data)
            if not packed:
                raise Damaged("is cut off")
        return 0

    def end(self) -> int:
        """The byte behind the member, once all of it is read."""
        return self.file.tell() - len(self.unpacker.unused_data)


def _peek(file: BinaryIO, offset: int) -> bytes:
    file.seek(offset)
    return file.read(len(_MAGIC))


def _beginning(file: BinaryIO, start: int) -> int:
    """The next byte from `start` on where reading can go on; the end of the file if there is none."""
    probes, at, tail = 0, start - 1, b""
    file.seek(at)
    while block := file.read(_SEARCHED):
        searched = tail + block
        origin = at - len(tail)
        at += len(block)
        for found in _BEGINNING.finditer(searched, max(0, start - origin)):
            probes += 1
            if probes <= _PROBES_MAX and _begins(file, origin + found.start(), found.group()):
                return origin + found.start()
        tail = searched[-_LONGEST_MARK:]
        file.seek(at)
    return at


def _begins(file: BinaryIO, offset: int, mark: bytes) -> bool:
    """Whether a record begins here: a gzip member may hold anything."""
    if not mark.startswith(_MAGIC):
        return True
    file.seek(offset)
    try:
        return zlib.decompressobj(31).decompress(file.read(4_096), 5) == b"WARC/"
    except zlib.error:
        return False
