"""script/test [PYTEST ARGUMENTS]: the tests, on a PostgreSQL and a Valkey of their own.

Everything after the name goes to pytest; without -n, as many processes as cores are used. The servers are stopped
afterwards, unless another run in this checkout still uses them. The demo's data are never touched.

  script/test                        all
  script/test tests/cases -k approve some
  script/test -n 0 --pdb             one process, stopping in the debugger

CHROMIUM names a Chromium for the browser tests; DATABASE_URL and REDIS_URL servers to use instead of our own.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from launch import chromium, environments, servers
from launch.paths import LOCAL, ROOT, first_free, taken_slots
from launch.postgres import ROLE
from launch.processes import without_postgres_variables
from launch.say import aside

# A broker has 16 numbered databases, and every run takes one.
RUNS = 16
SLOTS = LOCAL / "runs-of-test"


def main() -> int:
    """Prepare, run pytest, stop the servers; the exit status is pytest's."""
    arguments = sys.argv[1:]
    if arguments in (["--help"], ["-h"]):
        print(__doc__)
        return 0
    with environments.building("dev") as python:
        browser = chromium.find()
    with running(python) as urls:
        environment = {**without_postgres_variables(os.environ), **urls, "DJANGO_ALLOW_ASYNC_UNSAFE": "1"}
        if browser:
            environment["CHROMIUM"] = browser
        command = [str(python), "-m", "pytest", *parallel(arguments), *arguments]
        return subprocess.call(command, cwd=ROOT, env=environment)


@contextmanager
def running(python: Path) -> Iterator[dict[str, str]]:
    """The URLs of the test servers for this run alone; the last run to end stops them."""
    if all(os.environ.get(name) for name in servers.URLS):
        yield servers.start("test", python)
        return
    with first_free(SLOTS, RUNS) as slot:
        try:
            yield own_urls(servers.start("test", python), slot)
        finally:
            servers.stop("test", unless=others_run)


def own_urls(urls: dict[str, str], slot: int) -> dict[str, str]:
    """URLs with names that no other run uses, so that two runs at once do not drop each other's databases."""
    given = set(os.environ)
    database, broker = urls["DATABASE_URL"], urls["REDIS_URL"]
    if slot and "DATABASE_URL" not in given:
        database = database.replace(f"/{ROLE}?", f"/{ROLE}_{slot}?")
    if slot and "REDIS_URL" not in given:
        broker = broker.replace("virtual_host=0", f"virtual_host={slot}")
    return {"DATABASE_URL": database, "REDIS_URL": broker}


def others_run() -> bool:
    """Whether another run holds a slot (this one still holds its own)."""
    others = taken_slots(SLOTS) - 1
    if others > 0:
        aside(f"the servers stay up for {others} other run{'s' if others > 1 else ''} in this checkout")
    return others > 0


def parallel(arguments: list[str]) -> list[str]:
    """`-n auto`, unless the arguments say how many processes, or ask for a debugger, which needs one."""
    chosen = ("-n", "--numprocesses", "--pdb", "--trace", "-p no:xdist", "--collect-only", "--co")
    joined = " ".join(arguments)
    return [] if any(f" {word}" in f" {joined}" for word in chosen) else ["-n", "auto"]
