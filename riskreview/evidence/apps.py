"""Every document we hold, its exact bytes, what it says, which copies share one origin."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """The evidence room."""

    name = "riskreview.evidence"
