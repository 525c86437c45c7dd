"""What every resource is: rows the caller may see, and one act per verb of the model."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from typing import Any, ClassVar, cast

from django.conf import settings
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from riskreview.accounts.tokens import Scope
from riskreview.audit import channel
from riskreview.lib.addresses import client_address

from .authentication import caller
from .filters import StrictFilters
from .inputs import Nothing, Words
from .parsing import StrictJSONParser
from .schema import Described
from .versions import etag, seen


class ThroughTheApi(APIView):
    """A view whose acts are recorded as having come through the API, with the token that carried them."""

    schema = Described()
    scope: ClassVar[Scope | None] = Scope.READ
    http_method_names = ["get", "head", "post"]

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Answer inside a channel of its own, whatever the middleware set."""
        with ExitStack() as self.road:
            self.road.enter_context(channel.acting_through(arrival(request)))
            return super().dispatch(request, *args, **kwargs)

    def perform_authentication(self, request: Request) -> None:
        """Learn who calls, and name the token in everything written from here on."""
        super().perform_authentication(request)
        if request.auth is not None:
            self.road.enter_context(channel.acting_through(arrival(request, token=request.auth.pk)))

    def scope_wanted(self) -> Scope | None:
        """The scope that the token must hold for this request; None: any valid token."""
        return self.scope


def arrival(request: Any, *, token: uuid.UUID | None = None) -> channel.Channel:
    """Where a request comes from. The id the middleware gave it, if any, stays."""
    known = channel.current()
    return channel.Channel(
        via="api",
        request=known.request or uuid.uuid4(),
        token=token,
        address=known.address or address_of(request.META),
        agent=known.agent or request.META.get("HTTP_USER_AGENT", "").replace("\x00", ""),
    )


def address_of(meta: Mapping[str, Any]) -> str:
    """The client's address, behind as many proxies as the settings say."""
    return client_address(meta.get("REMOTE_ADDR", ""), meta.get("HTTP_X_FORWARDED_FOR", ""), settings.TRUSTED_PROXIES)


