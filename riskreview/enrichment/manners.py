"""Manners on the way out: a turn at each host, its robots.txt, and what its answers say about coming back.

`politely` wraps one exchange of `lib.http.fetch`; the turns themselves are rows (`evidence.Host`), so they hold across
all workers.
"""

from __future__ import annotations

import datetime
import functools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from protego import Protego

from riskreview.evidence.models import Host, Turn
from riskreview.lib.http import BadResponse, FetchFailed, Policy, Refused, Response, TooSlow, Unreachable, fetch
from riskreview.lib.http import retry_after as asked_to_wait
from riskreview.lib.urls import host_of

ROBOTS_BYTES = 500_000  # RFC 9309, 2.5: at least 500 kibibytes must be read
ROBOTS_FOR = datetime.timedelta(hours=24)  # RFC 9309, 2.4: not used for longer, unless the host cannot be asked
LONGEST_DELAY = 60.0
# How long a worker waits for a turn before it does something else, so that its slots are there for other hosts. In the
# middle of an exchange it waits longer: what a redirect put off would begin anew each time.
AT_FIRST, BETWEEN = datetime.timedelta(seconds=0.25), datetime.timedelta(seconds=15)
_TROUBLE = frozenset({429, 500, 502, 503, 504})


class Disallowed(Refused):
    """The site's robots.txt asks programs to stay away from this address. Trying again would not help."""

    permanent = True


class Asked(BadResponse):
    """The host asked to be left alone for `wait`."""

    def __init__(self, reason: str, wait: datetime.timedelta | None) -> None:
        super().__init__(reason)
        self.wait = wait


def policy(max_bytes: int) -> Policy:
    """The fetcher's limits, with the operator's exceptions."""
    pairs = (text.rsplit(":", 1) for text in settings.FETCH_ALLOW)
    return Policy(
        allow=frozenset((host.strip("[]"), int(port)) for host, port in pairs),
        max_bytes=min(max_bytes, settings.FETCH_MAX_BYTES),
        user_agent=settings.FETCH_USER_AGENT,
    )


@dataclass
class Manners:
    """One exchange with the outside. `gap` is the least number of seconds between two requests to a host."""

    gap: float
    heed_robots: bool
    turn: Turn | None = None
    hops: int = 0

    def admit(self, url: str) -> None:
        """Wait for a turn at the host of the next hop. Raises `Postponed`, or `Disallowed` by its robots.txt."""
        if self.turn:  # the host before answered: with a redirect
            Host.objects.answered(self.turn)
        gap, patience = max(self.gap, settings.HOST_GAP_SECONDS), BETWEEN if self.hops else AT_FIRST
        self.turn = Host.objects.turn(host_of(url), gap=gap, patience=patience)
        self.hops += 1
        if self.heed_robots and settings.FETCH_ROBOTS and not allowed(url):
            raise Disallowed("The site's robots.txt asks programs not to fetch this address.")

    def over(self) -> None:
        """Give the turn back; the host neither worked nor failed."""
        if self.turn:
            Host.objects.over(self.turn)
            self.turn = None

    def heard(self, answer: Response) -> None:
        """Note how the host answered. Raises `Asked` when it wants to be left alone or is out of order."""
        turn, self.turn = self.turn, None
        if turn is None:
            return
        if answer.status not in _TROUBLE:
            Host.objects.answered(turn)
            return
        reason = f"The server answered with status {answer.status}."
        wait = asked_to_wait(answer.headers, timezone.now())
        if wait:
            Host.objects.leave_alone(turn.host, wait)
        if answer.status == 429:  # not a failure: it works, and says how it wants to be treated
            Host.objects.over(turn)
        else:
            Host.objects.failed(turn, reason)
        raise Asked(reason, wait)

    def failed(self, error: FetchFailed) -> None:
        """Note that the host failed, where it was the host."""
        turn, self.turn = self.turn, None
        if turn and isinstance(error, Unreachable | TooSlow | BadResponse):
            Host.objects.failed(turn, error.reason)
        elif turn:
            Host.objects.over(turn)


@contextmanager
def politely(*, gap: float = 0.0, heed_robots: bool = True) -> Iterator[Manners]:
    """The manners for one exchange; whatever happens inside, the turn is given back."""
    manners = Manners(gap, heed_robots)
    try:
        yield manners
    except FetchFailed as error:
        manners.failed(error)
        raise
    finally:
        manners.over()


def allowed(url: str) -> bool:
    """Whether the robots.txt of the address's host lets this product fetch it (RFC 9309). Asks for the file when the
    one we hold is older than a day. Raises `BadResponse` while it cannot be had: then nothing is fetched there."""
    host = Host.objects.get(name=host_of(url))
    if host.robots_at is None or timezone.now() - host.robots_at > ROBOTS_FOR:
        host = renewed(host, url)
    return bool(rules_of(host.robots or "").can_fetch(url, settings.FETCH_USER_AGENT))


@functools.lru_cache(maxsize=64)
def rules_of(robots: str) -> Protego:
    """A robots.txt, read."""
    return Protego.parse(robots)


def renewed(host: Host, url: str) -> Host:
    """Fetch the host's robots.txt and keep it, with the delay it asks for."""
    parts = urlsplit(url)
    try:
        answer = fetch(f"{parts.scheme}://{parts.netloc}/robots.txt", policy=policy(ROBOTS_BYTES))
    except FetchFailed as error:
        return older(host, error.reason)
    if answer.status >= 500 or answer.status == 429:
        return older(host, f"It answered with status {answer.status}.")
    rules = answer.body.decode("utf-8", "replace").replace("\0", "") if answer.status == 200 else ""
    delay = Protego.parse(rules).crawl_delay(settings.FETCH_USER_AGENT) or 0.0
    host.keep_robots(rules, min(float(delay), LONGEST_DELAY))
    return host


def older(host: Host, reason: str) -> Host:
    """The robots.txt we held before, when the host cannot be asked now (RFC 9309, 2.3.1.4)."""
    if host.robots is None:
        raise BadResponse(f"The site's robots.txt cannot be read, so nothing is fetched there for now. {reason}")
    return host
