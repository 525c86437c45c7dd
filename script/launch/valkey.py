"""One Valkey (or Redis) of one purpose, on a socket only. What it holds are hints; the truth is in PostgreSQL."""

from __future__ import annotations

import os
import signal
import socket
import time
from dataclasses import dataclass
from pathlib import Path

from launch import processes
from launch.paths import make_folder
from launch.programs import Program
from launch.say import Failure, aside, tail


@dataclass(frozen=True)
class Valkey:
    """The server whose files lie in `data` and whose socket lies in `run`."""

    program: Program
    data: Path
    run: Path
    log: Path
    durable: bool

    def start(self) -> bool:
        """Make it answer. True when it had to be started; Failure with the log's end when it does not."""
        if self.answers():
            return False
        make_folder(self.data, 0o700)
        # A server that lost its socket would append to the same file as a second one.
        processes.end(processes.living_in(self.data), signal.SIGTERM, 5)
        if not self._try():
            self._move_aside()
            if not self._try():
                raise Failure(f"Valkey did not start:\n{tail(self.log)}")
        return True

    def stop(self) -> None:
        """End it with SIGTERM: it writes its file and leaves."""
        if self.data.exists():
            processes.end(processes.living_in(self.data), signal.SIGTERM, 10)

    def answers(self) -> bool:
        """Whether the server behind the socket is the one of this data folder and has loaded its file."""
        folder = self._ask(b"CONFIG GET dir\r\n").splitlines()
        return bool(folder) and os.path.realpath(folder[-1]) == os.path.realpath(self.data)

    def server(self) -> processes.Identity | None:
        """The server's process."""
        return next(iter(processes.living_in(self.data)), None) if self.data.exists() else None

    @property
    def socket(self) -> Path:
        return self.run / "valkey.sock"

    def url(self, database: int = 0) -> str:
        return f"redis+socket://{self.socket}?virtual_host={database}"

    def _ask(self, words: bytes) -> str:
        with socket.socket(socket.AF_UNIX) as line_:
            line_.settimeout(2)
            try:
                line_.connect(str(self.socket))
                line_.sendall(words)
                return line_.recv(65536).decode()
            except OSError:
                return ""

    def _try(self) -> bool:
        """Start once; the working folder is the data folder, as a path in an option would need quoting."""
        make_folder(self.log.parent)
        options = {"port": "0", "unixsocket": str(self.socket), "unixsocketperm": "700", "save": "",
                   "appendonly": "yes" if self.durable else "no", "appendfsync": "everysec",
                   "maxmemory-policy": "noeviction", "tcp-keepalive": "60", "daemonize": "no"}  # fmt: skip
        command = [str(self.program.path), *(word for name, value in options.items() for word in (f"--{name}", value))]
        with self.log.open("ab") as output:
            server = processes.spawn(command, output, cwd=self.data)
        ready_by = time.monotonic() + 30
        while server.poll() is None and time.monotonic() < ready_by:
            if self.answers():
                return True
            time.sleep(0.02)
        return False

    def _move_aside(self) -> None:
        """A broken file stops the start. It holds only hints that the next sweep gives again."""
        processes.end(processes.living_in(self.data), signal.SIGTERM, 5)
        away = self.data.with_name(f"{self.data.name}-broken-{time.time_ns()}")
        self.data.rename(away)
        make_folder(self.data, 0o700)
        aside(f"note: Valkey could not read its files; they were moved to {away}")
