"""Manners towards the hosts we fetch from: a gap between requests, few at once, and a rest for one that fails.

All of it is columns judged by the database's clock, so it holds across any number of worker processes and hosts.
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models import F, Value
from django.db.models.functions import Greatest, Now

from riskreview.lib.work import Postponed

PATIENCE = datetime.timedelta(seconds=5)  # so long a worker waits for its turn; later turns give the work back
SOONEST, LATEST = datetime.timedelta(seconds=1), datetime.timedelta(hours=1)  # when work that was put off comes back
LAPSE = datetime.timedelta(seconds=90)  # a request that is not over by then belonged to a worker that died
SLOW = datetime.timedelta(seconds=1)  # whoever lets a request wait so long gets no second one meanwhile
FAILURES_MAX = 5
FIRST_REST = datetime.timedelta(minutes=10)
LONGEST_REST = datetime.timedelta(hours=6)

# One statement, so that two workers never get the same turn. A host that failed last, or lets somebody wait at this
# moment, gets one request at a time: it holds no more slots than it must.
TURN = """
UPDATE evidence_host AS h SET
  next_at = greatest(h.next_at, clock_timestamp()) + greatest(h.gap, %(gap)s),
  held = array_append(ARRAY(SELECT u FROM unnest(h.held) u WHERE u > clock_timestamp()), clock_timestamp() + %(lapse)s)
WHERE h.name = %(name)s
  AND h.next_at < clock_timestamp() + %(patience)s
  AND (h.open_until IS NULL OR h.open_until <= clock_timestamp())
  AND (SELECT count(*) FROM unnest(h.held) u WHERE u > clock_timestamp())
      < CASE WHEN h.failures > 0
          OR EXISTS (SELECT FROM unnest(h.held) u
                     WHERE u > clock_timestamp() AND u < clock_timestamp() + %(lapse)s - %(slow)s)
        THEN 1 ELSE %(at_once)s END
RETURNING h.next_at - greatest(h.gap, %(gap)s) - clock_timestamp(), h.held[array_upper(h.held, 1)]
"""

# What is put off gets a time of its own each, so that a long queue for one host does not come back all at once.
PROMISE = """
UPDATE evidence_host AS h SET promised_at = least(
  greatest(h.promised_at + greatest(h.gap, %(gap)s, %(sweep)s), h.next_at, h.open_until,
    clock_timestamp() + %(soonest)s),
  greatest(h.next_at, h.open_until, clock_timestamp() + %(latest)s))
WHERE h.name = %(name)s
RETURNING h.promised_at, h.open_until > clock_timestamp(), h.failures, h.reason
"""


@dataclass(frozen=True, slots=True)
class Turn:
    """A request to a host that may be sent now. The moment it lapses is its name as well: each takes another."""

    host: str
    until: datetime.datetime


class HostQuerySet(models.QuerySet["Host"]):
    """The hosts we know."""

    def turn(
        self,
        name: str,
        *,
        gap: float,
        patience: datetime.timedelta = PATIENCE,
        sleep: Callable[[float], None] = time.sleep,
    ) -> Turn:
        """Wait for a turn at the host and take it, at most `patience` ahead. Raises `Postponed` for a later one.

        `gap` is the least number of seconds between two requests; the host's own may be longer.
        """
        taken = self._take(name, gap, patience)
        if taken is None and not self.filter(name=name).exists():
            self.bulk_create([Host(name=name)], ignore_conflicts=True)
            taken = self._take(name, gap, patience)
        if taken is None:
            raise self._postponed(name, gap)
        wait, lapse = taken
        if wait.total_seconds() > 0:
            sleep(wait.total_seconds())
        return Turn(name, lapse)

    def _take(
        self, name: str, gap: float, patience: datetime.timedelta
    ) -> tuple[datetime.timedelta, datetime.datetime] | None:
        given: dict[str, Any] = {
            "name": name,
            "gap": datetime.timedelta(seconds=gap),
            "lapse": LAPSE,
            "patience": patience,
            "slow": SLOW,
            "at_once": settings.HOST_AT_ONCE,
        }
        with connection.cursor() as cursor:
            cursor.execute(TURN, given)
            row: tuple[datetime.timedelta, datetime.datetime] | None = cursor.fetchone()
        return row

    def _postponed(self, name: str, gap: float) -> Postponed:
        given: dict[str, Any] = {
            "name": name,
            "gap": datetime.timedelta(seconds=gap),
            "sweep": datetime.timedelta(seconds=settings.SWEEP_SECONDS),
            "soonest": SOONEST,
            "latest": LATEST,
        }
        with connection.cursor() as cursor:
            cursor.execute(PROMISE, given)
            promised, rests, failures, reason = cursor.fetchone()
        if rests:
            return Postponed(promised, f"{name} is left alone after {failures} failures: {reason}")
        return Postponed(promised, f"{name} is busy.")

    def answered(self, turn: Turn) -> None:
        """The host answered: whatever it had failed at is over."""
        self.filter(name=turn.host).update(failures=0, open_until=None, reason="", held=_without(turn))

    def failed(self, turn: Turn, reason: str) -> None:
        """The host failed; after five times in a row it is left alone, ten minutes at first and six hours at most."""
        failures = F("failures") + 1
        self.filter(name=turn.host).update(failures=failures, reason=reason[:300])
        worn = self.filter(name=turn.host, failures__gte=FAILURES_MAX).first()
        if worn:
            rest = min(FIRST_REST * 2 ** min(worn.failures - FAILURES_MAX, 10), LONGEST_REST)
            self.filter(pk=worn.pk).update(open_until=Now() + rest)
        self.over(turn)

    def over(self, turn: Turn) -> None:
        """The request is over; somebody else may have the turn."""
        self.filter(name=turn.host).update(held=_without(turn))

    def leave_alone(self, name: str, wait: datetime.timedelta) -> None:
        """The host asked to be left alone for a while (Retry-After, RFC 9110)."""
        self.filter(name=name).update(next_at=Greatest(F("next_at"), Now() + wait))


def _without(turn: Turn) -> models.Func:
    return models.Func(F("held"), Value(turn.until), function="array_remove")


class Host(models.Model):
    """A host we fetch from: `gap` between requests as its robots.txt wishes, `next_at` its next free turn,
    `promised_at` the last time that was given to work put off, `held` when the running requests lapse, `open_until`
    the end of its rest."""

    name = models.CharField(max_length=260, unique=True)
    next_at = models.DateTimeField(db_default=Now())
    promised_at = models.DateTimeField(db_default=Now())
    gap = models.DurationField(default=datetime.timedelta)
    held = ArrayField(models.DateTimeField(), default=list)
    failures = models.PositiveIntegerField(default=0)
    open_until = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    robots = models.TextField(null=True)  # noqa: DJ001 - None says "not asked yet", which is not the empty file
    robots_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = HostQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    def keep_robots(self, rules: str, delay: float) -> None:
        """Keep the robots.txt the host gave, and the seconds between two requests that it asks for."""
        self.robots, self.robots_at, self.gap = rules, Now(), datetime.timedelta(seconds=delay)
        self.save(update_fields=["robots", "robots_at", "gap"])
