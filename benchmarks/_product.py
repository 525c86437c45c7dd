"""The product's processes and data as an entry needs them: tables, people, documents, workers in their own groups."""

from __future__ import annotations

import datetime
import os
import random
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
NOWHERE = "postgres://nobody@127.0.0.1:1/nothing"  # nothing answers there
NAMES = ("DeepSeek", "Alibaba", "ByteDance", "OpenAI", "Microsoft", "Baidu", "Nvidia", "Anthropic")
WORDS = (
    *("agency", "review", "record", "model", "price", "cloud", "company", "market", "data", "security", "officials"),
    *("report", "week", "minister", "question", "answer", "training", "output", "service", "user", "account"),
    *("region", "order", "notice", "court", "filing", "supplier", "contract", "evidence"),
)


def ready() -> None:
    """Django without a database, for what only reads texts."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "riskreview.settings")
    os.environ.setdefault("DATABASE_URL", NOWHERE)
    import django

    django.setup()


def set_up(**settings: str) -> None:
    """Settings of this run, empty tables, Django ready."""
    os.environ.update({"ARCHIVE_ROOT": tempfile.mkdtemp(prefix="riskreview-bench-"), **settings})
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "riskreview.settings")
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=ROOT, check=True)
    ready()
    from riskreview.accounts.models import User

    if User.objects.people().exists():
        sys.exit("This database is in use. Unset DATABASE_URL, or point it at an empty database.")


def people() -> tuple[object, object]:
    """A lead who also reviews, and an approver."""
    from riskreview.accounts.models import User
    from riskreview.accounts.roles import Role

    system = User.objects.system()
    lead = User.objects.invite(by=system, email="lead@bench.example", name="Lena Lead", roles=[Role.LEAD])
    approver = User.objects.invite(by=system, email="second@bench.example", name="Paul Pair", roles=[Role.APPROVER])
    return lead, approver


def article(rng: random.Random, *, sentences: int) -> str:
    """A text of its own, naming vendors here and there."""
    lines = []
    for number in range(sentences):
        words = rng.choices(WORDS, k=rng.randint(8, 18))
        if number % 5 == 0:
            words.insert(rng.randrange(len(words)), rng.choice(NAMES))
        lines.append(" ".join(words).capitalize() + ".")
    return "\n".join(" ".join(lines[index : index + 5]) for index in range(0, len(lines), 5))


def hold_documents(rng: random.Random, count: int, *, sentences: int) -> None:
    """Documents with their bytes, waiting to be digested."""
    from riskreview.evidence.models import Announcement, Capture, Document

    now = datetime.datetime.now(datetime.UTC)
    for number in range(count):
        url = f"https://bench.example/{number}"
        text = "".join(f"<p>{part}</p>" for part in article(rng, sentences=sentences).split("\n"))
        page = f"<html><head><title>Item {number}</title></head><body><article>{text}</article></body></html>"
        announced = Announcement(key=url, url=url, headline=f"Item {number}", published_at=now)
        Document.objects.hold(announced, capture=Capture(page.encode(), "text/html; charset=utf-8", now))


class Group:
    """One process in a group of its own, so that it can be killed whole."""

    def __init__(self, *command: str, folder: Path | None = None, log: Path | None = None, **more: str) -> None:
        environment = os.environ | {"REMAP_SIGTERM": "SIGQUIT", "PYTHONPATH": str(ROOT)} | more
        with (log or Path(os.devnull)).open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *command],
                cwd=folder or ROOT,
                env=environment,
                start_new_session=True,
                stdout=output,
                stderr=output,
            )

    def kill(self) -> None:
        """SIGKILL for the process and its children: the plug pulled."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """End it, politely at first."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()


def worker(name: str, queues: str, *, slots: int) -> Group:
    """A Celery worker of its own."""
    options = ["--without-gossip", "--without-mingle", "--loglevel", "WARNING"]
    return Group("celery", "-A", "riskreview", "worker", "-n", f"{name}@%h", "-Q", queues, "-c", str(slots), *options)


def beat() -> Group:
    """The clock that ticks the sweeps."""
    schedule = Path(os.environ["ARCHIVE_ROOT"]) / "beat"
    return Group("celery", "-A", "riskreview", "beat", "--schedule", str(schedule), "--loglevel", "WARNING")
