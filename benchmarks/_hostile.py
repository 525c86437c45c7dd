"""Servers on loopback for the drills of the fetcher: a secret one that counts its visits, and one that means harm."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = Callable[["Room"], None]


class Room(BaseHTTPRequestHandler):
    """Answers by path."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Count the visit and answer."""
        self.server.visits.append(self.path)
        with suppress(OSError):
            self.server.answers.get(self.path.partition("?")[0], plain)(self)

    def log_message(self, *args: object) -> None:
        """Say nothing."""

    def begin(self, *, status: int = 200, length: int | None = None, **headers: str) -> None:
        """Send the head of an answer."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if length is not None:
            self.send_header("Content-Length", str(length))
        self.end_headers()

    def whole(self, body: bytes, **headers: str) -> None:
        """Send an answer."""
        self.begin(length=len(body), **headers)
        self.wfile.write(body)

    def drip(self, chunk: bytes, pause: float) -> None:
        """Send for ever."""
        while True:
            self.wfile.write(chunk)
            self.wfile.flush()
            time.sleep(pause)


def plain(room: Room) -> None:
    """A harmless answer."""
    room.whole(b"secret")


@contextmanager
def serving(answers: dict[str, Answer]) -> Iterator[ThreadingHTTPServer]:
    """A server on a free port of loopback."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Room)
    server.daemon_threads = True
    server.visits, server.answers = [], answers
    server.handle_error = lambda *args: None
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def bomb(size: int, times: int = 1) -> bytes:
    """Zeros, packed, and packed again."""
    data = bytes(size)
    for _ in range(times):
        data = gzip.compress(data, 9)
    return data


def endless(room: Room) -> None:
    """A body without a length and without an end."""
    room.close_connection = True
    room.begin(Connection="close")
    room.drip(bytes(65_536), 0)


def slow(room: Room) -> None:
    """A byte every tenth of a second."""
    room.begin(length=1_000_000)
    room.drip(b"x", 0.1)


def silent(room: Room) -> None:
    """Nothing at all."""
    time.sleep(60)


def flood(room: Room) -> None:
    """A hundred thousand headers."""
    room.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(100_000):
        room.wfile.write(b"X-%d: y\r\n" % number)
    room.wfile.write(b"\r\n")


def short(room: Room) -> None:
    """A body shorter than it says."""
    room.close_connection = True
    room.begin(length=1_000)
    room.wfile.write(b"x" * 10)


def reset(room: Room) -> None:
    """A connection that is thrown away."""
    room.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
    room.connection.close()
