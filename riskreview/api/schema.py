"""The OpenAPI description: how operations are named and described, and the address that serves it."""

from __future__ import annotations

import functools
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiJsonRenderer2, OpenApiYamlRenderer
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

PROBLEM = "application/problem+json"
READS, SENDS, ACTS = (400, 401, 403, 404, 406), (413, 415), (409, 412, 428)
IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, required=True, description='The version seen, as `ETag` gave it: `"7"`.'
)
ETAG = OpenApiParameter(
    "ETag", str, OpenApiParameter.HEADER, response=[200, 201], description="The version of the row."
)
LOCATION = OpenApiParameter(
    "Location", str, OpenApiParameter.HEADER, response=[201], description="The address of the new row."
)


class FieldProblem(serializers.Serializer[Any]):
    """A complaint about one field or parameter."""

    field = serializers.CharField()
    detail = serializers.CharField()


class Problem(serializers.Serializer[Any]):
    """A problem document (RFC 9457). `instance` is the id of the request."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    instance = serializers.CharField()
    errors = FieldProblem(many=True, required=False)  # type: ignore[assignment]
    rule = serializers.CharField(required=False, help_text="four-eyes, where that rule said no.")
    scope = serializers.CharField(required=False, help_text="The scope that is missing.")


class Described(AutoSchema):
    """Operations named `cases_submit`, with their scope, their version headers and their problems."""

    view: Any

    def get_operation_id(self) -> str:
        """One word per act, after its resource."""
        return f"{self.view.basename}_{self.view.action}"

    def get_tags(self) -> list[str]:
        """The resource, or `about` for what is not one."""
        return [getattr(self.view, "basename", None) or "about"]

    def get_summary(self) -> str | None:
        """The first line of the verb's docstring."""
        return (self.get_description() or "").partition("\n")[0].rstrip(".") or None

    def get_auth(self) -> list[dict[str, list[str]]]:
        """A token, and the scope it must hold."""
        scope = self.view.scope_wanted()
        return [{"token": [scope.value] if scope else []}]

    def get_override_parameters(self) -> list[Any]:
        """The headers that carry versions and addresses."""
        if self._is_act():
            return [IF_MATCH, ETAG]
        if self._makes():
            return [ETAG, LOCATION] if "version" in self.view.detail_row().fields else [LOCATION]
        return [ETAG] if self._is_versioned_detail() else []

    def get_response_serializers(self) -> Any:
        """An act answers with the row; one that makes a row says 201."""
        if self._makes():
            return {201: self.view.detail_row}
        return self.view.detail_row if self._is_act() else super().get_response_serializers()

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        for status in DONE.keys() & bodies.keys():
            bodies[status]["description"] = DONE[status]
        return bodies | {status: self._problem(status) for status in self._problem_statuses()}

    def _problem(self, status: str) -> dict[str, Any]:
        schema = self.resolve_serializer(Problem, "response").ref
        body = {"content": {PROBLEM: {"schema": schema}}, "description": REASONS[status]}
        shared = ResolvedComponent(  # type: ignore[no-untyped-call]
            f"Problem{status}", ResolvedComponent.RESPONSE, body, status
        )
        self.registry.register_on_missing(shared)
        reference: dict[str, Any] = shared.ref
        return reference

    def _problem_statuses(self) -> list[str]:
        sends = self._makes() or self._has("is_plain")
        acts = (*SENDS, *ACTS) if self._is_act() else (*SENDS, 409) if sends else self._also()
        return [str(status) for status in sorted({*READS, *acts})]

    def _also(self) -> tuple[int, ...]:
        """What this reading may be refused with besides: 409 where what is read may not be there yet."""
        told: tuple[int, ...] = getattr(getattr(self.view, getattr(self.view, "action", None) or "", None), "also", ())
        return told

    def _is_act(self) -> bool:
        return self.method == "POST" and not self._makes() and not self._has("is_plain")

    def _makes(self) -> bool:
        return self._has("makes")

    def _has(self, mark: str) -> bool:
        """Whether the action is marked: `makes` a row, or is a `plain` request that no version is sent with."""
        return hasattr(getattr(self.view, getattr(self.view, "action", None) or "", None), mark)

    def _is_versioned_detail(self) -> bool:
        return getattr(self.view, "action", "") == "retrieve" and "version" in self.view.detail_row().fields


DONE = {"200": "Done, or here it is.", "201": "It is on record; `Location` is its address."}
REASONS = {
    "400": "The request is not valid; `errors` names the fields.",
    "401": "No token, or one that opens nothing; `detail` says why.",
    "403": "The token lacks a scope, or a guard said no.",
    "404": "There is no such thing, or the caller may not see it.",
    "406": "The answer has no such form.",
    "409": "The state, or something the act needs, is not there.",
    "412": "The row has changed since the caller looked.",
    "413": "The body is too large.",
    "415": "The body has a form that is not read here.",
    "428": "`If-Match` is missing.",
}


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the schema calls our tokens."""

    target_class = "riskreview.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """A bearer token."""
        return {"type": "http", "scheme": "bearer", "bearerFormat": "rrp_ and 36 characters"}


@functools.cache
def drawn() -> dict[str, Any]:
    """The whole description, drawn once per process."""
    generator: Any = SchemaGenerator
    schema: dict[str, Any] = generator().get_schema(request=None, public=True)
    return schema


class Schema(APIView):
    """The OpenAPI 3.1 description, open to everyone: it says what the API is, not what is in it."""

    authentication_classes = ()
    permission_classes = ()
    renderer_classes = (OpenApiJsonRenderer2, OpenApiJsonRenderer, OpenApiYamlRenderer)
    schema = None

    def get(self, request: Request) -> Response:
        """JSON, or YAML for `Accept: application/vnd.oai.openapi`."""
        return Response(drawn())
