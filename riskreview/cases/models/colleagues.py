"""Who is here: whom somebody follows, who looks at a case, and what is written and not sent yet. No acts."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from riskreview.accounts.models import User
from riskreview.vendors.models import Vendor

HERE = datetime.timedelta(seconds=90)  # three beats: who missed as many has left
DRAFTS_MOST = 200  # per person; older ones are dropped
DRAFTS_KEPT = datetime.timedelta(days=90)


class FollowingQuerySet(models.QuerySet["Following"]):
    """Who follows what."""

    def follow(self, user: User, **subject: Any) -> None:
        """Follow a case or a vendor from now on; following it twice is following it."""
        self.get_or_create(user=user, **subject)

    def unfollow(self, user: User, **subject: Any) -> None:
        """Follow it no more."""
        self.filter(user=user, **subject).delete()

    def does(self, user: User, **subject: Any) -> bool:
        """Whether somebody follows it."""
        return self.filter(user=user, **subject).exists()


class PresenceQuerySet(models.QuerySet["Presence"]):
    """Who looks at what."""

    def look(self, user: User, case: Any) -> None:
        """Note that somebody opened the page of a case: they are here, and have seen what is on it."""
        now = {"seen_at": Now(), "looked_at": Now(), "writing": ""}
        if not self.filter(user=user, case=case).update(**now):
            self.update_or_create(user=user, case=case, defaults=now)

    def beat(self, user: User, case: Any, writing: str = "") -> None:
        """Note that somebody is still here, and what they are writing."""
        self.update_or_create(user=user, case=case, defaults={"seen_at": Now(), "writing": writing[:60]})

    def others(self, user: User, case: Any) -> list[Presence]:
        """Who else is here now, by name."""
        recent = self.filter(case=case, seen_at__gt=Now() - HERE).exclude(user=user)
        return list(recent.select_related("user").order_by("user__name"))


class DraftQuerySet(models.QuerySet["Draft"]):
    """What is written and not sent yet."""

    def keep(self, user: User, place: str, fields: Mapping[str, Any]) -> Draft:
        """Keep what somebody has written at a place so far, instead of what was kept there before."""
        draft, _ = self.update_or_create(user=user, place=place, defaults={"fields": fields, "saved_at": Now()})
        draft.refresh_from_db(fields=["saved_at"])
        self.filter(user=user, saved_at__lt=Now() - DRAFTS_KEPT).delete()
        beyond = self.filter(user=user).order_by("-saved_at").values_list("pk", flat=True)[DRAFTS_MOST:]
        self.filter(pk__in=list(beyond)).delete()
        return draft

    def drop(self, user: User, place: str) -> None:
        """Forget what was written there: it was sent, or is not wanted."""
        self.filter(user=user, place=place).delete()


class Following(models.Model):
    """Somebody who wants to hear of a case or a vendor. A setting of one's own, not an act."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="following")
    case = models.ForeignKey("cases.Case", null=True, blank=True, on_delete=models.CASCADE, related_name="followings")
    vendor = models.ForeignKey(Vendor, null=True, blank=True, on_delete=models.CASCADE, related_name="followings")
    since = models.DateTimeField(db_default=Now(), editable=False)

    objects: ClassVar[Any] = FollowingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "case", "vendor"], name="following_once", nulls_distinct=False),
            models.CheckConstraint(
                name="following_one_thing",
                condition=Q(case__isnull=False, vendor=None) | Q(case=None, vendor__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} follows {self.case_id or self.vendor_id}"


class Presence(models.Model):
    """When somebody was last at a case (`seen_at`) and last opened its page (`looked_at`): who else is here, and
    what is new to whom."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="presences")
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="presences")
    seen_at = models.DateTimeField(db_default=Now())
    looked_at = models.DateTimeField(db_default=Now())
    writing = models.CharField(max_length=60, blank=True)

    objects: ClassVar[Any] = PresenceQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "case"], name="presence_once")]
        indexes = [models.Index(fields=["case", "seen_at"], name="presence_recent")]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.case_id}"


class Draft(models.Model):
    """What somebody has written into a form and not sent yet. Theirs alone; never part of the record."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts")
    place = models.CharField(max_length=120)
    fields = models.JSONField()
    saved_at = models.DateTimeField(db_default=Now())

    objects: ClassVar[Any] = DraftQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "place"], name="draft_once")]

    def __str__(self) -> str:
        return self.place
