"""The web process, and people who use it all the while: readers of pages, and one who writes."""

from __future__ import annotations

import datetime
import http.client
import itertools
import json
import random
import socket
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import _history
from benchmarks._product import Group

TIMEOUT = 20.0


@dataclass(frozen=True)
class Seen:
    """One answer: what was asked, when, how long it took in seconds, and its status (0: none)."""

    path: str
    at: float
    seconds: float
    status: int
    traceback: bool = False


class Web:
    """Gunicorn with the product, as an operator runs it."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        command = ["gunicorn", "riskreview.wsgi", "-k", "gthread", "-w", "2", "--threads", "8", "--no-control-socket",
                   "--bind", f"127.0.0.1:{self.port}"]  # fmt: skip
        self.group = Group(*command, log=folder / "web.log", DATABASE_POOL="1")

    def ask(self, path: str, *, headers: dict[str, str], body: dict[str, Any] | None = None) -> tuple[int, bytes]:
        """One request on a connection of its own: status and body."""
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
        try:
            told = {"Content-Type": "application/json"} if body is not None else {}
            sent = json.dumps(body).encode() if body is not None else None
            link.request("GET" if body is None else "POST", path, sent, headers | told)
            answer = link.getresponse()
            return answer.status, answer.read()
        finally:
            link.close()

    def is_up(self) -> bool:
        """Whether it answers."""
        try:
            return self.ask("/healthz", headers={})[0] == 200
        except OSError:
            return False


class Visitors:
    """A reader who opens five pages a second, and a writer who grades one source a second."""

    def __init__(self, web: Web, by: Any, paths: list[str], sources: list[Any], folder: Path, seed: int) -> None:
        self.web, self.paths, self.seen, self.over = web, paths, list[Seen](), threading.Event()
        self.rng, self.versions = random.Random(f"visitors {seed}"), {source.pk: source.entry_seq for source in sources}
        self.cookie, self.token = signed_in(by), token_of(by)
        (folder / "journal").mkdir()
        self.journal = _history.Journal(folder / "journal" / "writer.jsonl")
        self.threads = [
            threading.Thread(target=self.read, daemon=True),
            threading.Thread(target=self.write, daemon=True),
        ]
        for thread in self.threads:
            thread.start()

    def read(self) -> None:
        """Open one page after the other."""
        while not self.over.wait(0.2):
            self.timed(self.rng.choice(self.paths), headers={"Cookie": self.cookie})

    def write(self) -> None:
        """Grade a source, with a reason nobody else gives, and write down what came of it."""
        for number in itertools.count():
            if self.over.wait(1.0):
                return
            pk, value = self.rng.choice(list(self.versions)), f"drill-{number}"
            self.journal.note(value, _history.BEGIN)
            body = {"reliability": self.rng.choice("ABCDE"), "reason": value}
            headers = {"Authorization": f"Bearer {self.token}", "If-Match": f'"{self.versions[pk]}"'}
            status = self.timed(f"/api/v1/sources/{pk}/grade/", headers=headers, body=body)
            self.versions[pk] += status == 200
            outcome = {200: _history.OK, 0: _history.UNKNOWN}.get(status, _history.FAIL)
            self.journal.note(value, outcome, "" if status == 200 else f"status {status}")

    def timed(self, path: str, **more: Any) -> int:
        """One request, noted; its status."""
        begun = time.monotonic()
        try:
            status, body = self.web.ask(path, **more)
        except OSError:
            status, body = 0, b""
        seconds = time.monotonic() - begun
        self.seen.append(Seen(path, begun, seconds, status, b"Traceback (most recent" in body))
        return status

    def stop(self) -> None:
        """No more."""
        self.over.set()
        for thread in self.threads:
            thread.join(TIMEOUT)


def signed_in(by: Any) -> str:
    """The cookie of somebody who has signed in."""
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(by)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def token_of(by: Any) -> str:
    """A token to write with."""
    from riskreview.accounts.models import ApiToken

    now = datetime.datetime.now(datetime.UTC)
    until = now + datetime.timedelta(days=1)
    token = ApiToken.objects.issue(by=by, name="Drill", scopes=["read", "documents:write"], expires_at=until, now=now)
    return str(token.secret)
