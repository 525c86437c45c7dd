"""What the signer remembers outside the database: the last head it signed of each log."""

from __future__ import annotations

import base64
import datetime
import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .verifier import Frontier


class Unreadable(Exception):
    """The memory is not what was written, and guessing would defeat its purpose."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """A head: size, root, and the frontier from which the tree grows on."""

    origin: str
    size: int
    root: bytes
    frontier: tuple[bytes, ...]

    @property
    def tree(self) -> Frontier:
        """The tree at this head."""
        return Frontier(self.size, list(self.frontier))

    def line(self, at: datetime.datetime) -> str:
        """One line of the file."""
        told = {
            "log": self.origin,
            "size": self.size,
            "root": base64.b64encode(self.root).decode(),
            "frontier": [base64.b64encode(each).decode() for each in self.frontier],
            "at": at.isoformat(),
        }
        return json.dumps(told, sort_keys=True) + "\n"


class Memory:
    """A file of lines, one per head; the last one of a log counts. It only grows, and is rewritten when large."""

    LARGEST = 1_000_000

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def held(self) -> Iterator[bool]:
        """Whether this copy is now the only one that signs; never waits for a copy that may be standing still."""
        with self.path.with_name(f".{self.path.name}.lock").open("a") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True

    def set_aside(self) -> None:
        """Put a memory that cannot be read out of the way, and keep it for whoever looks into it."""
        self.path.replace(self.path.with_name(f"{self.path.name}.damaged-{_now():%Y%m%dT%H%M%S}"))

    def recall(self, origin: str) -> Remembered | None:
        """The last head of a log. Raises `Unreadable` for a damaged file; a torn last line was never signed for."""
        return self._read().get(origin)

    def keep(self, head: Remembered) -> None:
        """Remember a head, and return only when the disk has it. Raises `Unreadable` rather than turn back."""
        heads = self._read()
        if head.origin in heads and heads[head.origin].size > head.size:
            raise Unreadable(f"{self.path} remembers {heads[head.origin].size:,} entries, and forgets none of them")
        heads[head.origin] = head
        if self.path.exists() and self.path.stat().st_size < self.LARGEST and not self._is_torn():
            self._write(self.path, "ab", head.line(_now()))
        else:
            fresh = self.path.with_name(f".{self.path.name}.{os.getpid()}")
            self._write(fresh, "wb", "".join(each.line(_now()) for each in heads.values()))
            fresh.replace(self.path)
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _read(self) -> dict[str, Remembered]:
        if not self.path.exists():
            return {}
        whole, _, _ = self.path.read_bytes().rpartition(b"\n")
        try:
            heads = [_parsed(line) for line in whole.splitlines()]
        except (ValueError, KeyError, TypeError) as fault:
            raise Unreadable(f"{self.path} is damaged: {fault}") from fault
        return {head.origin: head for head in heads}

    def _is_torn(self) -> bool:
        return not self.path.read_bytes().endswith(b"\n")

    @staticmethod
    def _write(path: Path, mode: str, words: str) -> None:
        with path.open(mode) as file:
            file.write(words.encode())
            file.flush()
            os.fsync(file.fileno())


def _parsed(line: bytes) -> Remembered:
    told = json.loads(line)
    frontier = tuple(base64.b64decode(each, validate=True) for each in told["frontier"])
    head = Remembered(told["log"], told["size"], base64.b64decode(told["root"], validate=True), frontier)
    if head.tree.root() != head.root:
        raise ValueError(f"the head at {head.size} does not add up")
    return head


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
