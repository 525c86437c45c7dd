"""Collect, archive, extract, group, link, rank: by rules and statistics, with reasons. Owns no table."""

from django.apps import AppConfig


class EnrichmentConfig(AppConfig):
    """The enrichment room."""

    name = "riskreview.enrichment"

    def ready(self) -> None:
        """Tell the register which kinds of source can be read here."""
        from riskreview.enrichment.sources import KINDS  # models are not loaded before
        from riskreview.evidence import kinds

        for kind in KINDS.values():
            kinds.announce(kind.ABOUT)
