"""What was decided, by whom, when, in an order nobody can quietly change."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The audit room."""

    name = "riskreview.audit"
