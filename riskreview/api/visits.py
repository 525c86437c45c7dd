"""`/api/v1/visits/`: what sources answered, and what became of each answer."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet

from riskreview.accounts.tokens import Scope
from riskreview.evidence.models import Visit

from .filters import Filters
from .inputs import Reason
from .outputs import Versioned
from .resource import Resource, act


class VisitRow(Versioned):
    """One answer of a source, or one failure. `read_at` null: it waits to be read; `dead_at`: it was given up, and
    `last_error` says why; `set_aside_at`: somebody left it so, and `set_aside_why` says why; `reason`: it could not be
    fetched or read. `url` is without secrets."""

    class Meta:
        model = Visit
        fields = (
            "id", "source", "at", "url", "status", "size", "read_at", "items", "new_items", "refused", "reason",
            "attempts", "dead_at", "last_error", "set_aside_at", "set_aside_why", "version",
        )  # fmt: skip


class VisitFilters(Filters):
    """Which visits."""

    source = django_filters.NumberFilter(field_name="source_id", min_value=0, max_value=2**53)
    dead = django_filters.BooleanFilter(
        field_name="dead_at", lookup_expr="isnull", exclude=True, label="Whether it was given up."
    )


class Visits(Resource):
    """Visits, by id. Lists begin with the newest."""

    model, row, detail_row = Visit, VisitRow, VisitRow
    order = ("-at", "-pk")
    filterset_class = VisitFilters
    write_scope = Scope.DOCUMENTS_WRITE

    retry = act(Visit.retry)
    set_aside = act(Visit.set_aside, takes=Reason)

    def in_list(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The visits without their bytes."""
        return super().in_list(light(rows))

    def in_detail(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The visit without its bytes."""
        return light(rows)


def light(visits: QuerySet[Any]) -> QuerySet[Any]:
    """Visits without the bytes they hold."""
    return visits.defer("packed", "headers")
