"""The product's own processes: their commands, and the settings a machine without any gets."""

from __future__ import annotations

import os
import secrets
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from launch import paths
from launch.paths import LOCAL, ROOT
from launch.processes import without_postgres_variables
from launch.say import Failure, step, tail

CELERY = ("-m", "celery", "-A", "riskreview")
WORKER = (*CELERY, "worker", "--without-gossip", "--without-mingle", "--loglevel", "INFO")
# Short enough that Ctrl-C feels immediate; a worker with nothing to do waits this long too.
SOFT_SHUTDOWN_SECONDS = 3


@dataclass(frozen=True)
class Process:
    """One process: its arguments after the interpreter, and what it needs beyond the common environment."""

    name: str
    arguments: tuple[str, ...]
    extra: dict[str, str] = field(default_factory=dict)


def processes(port: int, newsroom_port: int | None, beat_file: Path) -> tuple[list[Process], list[Process]]:
    """What `script/demo` and `script/server` run: those that answer HTTP, then those that work behind them."""
    web = ("-m", "gunicorn", "riskreview.wsgi", "-k", "gthread", "-w", "2", "--threads", "8", "--no-control-socket",
           "--bind", f"127.0.0.1:{port}", "--graceful-timeout", str(SOFT_SHUTDOWN_SECONDS))  # fmt: skip
    # The database pool is for the web's threads alone: its own threads do not survive a worker's fork.
    faces = [Process("web", web, {"DATABASE_POOL": "1"})]
    if newsroom_port is not None:
        faces.insert(0, Process("newsroom", ("-m", "riskreview.web.demo.newsroom", "--port", str(newsroom_port))))
    # Prefork only: time limits need it. The tick queue never waits behind slow work.
    tick = (*WORKER, "-n", "tick@%h", "-Q", "tick", "-c", "1")
    work = (*WORKER, "-n", "work@%h", "-Q", "fetch,digest,deliver", "-c", "3")
    beat = (*CELERY, "beat", "--loglevel", "INFO", "--pidfile", "", "-s", str(beat_file))
    soft = {"REMAP_SIGTERM": "SIGQUIT"}
    notary = Process("notary", ("manage.py", "notary"))
    return faces, [notary, Process("tick", tick, soft), Process("work", work, soft), Process("beat", beat)]


def environment(purpose: str, urls: dict[str, str], newsroom_port: int | None = None) -> dict[str, str]:
    """Everything a process of the product needs to run on this machine alone, over plain HTTP on the loopback."""
    folder = paths.make_folder(LOCAL / purpose)
    own = {
        "DJANGO_SETTINGS_MODULE": "riskreview.settings",
        "SECRET_KEY_FILE": str(_secret_key(folder / "secret-key")),
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "SECURE_COOKIES": "false",
        "ARCHIVE_ROOT": str(paths.make_folder(folder / "archive")),
        "STATIC_ROOT": str(folder / "static"),
        "SOFT_SHUTDOWN_SECONDS": str(SOFT_SHUTDOWN_SECONDS),
        "NOTARY_KEY_FILE": str(folder / "notary" / "key"),
        "NOTARY_MEMORY_FILE": str(folder / "notary" / "memory"),
        "NOTARY_SIGN_SECONDS": "2",
        "PYTHONUNBUFFERED": "1",
    }
    if newsroom_port is not None:
        own["FETCH_ALLOW"] = f"127.0.0.1:{newsroom_port}"
        own |= {"HOST_GAP_SECONDS": "0", "HOST_AT_ONCE": "8"}  # the newsroom is our own guest
    inherited = without_postgres_variables(os.environ)
    if purpose == "demo" and newsroom_port is None:
        own = {name: value for name, value in own.items() if name not in inherited and _base(name) not in inherited}
    return {**inherited, **own, **urls}


def manage(python: Path, env: dict[str, str], log: Path, *arguments: str, words: str) -> None:
    """Run one management command as a step. Raises Failure with its last lines."""
    paths.make_folder(log.parent)
    with step(words), log.open("ab") as output:
        command = [str(python), "manage.py", *arguments]
        status = subprocess.call(command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
    if status:
        raise Failure(f"manage.py {arguments[0]} failed:\n{tail(log)}")


def notary_key(python: Path, env: dict[str, str], log: Path) -> None:
    """Make the key that signs the log, unless it is there or the environment names another."""
    file = Path(env["NOTARY_KEY_FILE"])
    if not file.exists() and file.is_relative_to(LOCAL):
        paths.make_folder(file.parent, 0o700)
        manage(python, env, log, "notary", "--new-key", str(file), words="key of the log made")


def tree_key(folder: Path, pattern: str) -> str:
    """Changes when a matching file does, or a pin (packages bring tables and static files of their own)."""
    files = sorted(path for path in folder.glob(pattern) if path.is_file())
    rows = [f"{path.relative_to(folder)} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in files]
    return paths.short_hash("\n".join([*rows, (ROOT / "requirements.txt").read_text()]), 16)


def _base(name: str) -> str:
    """SECRET_KEY for SECRET_KEY_FILE: giving one is giving the other."""
    return name.removesuffix("_FILE")


def _secret_key(file: Path) -> Path:
    if not file.exists():
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as handle:
            handle.write(secrets.token_urlsafe(50))
    return file
