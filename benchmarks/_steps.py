"""What each step of a document takes: the same code in one process, with a watch around each step."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

from benchmarks import _report

DOCUMENTS = 100
# Each step by the name its caller knows it by; what runs inside another step counts for the inner one alone.
STEPS = {
    "fetch": ("riskreview.enrichment.collecting.fetch",),
    "archive": ("riskreview.evidence.archive.put", "riskreview.evidence.archive.get"),
    "decode": ("riskreview.enrichment.extract.decoded",),
    "extract": ("riskreview.enrichment.extract._trafilatura",),
    "tidy": ("riskreview.enrichment.extract.tidy", "riskreview.enrichment.extract.language_of"),
    "metadata and date": (
        "riskreview.enrichment.metadata.stated",
        "riskreview.enrichment.extract._guessed_date",
        "riskreview.enrichment.extract.titled",
        "riskreview.enrichment.extract._canonical",
    ),
    "mentions": ("riskreview.enrichment.pipeline.understand", "riskreview.enrichment.storing.keep"),
    "origin": ("riskreview.enrichment.pipeline.fingerprint", "riskreview.enrichment.grouping.place"),
    "suggestions": ("riskreview.enrichment.watched.rank", "riskreview.enrichment.pipeline.store_suggestions"),
}


class Watch:
    """Seconds by step, each counted once: the innermost step that runs has the clock."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self.calls: dict[str, int] = defaultdict(int)
        self.running: list[str] = ["the rest"]
        self.since = time.perf_counter()

    @contextmanager
    def on(self, step: str) -> Iterator[None]:
        """Give this step the clock."""
        self._tick()
        self.running.append(step)
        self.calls[step] += 1
        try:
            yield
        finally:
            self._tick()
            self.running.pop()

    def around(self, step: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, timed as a part of the step."""

        def timed(*args: Any, **named: Any) -> Any:
            with self.on(step):
                return function(*args, **named)

        return timed

    def statement(self, execute: Callable[..., Any], *args: Any) -> Any:
        """One statement of the database."""
        with self.on("database"):
            return execute(*args)

    def _tick(self) -> None:
        now = time.perf_counter()
        self.seconds[self.running[-1]] += now - self.since
        self.since = now


def shares(report: _report.Report, bench: Any) -> None:
    """The share of each step for fresh documents, fetched and read one after the other in this process."""
    from django.db import connection

    bench.announce(max(1, DOCUMENTS // len(bench.sources)))
    one_by_one(1)
    watch = Watch()
    with ExitStack() as stack:
        for step, names in STEPS.items():
            for name in names:
                module, _, function = name.rpartition(".")
                owner = __import__(module, fromlist=[function])
                stack.enter_context(patch(name, watch.around(step, getattr(owner, function))))
        stack.enter_context(connection.execute_wrapper(watch.statement))
        watch.since = time.perf_counter()
        done = one_by_one(DOCUMENTS)
        watch.statement(lambda: None)
    total = sum(watch.seconds.values())
    report.row("one process: a document in all", total / done * 1000, "ms")
    for step in (*STEPS, "database", "the rest"):
        report.row(f"one process: {step}", 100 * watch.seconds[step] / total, "%")
    report.row("one process: statements per document", watch.calls["database"] / done)


def one_by_one(most: int) -> int:
    """Fetch and read waiting documents as the tasks do; how many."""
    from riskreview.enrichment import tasks
    from riskreview.evidence.models import Document

    done = 0
    while done < most and (offers := Document.objects.unfetched().offer()):
        for row, offer in offers[: most - done]:
            tasks.fetch(id=row, offer=str(offer))
            for again, second in Document.objects.undigested().offer():
                tasks.digest(id=again, offer=str(second))
            done += 1
        Document.objects.unfetched().update(lease=None, lease_until=None)
    return done
