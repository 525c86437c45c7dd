"""Where the ledger is attacked: a base nobody touches, copies of it, and every detector as a process of its own."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

from benchmarks import _product
from benchmarks._product import ROOT

SUPERUSER = "postgres"
NUMBERS = itertools.count(1)


@dataclass(frozen=True)
class Said:
    """How a process ended, and what it said."""

    status: int
    words: str

    def line(self, part: str) -> str:
        """The first line that holds these words, or the last one."""
        lines = [line.strip() for line in self.words.splitlines() if line.strip()]
        return next((line for line in lines if part in line), lines[-1] if lines else "")

    def says(self, part: str) -> bool:
        """Whether it said so, in words and not in a traceback."""
        return part in self.words and "Traceback" not in self.words


@dataclass(frozen=True)
class Verdict:
    """What the verifier found: its exit status, the checks that failed with their words, and the first bad entry."""

    status: int
    failed: dict[str, str]
    report: dict[str, Any] = field(default_factory=dict)

    def words(self, check: str = "") -> str:
        """What it says about a check, else about what it did not check."""
        told = self.failed.get(check) or next(iter(self.failed.values()), "")
        return told or str(self.report.get("verdict", "could not run"))


def run(*command: object, cwd: Path = ROOT, timeout: float = 120, **environment: str) -> Said:
    """A process to its end, with these variables added."""
    done = subprocess.run(
        [str(each) for each in command], cwd=cwd, env=os.environ | environment, capture_output=True, text=True,
        timeout=timeout, check=False,
    )  # fmt: skip
    return Said(done.returncode, done.stdout + done.stderr)


@dataclass
class Copy:
    """One database with the signer's files that belong to it."""

    name: str
    key: Path
    memory: Path
    user: str = ""

    @property
    def environment(self) -> dict[str, str]:
        """The settings of the product's processes on this database."""
        files = {"NOTARY_KEY_FILE": str(self.key), "NOTARY_MEMORY_FILE": str(self.memory)}
        return {"DATABASE_URL": url(self.name, self.user), "NOTARY_SIGN_SECONDS": "0", "LOG_LEVEL": "ERROR", **files}

    def manage(self, *words: object, **more: str) -> Said:
        """A command of the product."""
        return run(sys.executable, "manage.py", *words, **self.environment | more)

    def as_role(self, user: str) -> Copy:
        """The same database for another role."""
        return Copy(self.name, self.key, self.memory, user)

    @contextmanager
    def attacker(self, *, quietly: bool = True, user: str = SUPERUSER) -> Iterator[psycopg.Cursor[Any]]:
        """One transaction of the superuser, with every trigger off if it is to be quiet."""
        with psycopg.connect(url(self.name, user)) as connection, connection.cursor() as cursor:
            if quietly:
                cursor.execute("SET LOCAL session_replication_role = replica")
            yield cursor

    @contextmanager
    def inside(self) -> Iterator[None]:
        """This process's Django on this database, for public verbs and for an attacker who has the product's code."""
        from django.db import connection

        before = connection.settings_dict["NAME"], connection.settings_dict["USER"]
        connection.close()
        connection.settings_dict["NAME"] = self.name
        connection.settings_dict["USER"] = self.user or before[1]
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"], connection.settings_dict["USER"] = before

    @contextmanager
    def notary(self, **more: str) -> Iterator[subprocess.Popen[str]]:
        """The notary at work in the background."""
        process = subprocess.Popen(
            [sys.executable, "manage.py", "notary"], cwd=ROOT, env=os.environ | self.environment | more,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        try:
            yield process
        finally:
            process.terminate()
            process.wait(30)

    def export(self, by: str, *what: str, notary: Copy | None = None, seconds: int = 30, **more: str) -> Path:
        """A fresh bundle in a folder, made as an operator makes it, while the notary works."""
        target = self.memory.parent / f"bundle-{next(NUMBERS)}"
        command = what or ("export_ledger",)
        with (notary or self).notary():
            said = self.manage(*command, target, "--by", by, "--wait", seconds, **more)
        if said.status:
            raise RuntimeError(f"no bundle: {said.words[-400:]}")
        return target


@dataclass
class Stage:
    """The base, its key, and what an auditor was given."""

    folder: Path
    base: Copy
    vkey: str = ""
    copies: dict[str, tuple[str, Path]] = field(default_factory=dict)

    @classmethod
    def set_up(cls) -> Stage:
        """Empty tables, Django ready, a key. Ends the run unless this database may be copied and attacked."""
        folder = Path(tempfile.mkdtemp(prefix="riskreview-attacks-"))
        _product.set_up(LOG_LEVEL="ERROR", ARCHIVE_ROOT=str(folder / "archive"))
        (folder / "base").mkdir()
        stage = cls(folder, Copy(database_name(), folder / "key", folder / "base" / "memory"))
        stage.as_superuser("SELECT 1")
        said = stage.base.manage("notary", "--new-key", folder / "key")
        stage.vkey = said.words.split()[-1]
        (folder / "auditor").mkdir()
        shutil.copy(ROOT / "riskreview/audit/verifier.py", folder / "auditor")
        return stage

    def as_superuser(self, statement: str) -> None:
        """One statement beside all databases."""
        try:
            with psycopg.connect(url("postgres", SUPERUSER), autocommit=True) as connection:
                connection.execute(statement)
        except psycopg.OperationalError as fault:
            sys.exit(f"This attacks as PostgreSQL's superuser, which it cannot be here ({fault}). Unset DATABASE_URL.")

    def keep(self, name: str) -> None:
        """Put the base as it is now aside, with the signer's memory, under a name to make copies of."""
        memory = self.folder / f"memory-{name}"
        if self.base.memory.exists():
            shutil.copy(self.base.memory, memory)
        database = f"{self.base.name}_{name}"
        self.as_superuser(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
        self.as_superuser(f'CREATE DATABASE "{database}" TEMPLATE "{self.base.name}" OWNER {owner()}')
        self.copies[name] = database, memory

    @contextmanager
    def copy(self, of: str = "base", *, memory: str = "") -> Iterator[Copy]:
        """A fresh copy of what was put aside; `memory` of another moment, if the attack says so. It goes afterwards."""
        number = next(NUMBERS)
        database, name = self.copies[of][0], f"{self.base.name}_attack_{number}"
        folder = self.folder / f"attack-{number}"
        folder.mkdir()
        kept = self.copies[memory or of][1]
        if kept.exists():
            shutil.copy(kept, folder / "memory")
        self.as_superuser(f'CREATE DATABASE "{name}" TEMPLATE "{database}" OWNER {owner()}')
        try:
            yield Copy(name, self.base.key, folder / "memory")
        finally:
            self.as_superuser(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def verifier(self, bundle: Path, *options: object, key: str = "") -> Verdict:
        """The auditor at work, elsewhere: one file, the public key, and the bundle."""
        told = self.folder / "auditor" / f"report-{next(NUMBERS)}.json"
        words = [bundle, "--key", key or self.vkey, *options, "--json", told]
        said = run(sys.executable, "-I", "verifier.py", *words, cwd=self.folder / "auditor")
        if not told.exists() or "Traceback" in said.words:
            return Verdict(99, {"command": said.words[-300:]})
        report = json.loads(told.read_text())
        failed = {row["name"]: row["detail"] for row in report["checks"] if row["result"] == "failed"}
        return Verdict(said.status, failed, report)

    def clear(self) -> None:
        """Take everything away."""
        for database, _ in self.copies.values():
            self.as_superuser(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
        shutil.rmtree(self.folder, ignore_errors=True)


def url(database: str, user: str = "") -> str:
    """The address of another database on the same server, for this role or for the product's own."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    own, _, host = parts.netloc.rpartition("@")
    return parts._replace(netloc=f"{user or own}@{host}", path=f"/{database}").geturl()


def database_name() -> str:
    """The database of this run."""
    return urlsplit(os.environ["DATABASE_URL"]).path.removeprefix("/")


def owner() -> str:
    """The product's own role."""
    return urlsplit(os.environ["DATABASE_URL"]).netloc.rpartition("@")[0].partition(":")[0]
