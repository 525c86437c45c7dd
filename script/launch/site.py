"""The whole product on this machine: environment, servers, tables, static files, processes, until its pages answer."""

from __future__ import annotations

import fcntl
import http.client
import os
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from launch import crew, environments, paths, processes, product, servers
from launch.crew import Crew
from launch.paths import LOCAL, ROOT
from launch.say import Failure, step, tail

FIRST_PORT, FIRST_NEWSROOM_PORT = 8000, 8901
PORTS_TRIED = 50


@dataclass(frozen=True)
class Site:
    """A running product: where its pages are, and the processes behind them."""

    url: str
    newsroom: str | None
    crew: Crew


def start(purpose: str, port: int | None, *, newsroom: bool, to_terminal: bool = False) -> Site:
    """Bring everything up, using what already runs, and return when the first page answers."""
    with environments.building("run") as python:
        urls = servers.start(purpose, python)
    web_port = choose_port(purpose, "web_port", port, FIRST_PORT)
    newsroom_port = choose_port(purpose, "newsroom_port", None, FIRST_NEWSROOM_PORT) if newsroom else None
    env = product.environment(purpose, urls, newsroom_port)
    _tables_and_static_files(purpose, python, env)
    product.notary_key(python, env, _log(purpose, "notary-key"))
    running = Crew(purpose, python, env, to_terminal=to_terminal)
    url = f"http://127.0.0.1:{web_port}"
    servers.record(purpose, web_port=web_port, newsroom_port=newsroom_port, url=url)
    faces, workers = product.processes(web_port, newsroom_port, LOCAL / purpose / "beat")
    # Workers only after the first page: starting is work for the processor, and a person waits for the page.
    for process in faces:
        running.start(process)
    _wait_for_pages(running, web_port, newsroom_port)
    for process in workers:
        running.start(process)
    return Site(url, f"http://127.0.0.1:{newsroom_port}" if newsroom_port else None, running)


def stop(purpose: str) -> None:
    """End the product's processes, then the servers they talked to."""
    crew.stop(purpose)
    servers.stop(purpose)


@contextmanager
def supervised(purpose: str) -> Iterator[bool]:
    """Whether this process is now the one supervisor of the purpose; it is until the block ends."""
    paths.make_folder(LOCAL)
    with (LOCAL / f"{purpose}.supervisor").open("a+") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        handle.truncate(0)
        handle.write(f"{os.getpid()}\n")
        handle.flush()
        yield True


def supervisor(purpose: str) -> processes.Identity | None:
    """The process that supervises this purpose now, if one does."""
    with supervised(purpose) as free:
        if free:
            return None
        words = (LOCAL / f"{purpose}.supervisor").read_text().strip()
    return processes.identity(int(words)) if words.isdigit() else None


def choose_port(purpose: str, name: str, wanted: int | None, first: int) -> int:
    """The port wanted, else last time's, else the first free one. Raises Failure if the wanted one is taken."""
    last = servers.read_status(purpose).get(name)
    ours = crew.is_running(purpose)
    if wanted is not None:
        if not is_free(wanted) and not (ours and wanted == last):
            raise Failure(f"Port {wanted} is taken.\n  Choose another with --port, or leave it out.")
        return wanted
    if last is not None and (ours or is_free(last)):
        return int(last)
    free = next((port for port in range(first, first + PORTS_TRIED) if is_free(port)), None)
    if free is None:
        raise Failure(f"Ports {first} to {first + PORTS_TRIED - 1} are all taken.\n  Choose one with --port.")
    return free


def is_free(port: int) -> bool:
    """Whether nobody listens on this port of the loopback."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def answers(port: int, path: str) -> bool:
    """Whether a page there answers without an error."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status < 400
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _tables_and_static_files(purpose: str, python: Path, env: dict[str, str]) -> None:
    with ThreadPoolExecutor(2) as together:
        steps = [together.submit(each, purpose, python, env) for each in (_tables, _static_files)]
        for step_ in steps:
            step_.result()


def _tables(purpose: str, python: Path, env: dict[str, str]) -> None:
    """Migrate; left out when our own cluster, made at the time the key names, saw these very migrations."""
    cluster = servers.born(purpose) if not os.environ.get("DATABASE_URL") else None
    mark = LOCAL / purpose / "tables.key"
    key = f"{cluster} {product.tree_key(ROOT / 'riskreview', '*/migrations/*.py')}"
    if cluster is None or not _holds(mark, key):
        product.manage(python, env, _log(purpose, "migrate"), "migrate", "--no-input", words="tables up to date")
        mark.write_text(key)


def _static_files(purpose: str, python: Path, env: dict[str, str]) -> None:
    """Collect the static files; left out when those that were collected last time are the same."""
    mark, key = LOCAL / purpose / "static.key", product.tree_key(ROOT / "static", "**/*")
    if not (Path(env["STATIC_ROOT"]).is_dir() and _holds(mark, key)):
        words = "static files collected"
        product.manage(
            python, env, _log(purpose, "collectstatic"), "collectstatic", "--no-input", "--clear", words=words
        )
        mark.write_text(key)


def _holds(mark: Path, key: str) -> bool:
    return mark.exists() and mark.read_text() == key


def _log(purpose: str, name: str) -> Path:
    return LOCAL / purpose / "log" / f"{name}.log"


def _wait_for_pages(running: Crew, web_port: int, newsroom_port: int | None) -> None:
    with step("pages answer"):
        waiting = [("web", web_port, "/healthz"), *([("newsroom", newsroom_port, "/")] if newsroom_port else [])]
        for name, port, path in waiting:

            def ready(port: int = port, path: str = path) -> bool:
                running.check()
                return answers(port, path)

            if not processes.wait_until(ready, 60, pause=0.1):
                raise Failure(f"{name} does not answer at http://127.0.0.1:{port}{path}:\n{tail(running.log(name))}")
