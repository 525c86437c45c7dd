"""Where documents come from."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q, Value
from django.db.models.functions import MD5, Cast, Now
from django.urls import reverse

from riskreview.accounts import roles
from riskreview.accounts.models import User
from riskreview.accounts.seeing import SeenByReaders
from riskreview.audit.models import Recorded
from riskreview.audit.recording import recorded, recorded_factory
from riskreview.audit.refusals import NotNow, said
from riskreview.lib.vocabulary import known
from riskreview.lib.work import Terms, WorkQuerySet, work_indexes

from .. import kinds
from .visit import Visit
from .visited import QUIET_TIMES, Visited

SHORTEST_MINUTES, LONGEST_MINUTES = 1, 43_200


class Reliability(models.TextChoices):
    """NATO Admiralty scale, reliability of the source (AJP-2.1). A new source is F."""

    A = "A", "Completely reliable"
    B = "B", "Usually reliable"
    C = "C", "Fairly reliable"
    D = "D", "Not usually reliable"
    E = "E", "Unreliable"
    F = "F", "Reliability cannot be judged"


class Retention(models.TextChoices):
    """How much of a source's texts may be kept."""

    FULL = "FULL", "Whole texts"
    EXCERPT = "EXCERPT", "An excerpt, and the hash of the rest"


class SourceQuerySet(SeenByReaders, WorkQuerySet["Source"]):
    """The source register."""

    @recorded_factory(who=roles.reviewer)
    def register(
        self,
        *,
        by: User,
        name: str,
        kind: str,
        source_class: Source.Class,
        url: str = "",
        config: Mapping[str, str] | None = None,
        credential: str = "",
        language: str = "",
        interval_minutes: int = 60,
        reliability: Reliability = Reliability.F,
        owner: User | None = None,
        heed_robots: bool = True,
        retention: str = "",
    ) -> Source:
        """Put a source on the register and start collecting from it."""
        name = said(name, "A source needs a name.")
        url, config = kinds.addressed(kind, url), kinds.configured(kind, config or {})
        if self.filter(Q(name=name) | Q(url=url, config=config)).exists():
            raise NotNow(f"There is a source called {name}, or one that asks the same of that address, already.")
        return self.model(
            name=name,
            url=url,
            kind=kind,
            config=config,
            credential=kinds.credited(kind, credential),
            source_class=source_class,
            language=language,
            interval_minutes=interval_minutes,
            reliability=reliability,
            owner=owner,
            heed_robots=heed_robots,
            retention=Retention(retention or kinds.about(kind).retention),
        )

    def due(self) -> Self:
        """Sources to visit now: not those whose last answer is still to be read."""
        return super().due().exclude(Exists(Visit.objects.left().filter(source=OuterRef("pk"))))

    def quiet(self, now: datetime.datetime) -> Self:
        """Sources that have brought nothing for three times as long as they usually take."""
        patience = ExpressionWrapper(F("usual_gap") * QUIET_TIMES, models.DurationField())
        latest = ExpressionWrapper(Value(now, models.DateTimeField()) - patience, models.DateTimeField())
        return self.filter(enabled=True, ended_at=None, silent_since__lt=latest)

    def failing(self) -> Self:
        """Sources whose last visit did not work."""
        return self.filter(enabled=True).exclude(last_error="")


