"""Who is here, and what they may do."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The accounts room."""

    name = "riskreview.accounts"
