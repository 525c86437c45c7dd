"""Turn the fetcher against its own network and feed it bombs: nothing inside is reached, each bomb stops at its cap."""

from __future__ import annotations

import datetime
import ipaddress
import os
import resource
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import quote

from benchmarks import _hostile, _report
from benchmarks._addresses import ANSWERS, PORTS, REDIRECTS, URLS
from benchmarks._bombs import BOMBS

GROWTH = 100.0  # MiB that one answer may add to the process that fetches it
HELD = 400.0  # MiB that the process may hold while it reads a bomb
BITES = 20  # spellings that do lead inside when nobody looks
CAP, WALL, IDLE = 5_000_000, 4.0, 3.0
WITHIN = 6.0  # seconds: the time for a whole exchange, and some for the machine
READING = 10.0
MIB = 2**20
NOW = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
OWN = Path("/proc/self")


def main() -> int:
    """Run it and report."""
    chosen = _report.arguments(__doc__)
    report = _report.Report("faults_fetch", {"seed": chosen.seed})
    prepare()
    with _hostile.serving_both({}) as secret, _hostile.serving({}) as ours:
        addresses(report, secret, ours)
    bombs_on_the_way(report)
    bombs_in_the_reader(report)
    return report.end()


def prepare() -> None:
    """The product's readers, without a database."""
    import django

    os.environ.setdefault("SECRET_KEY", "faults-only")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "riskreview.settings")
    os.environ.setdefault("DATABASE_URL", "postgres://nobody@/nothing")
    django.setup()


def addresses(report: _report.Report, secret: Any, ours: Any) -> None:
    """Every spelling, redirect and lookup that leads inside."""
    ports = {"port": secret.server_port, "open": ours.server_port}
    refused = sum(refuses(url.format(**ports)) for url in URLS)
    report.row("spellings of an address inside", len(URLS), must=f"{len(URLS)} refused", holds=refused == len(URLS))
    redirected = sum(redirect_is_refused(ours, target.format(**ports)) for target in REDIRECTS)
    many = len(REDIRECTS)
    report.row("redirects that lead inside", many, must=f"{many} refused", holds=redirected == many)
    looked_up = sum(refuses("http://news.example/", resolve=at(*ips)) for ips in ANSWERS)
    report.row("lookups with an address inside", len(ANSWERS), must="all refused", holds=looked_up == len(ANSWERS))
    closed = sum(refuses(f"http://news.example:{port}/", resolve=at("93.184.215.14")) for port in PORTS)
    report.row("other ports than 80 and 443", len(PORTS), must="all refused", holds=closed == len(PORTS))
    flips = flipping(ours)
    report.row("lookups of a name that changes its mind", flips, must="= 1", holds=flips == 1)
    report.row("visits to the secret server", len(secret.visits), must="= 0", holds=not secret.visits)
    bites = reached_unguarded()
    report.row("spellings that lead there when nobody looks", bites, must=f">= {BITES}", holds=bites >= BITES)


def refuses(url: str, **more: Any) -> bool:
    """Whether the address is not contacted."""
    from riskreview.lib.http import Policy, Refused, Unreachable, fetch

    try:
        fetch(url, policy=Policy(wall_seconds=3), **more)
    except (Refused, Unreachable):
        return True
    return False


def redirect_is_refused(ours: Any, target: str) -> bool:
    """Whether a redirect to the target from a server that may be visited is not followed."""
    from riskreview.lib.http import FetchFailed, Policy, fetch

    ours.answers["/go"] = lambda room: room.begin(status=302, length=0, Location=target)
    try:
        fetch(f"http://127.0.0.1:{ours.server_port}/go", policy=Policy(frozenset({("127.0.0.1", ours.server_port)})))
    except FetchFailed:
        return True
    return False


def at(*ips: str) -> Callable[..., list[tuple[Any, ...]]]:
    """A resolver that answers every name with these."""
    return lambda host, port, **_: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in ips]


def flipping(ours: Any) -> int:
    """How often a name is looked up for one fetch: twice would let it point inside the second time."""
    from riskreview.lib.http import Policy, fetch

    asked = []

    def resolve(host: str, port: int, **_: Any) -> list[tuple[Any, ...]]:
        asked.append(host)
        return at("127.0.0.1" if len(asked) == 1 else "10.0.0.1")(host, port)

    allow = frozenset({("127.0.0.1", ours.server_port)})
    fetch(f"http://news.example:{ours.server_port}/", policy=Policy(allow), resolve=resolve)
    return len(asked)


