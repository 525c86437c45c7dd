"""Vocabularies the database knows too: what is not in the list is refused, whatever program writes it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


def known(table: str, column: str, choices: type[models.Choices]) -> models.CheckConstraint:
    """The constraint that a column holds one of the choices."""
    return models.CheckConstraint(name=f"{table}_{column}_known", condition=Q(**{f"{column}__in": [*choices.values]}))
