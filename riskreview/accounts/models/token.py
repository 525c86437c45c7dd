"""The tokens that programs carry."""

from __future__ import annotations

import datetime
import uuid
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from riskreview.audit.models import Recorded
from riskreview.audit.recording import recorded, recorded_factory
from riskreview.audit.refusals import NotNow, refuses, said

from .. import tokens
from ..roles import Role, administrator
from .user import User


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    """Tokens of programs."""

    @recorded_factory(who=refuses("You have no access to grant.")(lambda subject, user: user.can_read))
    def issue(
        self, *, by: User, name: str, scopes: list[str], expires_at: datetime.datetime, now: datetime.datetime
    ) -> ApiToken:
        """Give a program access in one's own name. The secret is on `.secret` of the returned row, and nowhere else."""
        if not now < expires_at <= now + tokens.LONGEST_LIFE:
            raise NotNow("A token expires within a year. Choose an earlier date in the future.")
        secret = tokens.new_secret()
        token = self.model(owner=by, name=name, scopes=sorted(set(scopes)), expires_at=expires_at)
        token.prefix, token.sha256, token.secret = secret[: tokens.SHOWN], tokens.fingerprint(secret), secret
        return token

    def holding(self, secret: str) -> ApiToken | None:
        """The token this secret belongs to, expired and revoked ones included, or None."""
        if not tokens.well_formed(secret):
            return None
        return self.select_related("owner").filter(sha256=tokens.fingerprint(secret)).first()

    def visible_to(self, user: User) -> Self:
        """A person's own tokens."""
        return self.filter(owner=user)


@refuses("Only the token's owner or an administrator may do this.")
def owner_or_administrator(token: ApiToken, user: User) -> bool:
    """The person the token acts for, or someone who manages people."""
    return token.owner_id == user.pk or user.holds(Role.ADMINISTRATOR)


class ApiToken(Recorded):
    """Access for a program: the owner's rights, narrowed to scopes, until a date. Only the secret's hash is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=80)
    scopes = ArrayField(models.CharField(max_length=40, choices=tokens.Scope))
    prefix = models.CharField(max_length=12, editable=False)
    sha256 = models.CharField(max_length=64, unique=True, editable=False)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, editable=False)
    last_used_at = models.DateTimeField(null=True, editable=False)

    secret: str = ""
    objects: ClassVar[Any] = ApiTokenQuerySet.as_manager()
    recorded_columns = {1: ("owner", "name", "scopes", "expires_at", "revoked_at")}

    class Meta:
        constraints = [
            models.CheckConstraint(name="token_scopes_known", condition=Q(scopes__contained_by=[*tokens.Scope.values])),
            models.CheckConstraint(name="token_has_scopes", condition=Q(scopes__len__gt=0)),
        ]

    def __str__(self) -> str:
        return self.name

    def refusal(self, now: datetime.datetime) -> str:
        """Why this token opens nothing at this moment, or the empty text."""
        if self.revoked_at:
            return "This token was revoked."
        if self.expires_at <= now:
            return "This token has expired."
        return "" if self.owner.is_active else "The owner of this token has no access any more."

    def touch(self, now: datetime.datetime) -> None:
        """Note that the token was used, at most once a minute. A machine's observation, not an act."""
        stale = Q(last_used_at=None) | Q(last_used_at__lt=now - datetime.timedelta(minutes=1))
        ApiToken.objects.filter(stale, pk=self.pk).update(last_used_at=now)

    @recorded(who=owner_or_administrator)
    def revoke(self, *, by: User, now: datetime.datetime) -> None:
        """Close the door to this program at once."""
        self.revoked_at = self.revoked_at or now

    @recorded(who=administrator, silent=True)
    def forget(self, *, by: User, basis: str, now: datetime.datetime) -> None:
        """Close this door for good and forget what it was called, because its owner is to be forgotten."""
        said(basis, "Name the legal basis, such as “GDPR Article 17(1)(a)”.")
        self.name, self.revoked_at = "Erased token", self.revoked_at or now
