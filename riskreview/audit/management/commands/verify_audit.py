"""`manage.py verify_audit`: check the whole record against itself, from the inside."""

from __future__ import annotations

import argparse
import datetime
import re
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from riskreview.audit import checking, leaves
from riskreview.audit.entries import Entry, now

UNITS = {"h": "hours", "d": "days", "w": "weeks"}


class Command(BaseCommand):
    """Check log, entries and rows; exit status 1 when something does not hold."""

    help = "Check every entry against the signed log, and every row against its entries."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """How far back."""
        span = parser.add_mutually_exclusive_group()
        span.add_argument("--full", action="store_true", help="from the first entry on (the default)")
        span.add_argument("--since", metavar="SPAN", help="the log only from so long ago on, such as 12h, 1d or 2w")

    def handle(self, *, since: str | None, **_: Any) -> None:
        """Check, tell, and raise `CommandError` when something does not hold."""
        place = place_since(since) if since else None
        found = checking.check(since=place, told=self._progress)
        counted = ", ".join(f"{number:,} {what}" for what, number in sorted(found.counts.items()))
        self.stdout.write(f"{counted or 'nothing'} in {found.seconds:.1f} s")
        for problem in found.problems:
            self.stderr.write(problem)
        if found.problems:
            raise CommandError(f"The record does not hold: {len(found.problems):,} problems.")
        self.stdout.write("The record holds.")

    def _progress(self, found: checking.Found) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"\r{found.counts['entries']:,} entries, {found.counts['rows']:,} rows", ending="")


def place_since(span: str) -> dict[str, Any]:
    """The place of the first entry in the log that is not older than a span."""
    told = re.fullmatch(r"(\d{1,4})([hdw])", span)
    if told is None:
        raise CommandError("A span is a number and h, d or w, such as 1d.")
    begin = now().at - datetime.timedelta(**{UNITS[told[2]]: int(told[1])})
    placed = Entry.objects.filter(recorded_at__gte=begin, leaf__isnull=False)
    first = placed.select_related("leaf__log").order_by("leaf__log", "leaf__index").first()
    return leaves.place_at(first) if first else {"step": "queue"}
