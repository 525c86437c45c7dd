"""Lists by page number."""

from __future__ import annotations

from typing import Any

from django.core.paginator import InvalidPage
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request

LARGEST_PAGE = 200


class Pages(PageNumberPagination):
    """`?page=2&page_size=50` → `count`, `next`, `previous`, `results`. A page holds 50 rows, at most 200."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = LARGEST_PAGE
    page_query_description = "Which page, from 1."
    page_size_query_description = f"Rows of a page, 1 to {LARGEST_PAGE}; 50 unless told."

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        """The rows of the page. Raises `ValidationError` for a number that is none, `NotFound` past the end."""
        self.request = request
        number = whole_number(request, self.page_query_param, 1, None)
        paginator = self.django_paginator_class(queryset, self.get_page_size(request) or self.page_size)
        try:
            self.page = paginator.page(number)
        except InvalidPage as error:
            raise NotFound(f"There is no page {number}: the list has {paginator.num_pages}.") from error
        return list(self.page)

    def get_page_size(self, request: Request) -> int:
        """How many rows a page holds."""
        return whole_number(request, self.page_size_query_param, self.page_size, self.max_page_size)


def whole_number(request: Request, name: str, default: int, most: int | None) -> int:
    """A query parameter from 1 to `most`. Raises `ValidationError` for anything else."""
    given = request.query_params.get(name)
    if given is None:
        return default
    number = int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0
    if number < 1 or (most is not None and number > most):
        bounds = f"from 1 to {most}" if most else "from 1"
        raise ValidationError({name: [f"This must be a whole number {bounds}."]})
    return number
