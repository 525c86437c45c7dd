"""`/api/v1/`: what is here, and who the token speaks for."""

from __future__ import annotations

from typing import Any, NoReturn

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from .authentication import caller
from .errors import NOTHING_HERE
from .resource import ThroughTheApi
from .tokens import TokenRow

LISTS = (
    *("cases", "suggestions", "flags", "documents", "sources", "visits", "trials", "vendors", "incidents", "entries"),
    *("judgements", "matchweights", "namejudgements", "duplicatejudgements", "originjudgements", "tokens"),
    "delegations",
    "allegations",
    *("tasks", "comments", "links", "teams", "batches"),
    *("milestones", "clocks", "closures", "calendarfeeds"),
    *("consultations", "submissions", "sheets"),
    "releases",
)
OTHERS = (
    *("whoami", "search", "audit", "health", "source-kinds", "playbooks", "names", "duplicates", "schema", "docs"),
)


class Addresses(serializers.Serializer[Any]):
    """Where everything is."""

    def get_fields(self) -> dict[str, Any]:
        """One address per list and page."""
        return {name: serializers.URLField() for name in (*LISTS, *OTHERS)}


class Index(ThroughTheApi):
    """What is here."""

    scope = None

    @extend_schema(responses=Addresses, operation_id="index")
    def get(self, request: Request) -> Response:
        """The addresses of every list and page of the API."""
        lists = {name: reverse(f"api-{name}-list", request=request) for name in LISTS}
        return Response(lists | {name: reverse(f"api-{name}", request=request) for name in OTHERS})


class Me(serializers.Serializer[Any]):
    """The owner of the token, and the token."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    email = serializers.EmailField()
    roles = serializers.ListField(child=serializers.CharField())
    token = TokenRow()


class WhoAmI(ThroughTheApi):
    """Who the token speaks for."""

    scope = None

    @extend_schema(responses=Me, operation_id="whoami")
    def get(self, request: Request) -> Response:
        """The person whose rights the token carries, and what it narrows them to."""
        user = caller(request)
        me = {"id": user.pk, "name": user.name, "email": user.email, "roles": user.roles, "token": request.auth}
        return Response(Me(me).data)


class Nowhere(APIView):
    """Every address below /api/v1/ that is none of ours: a problem document, not a page."""

    authentication_classes = ()
    permission_classes = ()
    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> NoReturn:
        """Raise `NotFound`, whatever the method."""
        raise NotFound(NOTHING_HERE)
