"""A question put to reviewers, worked to a decision by two people."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """The cases room."""

    name = "riskreview.cases"
