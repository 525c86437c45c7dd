"""`manage.py fit_weights`: propose weights of the score that fit what reviewers accepted and dismissed."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from riskreview.cases.models import MatchWeights
from riskreview.enrichment.calibration import TooFew, fit
from riskreview.enrichment.verdicts_given import verdicts


class Command(BaseCommand):
    """Fit and propose. A lead decides on the page whether they come into force."""

    help = (
        "Fit the weights of the score to the verdicts on suggestions (200, 50 of each), and propose them to the leads."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Whether to keep the result."""
        parser.add_argument("--show", action="store_true", help="only show what would be proposed")

    def handle(self, *, show: bool, **_: Any) -> None:
        """Fit, show, and propose."""
        try:
            fitted = fit(verdicts())
        except TooFew as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"words {fitted.text_weight}, vendors {fitted.vendor_weight}, risks {fitted.signal_weight} of 1000"
        )
        self.stdout.write(f"from {fitted.verdicts} verdicts, {fitted.accepted} of them accepted")
        self.stdout.write(f"Brier score {fitted.brier}, of the shipped weights {fitted.shipped_brier}, of 1000")
        if not show:
            proposed = MatchWeights.objects.propose(**asdict(fitted))
            self.stdout.write(f"Proposed as {proposed}. A lead adopts it under Signals, How the score is made.")
