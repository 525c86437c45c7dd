"""The domain in pages."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The web room."""

    name = "riskreview.web"
