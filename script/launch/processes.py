"""Processes by number and birth: starting, recognising, ending. A number alone may be another's tomorrow."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

PROC = Path("/proc")


@dataclass(frozen=True)
class Identity:
    """A process: its number and when it was born, in the system's own words."""

    pid: int
    born: str

    def is_alive(self) -> bool:
        return born(self.pid) == self.born

    def send(self, number: signal.Signals) -> None:
        if self.is_alive():
            os.kill(self.pid, number)


def identity(pid: int) -> Identity | None:
    """Who has this number now; None for nobody or a zombie."""
    birth = born(pid)
    return Identity(pid, birth) if birth else None


def born(pid: int) -> str | None:
    """The birth of the process with this number, None when it is gone or a zombie."""
    if not PROC.joinpath("self").exists():
        return _born_by_ps(pid)
    try:
        # The second field is the name in brackets and may hold anything, so the fields are counted behind it.
        fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in "ZX" else fields[19]


def living_in(folder: Path) -> list[Identity]:
    """The processes whose working folder is this one (a server's data folder)."""
    if not PROC.joinpath("self").exists():
        return _naming(str(folder))
    place = os.path.realpath(folder)
    pids = [int(each.name) for each in PROC.iterdir() if each.name.isdigit() and _cwd(each) == place]
    return [found for found in map(identity, pids) if found]


def spawn(command: list[str], output: IO[bytes] | None, **options: Any) -> subprocess.Popen[bytes]:
    """Start a program in a session of its own, so that Ctrl-C at the terminal reaches the launcher only."""
    stream = None if output is None else subprocess.STDOUT
    return subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=output, stderr=stream, start_new_session=True, **options
    )


def call(command: Sequence[str | Path], **options: Any) -> subprocess.CompletedProcess[str]:
    """Run a program to its end and keep what it said; the caller looks at the exit status."""
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False, **options)


def without_postgres_variables(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment less every `PG…` variable: they would send clients to another server."""
    return {name: value for name, value in environment.items() if not name.startswith("PG")}


def wait_until(holds: Callable[[], bool], seconds: float, pause: float = 0.02) -> bool:
    """Whether the condition came to hold within so many seconds."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(pause)
    return True


def end(found: list[Identity], first: signal.Signals, seconds: float, last: signal.Signals = signal.SIGKILL) -> bool:
    """Send `first` to all, and `last` to those still alive after so many seconds. False if `last` was needed."""
    for each in found:
        each.send(first)
    if wait_until(lambda: not any(each.is_alive() for each in found), seconds):
        return True
    for each in found:
        each.send(last)
    wait_until(lambda: not any(each.is_alive() for each in found), 10)
    return False


def with_variable(assignment: str) -> list[Identity]:
    """The processes that were started with this `NAME=value` in their environment (where /proc tells)."""
    wanted = b"\0" + assignment.encode() + b"\0"
    pids = [int(each.name) for each in PROC.glob("[0-9]*") if wanted in b"\0" + _environ(each)]
    return [found for found in map(identity, pids) if found]


def _environ(process: Path) -> bytes:
    try:
        return (process / "environ").read_bytes()
    except OSError:
        return b""


def _cwd(process: Path) -> str:
    try:
        return str((process / "cwd").readlink())
    except OSError:
        return ""


def _born_by_ps(pid: int) -> str | None:
    done = call(["ps", "-o", "stat=,lstart=", "-p", str(pid)])
    status, _, birth = done.stdout.strip().partition(" ")
    return birth.strip() if birth and not status.startswith("Z") else None


def _naming(folder: str) -> list[Identity]:
    done = call(["ps", "-axo", "pid=,command="])
    rows = (row.split(None, 1) for row in done.stdout.splitlines() if folder in row)
    return [found for pid, *_ in rows if (found := identity(int(pid)))]
