"""Finding a PostgreSQL and a Valkey that run here: an override, the wheel, the system's, then apt for root."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from launch import packages, processes
from launch.account import Account
from launch.say import Failure

POSTGRES_PLACES = ("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin", "opt/homebrew/opt/postgresql*/bin",
                   "usr/local/opt/postgresql*/bin")  # fmt: skip
OLDEST_POSTGRES = (15,)
OLDEST_VALKEY = (6, 2)
VALKEY_NAMES = ("valkey-server", "redis-server")


@dataclass(frozen=True)
class Program:
    """A server program that was run once and answered with its version."""

    path: Path
    version: tuple[int, ...]
    origin: str

    @property
    def words(self) -> str:
        return f"{'.'.join(map(str, self.version))} ({self.origin})"


def find_postgres(wheel: Path | None, account: Account) -> Program:
    """The `postgres` to run, probed as the account that will run it. Raises Failure listing what was tried."""

    def first(faults: list[str]) -> Program | None:
        candidates = [*_override("RISKREVIEW_POSTGRES_BIN", "postgres"), *_wheel(wheel), *_system_postgres()]
        return _first(candidates, OLDEST_POSTGRES, account, faults)

    return _found(first, "PostgreSQL", ["postgresql"], "DATABASE_URL")


def find_valkey(wheel: Path | None, account: Account) -> Program:
    """The `valkey-server` or `redis-server` to run. Raises Failure listing what was tried."""

    def first(faults: list[str]) -> Program | None:
        on_path = [(Path(path), "system") for name in VALKEY_NAMES if (path := shutil.which(name))]
        candidates = [*_override("RISKREVIEW_VALKEY_BIN", "valkey-server"), *_wheel(wheel), *on_path]
        return _first(candidates, OLDEST_VALKEY, account, faults)

    return _found(first, "Valkey or Redis", ["redis-server"], "REDIS_URL")


def version_in(words: str) -> tuple[int, ...] | None:
    """The version in what a server prints: "postgres (PostgreSQL) 18.6" or "Valkey server v=9.1.2 sha=…"."""
    found = re.search(r"(?:\) |v=)(\d+(?:\.\d+)*)", words)
    return tuple(map(int, found[1].split("."))) if found else None


def _found(first: Callable[[list[str]], Program | None], what: str, debian: list[str], variable: str) -> Program:
    faults: list[str] = []
    program = first(faults)
    if program is None and packages.can_install():
        _leave_ports_closed()
        packages.install(debian, f"{what} that runs here")
        program = first(faults := [])
    if program is None:
        tried = "\n".join(f"  {fault}" for fault in faults) or "  nothing was found"
        help_line = f"sudo apt-get install {' '.join(debian)}"
        raise Failure(f"There is no {what} that runs here:\n{tried}\n  This helps: {help_line}\n"
                      f"  or set {variable} to a server that runs.")  # fmt: skip
    return program


def _override(variable: str, name: str) -> list[tuple[Path, str]]:
    place = os.environ.get(variable)
    return [(Path(place) / name, variable)] if place else []


def _wheel(path: Path | None) -> list[tuple[Path, str]]:
    return [(path, "wheel")] if path else []


def _system_postgres() -> list[tuple[Path, str]]:
    """The newest first: 17 before 9.6, so not by text."""
    places = [found for pattern in POSTGRES_PLACES for found in Path("/").glob(pattern)]
    places.sort(key=lambda place: [int(part) for part in re.findall(r"\d+", str(place))], reverse=True)
    if on_path := shutil.which("postgres"):
        places.append(Path(os.path.realpath(on_path)).parent)
    return [(place / "postgres", "system") for place in places]


def _first(
    candidates: Iterable[tuple[Path, str]], oldest: tuple[int, ...], account: Account, faults: list[str]
) -> Program | None:
    for path, origin in candidates:
        version, words = probe(path, account)
        if version is None:
            faults.append(f"{path}: {words}")
        elif version < oldest:
            faults.append(f"{path}: version {words} is too old, {'.'.join(map(str, oldest))} is the oldest that works")
        else:
            return Program(path, version, origin)
    return None


def probe(path: Path, account: Account) -> tuple[tuple[int, ...] | None, str]:
    """Run `path --version` as the account: its version, or None and what went wrong."""
    try:
        done = processes.call([path, "--version"], timeout=20, **account.options())
    except (OSError, subprocess.SubprocessError) as fault:
        return None, str(fault)
    words = (done.stdout + done.stderr).strip()
    version = version_in(words) if done.returncode == 0 else None
    return version, words or f"exit status {done.returncode}"


def _leave_ports_closed() -> None:
    """Debian's package would make and start a cluster of its own on port 5432; we need the programs only."""
    folder = Path("/etc/postgresql-common/createcluster.d")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "riskreview.conf").write_text("create_main_cluster = false\n")
