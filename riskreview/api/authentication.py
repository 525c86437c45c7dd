"""Who calls: a token, the rights of its owner, and the scopes that narrow them."""

from __future__ import annotations

from typing import Any, cast

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from riskreview.accounts.models import ApiToken, User
from riskreview.accounts.tokens import Scope, well_formed

CUT_OFF = "This is not a token of riskreview: it was cut off or mistyped. A token is `rrp_` and 36 characters."
UNKNOWN = "Nobody holds this token. Make a new one in your settings."
OTHER_SCHEME = "Send the token as `Authorization: Bearer rrp_…`."


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer rrp_…`."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """The owner and the token. Raises `AuthenticationFailed` with the reason when the token opens nothing."""
        given = request.META.get("HTTP_AUTHORIZATION", "")
        if not given:
            return None
        scheme, _, secret = given.partition(" ")
        if scheme.lower() != "bearer":
            raise AuthenticationFailed(OTHER_SCHEME)
        token = token_holding(secret.strip())
        now = timezone.now()
        if why := token.refusal(now):
            raise AuthenticationFailed(why)
        token.touch(now)
        return token.owner, token

    def authenticate_header(self, request: Request) -> str:
        """What a 401 says in `WWW-Authenticate`."""
        return 'Bearer realm="riskreview"'


def token_holding(secret: str) -> ApiToken:
    """The token with this secret. Raises `AuthenticationFailed` when the text is no token, or nobody's."""
    if not well_formed(secret):
        raise AuthenticationFailed(CUT_OFF)
    token: ApiToken | None = ApiToken.objects.holding(secret)
    if token is None:
        raise AuthenticationFailed(UNKNOWN)
    return token


class MissingScope(PermissionDenied):
    """The token may not be used for this."""

    default_code = "scope"

    def __init__(self, scope: Scope) -> None:
        super().__init__(f"This token lacks the scope {scope.value}: {scope.label.lower()}.")
        self.scope = scope


class ScopedToken(BasePermission):
    """A valid token that holds the scope the view asks for (`scope_wanted`; None asks for a valid token only)."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Raises `MissingScope` with the scope's name; False without a token, which becomes a 401."""
        if request.auth is None:
            return False
        scope: Scope | None = view.scope_wanted()
        if scope is not None and scope not in bearer(request).scopes:
            raise MissingScope(scope)
        return True


def caller(request: Request) -> User:
    """Who calls, once a token was read."""
    return cast("User", request.user)


def bearer(request: Request) -> ApiToken:
    """The token that was read."""
    return cast("ApiToken", request.auth)
