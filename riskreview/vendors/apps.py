"""Whom we watch and what they ship, under every name they use."""

from django.apps import AppConfig


class VendorsConfig(AppConfig):
    """The vendors room."""

    name = "riskreview.vendors"
