"""The one function that opens sockets to the outside.

Each hop is resolved once, every answer is checked, and the connection goes to a checked address: a name cannot change
its mind between check and connect. Bytes are read raw and inflated under a cap, and one deadline covers the
whole exchange, however slowly its bytes arrive.
"""

import functools
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpcore2
import httpx2

from riskreview.lib.confidential import Confidential, Pairs, is_sound
from riskreview.lib.connecting import (
    BadResponse,
    Clock,
    Deadline,
    FetchFailed,
    Guard,
    Policy,
    Refused,
    Resolve,
    TooLarge,
    TooSlow,
    Unreachable,
)
from riskreview.lib.inflating import Damaged, Oversized, inflated
from riskreview.lib.offline import is_offline
from riskreview.lib.urls import ascii_host, safe_url

__all__ = [
    "BadResponse",
    "FetchFailed",
    "Policy",
    "Refused",
    "Response",
    "TooLarge",
    "TooSlow",
    "Unreachable",
    "fetch",
    "retry_after",
    "send",
]

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_LONGEST_WAIT = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Response:
    """What the last hop answered. `headers` have lower-case names; `body` is inflated; `not_modified` means 304, and
    `broke_off` that the body is only what came before the connection ended too early."""

    status: int
    headers: dict[str, str]
    body: bytes
    final_url: str
    not_modified: bool
    broke_off: bool = False


def fetch(
    url: str,
    *,
    policy: Policy,
    etag: str = "",
    last_modified: str = "",
    headers: Pairs = (),
    secret_query: Pairs = (),
    part: bool = False,
    admit: Callable[[str], None] | None = None,
    now: Clock | None = None,
    resolve: Resolve | None = None,
) -> Response:
    """GET an address from outside under `policy` and return the answer whatever its status.

    `etag` and `last_modified` make the request conditional. `headers` and `secret_query` go to the origin of `url`
    alone, not along with a redirect to another; the secrets stand in no `final_url` and no error. With `part`, a body
    that breaks off is returned as far as it came, instead of being an error. `admit` is called with the address of
    each hop before it is connected to, and may wait or raise; its time does not count. `now` is a monotonic clock in
    seconds, `resolve` stands in for `socket.getaddrinfo`. Redirects are followed by hand, each hop checked again, never
    from https to http. No cookies are kept and no proxy variables read. Raises a FetchFailed: Refused, TooLarge,
    TooSlow, Unreachable or BadResponse. Looking a name up is the system's call and may outlast the deadline by the
    resolver's own timeout.
    """
    url = _plain_address(url)
    asked, ours = _request_headers(policy, etag, last_modified), True
    confidential = Confidential(url, _checked(headers), secret_query)
    deadline = Deadline(now or time.monotonic, policy.wall_seconds)
    guard = Guard(policy, deadline, resolve or socket.getaddrinfo)
    for _ in range(policy.max_redirects + 1):
        _wait_to_be_admitted(url, admit, deadline)
        # Once it has led elsewhere, an exchange is not trusted again, even if it leads back.
        ours = ours and confidential.is_for(url)
        target, own = (confidential.added_to(url), headers) if ours else (url, ())
        response = _hop(target, [*asked, *own], policy, guard, part=part)
        if response.status not in _REDIRECTS or "location" not in response.headers:
            return replace(response, final_url=url)
        url = _next_address(url, response.headers["location"], confidential)
    raise BadResponse(f"The address redirects more than {policy.max_redirects} times.")


