"""People, and the system that acts when no person does."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.hashers import check_password
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now

from riskreview.audit.models import Recorded
from riskreview.audit.recording import recorded, recorded_factory
from riskreview.audit.refusals import NotNow, said

from ..roles import READING, Role, administrator, themselves

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
    person = models.UUIDField(null=True, editable=False)
    is_active = models.BooleanField(default=True)
    theme = models.CharField(max_length=8, choices=Theme, default=Theme.SYSTEM)
    density = models.CharField(max_length=12, choices=Density, default=Density.COMFORTABLE)
    joined_at = models.DateTimeField(db_default=Now())

    objects: ClassVar[Any] = UserQuerySet.as_manager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    recorded_columns = {
        1: ("email", "name", "roles", "is_active"),
        2: ("email", "name", "roles", "is_active", "person"),
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_once"),
            models.CheckConstraint(name="user_roles_known", condition=Q(roles__contained_by=[*Role.values])),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def human(self) -> uuid.UUID:
        """Who this is, whatever they sign in with: accounts that were said to be of one person share it."""
        return self.person or self.pk

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

    @recorded(who=administrator, also=("other",))
    def join(self, *, by: User, other: User) -> None:
        """Say that this account and another are of one person. It is never taken back: four eyes rest on it."""
        if other.pk == self.pk or self.person is not None:
            raise NotNow("Name two accounts, and join one that is of nobody else yet.")
        if type(self).objects.filter(person=self.pk).exists():
            raise NotNow("Other accounts were joined to this one. Join the other account to this one instead.")
        self.person = other.human

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
