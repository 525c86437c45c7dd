"""A large web archive read record by record: how fast, and in how little memory."""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

from benchmarks import _report

MEMORY, RATE = 300, 10.0
QUICK, FULL = 100_000_000, 1_000_000_000
PAGE = 100_000
PARAGRAPHS = 400
VISIT = 200


def main() -> int:
    """Run it and report."""
    if sys.argv[1:2] == ["--read"]:
        return read(Path(sys.argv[2]), whole=sys.argv[3] == "whole")
    chosen = _report.arguments(__doc__)
    size = FULL if chosen.full else QUICK
    report = _report.Report("warc", {"bytes": size, "seed": chosen.seed})
    with tempfile.TemporaryDirectory(prefix="riskreview-warc-") as folder:
        path = Path(folder) / "news.warc.gz"
        count = written(path, size, random.Random(chosen.seed))
        report.row("size of the archive", path.stat().st_size / 1e6, "MB")
        report.row("pages in it", count)
        for way, words in (("whole", "in one go"), ("visits", f"in visits of {VISIT} records")):
            told(report, path, way, words, count)
    return report.end()


def told(report: _report.Report, path: Path, way: str, words: str, count: int) -> None:
    """Read the archive in a process of its own, and report what it took."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.warc", "--read", str(path), way], stdout=subprocess.PIPE, check=True
    )
    got = json.loads(done.stdout)
    rate = path.stat().st_size / 1e6 / got["seconds"]
    report.row(f"pages read, {words}", got["pages"], must=f"all {count:,}", holds=got["pages"] == count)
    report.row(f"records told as unreadable, {words}", got["refused"], must="0", holds=not got["refused"])
    report.row(f"of the packed file, {words}", rate, "MB/s", must=f">= {RATE:.0f}", holds=rate >= RATE)
    report.row(f"records, {words}", got["records"] / got["seconds"], "/s")
    report.row(f"peak memory, {words}", got["peak"], "MB", must=f"<= {MEMORY}", holds=got["peak"] <= MEMORY)


def written(path: Path, size: int, rng: random.Random) -> int:
    """An archive of at least this size; how many pages are in it. Each has the request before it, as crawlers write."""
    paragraphs = [f"<p>{' '.join(words(rng, 250))}</p>\n" for _ in range(PARAGRAPHS)]
    count = 0
    with path.open("wb") as file:
        while file.tell() < size:
            count += 1
            url = f"https://site{count % 50}.bench.example/2025/{count}"
            file.write(packed("request", url, f"GET /2025/{count} HTTP/1.1\r\n\r\n".encode()))
            file.write(packed("response", url, answer(count, paragraphs, rng)))
    return count


def words(rng: random.Random, count: int) -> Iterator[str]:
    """Words that pack as badly as random letters do."""
    for _ in range(count):
        yield "".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=rng.randint(3, 11)))


def answer(number: int, paragraphs: list[str], rng: random.Random) -> bytes:
    """An answer with a page of about 100 KB."""
    each = len(paragraphs[0])
    text = "".join(rng.sample(paragraphs, PAGE // each))
    page = f"<!DOCTYPE html><html><head><title>Page {number}</title></head><body>{text}</body></html>"
    return f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{page}".encode()


def packed(kind: str, url: str, block: bytes) -> bytes:
    """One record as a gzip member."""
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2025-01-29T08:00:00Z\r\n"
        f"Content-Type: application/http; msgtype={kind}\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    packer = zlib.compressobj(1, wbits=31)
    return packer.compress(head.encode() + block + b"\r\n\r\n") + packer.flush()


def read(path: Path, *, whole: bool) -> int:
    """Read an archive, and print what came of it with the peak of this process's memory."""
    from riskreview.enrichment.sources import warc

    begun = time.monotonic()
    got = {"records": 0, "pages": 0, "refused": 0}
    with path.open("rb") as file:
        if whole:
            for each in warc.records(file):
                got["records"] += 1
                got["pages"] += each.item is not None
                got["refused"] += bool(each.refused)
        else:
            brought = warc.bring(file, {}, most=VISIT)
            add(got, len(brought.items), len(brought.refused))
            while brought.more:
                brought = warc.bring(file, json.loads(json.dumps(dict(brought.cursor))), most=VISIT)
                add(got, len(brought.items), len(brought.refused))
    seconds = time.monotonic() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({**got, "seconds": seconds, "peak": round(peak)}))
    return 0


def add(got: dict[str, int], pages: int, refused: int) -> None:
    """Count what one visit brought; each page has its request beside it."""
    got["pages"] += pages
    got["records"] += 2 * pages
    got["refused"] += refused


if __name__ == "__main__":
    sys.exit(main())
