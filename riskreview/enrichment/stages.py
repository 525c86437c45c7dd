"""The stages of a reading: what fails is told with the stage in which it failed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

TOLD = ("reason", "wait", "until")  # what an error carries that says itself what is wrong, or when to come back


class StageFailed(Exception):
    """A stage of a reading raised something nobody foresaw. Its text can hold what was being read: only its kind is
    told."""

    def __init__(self, stage: str, error: Exception) -> None:
        self.stage, self.kind = stage, type(error).__name__
        self.reason = f"Reading failed at the stage “{stage}” ({self.kind})."
        super().__init__(self.reason)


@contextmanager
def stage(name: str) -> Iterator[None]:
    """Inside, an unforeseen error becomes a `StageFailed`; one that says itself what is wrong, or when to come back,
    passes as it is."""
    try:
        yield
    except Exception as error:
        if any(hasattr(error, each) for each in TOLD):
            raise
        raise StageFailed(name, error) from error
