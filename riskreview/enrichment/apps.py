"""Collect, archive, extract, group, link, rank: by rules and statistics, with reasons. Owns no table."""

from django.apps import AppConfig


class EnrichmentConfig(AppConfig):
    """The enrichment room."""

    name = "riskreview.enrichment"
