"""What happened, to or by whom, on whose word."""

from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    """The incidents room."""

    name = "riskreview.incidents"
