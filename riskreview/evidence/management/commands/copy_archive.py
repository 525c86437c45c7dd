"""`manage.py copy_archive --to PLACE`: carry the archive to another store, every copy read back and compared."""

from __future__ import annotations

import argparse
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from django.core.files.storage import Storage, storages
from django.core.management.base import BaseCommand, CommandError

from riskreview.evidence import archive

FAULTS_SHOWN = 20


class Command(BaseCommand):
    """Copy what the other place does not hold yet. The archive itself is only read, and may be in use."""

    help = (
        "Copy what is missing from the archive to a folder, or to an object store (s3://…), and read each copy back."
        " May be repeated; exit status 1 when something could not be copied."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Where to, and how thoroughly."""
        parser.add_argument("--to", required=True, metavar="PLACE", help="a folder, or an address as in ARCHIVE_URL")
        parser.add_argument("--check", action="store_true", help="also read back what is there already")
        parser.add_argument("--jobs", type=int, default=8, metavar="N", help="so many at a time (8)")

    def handle(self, *, to: str, check: bool, jobs: int, **_: Any) -> None:
        """Copy. Raises `CommandError` when the place is none, or something could not be copied."""
        done: Counter[str] = Counter()
        with ThreadPoolExecutor(max(jobs, 1)) as pool:
            for outcome in pool.map(partial(carried, target=place(to), check=check), archive.every()):
                done[outcome.partition(" ")[0]] += 1
                if outcome.startswith("failed") and done["failed"] <= FAULTS_SHOWN:
                    self.stderr.write(outcome)
        self.stdout.write(f"{done['copied']:,} copied, {done['there']:,} there already, {done['failed']:,} failed")
        if done["failed"]:
            raise CommandError("Not everything was copied. Mend what is named above, then say the same again.")


def place(to: str) -> Storage:
    """The store of that name. Raises `CommandError`."""
    folder, address = ("", to) if "://" in to else (to, "")
    try:
        return storages.create_storage(archive.placed(folder, address))
    except ValueError as error:
        raise CommandError(str(error)) from error


def carried(sha256: str, *, target: Storage, check: bool) -> str:
    """Carry one file over: “copied …”, “there …” or “failed …”, with the reason."""
    try:
        there = target.exists(archive.path(sha256))
        if not there:
            archive.put(archive.get(sha256), into=target)
        if check or not there:
            archive.get(sha256, of=target)
    except (archive.Damaged, archive.Unreachable, OSError) as error:
        return f"failed {sha256}: {error}"
    return f"{'there' if there else 'copied'} {sha256}"
