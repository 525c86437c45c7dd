"""Notaries as an operator runs them, and the PostgreSQL of this run as its owner and as whoever pulls the plug."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psycopg

from benchmarks import _product
from benchmarks._checkout import Checkout, living_in
from benchmarks._product import ROOT


def set_up(*, sign_seconds: float) -> Path:
    """Empty tables, Django ready, a key and the settings of a notary; the folder that its files are in."""
    folder = Path(tempfile.mkdtemp(prefix="riskreview-notary-"))
    files = {"NOTARY_KEY_FILE": str(folder / "key"), "NOTARY_MEMORY_FILE": str(folder / "memory")}
    _product.set_up(NOTARY_SIGN_SECONDS=str(sign_seconds), LOG_LEVEL="WARNING", **files)
    made = subprocess.run(
        [sys.executable, "manage.py", "notary", "--new-key", files["NOTARY_KEY_FILE"]],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    (folder / "said").write_text(made.stdout, encoding="utf-8")
    return folder


def vkey(folder: Path) -> str:
    """The public half of the key under the name of this year's log, as an auditor would be given it."""
    return (folder / "said").read_text(encoding="utf-8").split()[-1]


def once(*options: str) -> tuple[int, str]:
    """Run the notary once: exit status, and what it said."""
    command = [sys.executable, "manage.py", "notary", "--once", *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


class Copy(_product.Group):
    """One notary that runs, the whole of it or a half, under its own name in the database."""

    def __init__(self, name: str, folder: Path, only: str = "") -> None:
        self.name, self.log = name, folder / f"{name}.log"
        self.command = [sys.executable, "manage.py", "notary", *(["--only", only] if only else [])]
        self.start()

    def start(self) -> None:
        """Start it, also after a kill."""
        environment = os.environ | {"APPLICATION_NAME": self.name, "LOG_LEVEL": "INFO"}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, cwd=ROOT, env=environment, start_new_session=True, stdout=log, stderr=log
            )

    def freeze(self) -> None:
        """SIGSTOP: it holds what it holds, and does nothing."""
        os.killpg(self.process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """SIGCONT."""
        os.killpg(self.process.pid, signal.SIGCONT)


class Database:
    """The PostgreSQL that the launcher started for this run."""

    def __init__(self, purpose: str) -> None:
        self.checkout = Checkout(ROOT, purpose)
        self.url = os.environ["DATABASE_URL"]
        self.watching: psycopg.Connection[Any] | None = None
        try:
            own = self.checkout.status()["postgres"]["url"] == self.url
        except (OSError, KeyError):
            own = False
        if not own:
            sys.exit(
                "This stops PostgreSQL and edits tables as its superuser. Unset DATABASE_URL, so that it has its own."
            )

    def pull_the_plug(self) -> None:
        """Stop it at once, as a power cut would; start it again over what lies there."""
        from django.db import connections

        connections.close_all()
        self.watching = None
        postmaster = self.checkout.status()["postgres"]["pid"]
        os.kill(postmaster, signal.SIGQUIT)
        while living_in(self.checkout.data("postgres")):
            time.sleep(0.01)
        status, said = self.checkout.run("start")
        if status:
            sys.exit(f"PostgreSQL does not start again:\n{said}")

    def wait_until_at_work(self, name: str, seconds: float) -> bool:
        """Until a client of this name is connected."""
        return self._wait("TRUE", name, seconds, 0.02)

    def wait_until_within(self, name: str, seconds: float) -> bool:
        """Until a client of this name is in the middle of a transaction that writes."""
        return self._wait("backend_xid IS NOT NULL", name, seconds, 0.001)

    def is_within(self, name: str) -> bool:
        """Whether a client of this name is in the middle of a transaction that writes."""
        return self._wait("backend_xid IS NOT NULL", name, 0, 0)

    def _wait(self, condition: str, name: str, seconds: float, pause: float) -> bool:
        if self.watching is None:
            self.watching = psycopg.connect(self.url, user="postgres", autocommit=True)
        statement = f"SELECT count(*) FROM pg_stat_activity WHERE application_name = %s AND {condition}"
        end = time.monotonic() + seconds
        while True:
            (count,) = self.watching.execute(statement, [name]).fetchone() or (0,)
            if count or time.monotonic() > end:
                return bool(count)
            time.sleep(pause)

    def as_superuser(self, statements: str) -> None:
        """Put the record aside, then write past every trigger as only a superuser can."""
        with psycopg.connect(self.url, user="postgres") as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute(KEEP)
            connection.execute(statements)

    def undo(self) -> None:
        """Repair what was done to it, but leave the signer's complaint to the signer."""
        with psycopg.connect(self.url, user="postgres") as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute(UNDO)


KEEP = (
    "CREATE TABLE kept_log AS TABLE audit_log; CREATE TABLE kept_leaf AS TABLE audit_leaf;"
    "CREATE TABLE kept_entry AS SELECT id, header FROM audit_entry;"
)
UNDO = """
UPDATE audit_log g SET size = k.size, frontier = k.frontier, root = k.root FROM kept_log k WHERE k.number = g.number;
INSERT INTO audit_leaf SELECT k.* FROM kept_leaf k WHERE NOT EXISTS
  (SELECT FROM audit_leaf l WHERE l.log_id = k.log_id AND l.index = k.index);
UPDATE audit_entry e SET header = k.header FROM kept_entry k WHERE k.id = e.id AND k.header <> e.header;
DROP TABLE kept_log, kept_leaf, kept_entry;
"""
