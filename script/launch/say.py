"""What the scripts print: a line per step with its seconds, and faults with what helps."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TextIO

_printing = threading.Lock()
_aside = False
BEGUN = time.monotonic()


class Failure(Exception):
    """A fault that a person can act on. The text says what is wrong, then what helps."""


class Step:
    """One running step; `note` replaces what its line will say."""

    def __init__(self, words: str) -> None:
        self.words = words

    def note(self, words: str) -> None:
        self.words = words


def line(words: str) -> None:
    """Print one line at once, whole even when two threads speak."""
    with _printing:
        print(words, flush=True, file=_stream())


def quietly() -> None:
    """From here on print to standard error: standard output belongs to the program that is run."""
    global _aside  # noqa: PLW0603 - one choice for the whole process
    _aside = True


def _stream() -> TextIO:
    return sys.stderr if _aside else sys.stdout


def aside(words: str) -> None:
    """Print a line that took no time of its own, in the column of the others' words."""
    line(" " * len(timed(BEGUN)) + words)


def timed(begun: float) -> str:
    """The first column: seconds since then."""
    return f"{time.monotonic() - begun:6.1f} s  "


@contextmanager
def step(words: str, *, slow: bool = False) -> Iterator[Step]:
    """Time what happens inside and print its line at the end; a slow one is announced first."""
    if slow:
        aside(f"{words} …")
    begun, current = time.monotonic(), Step(words)
    try:
        yield current
    except BaseException:
        line(f"{timed(begun)}{current.words}: failed")
        raise
    line(f"{timed(begun)}{current.words}")


def tail(log: Path, lines: int = 20) -> str:
    """The end of a log file and where it lies, for a failure's message."""
    try:
        last = log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:]
    except OSError:
        last = ["(no log was written)"]
    return "\n".join([*(f"  | {each}" for each in last), f"  the whole log: {log}"])


def guarded(main: Callable[[], int]) -> int:
    """Run a script's `main`; turn faults into a message and exit status 1, interruption into 130."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        return main()
    except Failure as fault:
        print(f"\n{fault}", file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        print("\nstopped", file=sys.stderr, flush=True)
        return 130


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
