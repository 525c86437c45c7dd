"""Reading many rows as they were at one moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from django.db import connection, transaction

SECONDS = 80


@contextmanager
def consistent() -> Iterator[None]:
    """One snapshot for everything inside, so that what changes meanwhile is not half seen; a caller's own serves too.

    What is read so may be long: a site's limit for single statements does not count here, a longer one does.
    """
    outer: AbstractContextManager[Any] = nullcontext() if connection.in_atomic_block else transaction.atomic()
    fresh = not connection.in_atomic_block
    with outer:
        if fresh:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                cursor.execute(f"SET LOCAL statement_timeout = '{SECONDS}s'")
        yield
