"""`manage.py verify_release FILE --root DIGEST`: whether a released file stands for the dossier that was signed."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from riskreview.cases import releasing


class Command(BaseCommand):
    """Check a version for others. It asks neither the database nor a network."""

    help = "Check that a released file, hidden lines and all, has the digest that was signed."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """The file, and the digest from somewhere else than the file."""
        parser.add_argument("file", metavar="FILE", type=Path, help="the released file (release.json)")
        parser.add_argument("--root", required=True, metavar="DIGEST", help="the digest in the memo or the bundle")

    def handle(self, *, file: Path, root: str, **_: Any) -> None:
        """Say what holds. Raises `CommandError` when it does not."""
        try:
            told = json.loads(file.read_bytes())
            found = releasing.verified(told)
        except (OSError, ValueError) as problem:
            raise CommandError(f"{file} cannot be read as a release: {problem}") from None
        if found.root != root.strip().lower():
            raise CommandError(f"{file} stands for {found.root}, and not for {root}. It is not what was signed.")
        self.stdout.write(f"It holds: {found.shown:,} lines shown, {found.hidden:,} left out, digest {found.root}.")
