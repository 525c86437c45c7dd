"""`manage.py check_spans`: compare every stored excerpt with the text it is from, now."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from riskreview.enrichment import verbatim


class Command(BaseCommand):
    """One walk through the whole archive. The workers take one every night by themselves."""

    help = "Compare every stored excerpt with its text. Exit status 1 when one differs."

    def handle(self, **_: Any) -> None:
        """Walk, and tell."""
        walked = verbatim.walk()
        for each in walked.wrong:
            self.stderr.write(self.style.ERROR(each))
        if walked.wrong:
            raise CommandError(f"{len(walked.wrong)} of {walked.excerpts} excerpts are not what their texts say.")
        self.stdout.write(f"{walked.excerpts} excerpts stand in their texts, word for word.")
