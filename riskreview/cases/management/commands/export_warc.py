"""`manage.py export_warc RR-2025-0001 --out FILE`: the evidence of a case as a web archive (WARC 1.1)."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from riskreview.accounts.models import User
from riskreview.audit.channel import Channel, acting_through
from riskreview.audit.exporting import person
from riskreview.cases.models import Case
from riskreview.cases.warc import Evidence
from riskreview.evidence.archive import Unreachable


class Command(BaseCommand):
    """Export the evidence of one case, in the name of a person or of the system."""

    help = (
        "Write every capture of every document that the exhibits of a case cite into a .warc.gz file. Exit status 1,"
        " with the file written, when the archive could not give some of the bytes."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Which case, where to, and who takes it."""
        parser.add_argument("ref", metavar="REF", help="the reference of the case, such as RR-2025-0001")
        parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="a new file, usually ….warc.gz")
        parser.add_argument("--by", metavar="EMAIL", help="who takes it (the system, unless told)")

    def handle(self, *, ref: str, out: Path, by: str | None, **_: Any) -> None:
        """Export. Raises `CommandError`; unless bytes were missing, nothing is left behind then."""
        holder = person(by) if by else User.objects.system()
        seen = Case.objects.visible_to(holder) if by else Case.objects.all()
        case = seen.filter(ref=ref.upper()).first()
        if case is None:
            raise CommandError(f"There is no case {ref}{f' that {by} may see' if by else ''}.")
        evidence = Evidence(case)
        with acting_through(Channel(via="command")):
            written(evidence, out, by=holder)
        self.stdout.write(f"{out} is complete.")
        if evidence.missing:
            raise CommandError("\n".join(["Of some captures the archive could not give the bytes:", *evidence.missing]))


def written(evidence: Evidence, out: Path, *, by: User) -> None:
    """Write the file, whole or not at all. Raises `CommandError`."""
    if out.exists():
        raise CommandError(f"{out} exists already. Choose a new name.")
    if not out.absolute().parent.is_dir():
        raise CommandError(f"There is no folder {out.absolute().parent}.")
    aside = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        with aside.open("xb") as file:
            file.writelines(evidence.taken(by=by))
        aside.replace(out)
    except (OSError, Unreachable) as error:
        raise CommandError(str(error)) from error
    finally:
        aside.unlink(missing_ok=True)
