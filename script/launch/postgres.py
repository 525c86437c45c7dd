"""One PostgreSQL cluster of one purpose: made, configured, started over whatever lies there, stopped.

It listens on a socket in a private folder only, so that trust is safe: who may enter the folder is who started it.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from launch import processes
from launch.account import Account
from launch.paths import make_folder
from launch.programs import Program
from launch.say import Failure, aside, tail

ROLE = "riskreview"
LOCK_REFUSED = "lock file"
BACKEND_LEFT = "pre-existing shared memory block"
FAST = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"
DURABLE = "fsync = on\nsynchronous_commit = on\nfull_page_writes = on\n"


@dataclass(frozen=True)
class Postgres:
    """The cluster in `data`, with its socket in `run`; `durable` says whether it must survive a power cut."""

    program: Program
    account: Account
    data: Path
    run: Path
    log: Path
    durable: bool

    def start(self) -> bool:
        """Make it answer. True when it had to be started; Failure with the log's end when it does not."""
        if self.answers():
            return False
        self._drop_if_unsafe()
        if not self.data.exists():
            self._create()
        self._refuse_strangers_data()
        self._configure()
        self._launch()
        self._ensure_database()
        return True

    def stop(self) -> None:
        """Stop it as PostgreSQL calls fast: clients are cut off, everything is written."""
        postmaster = self.postmaster()
        if postmaster is None:
            return
        if processes.end([postmaster], signal.SIGINT, 30, last=signal.SIGQUIT) and not self.durable:
            self._clean_mark.touch()

    def answers(self) -> bool:
        """Whether the server behind the socket is the one of this data folder."""
        found = self._psql("SHOW data_directory")
        return found is not None and os.path.realpath(found) == os.path.realpath(self.data)

    def postmaster(self) -> processes.Identity | None:
        """The server's first process, if the pid file names one that lives in the data folder."""
        lines = self._pid_file()
        pid = int(lines[0]) if lines and lines[0].isdigit() else None
        return next((found for found in processes.living_in(self.data) if found.pid == pid), None)

    @property
    def url(self) -> str:
        return f"postgres://{ROLE}@/{ROLE}?host={self.run}"

    @property
    def _clean_mark(self) -> Path:
        return self.data.with_name(self.data.name + ".stopped-cleanly")

    def _pid_file(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []

    def _drop_if_unsafe(self) -> None:
        """A cluster that writes lazily may be torn after a crash: it holds nothing, so it is made anew."""
        if self.durable or not self.data.exists() or self._clean_mark.exists():
            return
        processes.end(processes.living_in(self.data), signal.SIGTERM, 2)
        shutil.rmtree(self.data)

    def _create(self) -> None:
        """`initdb` beside the final name: a folder of that name is always a finished one."""
        self._say_other_versions()
        fresh = self.data.with_name(self.data.name + ".new")
        shutil.rmtree(fresh, ignore_errors=True)
        make_folder(fresh.parent)
        fresh.mkdir(mode=0o700)
        if os.geteuid() == 0:
            os.chown(fresh, self.account.uid, self.account.gid)
        options = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-instructions"]
        command = [str(self._bin("initdb")), "-D", str(fresh), *options, *([] if self.durable else ["--no-sync"])]
        done = processes.call(command, env=_plain(), **self.account.options())
        if done.returncode:
            raise Failure(f"initdb failed:\n{done.stdout[-1000:]}{done.stderr[-2000:]}")
        with (fresh / "postgresql.conf").open("a") as handle:
            handle.write("include 'riskreview.conf'\n")
        fresh.rename(self.data)

    def _say_other_versions(self) -> None:
        others = [each.name for each in self.data.parent.glob("pg-*[0-9]") if each.is_dir() and each != self.data]
        if others:
            aside(f"note: data of another PostgreSQL lies in {', '.join(others)}; this is {self.data.name}, empty")

    def _refuse_strangers_data(self) -> None:
        owner = self.data.stat().st_uid
        if owner != self.account.uid:
            raise Failure(f"{self.data} belongs to user id {owner}, and this runs as {self.account.name} "
                          f"({self.account.uid}).\n  Run as that user, or start over with --reset.")  # fmt: skip

    def _configure(self) -> None:
        """Written at every start, so that a moved checkout finds its sockets."""
        settings = (
            "listen_addresses = ''\n"
            f"unix_socket_directories = '{self.run}'\n"
            "unix_socket_permissions = 0700\n"
            "timezone = 'UTC'\nlog_timezone = 'UTC'\n"
        )
        file = self.data / "riskreview.conf"
        file.write_text(settings + (DURABLE if self.durable else FAST))
        file.chmod(0o600)
        if os.geteuid() == 0:
            os.chown(file, self.account.uid, self.account.gid)

    def _launch(self) -> None:
        self._clean_mark.unlink(missing_ok=True)
        for _ in range(3):
            said = self._try()
            if said is None:
                return
            if LOCK_REFUSED in said:
                self._clear_stale_locks()
            elif BACKEND_LEFT in said:
                processes.end(processes.living_in(self.data), signal.SIGTERM, 5)
            else:
                break
        raise Failure(f"PostgreSQL did not start:\n{tail(self.log)}")

    def _try(self) -> str | None:
        """Start once. None when it answers, else what it wrote before it gave up."""
        make_folder(self.log.parent)
        with self.log.open("ab") as output:
            begin = output.tell()
            command = [str(self.program.path), "-D", str(self.data)]
            server = processes.spawn(command, output, env=_plain(), **self.account.options())
        # Recovery after a crash reads the log of all writes since the last checkpoint: minutes at worst.
        ready_by = time.monotonic() + 120
        while server.poll() is None and time.monotonic() < ready_by:
            if self._is_ready() and self.answers():
                return None
            time.sleep(0.02)
        return self.log.read_bytes()[begin:].decode(errors="replace")

    def _is_ready(self) -> bool:
        lines = self._pid_file()
        return len(lines) > 7 and lines[7].strip() == "ready"

    def _clear_stale_locks(self) -> None:
        """Remove the lock files that PostgreSQL refused, unless a process really lives in the data folder."""
        living = processes.living_in(self.data)
        if living and not processes.wait_until(self.answers, 30):
            numbers = ", ".join(str(each.pid) for each in living)
            raise Failure(
                f"PostgreSQL processes {numbers} hold {self.data} and do not answer.\n  End them, start again."
            )
        if not living:
            (self.data / "postmaster.pid").unlink(missing_ok=True)
            (self.run / ".s.PGSQL.5432.lock").unlink(missing_ok=True)

    def _ensure_database(self) -> None:
        """The product's own role and database: it may create databases, and is never superuser."""
        if not self._psql(f"SELECT 1 FROM pg_roles WHERE rolname = '{ROLE}'"):
            self._psql(f"CREATE ROLE {ROLE} LOGIN CREATEDB")
        if not self._psql(f"SELECT 1 FROM pg_database WHERE datname = '{ROLE}'"):
            self._psql(f"CREATE DATABASE {ROLE} OWNER {ROLE}")

    def _psql(self, sql: str) -> str | None:
        """What the statement returns as the cluster's superuser, None when the server refuses or is not there."""
        if not (self.run / ".s.PGSQL.5432").exists():
            return None
        command = [str(self._bin("psql")), "-X", "-h", str(self.run), "-U", "postgres", "-d", "postgres", "-Atc", sql]
        try:
            done = processes.call(command, timeout=20, env=_plain(), cwd="/")
        except subprocess.TimeoutExpired:
            return None
        return done.stdout.strip() if done.returncode == 0 else None

    def _bin(self, name: str) -> Path:
        return self.program.path.with_name(name)


def _plain() -> dict[str, str]:
    """The little that PostgreSQL's programs need; the user's `PG…` variables and locale would change what they do."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"}
