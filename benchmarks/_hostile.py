"""Servers on loopback for the drills of the fetcher: a secret one that counts its visits, and one that means harm."""

from __future__ import annotations

import multiprocessing
import os
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from urllib.parse import unquote

Answer = Callable[["Room"], None]


class Room(BaseHTTPRequestHandler):
    """Answers by path."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Count the visit and answer."""
        self.server.visits.append(self.path)
        with suppress(OSError):
            self.server.answers.get(unquote(self.path.partition("?")[0]), plain)(self)

    def log_message(self, *args: object) -> None:
        """Say nothing."""

    def begin(self, *, status: int = 200, length: int | None = None, **headers: str) -> None:
        """Send the head of an answer."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value.encode().decode("latin-1"))
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


class Six(ThreadingHTTPServer):
    """The same over IPv6."""

    address_family = socket.AF_INET6


@contextmanager
def serving(answers: dict[str, Answer]) -> Iterator[ThreadingHTTPServer]:
    """A server on a free port of loopback."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Room)
    server.visits, server.answers = [], answers
    with running(server):
        yield server


@contextmanager
def serving_both(answers: dict[str, Answer]) -> Iterator[ThreadingHTTPServer]:
    """The same, and on the same port of IPv6's loopback where there is one; the visits to both are counted."""
    with serving(answers) as server:
        try:
            twin = Six(("::1", server.server_port), Room)
        except OSError:
            yield server
            return
        twin.visits, twin.answers = server.visits, server.answers
        with running(twin):
            yield server


@contextmanager
def running(server: ThreadingHTTPServer) -> Iterator[None]:
    """Let a server answer in a thread of its own."""
    server.daemon_threads = True
    server.handle_error = lambda *args: None
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def apart() -> Iterator[tuple[int, int]]:
    """The server of bombs in a process of its own, so that what it holds is not taken for the fetcher's; its port, and
    one where nobody gets through a TLS handshake."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(there,), daemon=True)
    process.start()
    try:
        yield here.recv()
    finally:
        process.terminate()
        process.join()


def serve(line: Connection) -> None:
    """Serve until this process is ended."""
    with serving(BOMBS) as server, socket.create_server(("127.0.0.1", 0)) as door:
        line.send((server.server_port, door.getsockname()[1]))
        while True:
            caller, _ = door.accept()
            caller.recv(16)
            throw_away(caller)


def packed(megabytes: int) -> bytes:
    """So many megabytes of zeros, packed a thousand to one, without ever holding them."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    head = packer.compress(bytes(2**20)) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(bytes(2**20)) + packer.flush(zlib.Z_FULL_FLUSH)
    # After a full flush nothing looks back, so a piece may be repeated. Nobody gets as far as the sum at the end.
    return head + again * (megabytes - 1)


def gzipped(body: bytes) -> bytes:
    """A body, packed."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return packer.compress(body) + packer.flush()


def endless(room: Room) -> None:
    """A body without a length and without an end."""
    room.close_connection = True
    room.begin(Connection="close")
    room.drip(bytes(65_536), 0)


def slow(room: Room) -> None:
    """A byte a second."""
    room.begin(length=1_000_000)
    room.drip(b"x", 1)


def slow_head(room: Room) -> None:
    """A header that comes a byte a second."""
    room.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
    room.drip(b"x", 1)


def more_to_come(room: Room) -> None:
    """One interim answer after the other."""
    room.drip(b"HTTP/1.1 100 Continue\r\n\r\n" * 1_000, 0)


def long_header(room: Room) -> None:
    """A header without an end."""
    room.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
    room.drip(bytes(b"x" * 65_536), 0)


def tiny_chunks(room: Room) -> None:
    """A byte per chunk, without an end."""
    room.begin(Transfer_Encoding="chunked")
    room.drip(b"1\r\nx\r\n" * 1_000, 0)


def huge_chunk(room: Room) -> None:
    """A chunk that says it has sixteen exabytes."""
    room.begin(Transfer_Encoding="chunked")
    room.wfile.write(b"ffffffffffffffff\r\n")
    room.drip(bytes(65_536), 0)


def two_lengths(room: Room) -> None:
    """Two lengths that differ."""
    room.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 5\r\n\r\nabcde")


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
    throw_away(room.connection)


def throw_away(connection: socket.socket) -> None:
    """End a connection with a reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
    os.close(connection.detach())  # what reads and writes through it would keep it open


BOMBS: dict[str, Answer] = {
    "/10 GB of zeros, packed": lambda room: room.whole(packed(10_000), Content_Encoding="gzip"),
    "/packed twice": lambda room: room.whole(gzipped(packed(1_000)), Content_Encoding="gzip, gzip"),
    "/packed in a way nobody asked for": lambda room: room.whole(packed(10), Content_Encoding="br"),
    "/250,000 packed nothings": lambda room: room.whole(gzipped(b"") * 250_000 + b"x", Content_Encoding="gzip"),
    "/a body without an end": endless,
    "/a byte a second": slow,
    "/a header at a byte a second": slow_head,
    "/a connection that says nothing": silent,
    "/a hundred thousand headers": flood,
    "/a header without an end": long_header,
    "/interim answers without an end": more_to_come,
    "/a byte per chunk, without an end": tiny_chunks,
    "/a chunk of sixteen exabytes": huge_chunk,
    "/a length of a terabyte": lambda room: room.begin(length=10**12),
    "/a body shorter than it says": short,
    "/two lengths that differ": two_lengths,
    "/a connection thrown away": reset,
    "/a redirect to itself": lambda room: room.begin(status=302, length=0, Location=room.path),
    "/a redirect without an end": lambda room: room.begin(status=302, length=0, Location=room.path + "?" + "x" * 900),
}  # fmt: skip
