"""Limits for the reading of hostile bytes inside a worker: memory, time, and no network."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager


class Confined(Exception):
    """The bytes asked for more than they get; `reason` says so in words for staff."""

    reason = "It asked for too much."


class TooBig(Confined):
    """Reading it took too much memory."""

    reason = "Reading it takes more memory than is allowed."


class TookTooLong(Confined):
    """Reading it took too long."""

    reason = "Reading it takes longer than is allowed."


@contextmanager
def confined(*, memory: int, seconds: float) -> Iterator[None]:
    """At most `memory` more bytes of address space inside. Raises `TooBig`."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    with open("/proc/self/statm", encoding="ascii") as file:
        used = int(file.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + memory, hard))
    try:
        yield
    except MemoryError as error:
        raise TooBig from error
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
