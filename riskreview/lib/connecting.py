"""How a connection to the outside comes about: to checked addresses only, and never longer than the exchange may take.

Each name is resolved once, every answer is checked, and the connection goes to a checked address: a name cannot change
its mind between check and connect.
"""

import socket
import ssl
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpcore2

from riskreview.lib.addresses import is_public

Resolve = Callable[..., list[tuple[Any, ...]]]
Clock = Callable[[], float]

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


class Deadline:
    """The moment at which the whole exchange must be over."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock = clock
        self._at = clock() + seconds

    @property
    def passed(self) -> bool:
        return self._clock() >= self._at

    @contextmanager
    def paused(self) -> Iterator[None]:
        """The time inside does not count."""
        since = self._clock()
        try:
            yield
        finally:
            self._at += self._clock() - since

    def left(self, timeout: float | None, too_late: type[Exception]) -> float:
        """Seconds that a single wait may take; raises `too_late` when none are left."""
        left = self._at - self._clock()
        if left <= 0:
            raise too_late("the deadline has passed")
        return left if timeout is None else min(left, timeout)


class Guard(httpcore2.SyncBackend):
    """Connects only to addresses it has checked itself."""

    def __init__(self, policy: Policy, deadline: Deadline, resolve: Resolve) -> None:
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
            return Timed(stream, self.deadline)
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


class Timed(httpcore2.NetworkStream):
    """A stream on which no single wait outlasts the deadline of the whole exchange."""

    def __init__(self, stream: httpcore2.NetworkStream, deadline: Deadline) -> None:
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
        return Timed(self._stream.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
