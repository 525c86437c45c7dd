"""A broker of the drill's own, to be killed, emptied and frozen."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import redis

from benchmarks._product import ROOT


def program() -> str:
    """The Valkey or Redis that the launcher runs, else one on the path."""
    status = ROOT / ".local" / "faults" / "status.json"
    if status.exists():
        return str(json.loads(status.read_text(encoding="utf-8"))["valkey"]["program"])
    return shutil.which("valkey-server") or shutil.which("redis-server") or "valkey-server"


class Broker:
    """One server on a socket, durable as in production."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.socket = folder, folder / "broker.sock"
        folder.mkdir()
        self.start()

    @property
    def url(self) -> str:
        """Its address for the product."""
        return f"redis+socket://{self.socket}?virtual_host=0"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = {"port": "0", "unixsocket": str(self.socket), "save": "", "appendonly": "yes",
                   "appendfsync": "everysec", "maxmemory-policy": "noeviction"}  # fmt: skip
        words = [word for name, value in options.items() for word in (f"--{name}", value)]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [program(), *words], cwd=self.folder, stdout=log, stderr=log, start_new_session=True
            )
        self._ready()

    def kill(self) -> None:
        """SIGKILL; then it is started again."""
        self.process.kill()
        self.process.wait()
        time.sleep(1)
        self.start()

    def flush(self) -> None:
        """Forget every message."""
        self.client().flushall()

    def freeze(self, seconds: float) -> None:
        """Neither answer nor leave for a while."""
        os.kill(self.process.pid, signal.SIGSTOP)
        try:
            time.sleep(seconds)
        finally:
            os.kill(self.process.pid, signal.SIGCONT)

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait()

    def client(self) -> redis.Redis:
        """A connection to it."""
        return redis.Redis(unix_socket_path=str(self.socket), socket_timeout=5)

    def _ready(self) -> None:
        until = time.monotonic() + 20
        while True:
            try:
                self.client().ping()
                return
            except redis.RedisError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)
