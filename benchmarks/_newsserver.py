"""Many news sites in one process of their own, each on a port, which is a host to whoever is polite.

The harness tells it by lines of JSON on its standard input how each site behaves, and asks what came in.
"""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from benchmarks import _pages
from benchmarks._product import ROOT

TRICKLE = 300  # pieces of a slow answer


@dataclass
class Site:
    """One site and how it behaves.

    `does` is "answer", "slow" (the answer takes `seconds`, piece by piece), "hang" (nothing is ever answered), "error"
    (status 500) or "throttle" (status 429 with Retry-After of `seconds`). The first `stumbles` requests for
    each seventh article fail with status 500.
    """

    number: int
    base: str = ""
    items: int = 0
    count: int = 160
    version: int = 1
    does: str = "answer"
    seconds: float = 30.0
    stumbles: int = 0
    poison: list[int] = field(default_factory=list)
    hits: list[float] = field(default_factory=list)
    stumbled: dict[str, int] = field(default_factory=dict)
    ready: dict[int, bytes] = field(default_factory=dict)
    running: int = 0
    most: int = 0

    def answer(self, path: str) -> tuple[int, str, bytes]:
        """Status, type and body."""
        if path == "/robots.txt":
            return 200, "text/plain", b"User-agent: *\nAllow: /\n"
        if self.does in ("error", "throttle"):
            return (500 if self.does == "error" else 429), "text/plain", b"not now\n"
        if path.startswith("/feed"):
            return (
                200,
                "application/rss+xml",
                _pages.feed(self.base, self.number, range(self.items), version=self.version),
            )
        number = int(path.rpartition("/")[2])
        if number % 7 == 0 and self.stumbled.get(path, 0) < self.stumbles:
            self.stumbled[path] = self.stumbled.get(path, 0) + 1
            return 500, "text/plain", b"stumbled\n"
        return 200, "text/html; charset=utf-8", self.ready.pop(number, b"") or self.page(number)

    def page(self, number: int) -> bytes:
        """An article as it is now."""
        bad = number in self.poison
        return _pages.article(self.number, number, version=self.version, count=self.count, poison=bad)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, one request."""
        try:
            asked = (await reader.readuntil(b"\r\n\r\n")).split(b" ", 2)[1].decode()
            if asked != "/robots.txt":
                self.hits.append(time.monotonic())
            self.running += 1
            self.most = max(self.most, self.running)
            await self.respond(writer, asked)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            self.running -= 1
            writer.close()

    async def respond(self, writer: asyncio.StreamWriter, asked: str) -> None:
        """Answer in the way this site does."""
        if self.does == "hang":
            await asyncio.sleep(3600)
        status, kind, body = self.answer(asked)
        wait = f"Retry-After: {self.seconds:.0f}\r\n" if status == 429 else ""
        sized = f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
        head = f"HTTP/1.1 {status} X\r\n{sized}{wait}Connection: close\r\n\r\n"
        slow = self.does == "slow" and asked != "/robots.txt"
        step = max(1, len(body) // TRICKLE) if slow else len(body)
        writer.write(head.encode())
        for start in range(0, len(body), step or 1):
            writer.write(body[start : start + step])
            await writer.drain()
            if slow:
                await asyncio.sleep(self.seconds / TRICKLE)
        await writer.drain()


async def main(count: int) -> None:
    """Open the ports, say which, then do as told until the input ends."""
    sites = [Site(number) for number in range(count)]
    for site in sites:
        server = await asyncio.start_server(site.serve, "127.0.0.1", 0, backlog=256)
        site.base = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    print(json.dumps([site.base for site in sites]), flush=True)
    loop, told = asyncio.get_running_loop(), asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(told), sys.stdin)
    while line := await told.readline():
        print(json.dumps(obeyed(sites, json.loads(line))), flush=True)


def obeyed(sites: list[Site], order: dict[str, Any]) -> Any:
    """Change how some sites behave, and tell what came in."""
    chosen = [sites[number] for number in order.get("sites", range(len(sites)))]
    for site in chosen:
        for name, value in order.get("become", {}).items():
            setattr(site, name, value)
        site.ready |= {number: site.page(number) for number in range(*order.get("prepare", (0, 0)))}
        if order.get("forget"):
            site.hits, site.most = [], 0
    return [{"hits": site.hits if order.get("hits") else len(site.hits), "most": site.most} for site in chosen]


class Newsroom:
    """The process, from outside."""

    def __init__(self, count: int) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks._newsserver", str(count)], cwd=ROOT, text=True, start_new_session=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        self.speaking = threading.Lock()
        self.bases: list[str] = self._heard()

    @property
    def allowed(self) -> str:
        """The sites as the setting FETCH_ALLOW wants them."""
        return ",".join(base.removeprefix("http://") for base in self.bases)

    def tell(self, *sites: int, forget: bool = False, **become: Any) -> None:
        """Let some sites, or all, behave in another way from now on."""
        self._asked({"become": become, "forget": forget} | ({"sites": sites} if sites else {}))

    def prepare(self, first: int, last: int) -> None:
        """Write these articles of each site before they are asked for, so that a benchmark does not pay for it."""
        self._asked({"prepare": [first, last]})

    def ask(self, *, hits: bool = False) -> list[dict[str, Any]]:
        """What came in, by site: how many requests, or when each came, and how many at once at most."""
        found: list[dict[str, Any]] = self._asked({"hits": hits})
        return found

    def close(self) -> None:
        """End it."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()

    def _asked(self, order: dict[str, Any]) -> Any:
        with self.speaking:
            assert self.process.stdin
            self.process.stdin.write(json.dumps(order) + "\n")
            self.process.stdin.flush()
            return self._heard()

    def _heard(self) -> Any:
        assert self.process.stdout
        return json.loads(self.process.stdout.readline())


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
