"""How long each verb of a case takes, from open to approve, with its entry and all of its locks."""

from __future__ import annotations

import datetime
import os
import random
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from benchmarks import _product, _report

FLOOR = 150.0  # ms at the 95th percentile: what a reviewer does not notice


def main() -> int:
    """Run it and report."""
    chosen = _report.arguments(__doc__)
    cases = 400 if chosen.full else 60
    report = _report.Report("verbs", {"cases": cases, "seed": chosen.seed})
    _product.set_up()
    times = carry_through(random.Random(chosen.seed), cases)
    for verb, taken in times.items():
        taken.sort()
        p95 = taken[int(len(taken) * 0.95)]
        report.row(f"case.{verb}, median", statistics.median(taken), "ms")
        report.row(f"case.{verb}, p95", p95, "ms", must=f"< {FLOOR:.0f} ms", holds=p95 < FLOOR)
    return report.end()


def carry_through(rng: random.Random, cases: int) -> dict[str, list[float]]:
    """Open so many cases and carry each to its decision; milliseconds by verb."""
    from riskreview.accounts.confirming import PASSWORD, Confirmation
    from riskreview.cases.models import Case, Confidence, Disposition, Likelihood, RiskArea
    from riskreview.evidence.models import Document
    from riskreview.vendors.models import Vendor

    lead, approver = _product.people()
    vendor = Vendor.objects.register(by=lead, canonical_name="DeepSeek")
    _product.hold_documents(rng, 5, sentences=60)
    for document in Document.objects.all():
        document.newest.read_as(title="Item", text=_product.article(rng, sentences=60), extractor_version="bench")
    snapshots = [document.newest for document in Document.objects.all()]
    times: dict[str, list[float]] = defaultdict(list)

    def proof() -> Confirmation:
        return Confirmation(approver.pk, datetime.datetime.now(datetime.UTC), PASSWORD)

    def timed(verb: str, act: Callable[[], Any]) -> Any:
        begun = time.perf_counter()
        made = act()
        times[verb].append((time.perf_counter() - begun) * 1000)
        return made

    for number in range(cases):
        about = {"title": f"Question {number}", "question": "What follows?", "requester": "Desk", "vendors": [vendor]}
        case = timed("open", lambda about=about: Case.objects.open(by=lead, **about))
        timed("assign", lambda case=case: case.assign(by=lead, to=lead))
        exhibits = [
            timed("add_exhibit", lambda case=case, held=held: case.add_exhibit(by=lead, snapshot=held, start=0, end=90))
            for held in snapshots
        ]
        found = {
            "risk_area": RiskArea.PRIVACY,
            "judgment": "Data are likely to leave the region.",
            "likelihood": Likelihood.LIKELY,
            "confidence": Confidence.LOW,
            "exhibits": exhibits,
        }
        timed("add_finding", lambda case=case, found=found: case.add_finding(by=lead, **found))
        said = {"disposition": Disposition.MONITOR, "rationale": "Watch it."}
        timed("submit", lambda case=case, said=said: case.submit(by=lead, **said))
        signs = {"dossier_sha256": case.open_decision().dossier_sha256, "confirmed": proof()}
        timed("approve", lambda case=case, signs=signs: case.approve(by=approver, **signs))
    return times


if __name__ == "__main__":
    os.environ.setdefault("SECRET_KEY", "bench-only")
    sys.exit(main())
