"""A witness as its administrator runs it: three files on another host, a port, and a memory of its own."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks._product import ROOT
from benchmarks._stage import Copy, run


class Witness:
    """One witness process on a free port of the loopback."""

    def __init__(self, folder: Path, log: str) -> None:
        self.folder = folder
        folder.mkdir()
        for name in ("witness.py", "note.py", "verifier.py"):
            shutil.copy(ROOT / "riskreview/audit" / name, folder)
        self.vkey = run(sys.executable, "witness.py", "--new-key", "witness.faults.example/w1", "key", cwd=folder).words
        self.vkey = self.vkey.strip()
        self.start(log)

    def start(self, log: str) -> None:
        """Start it, and read from its log where it listens."""
        words = ["--state", "state", "--key", "key", "--log", log, "--listen", "127.0.0.1:0"]
        with (self.folder / "log").open("wb") as output:
            command = [sys.executable, "witness.py", *words]
            self.process = subprocess.Popen(command, cwd=self.folder, stdout=output, stderr=output)
        self.url = f"http://127.0.0.1:{self._port()}"

    def _port(self) -> str:
        for _ in range(300):
            if found := re.search(r"listens on 127\.0\.0\.1:(\d+)", (self.folder / "log").read_text()):
                return found[1]
            time.sleep(0.1)
        raise RuntimeError(f"the witness does not start: {(self.folder / 'log').read_text()[-400:]}")

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait(20)

    def post(self, old: int, note: str, proof: str = "") -> tuple[int, str]:
        """Ask it to sign, as anyone may: the status of HTTP, and what it says."""
        body = f"old {old}\n{proof}\n{note}".encode()
        request = urllib.request.Request(f"{self.url}/add-checkpoint", data=body, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=15) as answer:
                return answer.status, answer.read().decode().strip()
        except urllib.error.HTTPError as refusal:
            return refusal.code, refusal.read().decode().strip()

    def carry(self) -> int:
        """What the workers do: show it the newest checkpoint and bring its signature back; the size it has seen.

        Django stands on the right database already. Raises the product's `Unwitnessed`.
        """
        from riskreview.notifications import witnessing
        from riskreview.notifications.models import Witness as Row

        Row.objects.want_newest([(self.vkey, self.url)])
        row = Row.objects.select_related("log").get(vkey=self.vkey)
        if row.wanted != row.size:
            witnessing.keep(row, witnessing.carry(row))
            row.refresh_from_db()
        return int(row.size)

    @contextmanager
    def carrying(self, copy: Copy) -> Iterator[None]:
        """The workers' sweep in the background, on this database."""
        over = threading.Event()
        thread = threading.Thread(target=self._sweep, args=(over,))
        with copy.inside():
            thread.start()
            try:
                yield
            finally:
                over.set()
                thread.join()

    def _sweep(self, over: threading.Event) -> None:
        from django.db import connection

        try:
            while not over.wait(0.2):
                self.carry()
        finally:
            connection.close()
