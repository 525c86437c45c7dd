"""The running processes of one purpose: started or adopted, watched, stopped. Recorded, so that a killed
supervisor's processes are found again by the next start."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections import deque
from pathlib import Path

from launch import processes, servers
from launch.paths import LOCAL, ROOT, make_folder, short_hash
from launch.processes import Identity
from launch.product import Process
from launch.say import Failure, aside, step, tail

MARK = "RISKREVIEW_PROCESS"
STOPPING_SECONDS = 15.0
RESTARTS = 5
RESTARTS_WITHIN = 60.0


class Crew:
    """Processes of one purpose. With `to_terminal` they write there instead of to logs."""

    def __init__(self, purpose: str, python: Path, env: dict[str, str], *, to_terminal: bool = False) -> None:
        self.purpose, self.python, self.env, self.to_terminal = purpose, python, env, to_terminal
        self.members: dict[str, Process] = {}
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._restarts: deque[float] = deque(maxlen=RESTARTS)

    def start(self, process: Process) -> None:
        """Start it, or adopt the one that runs with the same command and settings."""
        self.members[process.name] = process
        recorded = _recorded(self.purpose).get(process.name)
        if recorded and recorded[0].is_alive() and recorded[1] == self._key(process):
            aside(f"{process.name} was running (process {recorded[0].pid})")
            return
        _end(self.purpose, [process.name])
        self._spawn(process)

    def check(self) -> None:
        """Start again what has ended. Raises Failure when that happens too often."""
        for name, process in self.members.items():
            recorded = _recorded(self.purpose).get(name)
            if recorded and self._lives(name, recorded[0]):
                continue
            self._count_restart(name)
            aside(f"{name} ended{self._status(name)} and is started again")
            _end(self.purpose, [name])
            self._spawn(process)

    def run(self, *arguments: str) -> int:
        """Run a command of the product in the foreground while watching the processes; its exit status."""
        command = subprocess.Popen([self.python, *arguments], cwd=ROOT, env=self.env)
        try:
            while command.poll() is None:
                self.check()
                time.sleep(0.1)
        finally:
            if command.poll() is None:
                command.terminate()
                command.wait()
        return command.returncode

    def log(self, name: str) -> Path:
        return LOCAL / self.purpose / "log" / f"{name}.log"

    def _spawn(self, process: Process) -> None:
        command = [str(self.python), *process.arguments]
        env = {**self.env, **process.extra, "APPLICATION_NAME": f"riskreview-{process.name}",
               MARK: _mark(self.purpose, process.name)}  # fmt: skip
        if self.to_terminal:
            child = processes.spawn(command, None, cwd=ROOT, env=env)
        else:
            make_folder(self.log(process.name).parent)
            with self.log(process.name).open("ab") as output:
                child = processes.spawn(command, output, cwd=ROOT, env=env)
        self._children[process.name] = child
        _record(self.purpose, process.name, processes.identity(child.pid), self._key(process))

    def _lives(self, name: str, found: Identity) -> bool:
        child = self._children.get(name)
        if child is not None:
            return child.poll() is None
        return found.is_alive()

    def _status(self, name: str) -> str:
        child = self._children.get(name)
        return "" if child is None or child.returncode is None else f" (exit status {child.returncode})"

    def _count_restart(self, name: str) -> None:
        now = time.monotonic()
        if len(self._restarts) == RESTARTS and now - self._restarts[0] < RESTARTS_WITHIN:
            raise Failure(f"{name} ends again and again:\n{tail(self.log(name))}")
        self._restarts.append(now)

    def _key(self, process: Process) -> str:
        settings = sorted((name, self.env.get(name, "")) for name in (*servers.URLS, "ARCHIVE_ROOT", "FETCH_ALLOW"))
        return short_hash(repr((str(self.python), process.arguments, settings)), 16)


def stop(purpose: str) -> None:
    """End every recorded process of this purpose, web first, workers and beat at once after it, then stragglers."""
    names = list(_recorded(purpose))
    if not names:
        return
    with step(f"stopped: {', '.join(names)}"):
        _end(purpose, names)
        servers.record(purpose, processes={})


def is_running(purpose: str) -> bool:
    """Whether any recorded process of this purpose is alive."""
    return any(found.is_alive() for found, _ in _recorded(purpose).values())


def _end(purpose: str, names: list[str]) -> None:
    recorded = _recorded(purpose)
    leaders = [recorded[name][0] for name in names if name in recorded]
    processes.end(leaders, signal.SIGTERM, STOPPING_SECONDS)
    # The pool processes of a killed worker, and whatever a killed supervisor could not record.
    left = [each for name in names for each in processes.with_variable(f"{MARK}={_mark(purpose, name)}")]
    processes.end(left, signal.SIGTERM, 2)


def _mark(purpose: str, name: str) -> str:
    return f"{short_hash(os.path.realpath(LOCAL / purpose))}:{name}"


def _recorded(purpose: str) -> dict[str, tuple[Identity, str]]:
    rows = servers.read_status(purpose).get("processes", {})
    return {name: (Identity(row["pid"], row["born"]), row["key"]) for name, row in rows.items()}


def _record(purpose: str, name: str, found: Identity | None, key: str) -> None:
    rows = servers.read_status(purpose).get("processes", {})
    row = {"pid": found.pid if found else 0, "born": found.born if found else "", "key": key}
    servers.record(purpose, processes={**rows, name: row})
