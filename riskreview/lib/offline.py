"""A switch for the network: code that handles bytes of unknown make runs without it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_cut_off: ContextVar[bool] = ContextVar("the network is switched off here", default=False)


@contextmanager
def offline() -> Iterator[None]:
    """Inside, nothing is fetched or sent."""
    token = _cut_off.set(True)
    try:
        yield
    finally:
        _cut_off.reset(token)


def is_offline() -> bool:
    """Whether the network is switched off here."""
    return _cut_off.get()
