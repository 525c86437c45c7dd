"""Sends word out to people and programs. Empty until the ledger gives entries their order."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """The notifications room."""

    name = "riskreview.notifications"
