"""The one function that opens sockets to the outside.

Each hop is resolved once, every answer is checked, and the connection goes to a checked address: a name cannot change
its mind between check and connect. Bytes are read raw and inflated under a cap, and one deadline covers the
whole exchange, however slowly its bytes arrive.
"""

import functools
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

import httpcore2
import httpx2

from riskreview.lib.addresses import is_public
from riskreview.lib.inflating import Damaged, Oversized, inflated
from riskreview.lib.urls import ascii_host, safe_url

Resolve = Callable[..., list[tuple[Any, ...]]]
Clock = Callable[[], float]

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PORTS = frozenset({80, 443})


class FetchFailed(Exception):
    """The address could not be fetched; `reason` says why in words for staff."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Refused(FetchFailed):
    """The address, or one it redirects to, is not one this product may contact."""


class TooLarge(FetchFailed):
    """The answer is larger than the policy allows, packed or unpacked."""


class TooSlow(FetchFailed):
    """The answer did not arrive within the policy's times."""


class Unreachable(FetchFailed):
    """The name does not resolve, or nobody answers there."""


class BadResponse(FetchFailed):
    """Something answered, but not with a usable HTTP response."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Limits of one fetch.

    `allow` holds the operator's exceptions as exact (host name or IP address, port) pairs; all else must be a public
    address on port 80 or 443. `max_bytes` counts the body after inflation. Times are in seconds.
    """

    allow: frozenset[tuple[str, int]] = frozenset()
    max_bytes: int = 10_000_000
    wall_seconds: float = 30.0
    connect_seconds: float = 5.0
    idle_seconds: float = 10.0
    max_redirects: int = 3
    user_agent: str = "riskreview"


@dataclass(frozen=True, slots=True)
class Response:
    """What the last hop answered. `headers` have lower-case names; `body` is inflated; `not_modified` means 304."""

    status: int
    headers: dict[str, str]
    body: bytes
    final_url: str
    not_modified: bool


def fetch(
    url: str,
    *,
    policy: Policy,
    etag: str = "",
    last_modified: str = "",
    headers: tuple[tuple[str, str], ...] = (),
    secret_query: tuple[tuple[str, str], ...] = (),
    admit: Callable[[str], None] | None = None,
    now: Clock | None = None,
    resolve: Resolve | None = None,
) -> Response:
    """GET an address from outside under `policy` and return the answer whatever its status.

    `etag` and `last_modified` make the request conditional. `now` is a monotonic clock in seconds, `resolve` stands in
    for `socket.getaddrinfo`. Redirects are followed by hand, each hop checked again, never from https to http. No
    cookies are kept and no proxy variables read. Raises a FetchFailed: Refused, TooLarge, TooSlow, Unreachable or
    BadResponse. Looking a name up is the system's call and may outlast the deadline by the resolver's own timeout.
    """
    asked = _request_headers(policy, etag, last_modified)
    url = first = _plain_address(url)
    if admit:
        admit(url)
    guard = _Guard(policy, _Deadline(now or time.monotonic, policy.wall_seconds), resolve or socket.getaddrinfo)
    for number in range(policy.max_redirects + 1):
        if number and admit:
            admit(url)
        own = urlsplit(url)[:2] == urlsplit(first)[:2]
        secret = "&".join(f"{name}={quote(value)}" for name, value in secret_query) if own else ""
        target = f"{url}{'&' if '?' in url else '?'}{secret}" if secret else url
        response = _hop(target, [*asked, *(headers if own else ())], policy, guard)
        response = replace(response, final_url=url)
        if response.status not in _REDIRECTS or "location" not in response.headers:
            return response
        url = _next_address(url, response.headers["location"])
    raise BadResponse(f"The address redirects more than {policy.max_redirects} times.")


