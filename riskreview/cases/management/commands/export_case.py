"""`manage.py export_case RR-2025-0001 TARGET --by EMAIL`: one case as a bundle that anyone can verify offline."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from riskreview.audit.bundles import Patience
from riskreview.audit.exporting import add_target, exported, person
from riskreview.cases.bundle import export_case
from riskreview.cases.models import Case


class Command(BaseCommand):
    """Export one case, in the name of a person who may see it."""

    help = "Write a case, its evidence and the proof of every act into a zip, or into a folder, for verifier.py."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Which case, where to, and who takes it."""
        parser.add_argument("ref", metavar="REF", help="the reference of the case, such as RR-2025-0001")
        add_target(parser)

    def handle(self, *, ref: str, target: Path, by: str, wait: Patience, **_: Any) -> None:
        """Export. Raises `CommandError`, and then nothing is left behind."""
        holder = person(by)
        case = Case.objects.visible_to(holder).filter(ref=ref.upper()).first()
        if case is None:
            raise CommandError(f"There is no case {ref} that {by} may see.")
        with exported(target, self.stdout.write) as draft:
            export_case(draft, case, by=holder, told=self.stdout.write, patience=wait)
