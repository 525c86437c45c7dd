"""Where an act comes from. It may describe an act, never decide one, and never says who acts."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Channel:
    """The road an act took: `via` is web, api, task, command or shell; `request` the request's or task's id."""

    via: str = "shell"
    request: uuid.UUID | None = None
    token: uuid.UUID | None = None
    address: str = ""
    agent: str = ""

    def private(self) -> dict[str, str]:
        """What the private body keeps: address and program, where known."""
        return {key: value for key, value in (("address", self.address), ("agent", self.agent[:300])) if value}


_current: ContextVar[Channel] = ContextVar("channel", default=Channel())  # noqa: B039 - frozen


def current() -> Channel:
    """The channel of the act in progress."""
    return _current.get()


@contextmanager
def acting_through(channel: Channel) -> Iterator[Channel]:
    """Everything inside happens through this channel."""
    token = _current.set(channel)
    try:
        yield channel
    finally:
        _current.reset(token)