def send(
    url: str,
    body: bytes,
    *,
    content_type: str,
    policy: Policy,
    now: Clock | None = None,
    resolve: Resolve | None = None,
) -> Response:
    """POST bytes to an address that the operator chose, and return the answer. A redirect is not followed.

    Raises what `fetch` raises.
    """
    guard = _Guard(policy, _Deadline(now or time.monotonic, policy.wall_seconds), resolve or socket.getaddrinfo)
    headers = [("User-Agent", policy.user_agent), ("Content-Type", content_type), ("Content-Length", str(len(body)))]
    return _hop(_plain_address(url), headers, policy, guard, body=body)


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Provisional: how long the server asks to be left alone (RFC 9110, 10.2.3), at most a day."""
    value = headers.get("retry-after", "").strip()
    return timedelta(seconds=min(int(value), 86_400)) if value.isdecimal() else None


def _request_headers(policy: Policy, etag: str, last_modified: str) -> list[tuple[str, str]]:
    headers = [("User-Agent", policy.user_agent), ("Accept", "*/*"), ("Accept-Encoding", "gzip")]
    conditions = [("If-None-Match", etag), ("If-Modified-Since", last_modified)]
    return headers + [(name, value) for name, value in conditions if value and value.isprintable() and value.isascii()]


def _plain_address(url: str) -> str:
    address = safe_url(url)
    if address is None:
        raise Refused("Only plain http and https addresses without a user name are fetched.")
    return address


def _next_address(url: str, location: str) -> str:
    target = safe_url(location, base=url)
    if target is None:
        raise Refused("The address redirects to something that is not a plain web address.")
    if urlsplit(url).scheme == "https" and urlsplit(target).scheme == "http":
        raise Refused("The address redirects from https to unprotected http.")
    return target


def _hop(
    url: str, headers: list[tuple[str, str]], policy: Policy, guard: "_Guard", *, body: bytes | None = None
) -> Response:
    address, host = _addressed(url)
    timeout = {"connect": policy.connect_seconds, "read": policy.idle_seconds, "write": policy.idle_seconds}
    try:
        with (
            httpcore2.ConnectionPool(ssl_context=_ssl_context(), network_backend=guard) as pool,
            pool.stream(
                "GET" if body is None else "POST",
                address,
                headers=[host, *headers],
                content=body,
                extensions={"timeout": timeout},
            ) as got,
        ):
            return _response(got, url, policy)
    except (httpcore2.TimeoutException, httpcore2.NetworkError, httpcore2.ProtocolError, OSError) as error:
        raise _explained(error, policy, spent=guard.deadline.passed) from error


def _addressed(url: str) -> tuple[httpcore2.URL, tuple[str, str]]:
    """The address as the client takes it, and its Host header."""
    parts = urlsplit(url)
    host = ascii_host(parts.hostname or "")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    address = httpcore2.URL(scheme=parts.scheme.encode(), host=host.encode(), port=parts.port, target=target.encode())
    host = f"[{host}]" if ":" in host else host
    return address, ("Host", f"{host}:{parts.port}" if parts.port else host)


def _response(got: httpcore2.Response, url: str, policy: Policy) -> Response:
    headers: dict[str, str] = {}
    for raw_name, raw_value in got.headers:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    if got.status == 304 or got.status in _REDIRECTS:
        return Response(got.status, headers, b"", url, got.status == 304)
    return Response(got.status, headers, _body(got, headers, policy), url, False)


def _body(got: httpcore2.Response, headers: dict[str, str], policy: Policy) -> bytes:
    length = headers.get("content-length", "")
    try:
        if length.isdecimal() and int(length[:20]) > policy.max_bytes:
            raise Oversized
        return inflated(got.iter_stream(), headers.get("content-encoding", ""), policy.max_bytes)
    except Oversized as error:
        raise TooLarge(f"The answer is larger than {policy.max_bytes:,} bytes.") from error
    except Damaged as error:
        raise BadResponse(str(error)) from error


def _explained(error: Exception, policy: Policy, *, spent: bool) -> FetchFailed:
    if spent:
        return TooSlow(f"The answer took longer than {policy.wall_seconds:g} seconds.")
    if isinstance(error, httpcore2.ConnectTimeout):
        return Unreachable(f"Nobody answered within {policy.connect_seconds:g} seconds.")
    if isinstance(error, httpcore2.TimeoutException):
        return TooSlow(f"The server sent nothing for {policy.idle_seconds:g} seconds.")
    if isinstance(error, ssl.SSLError) or "certificate" in str(error).lower():
        return Unreachable("The server's certificate is not valid for this address.")
    if isinstance(error, httpcore2.ConnectError):
        return Unreachable("No connection could be made to the server.")
    if isinstance(error, httpcore2.ProtocolError) and "without sending complete" in str(error):
        return BadResponse("The answer was cut off before its end.")
    return BadResponse("The server's answer is not valid HTTP, or it broke the connection off.")


@functools.cache
def _ssl_context() -> ssl.SSLContext:
    return httpx2.create_ssl_context(trust_env=False)


class _Deadline:
    """The moment at which the whole exchange must be over."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock = clock
        self._at = clock() + seconds

    @property
    def passed(self) -> bool:
        return self._clock() >= self._at

    def left(self, timeout: float | None, too_late: type[Exception]) -> float:
        """Seconds that a single wait may take; raises `too_late` when none are left."""
        left = self._at - self._clock()
        if left <= 0:
            raise too_late("the deadline has passed")
        return left if timeout is None else min(left, timeout)


class _Guard(httpcore2.SyncBackend):
    """Connects only to addresses it has checked itself."""

    def __init__(self, policy: Policy, deadline: _Deadline, resolve: Resolve) -> None:
        self.deadline = deadline
        self._policy = policy
        self._resolve = resolve

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        addresses = self._checked(host, port)
        for number, ip in enumerate(addresses, start=1):
            left = self.deadline.left(timeout, httpcore2.ConnectTimeout)
            try:
                stream = super().connect_tcp(ip, port, left, local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
                if number == len(addresses):
                    raise
                continue
            return _Timed(stream, self.deadline)
        raise Unreachable(f"The name {host} has no address.")

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore2.NetworkStream:
        raise Refused("Unix sockets are not fetched.")

    def _checked(self, host: str, port: int) -> list[str]:
        try:
            answers = self._resolve(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise Unreachable(f"The name {host} cannot be resolved.") from error
        ips = list(dict.fromkeys(str(answer[4][0]).partition("%")[0] for answer in answers))
        for ip in ips:
            self._check(host, ip, port)
        return ips

    def _check(self, host: str, ip: str, port: int) -> None:
        if {(host, port), (ip, port)} & self._policy.allow:
            return
        if port not in _PORTS:
            raise Refused(f"Port {port} of {host} is not allowed: only 80 and 443 are.")
        if not is_public(ip):
            raise Refused(f"{host} is at {ip}, which is not a public address.")


class _Timed(httpcore2.NetworkStream):
    """A stream on which no single wait outlasts the deadline of the whole exchange."""

    def __init__(self, stream: httpcore2.NetworkStream, deadline: _Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left(timeout, httpcore2.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left(timeout, httpcore2.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        left = self._deadline.left(timeout, httpcore2.ConnectTimeout)
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
