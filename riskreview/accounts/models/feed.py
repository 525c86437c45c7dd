"""Calendar feeds: an address that a calendar program reads, with a secret in it in place of a password."""

from __future__ import annotations

import datetime
import hashlib
import secrets
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.urls import reverse

from riskreview.audit.models import Recorded
from riskreview.audit.recording import recorded, recorded_factory
from riskreview.audit.refusals import NotNow, refuses

from .team import Team
from .user import User


@refuses("Only the feed's owner may do this.")
def its_owner(feed: CalendarFeed, user: User) -> bool:
    """The person whose feed it is."""
    return feed.owner_id == user.pk and user.is_active


class CalendarFeedQuerySet(models.QuerySet["CalendarFeed"]):
    """Feeds."""

    @recorded_factory(who=refuses("You have no access to grant.")(lambda subject, user: user.can_read))
    def offer(self, *, by: User, team: Team | None = None) -> CalendarFeed:
        """Make an address for a calendar program. The secret is on `.secret` of the returned row, and nowhere else."""
        if team is not None and not team.members.filter(pk=by.pk).exists():
            raise NotNow("You are not in this team.")
        secret = secrets.token_urlsafe(32)
        feed = self.model(owner=by, team=team, sha256=fingerprint(secret))
        feed.secret = secret
        return feed

    def visible_to(self, user: User) -> Self:
        """A person's own feeds."""
        return self.filter(owner=user)

    def holding(self, secret: str) -> CalendarFeed | None:
        """The feed this secret opens, if its owner may still read, or None."""
        found = self.select_related("owner", "team").filter(sha256=fingerprint(secret), revoked_at=None).first()
        return found if found is not None and found.owner.can_read else None


def fingerprint(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


class CalendarFeed(Recorded):
    """One address: the dates of a person, or of a team the person is in."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="feeds")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="feeds")
    sha256 = models.CharField(max_length=64, unique=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)

    secret: str = ""
    objects: ClassVar[Any] = CalendarFeedQuerySet.as_manager()
    recorded_columns = {1: ("owner", "team", "revoked_at")}

    def __str__(self) -> str:
        return f"Calendar of {self.team or self.owner}"

    @property
    def path(self) -> str:
        """Where a calendar program reads, while the secret is still known."""
        return reverse("calendar", args=[self.secret])

    @recorded(who=its_owner)
    def revoke(self, *, by: User, now: datetime.datetime) -> None:
        """Shut this address at once."""
        self.revoked_at = self.revoked_at or now
