"""Read thousands of damaged feeds as a worker does: each is read, or marked with a reason; nothing else comes out."""

from __future__ import annotations

import datetime
import json
import multiprocessing
import os
import resource
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from benchmarks import _mutations, _report

CHILDREN = 2
SLOWEST = 10.0  # seconds for one feed
PEAK = 400.0  # MiB of one process
NOW = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
URL = "https://news.example/feed"


@dataclass
class Outcome:
    """What became of a share of the feeds."""

    read: int = 0
    items: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    escaped: list[str] = field(default_factory=list)
    slowest: float = 0.0
    peak: float = 0.0


def main() -> int:
    """Run it and report."""
    chosen = _report.arguments(__doc__)
    count = 50_000 if chosen.full else 10_000
    report = _report.Report("faults_feeds", {"feeds": count, "seed": chosen.seed})
    begun = time.monotonic()
    with multiprocessing.get_context("spawn").Pool(CHILDREN) as pool:
        outcomes = pool.starmap(work, [(chosen.seed, count, share) for share in range(CHILDREN)])
    tell(report, count, outcomes, time.monotonic() - begun)
    return report.end()


def tell(report: _report.Report, count: int, outcomes: list[Outcome], seconds: float) -> None:
    """What must hold at the end."""
    read, reasons = sum(each.read for each in outcomes), sum((each.reasons for each in outcomes), Counter())
    escaped = [each for outcome in outcomes for each in outcome.escaped]
    slowest, peak = max(each.slowest for each in outcomes), max(each.peak for each in outcomes)
    report.row("damaged feeds", count)
    report.row("read", read, must="> 0", holds=read > 0)
    report.row("items found in them", sum(each.items for each in outcomes))
    report.row("marked with a reason", reasons.total(), must="> 0", holds=reasons.total() > 0)
    for reason, times in reasons.most_common(8):
        print(f"         {times:6} {reason}")
    report.row("neither", count - read - reasons.total(), must="= 0", holds=count == read + reasons.total())
    report.row("errors that got out", len(escaped), must="= 0", holds=not escaped)
    for each in escaped[:10]:
        print(f"         {each}")
    report.row("reasons that say nothing", reasons[""], must="= 0", holds=not reasons[""])
    report.row("slowest", slowest, "s", must=f"< {SLOWEST:g}", holds=slowest < SLOWEST)
    report.row("most memory of a process", peak, "MiB", must=f"< {PEAK:g}", holds=peak < PEAK)
    report.row("all of it", seconds, "s", must="< 600", holds=seconds < 600)


def work(seed: int, count: int, share: int) -> Outcome:
    """Read every second feed of the run, in a process of its own."""
    prepare()
    outcome = Outcome()
    for number, (kind, body, said) in enumerate(_mutations.feeds(seed, count)):
        if number % CHILDREN == share:
            take(outcome, number, kind, body, said)
    outcome.peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return outcome


def prepare() -> None:
    """The product's readers, without a database."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "riskreview.settings")
    os.environ.setdefault("SECRET_KEY", "faults-only")
    os.environ.setdefault("DATABASE_URL", "postgres://nobody@/nothing")
    django.setup()


def take(outcome: Outcome, number: int, kind: str, body: bytes, said: str) -> None:
    """Read one feed, and note what became of it."""
    from riskreview.enrichment.sources import ParseFailed
    from riskreview.lib.confining import Confined

    since = time.monotonic()
    try:
        found = read(kind, body, said)
        refuse_what_cannot_be_kept(found)
    except (ParseFailed, Confined) as error:
        outcome.reasons[f"{kind}: {error.reason}" if error.reason else ""] += 1
    except Exception as error:  # noqa: BLE001 - whatever gets out is what this run looks for
        outcome.escaped.append(f"feed {number} ({kind}): {type(error).__name__}: {error}"[:200])
    else:
        outcome.read, outcome.items = outcome.read + 1, outcome.items + len(found.items)
    outcome.slowest = max(outcome.slowest, time.monotonic() - since)


def read(kind: str, body: bytes, said: str) -> Any:
    """What a worker does with an answer."""
    from riskreview.enrichment.sources import KINDS, SourceState
    from riskreview.lib.confining import confined

    with confined(memory=512 * 2**20, seconds=SLOWEST):
        return KINDS[kind].parse(body, {"content-type": said}, url=URL, source=SourceState(URL), now=NOW)


def refuse_what_cannot_be_kept(found: Any) -> None:
    """Raise ValueError for what the database would not take: halves of characters, NUL, a cursor that is no JSON."""
    if "\\u0000" in json.dumps([found.cursor, found.refused], allow_nan=False):
        raise ValueError("a cursor or a reason with NUL")
    for item in found.items:
        texts = (item.key, item.url, item.title, item.summary, item.text, item.publisher, *item.authors, item.language)
        if any("\0" in text for text in texts):
            raise ValueError("a text with NUL")
        "".join((*texts, item.html, *found.refused)).encode("utf-8")
        if not item.key or any(at and at.utcoffset() != datetime.timedelta() for at in (item.published, item.updated)):
            raise ValueError("an item without a key, or a time that is not in UTC")


if __name__ == "__main__":
    sys.exit(main())
