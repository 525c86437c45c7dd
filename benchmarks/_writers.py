"""A process of writers, a thread and a connection each. Orders come on its input, a JSON line each; so do the answers.

`{"act": "recorded", "seconds": 5}` acts for five seconds and answers with `[subject, seq, begun, ended]` of each act.
Without seconds it acts until the next line. `every` paces each thread; `journal` is a folder for act "journalled".
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks._history import BEGIN, FAIL, OK, UNKNOWN, Journal

ROOT = Path(__file__).parent.parent
LETTERS = "ABCDEF"
ROLLED_BACK = 0.2  # of all journalled acts
AFTER_TROUBLE = 0.2  # seconds
LEAD = "lead@bench.example"


class Writers:
    """The other end: several such processes, and what they are told."""

    def __init__(self, processes: int, threads: int, seed: int) -> None:
        command = [sys.executable, "-m", "benchmarks._writers"]
        self.threads = processes * threads
        self.processes = [
            subprocess.Popen(
                [*command, str(number), str(threads), str(seed)],
                cwd=ROOT, env=os.environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            )
            for number in range(processes)
        ]  # fmt: skip

    def begin(self, **order: Any) -> None:
        """Give all of them an order."""
        for process in self.processes:
            assert process.stdin
            process.stdin.write(json.dumps(order) + "\n")
            process.stdin.flush()

    def answers(self) -> list[Any]:
        """What they did, once all of them have ended it."""
        return [row for process in self.processes if process.stdout for row in json.loads(process.stdout.readline())]

    def run(self, **order: Any) -> list[Any]:
        """Give an order, and wait for what was done."""
        self.begin(**order)
        return self.answers()

    def end(self) -> None:
        """Let them go."""
        for process in self.processes:
            if process.stdin:
                process.stdin.close()
        for process in self.processes:
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()


class RolledBack(Exception):
    """Somebody changed their mind before the commit."""


class Writer:
    """One thread: who acts, on which rows, and with which chances."""

    def __init__(self, number: int, seed: int) -> None:
        from riskreview.accounts.models import User
        from riskreview.evidence.models import Source
        from riskreview.vendors.models import Vendor

        self.number, self.count, self.journal = number, 0, None
        self.rng = random.Random(f"{seed}/{number}")
        self.by = User.objects.get(email=LEAD)
        sources = list(Source.objects.order_by("pk"))
        self.shared: list[Any] = [*sources[:8], *Vendor.objects.order_by("pk")[:8]]
        self.sources, self.own = sources, sources[-1 - number]

    def recorded(self) -> list[Any]:
        """Grade a source."""
        return self.act(self.rng.choice(self.sources), f"w{self.number}-{self.count}")

    def bare(self) -> list[Any]:
        """The same locked change of a column that machines own, without an entry."""
        from django.db import transaction

        row = self.rng.choice(self.sources)
        with transaction.atomic():
            row.lock()
            row.etag = f"w{self.number}-{self.count}"
            row.save()
        return [str(row.pk), row.entry_seq]

    def journalled(self) -> list[Any]:
        """Act on a shared row or on one's own, and write down before and after what came of it."""
        from django.db import InterfaceError, OperationalError, connection

        value = f"w{self.number}-{self.count}-{self.rng.getrandbits(32):08x}"
        row = self.rng.choice(self.shared) if self.rng.random() < 0.5 else self.own
        back_out = self.rng.random() < ROLLED_BACK
        self.journal.note(value, BEGIN)
        try:
            self.act_and_back_out(row, value) if back_out else self.act(row, value)
        except RolledBack:
            self.journal.note(value, FAIL)
        except (OperationalError, InterfaceError) as fault:
            # What was to be rolled back never sent its COMMIT. Of the others nobody knows.
            self.journal.note(value, FAIL if back_out else UNKNOWN, type(fault).__name__)
            connection.close()
            time.sleep(AFTER_TROUBLE)
        except Exception as fault:  # noqa: BLE001 - it ends in the journal, and fails the run
            self.journal.note(value, FAIL, f"{type(fault).__name__}: {fault}")
            connection.close()
        else:
            self.journal.note(value, OK)
        return [value, 0]

    def act(self, row: Any, value: str) -> list[Any]:
        """Call the verb; which row it was, and which act of it."""
        if hasattr(row, "grade"):
            row.grade(by=self.by, reliability=LETTERS[self.count % 6], reason=value)
        else:
            row.describe(by=self.by, summary=value)
        return [str(row.pk), row.entry_seq]

    def act_and_back_out(self, row: Any, value: str) -> None:
        """Call the verb inside a transaction that is then given up."""
        from django.db import transaction

        with transaction.atomic():
            self.act(row, value)
            raise RolledBack

    def work(self, order: dict[str, Any], ended: threading.Event, rows: list[Any]) -> None:
        """Act again and again until told to stop."""
        from django.db import connection

        if order.get("journal"):
            self.journal = Journal(Path(order["journal"]) / f"{self.number}.jsonl")
        one: Callable[[], list[Any]] = getattr(self, order["act"])
        due = time.monotonic() + self.rng.random() * order.get("every", 0)
        while not ended.wait(max(0, due - time.monotonic())):
            self.count += 1
            begun = time.time()
            rows.append([*one(), begun, time.time()])
            due += order.get("every", 0)
        connection.close()


def main(number: int, threads: int, seed: int) -> None:
    """Do what the lines on the input say, until there are no more."""
    import django

    django.setup()
    writers = [Writer(number * threads + each, seed) for each in range(threads)]
    for line in iter(sys.stdin.readline, ""):
        sys.stdout.write(json.dumps(obey(writers, json.loads(line))) + "\n")
        sys.stdout.flush()


def obey(writers: Sequence[Writer], order: dict[str, Any]) -> list[Any]:
    """Let all threads act, for some seconds or until the next line."""
    rows: list[Any] = []
    ended = threading.Event()
    running = [threading.Thread(target=writer.work, args=(order, ended, rows)) for writer in writers]
    for thread in running:
        thread.start()
    if order.get("seconds"):
        time.sleep(order["seconds"])
    else:
        sys.stdin.readline()
    ended.set()
    for thread in running:
        thread.join()
    return rows


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
