"""Following a case or a vendor: a setting of the caller's own, without a version and without an entry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import django_filters
from django.db.models import Exists, OuterRef
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from riskreview.cases.models import Following

from .authentication import caller
from .filters import Filters
from .inputs import Nothing

if TYPE_CHECKING:
    from .resource import Resource


class FollowedShown(serializers.Serializer[Any]):
    """Whether the caller follows it from now on."""

    follows = serializers.BooleanField()


class FollowedFilters(Filters):
    """Lists narrowed to what the caller follows."""

    followed = django_filters.BooleanFilter(method="by_caller", label="Whether you follow it.")

    def by_caller(self, rows: Any, name: str, wanted: bool) -> Any:
        """What the caller follows, or does not."""
        subject = rows.model._meta.model_name
        own = Following.objects.filter(user=caller(self.request), **{subject: OuterRef("pk")})
        return rows.filter(Exists(own)) if wanted else rows.exclude(Exists(own))


class Followed:
    """A resource whose rows the caller may follow: it is told under My work what others do to them."""

    @extend_schema(request=None, responses=FollowedShown)
    @action(detail=True, methods=["post"])
    def follow(self, request: Request, **lookup: str) -> Response:
        """Follow it from now on; what is followed already stays so."""
        return self._switch(request, follows=True)

    @extend_schema(request=None, responses=FollowedShown)
    @action(detail=True, methods=["post"])
    def unfollow(self, request: Request, **lookup: str) -> Response:
        """Follow it no more."""
        return self._switch(request, follows=False)

    follow.is_plain = unfollow.is_plain = True  # type: ignore[attr-defined]

    def _switch(self, request: Request, *, follows: bool) -> Response:
        mine = cast("Resource", self)
        mine.words(Nothing)
        row = mine.found(mine.get_queryset())
        change = Following.objects.follow if follows else Following.objects.unfollow
        change(caller(request), **{row._meta.model_name: row})
        return Response({"follows": follows})