class Source(Recorded, Visited):
    """A feed, service, page or folder that is visited on a schedule. It never gives up: failures stretch the interval.

    `config` is what its kind is asked (a query), `credential` the name of a secret that the operator keeps.
    """

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
        UNCERTAIN = "UNCERTAIN", "Unattributed"

    OFFICIAL = (Class.OFFICIAL_NOTICE, Class.REGULATOR)

    terms = Terms(
        window=32, offer=settings.OFFER_SECONDS, run=settings.RUN_SECONDS, rest=settings.BACKOFF_SECONDS, attempts=0
    )
    work_left = Q(enabled=True, ended_at=None)

    name = models.CharField(max_length=120, unique=True)
    url = models.CharField(max_length=2000)
    kind = models.CharField(max_length=24)
    config = models.JSONField(default=dict, blank=True)
    credential = models.CharField(max_length=60, blank=True)
    source_class = models.CharField(max_length=20, choices=Class, default=Class.UNCERTAIN)
    reliability = models.CharField(max_length=1, choices=Reliability, default=Reliability.F)
    language = models.CharField(max_length=8, blank=True)
    interval_minutes = models.PositiveIntegerField(default=60)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="sources")
    heed_robots = models.BooleanField(default=True)
    retention = models.CharField(max_length=7, choices=Retention, default=Retention.FULL)
    enabled = models.BooleanField(default=True)
    registered_at = models.DateTimeField(db_default=Now(), editable=False)

    objects: ClassVar[Any] = SourceQuerySet.as_manager()
    recorded_columns = {
        1: ("name", "url", "kind", "source_class", "reliability", "language", "interval_minutes", "enabled"),
        2: (
            "name", "url", "kind", "config", "credential", "source_class", "reliability", "language",
            "interval_minutes", "owner", "heed_robots", "retention", "enabled",
        ),
    }  # fmt: skip

    class Meta:
        indexes = work_indexes("source", Q(enabled=True, ended_at=None))
        constraints = [
            models.UniqueConstraint(MD5("url"), MD5(Cast("config", models.TextField())), name="source_asked_once"),
            known("source", "reliability", Reliability),
            known("source", "retention", Retention),
            models.CheckConstraint(
                name="source_interval", condition=Q(interval_minutes__range=(SHORTEST_MINUTES, LONGEST_MINUTES))
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The source's page."""
        return reverse("source", args=[self.pk])

    @property
    def kind_label(self) -> str:
        """What people call its kind."""
        return kinds.label(self.kind)

    @property
    def keeps_whole(self) -> bool:
        """Whether its texts may be kept whole."""
        return self.retention == Retention.FULL

    @property
    def question(self) -> str:
        """Which address and settings it is asked with, to tell an answer to an earlier question."""
        return json.dumps([self.url, self.config], sort_keys=True)

    @property
    def is_official(self) -> bool:
        """Whether an authority speaks there."""
        return self.source_class in self.OFFICIAL

    @recorded(who=roles.reviewer)
    def grade(self, *, by: User, reliability: Reliability, reason: str) -> None:
        """Judge how reliable the source is."""
        said(reason, "Say what the grade rests on.")
        self.reliability = Reliability(reliability)

    @recorded(who=roles.reviewer, changing=True)
    def amend(
        self,
        *,
        by: User,
        name: str,
        url: str,
        source_class: Source.Class,
        interval_minutes: int,
        language: str = "",
        config: Mapping[str, str] | None = None,
        credential: str = "",
        owner: User | None = None,
        heed_robots: bool = True,
        retention: Retention = Retention.FULL,
        reason: str = "",
    ) -> None:
        """Change how the source is asked, how often, who looks after it and what is kept. Not heeding robots.txt wants
        a reason. A changed question starts afresh."""
        if not heed_robots:
            said(reason, "Say why this site's robots.txt need not be heeded.")
        asked = kinds.addressed(self.kind, url), kinds.configured(self.kind, config or {})
        others = Source.objects.exclude(pk=self.pk)
        if others.filter(Q(name=name.strip()) | Q(url=asked[0], config=asked[1])).exists():
            raise NotNow("Another source has this name, or asks the same of that address, already.")
        if asked != (self.url, self.config):
            self.cursor, self.etag, self.last_modified, self.not_before = {}, "", "", Now()
            self.visits.overtake()
        self.url, self.config = asked
        self.name, self.language, self.owner = said(name, "A source needs a name."), language, owner
        self.credential = kinds.credited(self.kind, credential)
        self.source_class, self.interval_minutes = Source.Class(source_class), interval_minutes
        self.heed_robots, self.retention = heed_robots, Retention(retention)

    @recorded(who=roles.reviewer)
    def pause(self, *, by: User, reason: str) -> None:
        """Stop visiting the source."""
        said(reason, "Say why the source is not visited any more.")
        self.enabled = False

    @recorded(who=roles.reviewer)
    def unpause(self, *, by: User) -> None:
        """Visit the source again, from now. Its silence is counted anew."""
        self.enabled, self.not_before, self.silent_since = True, Now(), Now()
        self.ended_at, self.ended_why = None, ""

    @recorded(who=roles.reviewer)
    def collect_now(self, *, by: User) -> None:
        """Visit the source at the next sweep instead of at its next interval."""
        if not self.enabled:
            raise NotNow("This source is paused. Take it up again first.")
        if self.ended_at:
            raise NotNow("This source says that it has ended. Take it up again to try it once more.")
        self.not_before = Now()
