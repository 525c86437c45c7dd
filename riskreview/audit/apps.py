"""What was decided, by whom, when, in an order nobody can quietly change."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The audit room."""

    name = "riskreview.audit"

    def ready(self) -> None:
        """Put the system checks in place."""
        from . import checks  # noqa: F401 - importing registers them
