"""How fast a text is understood: names, the whole of the rules, cases, origins and stories, in archives of size."""

from __future__ import annotations

import json
import os
import random
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psycopg

from benchmarks import _product, _report
from benchmarks._quality_labels import whole
from benchmarks._stage import SUPERUSER, database_name, owner, url

NAMES_FLOOR = 800.0  # documents a second and core
PIPELINE_MEDIAN, PIPELINE_P95, MATCH_FLOOR = 60.0, 300.0, 50.0  # ms
ORIGIN_P95, SEARCH_P95 = 5.0, 150.0  # ms
LINEAR = 1.5
TOLD = 200  # documents whose story is looked for
NEWS_ITEM, ARTICLE, OPEN_CASES = 2_000, 5_000, 1_000
SEARCH = Path(__file__).parent / "search.py"


def main() -> int:
    """Run it and report."""
    chosen = _report.arguments(__doc__)
    archive, texts = (500_000, 400) if chosen.full else (100_000, 120)
    stories = (1_000, 5_000, 20_000) if chosen.full else (1_000, 5_000)
    report = _report.Report("enrichment", {"archive": archive, "texts": texts, "seed": chosen.seed})
    _product.set_up(LOG_LEVEL="ERROR")
    rng = random.Random(chosen.seed)
    pinned(report)
    names(report, rng, texts)
    understanding(report, rng, texts)
    search(report, ["--full" if chosen.full else "--quick", "--seed", str(chosen.seed)])
    told(report, rng, stories)
    origins(report, rng, archive)
    return report.end()


def pinned(report: _report.Report) -> None:
    """Keep this process on one core, where the system can."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    report.row("cores this process may use", len(getattr(os, "sched_getaffinity", lambda _: [0])(0)))


def names(report: _report.Report, rng: random.Random, count: int) -> None:
    """Documents a second in which all names are read."""
    from benchmarks import _timed_texts
    from riskreview.enrichment.linking import read_names

    gazetteer = whole().gazetteer
    for size, floor in ((NEWS_ITEM, NAMES_FLOOR), (ARTICLE, None)):
        texts = _timed_texts.articles(rng, count, size)
        for text in texts[:20]:
            read_names(text, "", gazetteer)
        rounds = []
        for _ in range(3):  # the quickest: whatever else the machine does only ever slows one down
            begun = time.process_time()
            for text in texts:
                read_names(text, "", gazetteer)
            rounds.append(count / (time.process_time() - begun))
        must = {"must": f">= {floor:.0f}", "holds": max(rounds) >= floor} if floor else {}
        report.row(f"names: documents of {size:,} characters a second", max(rounds), "/s", **must)


def understanding(report: _report.Report, rng: random.Random, count: int) -> None:
    """All that is done to a text without a database: names, claims, signals, fingerprint, and all open cases."""
    from benchmarks import _timed_texts
    from benchmarks._timed_texts import milliseconds, percentile

    texts, cases = _timed_texts.articles(rng, count, ARTICLE), _timed_texts.watched(rng, OPEN_CASES)
    clock = time.process_time
    readings = [_read(text) for text in texts]
    read = [milliseconds(lambda text=text: _read(text), clock) for text in texts]
    matched = [milliseconds(lambda reading=reading: cases.rank(reading), clock) for reading in readings]
    both = [sum(each) for each in zip(read, matched, strict=True)]
    report.row("reading: article of 5,000 characters, median", statistics.median(read), "ms")
    report.row("reading: articles a second", 1000 / statistics.mean(read), "/s")
    match = statistics.median(matched)
    must = {"must": f"<= {MATCH_FLOOR:.0f}", "holds": match <= MATCH_FLOOR}
    report.row(f"cases: one article against {OPEN_CASES:,}, median", match, "ms", **must)
    for what, value, floor in (
        ("median", statistics.median(both), PIPELINE_MEDIAN),
        ("p95", percentile(both, 0.95), PIPELINE_P95),
    ):
        must = {"must": f"<= {floor:.0f}", "holds": value <= floor}
        report.row(f"whole: article and {OPEN_CASES:,} cases, {what}", value, "ms", **must)


def _read(text: str) -> Any:
    from benchmarks._quality_cases import prepared
    from riskreview.enrichment.origins import fingerprint

    fingerprint(text)
    return prepared("", text, whole())


def search(report: _report.Report, arguments: list[str]) -> None:
    """The first page of a search, as `script/bench search` measures it, on a database of its own."""
    if not SEARCH.exists():
        report.row("search: first page, p95", "skipped", must="there is no search bench yet")
        return
    database = f"{database_name()}_search"
    with psycopg.connect(url("postgres", SUPERUSER), autocommit=True) as superuser:
        superuser.execute(f'CREATE DATABASE "{database}" OWNER {owner()}')
    command = [sys.executable, "-m", "benchmarks.search", *arguments]
    done = subprocess.run(command, cwd=_product.ROOT, env=os.environ | {"DATABASE_URL": url(database)}, check=False)
    rows = json.loads((_report.RESULTS / "search.json").read_text(encoding="utf-8"))["rows"]
    for row in rows:
        if "p95" in row["what"] and row["must"]:
            report.row(f"search: {row['what']}", row["value"], row["unit"], must=row["must"], holds=row["holds"])
    report.row("search: all of its floors", done.returncode == 0, must="hold", holds=done.returncode == 0)


def told(report: _report.Report, rng: random.Random, sizes: tuple[int, ...]) -> None:
    """Time to find a document's story: in the larger archive it must not take longer."""
    from benchmarks import _timed_archive

    each = []
    for size in sizes:
        each.append(statistics.mean(_timed_archive.telling(rng, size, TOLD)))
        report.row(f"stories: each document, of {size:,} in a month", each[-1], "ms")
    ratio = max(each) / each[0]
    report.row("stories: each document, largest by smallest", ratio, "x", must=f"<= {LINEAR}", holds=ratio <= LINEAR)


def origins(report: _report.Report, rng: random.Random, size: int) -> None:
    """The look-up of texts that a text may be a copy of."""
    from benchmarks import _timed_archive
    from benchmarks._timed_texts import percentile

    times = _timed_archive.look_ups(rng, size, 400)
    p95 = percentile(times, 0.95)
    report.row(f"origins: look-up among {size:,}, median", statistics.median(times), "ms")
    must = {"must": f"<= {ORIGIN_P95:.0f}", "holds": p95 <= ORIGIN_P95}
    report.row(f"origins: look-up among {size:,}, p95", p95, "ms", **must)


if __name__ == "__main__":
    os.environ.setdefault("SECRET_KEY", "bench-only")
    sys.exit(main())
