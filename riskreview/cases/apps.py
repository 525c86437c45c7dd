"""A question put to reviewers, worked to a decision by two people."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """The cases room."""

    name = "riskreview.cases"

    def ready(self) -> None:
        """Put the system checks in place."""
        from . import checks  # noqa: F401 - importing registers them
