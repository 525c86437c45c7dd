"""Manners on the way out: a turn at each host, its robots.txt, and what its answers say about coming back.

`politely` wraps one exchange of `lib.http.fetch`; the turns themselves are rows (`evidence.Host`), so they hold across
all workers.
"""

from __future__ import annotations

import datetime
import functools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from protego import Protego

from riskreview.evidence.models import Host, Turn
from riskreview.lib.http import BadResponse, FetchFailed, Policy, Refused, Response, TooSlow, Unreachable, fetch
from riskreview.lib.http import retry_after as asked_to_wait
from riskreview.lib.urls import host_of
from riskreview.lib.work import Postponed

ROBOTS_BYTES = 500_000  # RFC 9309, 2.5: at least 500 kibibytes must be read
ROBOTS_FOR = datetime.timedelta(hours=24)  # RFC 9309, 2.4: not used for longer, unless the host cannot be asked
ROBOTS_SECONDS = 10.0  # the page is to come in the same exchange
LONGEST_DELAY = 60.0
NO_ROBOTS = "The site's robots.txt cannot be read, so nothing is fetched there for now."
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
        if self.heed_robots and settings.FETCH_ROBOTS and not self.allowed(url):
            raise Disallowed("The site's robots.txt asks programs not to fetch this address.")
        self.take(url)

    def take(self, url: str) -> None:
        """Wait for a turn at the host of an address. Raises `Postponed`."""
        self.answered()  # the host before did: with a redirect, or with its robots.txt
        gap, patience = max(self.gap, settings.HOST_GAP_SECONDS), BETWEEN if self.hops else AT_FIRST
        self.turn = Host.objects.turn(host_of(url), gap=gap, patience=patience)
        self.hops += 1

    def allowed(self, url: str) -> bool:
        """Whether the robots.txt of the address's host lets this product fetch it (RFC 9309).

        Asks for the file when the one we hold is older than a day, in a turn of its own. Raises `FetchFailed` while it
        cannot be had, then nothing is fetched there, and `Postponed` when the host asks to be left alone.
        """
        host = known(url)
        if host is None or host.robots_at is None or timezone.now() - host.robots_at > ROBOTS_FOR:
            host = self.renewed(url)
        return bool(rules_of(host.robots or "").can_fetch(url, settings.FETCH_USER_AGENT))

    def renewed(self, url: str) -> Host:
        """Fetch the robots.txt of the address's host and keep it, with the delay it asks for."""
        parts = urlsplit(url)
        limits = replace(policy(ROBOTS_BYTES), wall_seconds=ROBOTS_SECONDS)
        try:
            answer = fetch(f"{parts.scheme}://{parts.netloc}/robots.txt", policy=limits, admit=self.take)
        except FetchFailed as error:
            return self.without(url, error)
        wait = asked_to_wait(answer.headers, timezone.now()) if answer.status in (429, 503) else None
        if wait:
            Host.objects.leave_alone(host_of(url), wait)
            raise Postponed(timezone.now() + wait, f"{host_of(url)} asked to be left alone.")
        if answer.status >= 500 or answer.status == 429:
            return self.without(url, BadResponse(f"It answered with status {answer.status}."))
        rules = answer.body.decode("utf-8", "replace").replace("\0", "") if answer.status == 200 else ""
        delay = Protego.parse(rules).crawl_delay(settings.FETCH_USER_AGENT) or 0.0
        host = Host.objects.get(name=host_of(url))
        host.keep_robots(rules, min(float(delay), LONGEST_DELAY))
        return host

    def without(self, url: str, error: FetchFailed) -> Host:
        """The robots.txt we held before, when the host cannot be asked now (RFC 9309, 2.3.1.4).

        Raises the error when we held none: where the host is down or may not be asked, that is all there is to say.
        """
        host = known(url)
        if host and host.robots is not None:
            self.over()
            return host
        if isinstance(error, Unreachable | TooSlow | Refused):
            raise error
        raise BadResponse(f"{NO_ROBOTS} {error.reason}") from error

    def answered(self) -> None:
        """Give the turn back; the host works."""
        if self.turn:
            Host.objects.answered(self.turn)
            self.turn = None

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


def known(url: str) -> Host | None:
    """The host of an address, if anything was ever asked of it."""
    found: Host | None = Host.objects.filter(name=host_of(url)).first()
    return found


@functools.lru_cache(maxsize=64)
def rules_of(robots: str) -> Protego:
    """A robots.txt, read."""
    return Protego.parse(robots)
