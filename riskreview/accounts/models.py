"""People, and the tokens their programs carry."""

from __future__ import annotations

import datetime
import uuid
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.hashers import check_password
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now

from riskreview.audit.models import Recorded
from riskreview.audit.recording import recorded, recorded_factory
from riskreview.audit.refusals import NotNow, refuses, said

from . import tokens
from .roles import READING, Role, administrator, themselves

SYSTEM = uuid.UUID("6f1d4c1e-5a0b-4c55-9c11-0e1b6e3a7d00")


class UserQuerySet(models.QuerySet["User"]):
    """Everyone, with the system user."""

    @recorded_factory(who=administrator, omit=("password",))
    def invite(self, *, by: User, email: str, name: str, roles: list[Role], password: str | None = None) -> User:
        """Let a person in. Without a password they cannot sign in until they are given one."""
        user = self.model(email=email.strip(), name=name.strip(), roles=sorted(set(roles)))
        user.set_password(password)
        return user

    def system(self) -> User:
        """The user that acts when no person does."""
        return self.get(pk=SYSTEM)

    def people(self) -> Self:
        """Everyone but the system user."""
        return self.exclude(pk=SYSTEM)

    def get_by_natural_key(self, email: str | None) -> User:
        """Find a person by e-mail address, whatever its capitals; the authentication backend calls this."""
        return self.get(email__iexact=email)


class User(AbstractBaseUser, Recorded):
    """A person (or the system). Entries name people by this UUID only, so that a name can be erased."""

    class Theme(models.TextChoices):
        """How pages look."""

        SYSTEM = "system", "Same as device"
        LIGHT = "light", "Light"
        DARK = "dark", "Dark"

    class Density(models.TextChoices):
        """How much room a row takes."""

        COMFORTABLE = "comfortable", "Comfortable"
        COMPACT = "compact", "Compact"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=120)
    roles = ArrayField(models.CharField(max_length=20, choices=Role), default=list, blank=True)
    is_active = models.BooleanField(default=True)
    theme = models.CharField(max_length=8, choices=Theme, default=Theme.SYSTEM)
    density = models.CharField(max_length=12, choices=Density, default=Density.COMFORTABLE)
    joined_at = models.DateTimeField(db_default=Now())

    objects: ClassVar[Any] = UserQuerySet.as_manager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    recorded_columns = {1: ("email", "name", "roles", "is_active")}

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_once"),
            models.CheckConstraint(name="user_roles_known", condition=Q(roles__contained_by=[*Role.values])),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_system(self) -> bool:
        """Whether this is nobody in particular."""
        return self.pk == SYSTEM

    @property
    def is_judged(self) -> bool:
        """Whether somebody let this person in; the system is there from the beginning."""
        return not self.is_system

    @property
    def can_read(self) -> bool:
        """Whether this person may see the record at all."""
        return self.is_active and not READING.isdisjoint(self.roles)

    @property
    def audits(self) -> bool:
        """Whether this person checks the work of the others."""
        return self.holds(Role.AUDITOR)

    @property
    def oversees(self) -> bool:
        """Whether this person looks after the running of it: sees the health page."""
        return self.holds(Role.LEAD, Role.AUDITOR, Role.ADMINISTRATOR)

    @property
    def keeps_the_record(self) -> bool:
        """Whether this person may erase, hold and prune what is recorded; so may the system, on its schedule."""
        return self.is_system or self.holds(Role.ADMINISTRATOR)

    def check_password(self, raw_password: str | None) -> bool:
        """Whether this is the password. It is not hashed anew in passing: that would be a change without an act."""
        return check_password(raw_password, self.password)

    def holds(self, *wanted: Role) -> bool:
        """Whether this person is active and holds one of the roles."""
        return self.is_active and not set(wanted).isdisjoint(self.roles)

    @property
    def role_names(self) -> str:
        """The roles in words."""
        return ", ".join(Role(role).label for role in self.roles) or "No access"

    def prefer(self, **looks: str) -> None:
        """Keep how this person likes pages to look (theme, density). A setting of one's own, not an act."""
        chosen = {name: looks[name] for name in ("theme", "density") if looks.get(name)}
        User.objects.filter(pk=self.pk).update(**chosen)

    @recorded(who=administrator)
    def grant(self, *, by: User, role: Role) -> None:
        """Trust this person with one more role."""
        self.roles = sorted({*self.roles, Role(role)})

    @recorded(who=administrator)
    def revoke(self, *, by: User, role: Role) -> None:
        """Take a role away; it counts from this person's next request."""
        self.roles = sorted({*self.roles} - {Role(role)})

    @recorded(who=administrator)
    def dismiss(self, *, by: User, reason: str) -> None:
        """Shut this person out, with their tokens."""
        said(reason, "Say why this person is shut out.")
        self.is_active = False

    @recorded(who=administrator, silent=True)
    def erase(self, *, by: User, basis: str) -> None:
        """Forget who this was, on a legal basis. The id stays, as a pseudonym, under everything the person did."""
        said(basis, "Name the legal basis, such as “GDPR Article 17(1)(a)”.")
        self.name, self.email = "Erased person", f"erased-{self.pk}@riskreview.invalid"
        self.roles, self.is_active = [], False
        self.set_unusable_password()

    @recorded(who=themselves, omit=("password",))
    def change_password(self, *, by: User, password: str) -> None:
        """Choose another password."""
        self.set_password(password)


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
