"""The domain in JSON."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The api room."""

    name = "riskreview.api"
