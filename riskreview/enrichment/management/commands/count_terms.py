"""`manage.py count_terms`: count how common words are in the archive, from which scores tell rare words."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import BaseCommand

from riskreview.enrichment import counting


class Command(BaseCommand):
    """Count if it is due, as the workers do every night."""

    help = "Count in how many documents each word occurs, if there are 2,000 and a tenth more than the last time."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Whether to count whatever there is."""
        parser.add_argument("--anyway", action="store_true", help="count even if it is not due")

    def handle(self, *, anyway: bool, **_: Any) -> None:
        """Count and say what came of it."""
        made = counting.count(anyway=anyway)
        if made is None:
            self.stdout.write("Not due: the count in use stays.")
        else:
            self.stdout.write(f"{made.version}: {made.terms.count():,} terms in {made.documents:,} documents.")
