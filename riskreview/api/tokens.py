"""`/api/v1/tokens/`: the caller's own tokens."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from rest_framework import serializers

from riskreview.accounts.models import ApiToken
from riskreview.accounts.tokens import Scope

from .authentication import MissingScope, bearer
from .inputs import Nothing
from .outputs import Versioned
from .resource import Resource, act


class TokenRow(Versioned):
    """A token, by the first characters of its secret. The secret itself was shown once and is not kept."""

    scopes = serializers.ListField(child=serializers.ChoiceField(choices=Scope.choices), read_only=True)

    class Meta:
        model = ApiToken
        fields = ("id", "name", "prefix", "scopes", "expires_at", "revoked_at", "last_used_at", "version")


class Revoke(Nothing):
    """Closing a door: a token can close its own, and those that open no more than it does."""

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Raise `MissingScope` when the token to be revoked may do more than the one that asks."""
        if beyond := sorted(set(self.context["row"].scopes) - set(bearer(self.context["request"]).scopes)):
            raise MissingScope(Scope(beyond[0]))
        return attrs


class Tokens(Resource):
    """The caller's own tokens, the one that lasts longest first. Tokens are made in the settings of the web pages."""

    model, row, detail_row = ApiToken, TokenRow, TokenRow
    order = ("-expires_at", "pk")
    lookup_value_regex = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"

    revoke = act(ApiToken.revoke, takes=Revoke, now=timezone.now)
