"""Where documents come from."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse

from riskreview.accounts import roles
from riskreview.accounts.models import User
from riskreview.accounts.seeing import SeenByReaders
from riskreview.audit.models import Recorded
from riskreview.audit.recording import recorded, recorded_factory
from riskreview.audit.refusals import NotNow, said
from riskreview.lib.urls import safe_url
from riskreview.lib.vocabulary import known
from riskreview.lib.work import Terms, Work, WorkQuerySet, work_indexes


class Reliability(models.TextChoices):
    """NATO Admiralty scale, reliability of the source (AJP-2.1). A new source is F."""

    A = "A", "Completely reliable"
    B = "B", "Usually reliable"
    C = "C", "Fairly reliable"
    D = "D", "Not usually reliable"
    E = "E", "Unreliable"
    F = "F", "Reliability cannot be judged"


class SourceQuerySet(SeenByReaders, WorkQuerySet["Source"]):
    """The source register."""

    @recorded_factory(who=roles.reviewer)
    def register(
        self,
        *,
        by: User,
        name: str,
        url: str,
        kind: Source.Kind,
        source_class: Source.Class,
        language: str = "",
        interval_minutes: int = 60,
        reliability: Reliability = Reliability.F,
    ) -> Source:
        """Put a source on the register and start collecting from it."""
        name = said(name, "A source needs a name.")
        if safe_url(url) is None:
            raise NotNow("Give a plain http or https address, without a user name or password in it.")
        if self.filter(Q(name=name) | Q(url=url)).exists():
            raise NotNow(f"There is a source called {name}, or with that address, already.")
        return self.model(
            name=name,
            url=url,
            kind=kind,
            source_class=source_class,
            language=language,
            interval_minutes=interval_minutes,
            reliability=reliability,
        )


class Source(Recorded, Work):
    """A feed or page that is visited on a schedule. It never gives up: failures stretch the interval."""

    class Kind(models.TextChoices):
        """How it is read; each kind is one connector."""

        RSS = "RSS", "RSS or Atom feed"
        PAGE = "PAGE", "Web page"

    class Class(models.TextChoices):
        """Who speaks there."""

        WIRE = "WIRE", "Wire service"
        NEWSPAPER = "NEWSPAPER", "Newspaper"
        TRADE_PRESS = "TRADE_PRESS", "Trade press"
        OFFICIAL_NOTICE = "OFFICIAL_NOTICE", "Official notices"
        REGULATOR = "REGULATOR", "Regulator"
        VENDOR_STATEMENT = "VENDOR_STATEMENT", "Vendor's own"
        STATE_MEDIA = "STATE_MEDIA", "State media"
        AGGREGATOR = "AGGREGATOR", "Aggregator"
        BLOG = "BLOG", "Blog"
        UNCERTAIN = "UNCERTAIN", "Uncertain"

    terms = Terms(window=32, offer=settings.OFFER_SECONDS, run=settings.RUN_SECONDS, attempts=0)
    work_left = Q(enabled=True)

    name = models.CharField(max_length=120, unique=True)
    url = models.URLField(max_length=2000, unique=True)
    kind = models.CharField(max_length=8, choices=Kind)
    source_class = models.CharField(max_length=20, choices=Class, default=Class.UNCERTAIN)
    reliability = models.CharField(max_length=1, choices=Reliability, default=Reliability.F)
    language = models.CharField(max_length=8, blank=True)
    interval_minutes = models.PositiveIntegerField(default=60)
    enabled = models.BooleanField(default=True)
    registered_at = models.DateTimeField(db_default=Now(), editable=False)
    etag = models.CharField(max_length=400, blank=True, editable=False)
    last_modified = models.CharField(max_length=80, blank=True, editable=False)
    last_fetch_at = models.DateTimeField(null=True, editable=False)
    last_success_at = models.DateTimeField(null=True, editable=False)
    last_item_at = models.DateTimeField(null=True, editable=False)
    items_seen = models.PositiveIntegerField(default=0, editable=False)

    objects: ClassVar[Any] = SourceQuerySet.as_manager()
    recorded_columns = {
        1: ("name", "url", "kind", "source_class", "reliability", "language", "interval_minutes", "enabled")
    }

    class Meta:
        indexes = work_indexes("source", Q(enabled=True))
        constraints = [
            known("source", "reliability", Reliability),
            models.CheckConstraint(name="source_interval", condition=Q(interval_minutes__range=(1, 43_200))),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The source's page."""
        return reverse("source", args=[self.pk])

    @property
    def next_poll(self) -> Any:
        """When to come back after this visit, as a database expression. Somebody's "now" during it stands."""
        planned = Now() + datetime.timedelta(minutes=self.interval_minutes)
        return models.Case(models.When(not_before__gt=self.not_before, then=models.F("not_before")), default=planned)

    @recorded(who=roles.reviewer)
    def grade(self, *, by: User, reliability: Reliability, reason: str) -> None:
        """Judge how reliable the source is."""
        said(reason, "Say what the grade rests on.")
        self.reliability = Reliability(reliability)

    @recorded(who=roles.reviewer)
    def pause(self, *, by: User, reason: str) -> None:
        """Stop visiting the source."""
        said(reason, "Say why the source is not visited any more.")
        self.enabled = False

    @recorded(who=roles.reviewer)
    def unpause(self, *, by: User) -> None:
        """Visit the source again, from now."""
        self.enabled, self.not_before = True, Now()

    @recorded(who=roles.reviewer)
    def collect_now(self, *, by: User) -> None:
        """Visit the source at the next sweep instead of at its next interval."""
        if not self.enabled:
            raise NotNow("This source is paused. Take it up again first.")
        self.not_before = Now()