class Resource(ThroughTheApi, GenericViewSet[Any]):
    """Rows of one model: a list, a detail, and its acts. What the caller may not see is not there (404)."""

    model: ClassVar[Any]
    row: ClassVar[type[serializers.BaseSerializer[Any]]]
    detail_row: ClassVar[type[serializers.BaseSerializer[Any]]]
    order: ClassVar[Sequence[str]] = ("pk",)
    write_scope: ClassVar[Scope | None] = None
    filter_backends = [StrictFilters]
    lookup_value_regex = r"[0-9]{1,18}"

    def get_queryset(self) -> QuerySet[Any]:
        """The rows the caller may see; none while the schema is drawn."""
        if getattr(self, "swagger_fake_view", False):
            return QuerySet(self.model).none()
        rows: QuerySet[Any] = self.model.objects.visible_to(caller(self.request))
        return rows

    def get_serializer_class(self) -> type[serializers.BaseSerializer[Any]]:
        """What an answer looks like: short in lists, whole otherwise."""
        return self.row if self.action == "list" else self.detail_row

    def in_list(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The rows with everything a list shows, in a constant number of queries."""
        return rows.order_by(*self.order)

    def in_detail(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The rows with everything a detail shows."""
        return rows

    def list(self, request: Request) -> Response:
        """A page of rows in a fixed order, narrowed by the parameters."""
        rows = self.paginate_queryset(self.in_list(self.filter_queryset(self.get_queryset())))
        return self.get_paginated_response(self.get_serializer(rows, many=True).data)

    def retrieve(self, request: Request, **lookup: str) -> Response:
        """One row, whole, with its version in `ETag`."""
        return self.shown(self.get_object())

    def get_object(self) -> Any:
        """The row of the address, with what its answer shows if it is only read. Raises `Http404`."""
        rows = self.get_queryset()
        return self.found(self.in_detail(rows) if self.request.method in ("GET", "HEAD") else rows)

    def found(self, rows: QuerySet[Any]) -> Any:
        """The row of the address among these. Raises `Http404`."""
        name = self.lookup_url_kwarg or self.lookup_field
        return get_object_or_404(rows, **{self.lookup_field: self.kwargs[name]})

    def shown(self, row: Any) -> Response:
        """A row as an answer."""
        shape = self.detail_row(row, context=self.get_serializer_context())
        return Response(shape.data, headers={"ETag": etag(row)})

    def shown_now(self, row: Any) -> Response:
        """A row as it is after an act."""
        return self.shown(self.in_detail(self.get_queryset()).get(pk=row.pk))

    def made(self, row: Any) -> Response:
        """A row that came into being: 201, its address and its version."""
        response = self.shown_now(row)
        key = getattr(row, self.lookup_field)
        name = self.lookup_url_kwarg or self.lookup_field
        response["Location"] = reverse(f"api-{self.basename}-detail", kwargs={name: key}, request=self.request)
        response.status_code = 201
        return response

    def words(self, takes: type[Words], row: Any = None) -> dict[str, Any]:
        """The arguments the client sent, checked. Raises `ValidationError`."""
        given = takes(data=self.request.data, context={**self.get_serializer_context(), "row": row})
        given.is_valid(raise_exception=True)
        return dict(given.validated_data)

    def scope_wanted(self) -> Scope | None:
        """Reading wants `read`; an act its own scope, or the one of its resource."""
        post = getattr(self, self.action or "", None)
        if post is None or self.request.method in ("GET", "HEAD", "OPTIONS"):
            return Scope.READ
        return cast("Scope | None", getattr(post, "scope", self.write_scope))


def act(
    verb: Any,
    *,
    takes: type[Words] = Nothing,
    scope: Scope | None = None,
    parsers: Sequence[Any] = (StrictJSONParser,),
    **also: Callable[[], Any],
) -> Callable[..., Response]:
    """The action for a verb of a row: `POST …/add-finding/` calls `row.add_finding` and answers with the row.

    `also` names arguments the client does not send, such as the time.
    """
    name = verb.__name__

    def perform(self: Resource, request: Request, **lookup: str) -> Response:
        row = self.get_object()
        version = seen(request)
        arguments = self.words(takes, row) | {each: value() for each, value in also.items()}
        getattr(row, name)(by=request.user, seen=version, **arguments)
        return self.shown_now(row)

    perform.__name__, perform.__doc__ = name, verb.__doc__
    post = action(
        detail=True, methods=["post"], url_path=dashed(name), url_name=dashed(name), parser_classes=[*parsers]
    )(perform)
    if scope is not None:
        post.scope = scope  # type: ignore[attr-defined]
    described: Callable[..., Response] = extend_schema(request=takes if takes().fields else None)(post)
    return described


def make(
    verb: Any, *, takes: type[Words], parsers: Sequence[Any] = (StrictJSONParser,), **also: Callable[[], Any]
) -> Callable[..., Response]:
    """The action for a verb that brings a row into being: `POST /cases/open/` calls it and answers 201."""
    name = verb.__name__

    def perform(self: Resource, request: Request) -> Response:
        arguments = self.words(takes) | {each: value() for each, value in also.items()}
        return self.made(getattr(self.model.objects, name)(by=request.user, **arguments))

    perform.__name__, perform.__doc__ = name, verb.__doc__
    post = action(
        detail=False, methods=["post"], url_path=dashed(name), url_name=dashed(name), parser_classes=[*parsers]
    )(perform)
    post.makes = True  # type: ignore[attr-defined]
    described: Callable[..., Response] = extend_schema(request={each.media_type: takes for each in parsers})(post)
    return described


def dashed(name: str) -> str:
    """A method's name as it stands in addresses."""
    return name.replace("_", "-")
