"""What the record costs: a recorded verb, the notary's rate and lag, a long timeline, and checking a bundle offline."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks import _ledger, _notaries, _product, _record, _report
from benchmarks._notaries import Copy
from benchmarks._writers import Writers

# Like the web: a few processes with a few threads each. Sixteen processes would measure how two cores switch.
PROCESSES, THREADS = 4, 4
COST, RATE, VERIFIED, MEMORY = 2.0, 4_000, 20_000, 500
SEQUENCED, SIGNED, SHOWN = 2.0, 15.0, 200.0
VERBS_A_SECOND = 200
POLL = 0.05
VENDORS, SOURCES, GETS = 50, 64, 40
TIMELINE = 10_000


@dataclass(frozen=True)
class Size:
    """How much of each."""

    rounds: int
    seconds: float
    backlog: int
    load: float
    bundle: int


QUICK = Size(rounds=8, seconds=2.5, backlog=50_000, load=20, bundle=100_000)
FULL = Size(rounds=16, seconds=5, backlog=200_000, load=60, bundle=1_000_000)


def main() -> int:
    """Run it and report."""
    chosen = _report.arguments(__doc__)
    size = FULL if chosen.full else QUICK
    report = _report.Report("ledger", {**asdict(size), "seed": chosen.seed})
    folder = _notaries.set_up(sign_seconds=10)
    lead = set_the_table()
    writers = Writers(PROCESSES, THREADS, chosen.seed)
    try:
        cost(report, size, writers)
        _notaries.once()
        sequencing(report, size, lead, folder)
        latency(report, size, writers, folder)
    finally:
        writers.end()
    timeline(report, lead)
    verifying(report, size, folder, chosen.seed)
    shutil.rmtree(folder)
    return report.end()


def set_the_table() -> Any:
    """Vendors and sources; who acts on them."""
    from riskreview.evidence.models import Source
    from riskreview.vendors.models import Vendor

    lead, _ = _product.people()
    for number in range(VENDORS):
        Vendor.objects.register(by=lead, canonical_name=f"Vendor {number}")
    for number in range(SOURCES):
        url = f"https://bench.example/{number}/feed"
        kind = {"kind": Source.Kind.RSS, "source_class": Source.Class.WIRE}
        Source.objects.register(by=lead, name=f"Wire {number}", url=url, **kind)
    return lead


def cost(report: _report.Report, size: Size, writers: Writers) -> None:
    """A recorded verb against the same locked change without an entry, by turns: A B, B A, …"""
    rates: dict[str, list[float]] = {"bare": [], "recorded": []}
    times: dict[str, list[float]] = {"bare": [], "recorded": []}
    for act in rates:
        writers.run(act=act, seconds=5)
    for number in range(size.rounds):
        for act in list(rates)[:: 1 if number % 2 else -1]:
            rows = writers.run(act=act, seconds=size.seconds)
            rates[act].append(len(rows) / (max(row[3] for row in rows) - min(row[2] for row in rows)))
            times[act].append(statistics.median(row[3] - row[2] for row in rows) * 1000)
    for act, rate in rates.items():
        report.row(f"{act} change, {writers.threads} writers", statistics.median(rate), "/s")
        report.row(f"{act} change, median", statistics.median(times[act]), "ms")
    slower = statistics.median(bare / recorded for bare, recorded in zip(*rates.values(), strict=True))
    report.row("a recorded verb costs", slower, "times", must=f"<= {COST:.0f} times", holds=slower <= COST)


def sequencing(report: _report.Report, size: Size, lead: Any, folder: Path) -> None:
    """How fast a backlog is worked off: by the sequencer alone, and by a whole notary that also signs."""
    from riskreview.audit import notary

    generate(report, size, lead)
    begun, placed = time.perf_counter(), 0
    while taken := notary.sequence():
        placed += taken
    rate = placed / (time.perf_counter() - begun)
    report.row("sequencer alone, a backlog of", placed, must="> 0", holds=placed >= size.backlog)
    report.row("sequencer alone, entries placed", rate, "/s", must=f">= {RATE}/s", holds=rate >= RATE)
    generate(report, size, lead)
    before = placed_so_far()
    copy = Copy("notary-1", folder)
    try:
        rate = rate_of_growth(before, size.backlog)
        report.row("whole notary, entries placed", rate, "/s", must=f">= {RATE}/s", holds=rate >= RATE)
        begun = time.perf_counter()
        while left() and time.perf_counter() - begun < 60:
            time.sleep(POLL)
        report.row("whole notary, all signed after", time.perf_counter() - begun, "s", must="< 60 s", holds=not left())
    finally:
        copy.stop()


def generate(report: _report.Report, size: Size, lead: Any) -> None:
    """A backlog."""
    from riskreview.vendors.models import Vendor

    begun = time.perf_counter()
    _ledger.describe(list(Vendor.objects.order_by("pk")), by=lead, count=size.backlog)
    report.row("entries generated", size.backlog / (time.perf_counter() - begun), "/s")


def rate_of_growth(before: int, count: int) -> float:
    """Entries a second, from the first that a starting notary places to the last."""
    first = (before, 0.0)
    while (now := placed_so_far()) < before + count:
        if now > first[0] == before:
            first = (now, time.perf_counter())
        time.sleep(POLL / 5)
    return (now - first[0]) / (time.perf_counter() - first[1])


def placed_so_far() -> int:
    """How many entries have a place."""
    return int(_record.rows("SELECT size FROM audit_log WHERE open")[0][0])


def latency(report: _report.Report, size: Size, writers: Writers, folder: Path) -> None:
    """How long after its commit an entry has a place, and a signature over it."""
    notary = Copy("notary-1", folder)
    try:
        time.sleep(4)
        before = placed_so_far()
        writers.begin(act="recorded", seconds=size.load, every=writers.threads / VERBS_A_SECOND)
        placed, signed = follow(before, size.load)
        rows = writers.answers()
    finally:
        notary.stop()
    lasted = max(row[3] for row in rows) - min(row[2] for row in rows)
    report.row(f"verbs a second, of {VERBS_A_SECOND} asked for", len(rows) / lasted, "/s", must="> 0", holds=bool(rows))
    committed = {(pk, seq): ended for pk, seq, _, ended in rows}
    missing = committed.keys() - signed.keys()
    report.row("of these without place or signature", len(missing), must="= 0", holds=not missing)
    for words, seen, floor in (("placed", placed, SEQUENCED), ("signed", signed, SIGNED)):
        lags = [max(0.0, seen[key] - ended) for key, ended in committed.items() if key in seen]
        report.row(f"from commit to {words}, median", statistics.median(lags), "s")
        p99 = percentile(lags, 0.99)
        report.row(f"from commit to {words}, p99", p99, "s", must=f"< {floor:.0f} s", holds=p99 < floor)


Seen = dict[tuple[str, int], float]


def follow(first: int, seconds: float) -> tuple[Seen, Seen]:
    """When each entry was first seen with a place, and when with a signature: until the load is over and all signed."""
    placed: Seen = {}
    signed: Seen = {}
    waiting: list[tuple[int, tuple[str, int]]] = []
    leaves = "SELECT index, subject_id, seq FROM audit_leaf l JOIN audit_entry e ON e.id = l.entry_id WHERE index >= %s"
    begun, over = time.monotonic(), False
    while not over:
        # Asked before the look itself: what it then sees is the last.
        lasted = time.monotonic() - begun
        over = lasted > seconds + 1 and (not left() or lasted > seconds + 60)
        rows = _record.rows(f"{leaves} ORDER BY index", first)
        ((covered,),) = _record.rows("SELECT coalesce(max(size), 0) FROM audit_checkpoint")
        at = time.time()
        for index, pk, seq in rows:
            placed[pk, seq] = at
            waiting.append((index, (pk, seq)))
            first = index + 1
        signed |= {key: at for index, key in waiting if index < covered}
        waiting = [(index, key) for index, key in waiting if index >= covered]
        time.sleep(POLL)
    return placed, signed


def left() -> bool:
    """Whether something waits for its place or for a signature."""
    counts = "(SELECT count(*) FROM audit_pending), size, (SELECT max(size) FROM audit_checkpoint)"
    ((pending, size, signed),) = _record.rows(f"SELECT {counts} FROM audit_log")
    return bool(pending or size != signed)


def timeline(report: _report.Report, lead: Any) -> None:
    """The pages that tell of a case with a very long history."""
    from django.test import Client

    from riskreview.cases.models import Case
    from riskreview.vendors.models import Vendor

    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    subprocess.run(command, cwd=_product.ROOT, check=True)
    about = {"title": "What follows?", "question": "What follows?", "requester": "Desk"}
    case: Any = Case.objects.open(by=lead, **about, vendors=list(Vendor.objects.all()[:1]))
    acts = [{"due_at": None, "priority": number % 4 + 1} for number in range(TIMELINE - 1)]
    _ledger.add_acts(case, by=lead, verb="case.reschedule", acts=acts)
    ((entries,),) = _record.rows("SELECT count(*) FROM audit_entry")
    report.row("entries about one case", case.entry_seq, must=f"= {TIMELINE}", holds=case.entry_seq == TIMELINE)
    report.row("entries in all", entries)
    client = Client(SERVER_NAME="localhost")
    client.force_login(lead)
    for words, page in (("case page", f"/cases/{case.ref}/"), ("its audit log", f"/audit/?subject={case.ref}")):
        times = timed(lambda page=page: client.get(page), GETS)
        p95 = percentile(times, 0.95) * 1000
        report.row(f"{words}, median", statistics.median(times) * 1000, "ms")
        report.row(f"{words}, p95", p95, "ms", must=f"< {SHOWN:.0f} ms", holds=p95 < SHOWN)


def timed(get: Callable[[], Any], count: int) -> list[float]:
    """Seconds that each of so many requests takes, after three to warm up."""
    times = []
    for _ in range(count + 3):
        begun = time.perf_counter()
        answer = get()
        times.append(time.perf_counter() - begun)
        if answer.status_code != 200:
            sys.exit(f"{answer.request['PATH_INFO']} answers {answer.status_code}")
    return times[3:]


def verifying(report: _report.Report, size: Size, folder: Path, seed: int) -> None:
    """The verifier on a full bundle, as an auditor runs it."""
    if size.bundle < FULL.bundle:
        print(f"       | a bundle of {size.bundle:,} entries; --full checks {FULL.bundle:,}")
    vkey = _ledger.Bundle(folder / "bundle", size.bundle, seed).write()
    status, said, seconds, megabytes = measured("riskreview/audit/verifier.py", str(folder / "bundle"), "--key", vkey)
    report.row(f"verdict over {size.bundle:,} entries", said.split()[-1] if said else "none", must="holds",
               holds=status == 0 and said.endswith("Verdict: holds"))  # fmt: skip
    if status:
        print("\n".join(f"       | {line}" for line in said.splitlines()))
    report.row("entries verified", size.bundle / seconds, "/s", must=f">= {VERIFIED}/s",
               holds=size.bundle / seconds >= VERIFIED)  # fmt: skip
    report.row("memory of the verifier", megabytes, "MB", must=f"<= {MEMORY} MB", holds=megabytes <= MEMORY)


# A small process in between: a child's peak is never told below that of the process it was forked from.
MEASURE = """
import resource, subprocess, sys, time
begun = time.perf_counter()
done = subprocess.run([sys.executable, *sys.argv[1:]], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
print(time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
print(done.stdout)
sys.exit(done.returncode)
"""


def measured(*arguments: str) -> tuple[int, str, float, float]:
    """Run a program of Python's: exit status, what it said, the seconds it took, and its peak in MB."""
    command = [sys.executable, "-c", MEASURE, *arguments]
    done = subprocess.run(command, cwd=_product.ROOT, capture_output=True, text=True, check=False)
    first, _, said = done.stdout.partition("\n")
    seconds, peak = map(float, first.split())
    return done.returncode, said.strip(), seconds, peak / (1024 if sys.platform == "linux" else 1024**2)


def percentile(values: Sequence[float], part: float) -> float:
    """The value below which this part of them lies."""
    return sorted(values)[int(len(values) * part)]


if __name__ == "__main__":
    os.environ.setdefault("SECRET_KEY", "bench-only")
    sys.exit(main())
