"""Sources, documents and workers as the drills on collection need them, and what they look at afterwards."""

from __future__ import annotations

import datetime
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from benchmarks import _pages, _product
from benchmarks._product import Group

TICKS = os.sysconf("SC_CLK_TCK")


def static_files() -> None:
    """What pages refer to, as `script/server` lays it out."""
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    subprocess.run(command, cwd=_product.ROOT, check=True)


def register(by: Any, bases: Iterable[str], *, minutes: int = 60) -> list[Any]:
    """A source for each site, not yet due."""
    from django.db.models.functions import Now

    from riskreview.evidence.models import Source

    made = [
        Source.objects.register(
            by=by, name=f"Site {number:03}", kind="RSS", url=f"{base}/feed.xml", source_class=Source.Class.NEWSPAPER,
            language="en", interval_minutes=minutes,
        )
        for number, base in enumerate(bases)
    ]  # fmt: skip
    Source.objects.update(not_before=Now() + datetime.timedelta(hours=1))
    return made


def announce(sources: dict[str, Any], numbers: range) -> None:
    """Articles of these sites as if a feed had just named them: they wait to be fetched."""
    from riskreview.evidence.models import Announcement, Document

    for base, source in sources.items():
        host = int(source.name.split()[-1])
        for number in numbers:
            url = f"{base}/article/{number}"
            told = Announcement(
                url, url, _pages.title(host, number), source.name, published_at=_pages.published(number)
            )
            Document.objects.hold(told, source=source)


def vendors_and_cases(by: Any, *, cases: int = 1) -> None:
    """A register of vendors, and open cases that documents may matter to."""
    from riskreview.cases.models import Case
    from riskreview.vendors.models import Vendor

    vendors = [Vendor.objects.register(by=by, canonical_name=name) for name in _product.NAMES]
    question = "What do officials say about security and data of the company, and which order or notice was given?"
    for number in range(cases):
        vendor = vendors[number % len(vendors)]
        title = f"{vendor.canonical_name}: security"
        Case.objects.open(by=by, title=title, question=question, requester="Desk", vendors=[vendor])


def worker(name: str, queues: str, *, slots: int, app: str = "riskreview", folder: Path | None = None) -> Group:
    """A Celery worker in a group of its own, which keeps what it says in a file of the folder."""
    options = ["--without-gossip", "--without-mingle", "--loglevel", "WARNING"]
    command = ["celery", "-A", app, "worker", "-n", f"{name}", "-Q", queues, "-c", str(slots), *options]
    return Group(*command, folder=folder, log=folder and folder / f"{name}.log")


def wait_until(holds: Callable[[], bool], patience: float, *, each: float = 0.1) -> bool:
    """Whether it came to hold within so many seconds."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        if holds():
            return True
        time.sleep(each)
    return holds()


def cpu_seconds(group: Group) -> float:
    """User and system time of all processes of a group, with that of children that have ended."""
    leader = group.process.pid
    total = 0
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = place.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == leader:
            total += int(fields[11]) + int(fields[12])
            total += int(fields[13]) + int(fields[14]) if place.parent.name == str(leader) else 0
    return total / TICKS


def beat(folder: Path) -> Group:
    """The clock that ticks the sweeps, on a host with this folder."""
    command = ["celery", "-A", "riskreview", "beat", "--schedule", str(folder / "beat"), "--pidfile", ""]
    return Group(*command, "--loglevel", "WARNING", folder=folder, log=folder / "beat.log")


def due_now() -> None:
    """Every source is due from now on."""
    from django.db.models.functions import Now

    from riskreview.evidence.models import Source

    Source.objects.update(not_before=Now())
