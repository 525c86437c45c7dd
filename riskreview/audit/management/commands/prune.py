"""`manage.py prune`: let go of what the retention rules keep no longer."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import BaseCommand

from riskreview.audit import retention
from riskreview.audit.channel import Channel, acting_through
from riskreview.audit.entries import now
from riskreview.audit.models import Ledger
from riskreview.audit.notary import the_system


class Command(BaseCommand):
    """Prune in the name of the system, as the workers do once a day."""

    help = "Drop traces, bodies and entries of reads that retention keeps no longer. Each is an act on the record."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Only look?"""
        parser.add_argument("--dry-run", action="store_true", help="only say how much is due")

    def handle(self, *, dry_run: bool, **_: Any) -> None:
        """Say what is due, and drop it."""
        at = now().at
        for what in retention.CLASSES:
            due = Ledger.due(what, at).count()
            self.stdout.write(f"{what}: kept {retention.years(what)} years; {due:,} due")
        if not dry_run:
            with acting_through(Channel(via="command")):
                touched = Ledger.objects.prune_due(by=the_system(), now=at)
            self.stdout.write(f"{touched:,} dropped")
