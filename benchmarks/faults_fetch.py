"""Turn the fetcher against its own network and feed it bombs: nothing inside is reached, every bomb stops at a cap."""

from __future__ import annotations

import os
import resource
import socket
import sys
import time
from collections.abc import Callable
from typing import Any

from benchmarks import _hostile, _report
from benchmarks._addresses import ANSWERS, PORTS, REDIRECTS, URLS

GROWTH = 100.0  # MiB that the whole run may add to the process
MIB = 2**20


def main() -> int:
    """Run it and report."""
    chosen = _report.arguments(__doc__)
    report = _report.Report("faults_fetch", {"seed": chosen.seed})
    os.environ.setdefault("SECRET_KEY", "faults-only")
    with _hostile.serving({}) as secret, _hostile.serving({}) as ours:
        addresses(report, secret, ours)
    before = peak()
    bombs_on_the_way(report)
    bombs_in_the_reader(report)
    growth = peak() - before
    report.row("growth of the process over all bombs", growth, "MiB", must=f"< {GROWTH:g}", holds=growth < GROWTH)
    return report.end()


def peak() -> float:
    """The most memory this process ever held, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


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


ON_THE_WAY: tuple[tuple[str, _hostile.Answer, float], ...] = (
    ("1 GB of zeros, packed", lambda room: room.whole(_hostile.bomb(1_000 * MIB), Content_Encoding="gzip"), 20),
    ("packed twice", lambda room: room.whole(_hostile.bomb(64 * MIB, 2), Content_Encoding="gzip, gzip"), 20),
    ("a body without an end", _hostile.endless, 6),
    ("a byte every tenth of a second", _hostile.slow, 6),
    ("a connection that says nothing", _hostile.silent, 6),
    ("a hundred thousand headers", _hostile.flood, 6),
    ("a body shorter than it says", _hostile.short, 6),
    ("a connection thrown away", _hostile.reset, 6),
    ("a redirect to itself", lambda room: room.begin(status=302, length=0, Location="/"), 6),
)


def bombs_on_the_way(report: _report.Report) -> None:
    """Answers that never end, or only at their caps."""
    from riskreview.lib.http import FetchFailed, Policy, fetch

    for what, answer, limit in ON_THE_WAY:
        with _hostile.serving({"/": answer}) as server:
            allow = frozenset({("127.0.0.1", server.server_port)})
            policy = Policy(allow, max_bytes=5_000_000, wall_seconds=4, idle_seconds=3)
            since, told = time.monotonic(), ""
            try:
                fetch(f"http://127.0.0.1:{server.server_port}/", policy=policy)
            except FetchFailed as error:
                told = error.reason
            seconds = time.monotonic() - since
        report.row(what, seconds, "s", must=f"refused in {limit:g} s", holds=bool(told) and seconds < limit)


def feed(inside: str, head: str = "") -> bytes:
    """A feed with something inside."""
    return f'<?xml version="1.0"?>{head}<rss version="2.0"><channel>{inside}</channel></rss>'.encode()


def laughs() -> str:
    """Entities of entities of entities."""
    named = [f"&a{n - 1};" * 10 for n in range(1, 10)]
    lines = ['<!ENTITY a0 "ha">', *(f'<!ENTITY a{n} "{each}">' for n, each in enumerate(named, start=1))]
    return f"<!DOCTYPE rss [{''.join(lines)}]>"


IN_THE_READER: tuple[tuple[str, Callable[[], bytes]], ...] = (
    ("billion laughs", lambda: feed("<title>&a9;</title>", laughs())),
    ("one long entity, named often", lambda: feed("&x;" * 50_000, f'<!DOCTYPE r [<!ENTITY x "{"x" * 50_000}">]>')),
    ("an entity from a file", lambda: feed("&x;", '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>')),
    ("100,000 tags inside each other", lambda: feed("<a>" * 100_000)),
    ("200,000 items", lambda: feed("<item><title>x</title></item>" * 200_000)),
    ("one title of 4 MB", lambda: feed(f"<item><title>{'x' * 4_000_000}</title></item>")),
    ("50,000 attributes", lambda: feed("<item " + " ".join(f"a{n}='x'" for n in range(50_000)) + "/>")),
)


def bombs_in_the_reader(report: _report.Report) -> None:
    """Feeds that blow up when they are read, through every reader of feeds."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "riskreview.settings")
    os.environ.setdefault("DATABASE_URL", "postgres://nobody@/nothing")
    django.setup()
    from riskreview.enrichment.sources import KINDS

    for key in sorted(KINDS.keys() & {"RSS", "NEWS_SITEMAP"}):
        for what, make in IN_THE_READER:
            seconds, outcome = read(key, make())
            report.row(f"{key}: {what}", seconds, "s", must=f"< 10 s; {outcome}", holds=seconds < 10)


def read(key: str, body: bytes) -> tuple[float, str]:
    """Read a body as a worker does; the seconds, and what became of it."""
    import datetime

    from riskreview.enrichment.sources import KINDS, ParseFailed, SourceState
    from riskreview.lib.confining import Confined, confined

    url, since = "https://news.example/feed", time.monotonic()
    now = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    try:
        with confined(memory=512 * MIB, seconds=20):
            found = KINDS[key].parse(body, {}, url=url, source=SourceState(url), now=now)
        outcome = f"{len(found.items)} items"
    except (ParseFailed, Confined) as error:
        outcome = error.reason
    return time.monotonic() - since, outcome


if __name__ == "__main__":
    sys.exit(main())