def reached_unguarded() -> int:
    """How many of the spellings reach a server of ours once the check of addresses is taken out: else the table would
    prove nothing. Only this machine is tried."""
    from riskreview.lib.connecting import Guard
    from riskreview.lib.http import FetchFailed, Policy, fetch

    def resolve(host: str, port: int, **more: Any) -> list[tuple[Any, ...]]:
        found = socket.getaddrinfo(host, port, **more)
        if any(not is_this_machine(each[4][0]) for each in found):
            raise OSError
        return found

    reached = 0
    with _hostile.serving_both({}) as bait, patch.object(Guard, "_check", lambda *_: None):
        for url in URLS:
            before = len(bait.visits)
            with suppress(FetchFailed):
                fetch(url.format(port=bait.server_port, open=1), policy=Policy(wall_seconds=3), resolve=resolve)
            reached += len(bait.visits) > before
    return reached


def is_this_machine(ip: str) -> bool:
    """Whether an address leads to this machine whatever network it is in."""
    address = ipaddress.ip_address(ip.partition("%")[0])
    inner = getattr(address, "ipv4_mapped", None) or address
    return inner.is_loopback or inner.is_unspecified


def bombs_on_the_way(report: _report.Report) -> None:
    """Answers that never end, or only at their caps."""
    with _hostile.apart() as (port, door):
        fetched(f"http://127.0.0.1:{port}/", port)  # what the first fetch loads is not the bomb's
        places = {path.removeprefix("/"): f"http://127.0.0.1:{port}{quote(path)}" for path in _hostile.BOMBS}
        for what, url in places.items():
            tell(report, what, *measured(partial(fetched, url, port)))
        tell(report, "a handshake thrown away", *measured(partial(fetched, f"https://127.0.0.1:{door}/", door)))
        alive = fetched(f"http://127.0.0.1:{port}/", port)
    report.row("the next fetch after all these", alive, must="an answer", holds=alive == "6 bytes")


def tell(report: _report.Report, what: str, outcome: str, seconds: float, peak: float, before: float) -> None:
    """A row for an answer: how long it took, what it added to the process, and what staff read."""
    grown = peak - before
    holds = outcome.endswith(".") and seconds < WITHIN and grown < GROWTH
    report.row(
        what, seconds, "s", must=f"refused < {WITHIN:g} s, < {GROWTH:g} MiB (+{grown:.0f}): {outcome}", holds=holds
    )


def fetched(url: str, port: int) -> str:
    """What becomes of an address: the reason why it is not fetched, or how long the answer is."""
    from riskreview.lib.http import FetchFailed, Policy, fetch

    policy = Policy(frozenset({("127.0.0.1", port)}), max_bytes=CAP, wall_seconds=WALL, idle_seconds=IDLE)
    try:
        return f"{len(fetch(url, policy=policy).body)} bytes"
    except FetchFailed as error:
        return error.reason


def measured(act: Callable[[], str]) -> tuple[str, float, float, float]:
    """What came of it, the seconds, and the most memory this process held meanwhile and before, in MiB."""
    before, since = forget_the_peak(), time.monotonic()
    outcome = act()
    return outcome, time.monotonic() - since, peak(), before


def forget_the_peak() -> float:
    """Let the system count the most memory anew from here, where it can; what is held now, in MiB."""
    with suppress(OSError):
        OWN.joinpath("clear_refs").write_text("5", encoding="ascii")
    return peak()


def peak() -> float:
    """The most memory this process held since it was last forgotten, in MiB."""
    try:
        lines = OWN.joinpath("status").read_text(encoding="ascii").splitlines()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024


def bombs_in_the_reader(report: _report.Report) -> None:
    """Feeds that blow up when they are read, read as a worker does, one after the other in this process."""
    for kind, what, make in BOMBS:
        body = make()
        outcome, seconds, held, _ = measured(partial(read, kind, body))
        must = f"< {READING:g} s, < {HELD:g} MiB ({held:.0f}): {outcome}"
        report.row(f"{kind}: {what}", seconds, "s", must=must, holds=seconds < READING and held < HELD)


def read(kind: str, body: bytes) -> str:
    """What becomes of a body: how many items it brings, or why it brings none."""
    from riskreview.enrichment.sources import KINDS, ParseFailed, SourceState
    from riskreview.lib.confining import Confined, confined

    url = "https://news.example/feed"
    try:
        with confined(memory=512 * MIB, seconds=20):
            return f"{len(KINDS[kind].parse(body, {}, url=url, source=SourceState(url), now=NOW).items)} items"
    except (ParseFailed, Confined) as error:
        return error.reason


if __name__ == "__main__":
    sys.exit(main())
