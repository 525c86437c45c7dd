"""The newsroom's HTTP server: loopback only, threads, conditional requests, and two switches: a correction, and
what is held back."""

import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any, Self
from urllib.parse import urlsplit

from riskreview.web.demo.newsroom import corpus, misbehaviour
from riskreview.web.demo.newsroom.misbehaviour import Misbehaviour
from riskreview.web.demo.newsroom.site import HTML, Answer, Site

HOST = "127.0.0.1"
CORRECT, PUBLISH = "/_control/correct", "/_control/publish"


class Newsroom:
    """A newsroom bound to 127.0.0.1, on a free port when `port` is 0. Also a context manager.

    Raises OSError when the port is taken and CorpusError when a document cannot be read.
    """

    def __init__(self, port: int = 0, *, corrected: bool = False) -> None:
        original = corpus.load()
        self._server = _Server((HOST, port), _Handler)
        self.url = f"http://{HOST}:{self._server.server_address[1]}"
        self.site = self._server.site = Site(original, self.url, corrected)
        self._thread: Thread | None = None

    def start(self) -> Self:
        """Serve from a thread of its own and return at once."""
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,), name="newsroom", daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop serving, end slow answers and free the port. Safe to call twice."""
        self._server.stopping.set()
        if self._thread:
            self._server.shutdown()
            self._thread.join()
            self._thread = None
        self._server.server_close()

    def serve(self) -> None:
        """Serve in this thread until interrupted."""
        try:
            self._server.serve_forever()
        except KeyboardInterrupt:
            pass
        finally:
            self.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    site: Site

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        self.stopping = Event()
        super().__init__(address, handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        # A reader that hangs up on a huge or slow answer is the expected end of it.
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    server_version = "newsroom"
    sys_version = ""
    timeout = 30

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path == "/bad/":
            self._send(HTTPStatus.OK, misbehaviour.listing(), HTML)
        elif bad := misbehaviour.MISBEHAVIOURS.get(path.removeprefix("/bad/")) if path.startswith("/bad/") else None:
            self._misbehave(bad)
        elif answer := self.server.site.answer(path):
            self._publish(answer)
        else:
            self._say(HTTPStatus.NOT_FOUND, "The newsroom has nothing at this address.")

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_POST(self) -> None:
        path = urlsplit(self.path).path
        if path not in (CORRECT, PUBLISH):
            self._say(HTTPStatus.NOT_FOUND, f"Only {CORRECT} and {PUBLISH} take a POST.")
        elif self.client_address[0] != HOST:
            self._say(HTTPStatus.FORBIDDEN, "The newsroom is edited from this machine only.")
        elif path == CORRECT:
            self.server.site.corrected = True
            self._say(HTTPStatus.OK, "The corrected revision is served from now on.")
        else:
            self.server.site.publish(datetime.now(UTC).replace(microsecond=0))
            self._say(HTTPStatus.OK, "What was held back is served from now on.")

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the demonstration prints its own steps."""

    def _publish(self, answer: Answer) -> None:
        headers = {
            "ETag": f'"{sha256(answer.body).hexdigest()[:24]}"',
            "Last-Modified": format_datetime(answer.modified.astimezone(UTC), usegmt=True),
            "Cache-Control": "no-cache",
        }
        if self._is_fresh(headers["ETag"], answer.modified):
            self._head(HTTPStatus.NOT_MODIFIED, headers)
        else:
            self._send(HTTPStatus.OK, answer.body, answer.content_type, headers)

    def _is_fresh(self, etag: str, modified: datetime) -> bool:
        # If-None-Match wins over If-Modified-Since (RFC 9110, section 13.2.2).
        if (known := self.headers.get("If-None-Match")) is not None:
            return known.strip() == "*" or etag in (tag.strip().removeprefix("W/") for tag in known.split(","))
        try:
            return modified <= parsedate_to_datetime(self.headers.get("If-Modified-Since", ""))
        except (TypeError, ValueError):
            return False

    def _misbehave(self, bad: Misbehaviour) -> None:
        self._head(HTTPStatus(bad.status), {"Content-Type": bad.content_type, **bad.headers})
        if self.command != "HEAD":
            self._write(bad.chunks(), pause=bad.pause)

    def _write(self, chunks: Iterable[bytes], *, pause: float) -> None:
        for chunk in chunks:
            self.wfile.write(chunk)
            if self.server.stopping.wait(pause) if pause else self.server.stopping.is_set():
                return

    def _say(self, status: HTTPStatus, words: str) -> None:
        self._send(status, f"{words}\n".encode(), "text/plain; charset=utf-8")

    def _send(self, status: HTTPStatus, body: bytes, content_type: str, headers: dict[str, str] | None = None) -> None:
        self._head(status, {"Content-Type": content_type, "Content-Length": str(len(body)), **(headers or {})})
        if self.command != "HEAD":
            self.wfile.write(body)

    def _head(self, status: HTTPStatus, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