def _wait_to_be_admitted(url: str, admit: Callable[[str], None] | None, deadline: Deadline) -> None:
    """Ask whether a hop may be made now; what that takes is not the server's time."""
    if admit:
        with deadline.paused():
            admit(url)


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
    guard = Guard(policy, Deadline(now or time.monotonic, policy.wall_seconds), resolve or socket.getaddrinfo)
    headers = [("User-Agent", policy.user_agent), ("Content-Type", content_type), ("Content-Length", str(len(body)))]
    return _hop(_plain_address(url), headers, policy, guard, body=body)


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """How long the server asks to be left alone, a day at most (RFC 9110, 10.2.3: seconds, or a date).

    None when it does not say, or nothing that can be understood. `now` is in UTC.
    """
    value = headers.get("retry-after", "").strip()
    if value.isdecimal() and value.isascii():
        return min(timedelta(seconds=int(value[:9])), _LONGEST_WAIT)
    try:
        at = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    wait = (at if at.tzinfo else at.replace(tzinfo=UTC)) - now
    return min(wait, _LONGEST_WAIT) if wait > timedelta() else None


def _checked(headers: Pairs) -> Pairs:
    for name, value in headers:
        if not is_sound(name, value):
            raise Refused("A header of the request is not one that may be sent.")
    return headers


def _request_headers(policy: Policy, etag: str, last_modified: str) -> list[tuple[str, str]]:
    headers = [("User-Agent", policy.user_agent), ("Accept", "*/*"), ("Accept-Encoding", "gzip")]
    conditions = [("If-None-Match", etag), ("If-Modified-Since", last_modified)]
    return headers + [(name, value) for name, value in conditions if value and value.isprintable() and value.isascii()]


def _plain_address(url: str) -> str:
    if is_offline():
        raise Refused("Nothing is fetched from where documents are read.")
    address = safe_url(url)
    if address is None:
        raise Refused("Only plain http and https addresses without a user name are fetched.")
    return address


def _next_address(url: str, location: str, confidential: Confidential) -> str:
    target = safe_url(location, base=url)
    if target is None:
        raise Refused("The address redirects to something that is not a plain web address.")
    if urlsplit(url).scheme == "https" and urlsplit(target).scheme == "http":
        raise Refused("The address redirects from https to unprotected http.")
    target = confidential.removed_from(target)
    if confidential.is_told_by(target):
        raise Refused("The address redirects to one that tells the credential.")
    return target


def _hop(
    url: str,
    headers: list[tuple[str, str]],
    policy: Policy,
    guard: Guard,
    *,
    body: bytes | None = None,
    part: bool = False,
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
            return _response(got, url, policy, part=part)
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


def _response(got: httpcore2.Response, url: str, policy: Policy, *, part: bool) -> Response:
    headers: dict[str, str] = {}
    for raw_name, raw_value in got.headers:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    if got.status == 304 or got.status in _REDIRECTS:
        return Response(got.status, headers, b"", url, got.status == 304)
    stream = _Stream(got, part)
    body = _body(stream, headers, policy)
    return Response(got.status, headers, body, url, False, stream.broke_off)


class _Stream:
    """The pieces of a body as they come; if a part of it will do, up to where the connection ended too early."""

    def __init__(self, got: httpcore2.Response, part: bool) -> None:
        self.got, self.part, self.broke_off = got, part, False

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self.got.iter_stream()
        except httpcore2.RemoteProtocolError as error:
            if not self.part or not _is_cut(error):
                raise
            self.broke_off = True


def _is_cut(error: Exception) -> bool:
    return isinstance(error, httpcore2.ProtocolError) and "without sending complete" in str(error)


def _body(stream: _Stream, headers: dict[str, str], policy: Policy) -> bytes:
    length = headers.get("content-length", "")
    try:
        if length.isdecimal() and int(length[:20]) > policy.max_bytes:
            raise Oversized
        return inflated(stream, headers.get("content-encoding", ""), policy.max_bytes, part=stream.part)
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
    if _is_cut(error):
        return BadResponse("The answer was cut off before its end.")
    return BadResponse("The server's answer is not valid HTTP, or it broke the connection off.")


@functools.cache
def _ssl_context() -> ssl.SSLContext:
    return httpx2.create_ssl_context(trust_env=False)
