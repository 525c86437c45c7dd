"""`manage.py demo_smoke`: check the told story from outside, over HTTP, and say each step with seconds."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from itertools import chain
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from riskreview.web.demo import agreement, procedure, proof, reopening


def checks(web: str) -> Iterator[Iterator[str]]:
    """Every check, one after the other."""
    yield agreement.facts()
    yield agreement.check(web)
    yield procedure.check(web)
    yield reopening.check(web)
    yield proof.prove()


class Command(BaseCommand):
    """Exit 0 only if database, page and API agree, four eyes holds on both faces, and the notice did its work."""

    help = "Check the demonstration from outside (script/demo --smoke runs it)."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Where the product answers."""
        parser.add_argument("--web", required=True, metavar="URL")

    def handle(self, *, web: str, **_: Any) -> None:
        """Say what the database holds, then visit page and API."""
        begun = time.monotonic()
        try:
            for line in chain.from_iterable(checks(web)):
                self.stdout.write(f"{time.monotonic() - begun:6.1f} s  {line}")
        except agreement.Disagreement as error:
            raise CommandError(f"The demonstration does not hold: {error}.") from error
