"""Limits for the reading of hostile bytes inside a worker: memory, time, and no network."""

from __future__ import annotations

import resource
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from riskreview.lib.offline import offline

_OWN_SIZE = Path("/proc/self/statm")
_AGAIN, _AT_ONCE = 1.0, 0.001  # seconds


class Confined(Exception):
    """The bytes asked for more than they get; `reason` says so in words for staff."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TooBig(Confined):
    """Reading them took too much memory."""


class TookTooLong(Confined):
    """Reading them took too long."""


class _TimeIsUp(BaseException):
    """The clock rang. Not an Exception: a reader that takes every error for a damaged file must not take this one."""


class _AddressSpace:
    """The limit belongs to the whole process: where two threads read at once, the narrowest of theirs holds.

    Whoever put back just what he found would leave the other's limit behind for good.
    """

    def __init__(self) -> None:
        self._changing, self._held = threading.Lock(), list[int]()
        self._usual = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)

    def narrow(self, limit: int) -> None:
        with self._changing:
            if not self._held:
                self._usual = resource.getrlimit(resource.RLIMIT_AS)
            self._held.append(limit)
            self._apply()

    def widen(self, limit: int) -> None:
        with self._changing:
            self._held.remove(limit)
            self._apply()

    def _apply(self) -> None:
        limits = [*self._held, *(each for each in self._usual if each != resource.RLIM_INFINITY)]
        soft = min(limits) if self._held else self._usual[0]
        resource.setrlimit(resource.RLIMIT_AS, (soft, self._usual[1]))


_SPACE = _AddressSpace()


@contextmanager
def confined(*, memory: int, seconds: float) -> Iterator[None]:
    """Inside: at most `memory` more bytes of address space, at most `seconds` of time, and no network.

    Raises TooBig and TookTooLong. The memory is limited on Linux, the time in the main thread of a process; what a C
    library does between two steps of Python ends the time only afterwards, or at the worker's own hard limit.
    """
    with offline(), _at_most(memory), _within(seconds):
        yield


@contextmanager
def _at_most(memory: int) -> Iterator[None]:
    if not _OWN_SIZE.exists():
        yield
        return
    limit = int(_OWN_SIZE.read_text(encoding="ascii").split()[0]) * resource.getpagesize() + memory
    _SPACE.narrow(limit)
    try:
        yield
    except MemoryError as error:
        raise TooBig(f"Reading it takes more than {memory // 2**20:,} MiB of memory.") from error
    finally:
        _SPACE.widen(limit)


@contextmanager
def _within(seconds: float) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread() or sys.platform == "win32":
        yield
        return

    ringing = True

    def over(number: int, frame: object) -> None:
        if ringing:
            raise _TimeIsUp

    began, usual = time.monotonic(), signal.signal(signal.SIGALRM, over)
    left, again = signal.getitimer(signal.ITIMER_REAL)
    # It rings again and again: a finaliser, or a reader that catches everything, may swallow it once.
    signal.setitimer(signal.ITIMER_REAL, min(seconds, left or seconds), _AGAIN)
    try:
        yield
    except _TimeIsUp:
        raise TookTooLong(f"Reading it takes longer than {seconds:g} seconds.") from None
    finally:
        ringing = False
        rest = max(left - (time.monotonic() - began), _AT_ONCE) if left else 0.0
        signal.setitimer(signal.ITIMER_REAL, rest, again)
        signal.signal(signal.SIGALRM, usual)
