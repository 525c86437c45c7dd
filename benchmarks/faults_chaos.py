"""Workers, broker and pages while everything that can be killed is killed: nothing is lost, nothing is done twice."""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import _chaos, _collection, _history, _product, _report
from benchmarks._broker import Broker
from benchmarks._newsserver import Newsroom
from benchmarks._visitors import Visitors, Web

SITES, POISONED = 40, {3: 5, 11: 2, 27: 9}  # site: the number of its article that kills whoever reads it
SHORT = {"OFFER_SECONDS": "6", "RUN_SECONDS": "9", "SWEEP_SECONDS": "1", "SOFT_SHUTDOWN_SECONDS": "2",
         "HOST_GAP_SECONDS": "0", "HOST_AT_ONCE": "8", "BACKOFF_SECONDS": "0.5", "LOG_LEVEL": "WARNING"}  # fmt: skip
SLOWEST = 0.300  # of 95 of 100 requests, in seconds


def main() -> int:
    """Run it and report."""
    chosen = _report.arguments(__doc__)
    items, kills = (40, 30) if chosen.full else (14, 8)
    report = _report.Report("faults_chaos", {"sites": SITES, "items": items, "kills": kills, "seed": chosen.seed})
    drill = Drill(Path(tempfile.mkdtemp(prefix="riskreview-chaos-")), items, chosen.seed)
    with drill.ends:
        drill.set_the_table()
        drill.attack(kills)
        _chaos.effects(report, drill)
        _chaos.poison(report, drill)
        pages(report, drill)
    return report.end()


class Machine:
    """One host: its own name, its own working folder, its workers and its beat; no process of the other."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name, self.folder = name, folder / name
        self.folder.mkdir()
        self.start()

    def start(self) -> None:
        """Start everything it runs."""
        app = "benchmarks._chaosapp"
        work = _collection.worker(f"work@{self.name}", "fetch,digest,deliver", slots=2, app=app, folder=self.folder)
        tick = _collection.worker(f"tick@{self.name}", "tick", slots=1, folder=self.folder)
        self.groups = [work, tick, _collection.beat(self.folder)]

    def kill(self) -> None:
        """The plug is pulled, and later put back."""
        for group in self.groups:
            group.kill()
        self.start()

    def stop(self) -> None:
        """End everything."""
        for group in self.groups:
            group.stop()


@dataclass
class Drill:
    """Everything that runs, and what was done to it."""

    folder: Path
    items: int
    seed: int
    caught: set[Any] = field(default_factory=set)
    done: list[tuple[str, float]] = field(default_factory=list)
    frozen: list[tuple[float, float]] = field(default_factory=list)
    seconds: float = 0.0
    ends: ExitStack = field(default_factory=ExitStack)

    def set_the_table(self) -> None:
        """Servers, tables, people, sources; nothing is due yet."""
        self.rng, self.switch = random.Random(self.seed), self.folder / "poison"
        self.switch.touch()
        self.newsroom, self.broker = Newsroom(SITES), Broker(self.folder / "broker")
        self.ends.callback(self.newsroom.close)
        self.ends.callback(self.broker.stop)
        self.newsroom.tell(items=self.items, count=40)
        for site, number in POISONED.items():
            self.newsroom.tell(site, poison=[number])
        self.newsroom.tell(*range(5), stumbles=1)
        os.environ |= {"REDIS_URL": self.broker.url, "DRILL_POISON_FILE": str(self.switch)}
        _product.set_up(FETCH_ALLOW=self.newsroom.allowed, **SHORT)
        _collection.static_files()
        self.lead, _ = _product.people()
        _collection.vendors_and_cases(self.lead, cases=2)
        self.sources = _collection.register(self.lead, self.newsroom.bases)
        _chaos.count_effects()
        self.web = Web(self.folder)
        self.ends.callback(self.web.group.stop)
        self.machines = [Machine(name, self.folder) for name in ("host-a", "host-b")]
        for machine in self.machines:
            self.ends.callback(machine.stop)
        _collection.wait_until(self.web.is_up, 30)
        paths = [
            "/queue/",
            "/sources/",
            f"/sources/{self.sources[0].pk}/",
            "/evidence/",
            "/health/",
            "/work/",
            "/signals/",
        ]
        self.visitors = Visitors(self.web, self.lead, paths, self.sources, self.folder, self.seed)
        self.ends.callback(self.visitors.stop)

    def attack(self, kills: int) -> None:
        """Let everything be due, and pull one plug after the other while it is worked off."""
        _collection.due_now()
        begun = time.monotonic()
        blows = [*["kill"] * kills, "broker", "broker", "flush", "freeze"]
        self.rng.shuffle(blows)
        for number, blow in enumerate(blows, 1):
            _chaos.wait_for_share(number / (len(blows) + 3), SITES, self.items)
            self.caught |= _chaos.running()
            self.strike(blow)
            self.done.append((blow, time.monotonic() - begun))
        _collection.wait_until(lambda: _chaos.is_over(self), 150)
        self.seconds = time.monotonic() - begun

    def strike(self, blow: str) -> None:
        """One blow."""
        if blow == "kill":
            self.rng.choice(self.machines).kill()
        elif blow == "broker":
            self.broker.kill()
        elif blow == "flush":
            self.broker.flush()
        else:
            begun = time.monotonic()
            self.broker.freeze(self.rng.uniform(15, 20))
            self.frozen.append((begun, time.monotonic()))


def pages(report: _report.Report, drill: Drill) -> None:
    """What the people saw meanwhile, and what came of their acts."""
    drill.visitors.stop()
    seen = drill.visitors.seen
    outcomes, _ = _history.read(drill.folder / "journal")
    verdict = _history.judge(outcomes, _chaos.reasons_given())
    report.row("pages and acts asked for", len(seen))
    for words, chosen in (
        ("throughout", seen),
        ("while the broker is frozen", [s for s in seen if any(a <= s.at <= b for a, b in drill.frozen)]),
    ):
        times = sorted(each.seconds for each in chosen)
        p95 = times[int(len(times) * 0.95)] if times else float("inf")
        report.row(f"p95 {words}", p95 * 1000, "ms", must=f"< {SLOWEST * 1000:.0f}", holds=p95 < SLOWEST)
    bad = [each for each in seen if each.status >= 500 or each.status == 0 or each.traceback]
    report.row("answers with 5xx, without an answer, or with a traceback", len(bad), must="= 0", holds=not bad)
    other = sorted({f"{each.path} {each.status}" for each in seen if each.status not in (200, 0) and each.status < 500})
    report.row("other answers than 200", ", ".join(other)[:60] or "none", must="none", holds=not other)
    fine = sum(outcome == _history.OK for outcome in outcomes.values())
    report.row("acts of people acknowledged", fine, must="> 0", holds=fine > 0)
    report.row(
        "acts lost, doubled or invented", "no" if verdict.holds else str(verdict)[:60], must="no", holds=verdict.holds
    )


if __name__ == "__main__":
    os.environ.setdefault("SECRET_KEY", "faults-only")
    sys.exit(main())
