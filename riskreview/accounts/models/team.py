"""Teams: people who share an inbox."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models

from riskreview.audit.models import Recorded
from riskreview.audit.recording import recorded, recorded_factory
from riskreview.audit.refusals import said

from ..roles import lead
from ..seeing import SeenByReaders
from .user import User


class TeamQuerySet(SeenByReaders, models.QuerySet["Team"]):
    """Every team."""

    @recorded_factory(who=lead)
    def set_up(self, *, by: User, slug: str, name: str, members: list[User]) -> Team:
        """Bring people together who share an inbox."""
        team = self.model(slug=slug, name=said(name, "A team needs a name."))
        team.save()
        team.members.set(members)
        return team

    def of(self, user: User) -> Self:
        """The teams of a person."""
        return self.filter(members=user)


class Team(Recorded):
    """People who share an inbox."""

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="teams", blank=True)

    objects: ClassVar[Any] = TeamQuerySet.as_manager()
    recorded_columns = {1: ("slug", "name", "members")}

    def __str__(self) -> str:
        return self.name

    @recorded(who=lead)
    def staff(self, *, by: User, members: list[User]) -> None:
        """Say who is in the team from now on."""
        self.members.set(members)
