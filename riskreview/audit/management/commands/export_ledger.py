"""`manage.py export_ledger TARGET --by EMAIL`: the whole record as a bundle that anyone can verify offline."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from riskreview.audit.bundles import Patience, export_ledger
from riskreview.audit.exporting import add_target, exported, person


class Command(BaseCommand):
    """Export the whole record, in the name of a person who may read it."""

    help = "Write every entry with its proof into a zip, or into a folder, for verifier.py."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Where to, and who takes it."""
        add_target(parser)

    def handle(self, *, target: Path, by: str, wait: Patience, **_: Any) -> None:
        """Export. Raises `CommandError`, and then nothing is left behind."""
        holder = person(by)
        with exported(target, self.stdout.write) as draft:
            export_ledger(draft, by=holder, told=self.stdout.write, patience=wait)
