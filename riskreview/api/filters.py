"""Lists narrowed by query parameters: each one known, each one once."""

from __future__ import annotations

from typing import Any

import django_filters
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

PAGING = frozenset({"page", "page_size", "format"})


class Filters(django_filters.FilterSet):  # type: ignore[misc]
    """The parameters that narrow a list."""


class StrictFilters(DjangoFilterBackend):  # type: ignore[misc]
    """django-filter, but a parameter nobody knows, or one given twice, is an error instead of being passed over."""

    def filter_queryset(self, request: Request, queryset: Any, view: Any) -> Any:
        """The rows that fit. Raises `ValidationError`."""
        filters = getattr(view, "filterset_class", None)
        check(request, dict(filters.base_filters) if filters else {})
        return super().filter_queryset(request, queryset, view)


def check(request: Request, filters: dict[str, Any]) -> None:
    """Raise `ValidationError` for unknown and repeated parameters."""
    complaints = {}
    for name, values in request.query_params.lists():
        if name not in filters and name not in PAGING:
            complaints[name] = ["There is no such parameter here."]
        elif len(values) > 1 and not isinstance(filters.get(name), django_filters.MultipleChoiceFilter):
            complaints[name] = ["This parameter is there twice."]
    if complaints:
        raise ValidationError(complaints)
