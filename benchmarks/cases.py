"""How long the acts of case work take in a large register, with eight people at work, and the look-ups beside them."""

from __future__ import annotations

import datetime
import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from benchmarks import _caseload, _product, _report
from benchmarks._timed_texts import percentile

FLOOR, LOOK_UP = 150.0, 200.0  # ms at the 95th percentile
PEOPLE = 8
PAUSE = (0.5, 2.0)  # seconds that a person takes from one act to the next
FLOORED = ("open", "add_finding", "submit", "approve")
PASSWORD = "bench-only-and-long-enough"


def main() -> int:
    """Run it and report."""
    if len(sys.argv) > 1 and sys.argv[1] == "person":
        return person(int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
    chosen = _report.arguments(__doc__)
    size, each = (100_000, 25) if chosen.full else (10_000, 10)
    report = _report.Report("cases", {"cases": size, "cases a person": each, "seed": chosen.seed})
    _product.set_up(LOG_LEVEL="ERROR")
    lead = prepared()
    cases, entries = _caseload.fill(size)
    report.row("cases in the register", cases)
    report.row("entries of the audit log", entries)
    for verb, taken in at_work(each, chosen.seed).items():
        told(report, f"case.{verb}", taken, FLOOR if verb in FLOORED else None)
    looked_up(report, lead, random.Random(chosen.seed), 100 if chosen.full else 40)
    return report.end()


def told(report: _report.Report, what: str, taken: list[float], floor: float | None) -> None:
    """The median and the 95th percentile of some times."""
    report.row(f"{what}, median of {len(taken)}", statistics.median(taken), "ms")
    p95 = percentile(taken, 0.95)
    must = f"< {floor:.0f} ms" if floor else ""
    report.row(f"{what}, p95", p95, "ms", must=must, holds=floor is None or p95 < floor)


def prepared() -> Any:
    """People with passwords, vendors, some documents, and one decided case: the pattern of all others."""
    from riskreview.accounts.models import User
    from riskreview.accounts.roles import Role
    from riskreview.evidence.models import Document
    from riskreview.vendors.models import Vendor

    system = User.objects.system()
    for number in range(PEOPLE):
        for kind, role in (("lead", Role.LEAD), ("second", Role.APPROVER)):
            about = {"email": f"{kind}{number}@bench.example", "name": f"{kind} {number}", "roles": [role]}
            User.objects.invite(by=system, password=PASSWORD, **about)
    lead = User.objects.get(email="lead0@bench.example")
    for number in range(_caseload.VENDORS):
        Vendor.objects.register(by=lead, canonical_name=f"Vendor {number}")
    rng = random.Random(0)
    _product.hold_documents(rng, 5, sentences=60)
    for document in Document.objects.all():
        document.newest.read_as(title="Item", text=_product.article(rng, sentences=60), extractor_version="bench")
    carry_through(rng, lead, User.objects.get(email="second0@bench.example"), lambda verb, act: act())
    return lead


def at_work(each: int, seed: int) -> dict[str, list[float]]:
    """Eight people, each in a process of their own, carry cases from the question to the decision."""
    command = [sys.executable, "-m", "benchmarks.cases", "person"]
    running = [
        subprocess.Popen([*command, str(number), str(each), str(seed)], cwd=_product.ROOT, stdout=subprocess.PIPE)
        for number in range(PEOPLE)
    ]
    times: dict[str, list[float]] = defaultdict(list)
    for process in running:
        written, _ = process.communicate()
        if process.returncode:
            sys.exit("A person at work failed.")
        for verb, taken in json.loads(written).items():
            times[verb] += taken
    return times


def person(number: int, cases: int, seed: int) -> int:
    """One of the eight: print the times of their acts."""
    _product.ready()
    from riskreview.accounts.models import User

    rng = random.Random(seed * 100 + number)
    lead = User.objects.get(email=f"lead{number}@bench.example")
    second = User.objects.get(email=f"second{number}@bench.example")
    times: dict[str, list[float]] = defaultdict(list)

    def timed(verb: str, act: Callable[[], Any]) -> Any:
        time.sleep(rng.uniform(*PAUSE))
        begun = time.perf_counter()
        made = act()
        times[verb].append((time.perf_counter() - begun) * 1000)
        return made

    for _ in range(cases):
        carry_through(rng, lead, second, timed)
    print(json.dumps({verb: taken[1:] for verb, taken in times.items()}))
    return 0


def carry_through(rng: random.Random, lead: Any, second: Any, timed: Callable[[str, Callable[[], Any]], Any]) -> None:
    """One case, from the question to the decision."""
    from riskreview.accounts.confirming import confirm
    from riskreview.cases.models import Case, Confidence, Disposition, Likelihood, RiskArea
    from riskreview.evidence.models import Snapshot
    from riskreview.vendors.models import Vendor

    words = " ".join(rng.choices(_product.WORDS, k=4))
    about = {"title": f"What of {words}", "question": f"What does {words} mean?", "requester": "Desk"}
    vendor = Vendor.objects.get(canonical_name=f"Vendor {rng.randrange(_caseload.VENDORS)}")
    snapshots = list(Snapshot.objects.order_by("pk")[:5])
    case = timed("open", lambda: Case.objects.open(by=lead, **about, vendors=[vendor]))
    timed("assign", lambda: case.assign(by=lead, to=lead))
    exhibits = [
        timed("add_exhibit", lambda held=held: case.add_exhibit(by=lead, snapshot=held, start=0, end=90))
        for held in snapshots
    ]
    found = {
        "risk_area": RiskArea.PRIVACY,
        "judgment": "Data are likely to leave the region.",
        "likelihood": Likelihood.LIKELY,
        "confidence": Confidence.LOW,
        "exhibits": exhibits,
    }
    timed("add_finding", lambda: case.add_finding(by=lead, **found))
    said = {"disposition": Disposition.MONITOR, "rationale": "Watch it."}
    decision = timed("submit", lambda: case.submit(by=lead, **said))
    confirmed = timed("(password)", lambda: confirm(second, PASSWORD, now=datetime.datetime.now(datetime.UTC)))
    sealed = {"dossier_sha256": decision.dossier_sha256, "confirmed": confirmed}
    timed("approve", lambda: case.approve(by=second, **sealed))


def looked_up(report: _report.Report, lead: Any, rng: random.Random, times: int) -> None:
    """What stands beside a case: similar ones, and how earlier ones on the same matter ended."""
    from riskreview.cases.likeness import precedents, similar
    from riskreview.cases.models import Case

    refs = list(Case.objects.order_by("pk").values_list("pk", flat=True))
    for what, look in (("similar cases", similar), ("precedents", precedents)):
        taken = []
        for _ in range(times):
            case = Case.objects.get(pk=rng.choice(refs))
            begun = time.perf_counter()
            look(case, lead)
            taken.append((time.perf_counter() - begun) * 1000)
        told(report, what, taken, LOOK_UP)


if __name__ == "__main__":
    os.environ.setdefault("SECRET_KEY", "bench-only")
    sys.exit(main())
