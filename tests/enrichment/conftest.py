"""The newsroom on loopback, and workers that run in the test's own thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from riskreview.enrichment import tasks
from riskreview.web.demo.newsroom import Newsroom

TASKS = ("collect", "read", "fetch", "digest", "search", "attempt", "reread", "check_spans", "index", "settle", "place")


@pytest.fixture
def newsroom(settings: Any) -> Iterator[Newsroom]:
    """A newsroom this test may reach, and nothing else."""
    with Newsroom() as running:
        settings.FETCH_ALLOW = [running.url.removeprefix("http://")]
        yield running


@pytest.fixture
def messages(monkeypatch: pytest.MonkeyPatch, settings: Any) -> list[tuple[str, dict[str, Any]]]:
    """What the sweep publishes, instead of a broker; every tick counts."""
    sent: list[tuple[str, dict[str, Any]]] = []
    settings.SWEEP_SECONDS = 0.000_01
    for name in TASKS:
        monkeypatch.setattr(
            getattr(tasks, name), "delay", lambda name=name, **arguments: sent.append((name, arguments))
        )
    return sent


@pytest.fixture
def work(messages: list[tuple[str, dict[str, Any]]]) -> Callable[..., int]:
    """Sweep and work until nothing is due. Each message is delivered `times` times."""

    def until_idle(times: int = 1) -> int:
        done = 0
        tasks.sweep()
        while messages:
            batch, messages[:] = list(messages), []
            for name, arguments in batch * times:
                getattr(tasks, name)(**arguments)
            done += len(batch)
            tasks.sweep()
        return done

    return until_idle
