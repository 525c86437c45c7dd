"""Limits for the reading of hostile bytes inside a worker: memory, time, and no network."""

from __future__ import annotations

import resource
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from riskreview.lib.offline import offline

_OWN_SIZE = Path("/proc/self/statm")


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
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = int(_OWN_SIZE.read_text(encoding="ascii").split()[0]) * resource.getpagesize() + memory
    limits = [each for each in (wanted, soft, hard) if each != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_AS, (min(limits), hard))
    try:
        yield
    except MemoryError as error:
        raise TooBig(f"Reading it takes more than {memory // 2**20:,} MiB of memory.") from error
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


@contextmanager
def _within(seconds: float) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread() or sys.platform == "win32":
        yield
        return

    def over(number: int, frame: object) -> None:
        raise _TimeIsUp

    usual = signal.signal(signal.SIGALRM, over)
    left, _ = signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    except _TimeIsUp:
        raise TookTooLong(f"Reading it takes longer than {seconds:g} seconds.") from None
    finally:
        signal.setitimer(signal.ITIMER_REAL, left)
        signal.signal(signal.SIGALRM, usual)
