"""How the visits to a source go: the columns that workers write, and nobody else."""

from __future__ import annotations

import datetime
import itertools
import statistics
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models
from django.db.models import F
from django.db.models.functions import Now

from riskreview.lib.work import Work, backoff, note

QUIET_TIMES = 3  # so many of its usual gaps without an item, and a source counts as gone quiet
GAPS_SEEN = 20
GAPS_NEEDED = 3
UNKNOWN_GAP = datetime.timedelta(days=1)


def usual_gap(arrivals: Sequence[datetime.datetime], interval: datetime.timedelta) -> datetime.timedelta:
    """How long a source usually takes between two visits that bring something: the median of the gaps between its
    newest arrivals (newest first), never less than its interval, and a day until three gaps are known."""
    gaps = [later - earlier for later, earlier in itertools.pairwise(arrivals)][:GAPS_SEEN]
    if len(gaps) < GAPS_NEEDED:
        return max(UNKNOWN_GAP, interval)
    seconds = statistics.median(gap.total_seconds() for gap in gaps)
    return max(datetime.timedelta(seconds=seconds), interval)


def kept(validators: Mapping[str, str]) -> dict[str, str]:
    """The columns for the validators of an answer, by their names in its headers."""
    return {"etag": validators.get("etag", "")[:400], "last_modified": validators.get("last-modified", "")[:80]}


class Visited(Work):
    """Validators and cursor for the next request, and what became of the last ones.

    `failures` counts answers in a row that could not be read; answers that never came are the row's `attempts`.
    """

    etag = models.CharField(max_length=400, blank=True, editable=False)
    last_modified = models.CharField(max_length=80, blank=True, editable=False)
    cursor = models.JSONField(default=dict, blank=True, editable=False)
    failures = models.PositiveIntegerField(default=0, editable=False)
    last_fetch_at = models.DateTimeField(null=True, editable=False)
    last_success_at = models.DateTimeField(null=True, editable=False)
    last_item_at = models.DateTimeField(null=True, editable=False)
    silent_since = models.DateTimeField(db_default=Now(), editable=False)
    items_seen = models.PositiveIntegerField(default=0, editable=False)
    usual_gap = models.DurationField(null=True, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    ended_why = models.CharField(max_length=300, blank=True, editable=False)

    class Meta:
        abstract = True

    def is_quiet(self, now: datetime.datetime) -> bool:
        """Whether it has brought nothing for three times as long as it usually takes."""
        if not self.enabled or self.ended_at or self.usual_gap is None:  # type: ignore[attr-defined]
            return False
        return now - self.silent_since > QUIET_TIMES * self.usual_gap

    @property
    def next_poll(self) -> Any:
        """When to come back after this visit, as a database expression. Somebody's "now" during it stands."""
        planned = Now() + self.interval
        return models.Case(models.When(not_before__gt=self.not_before, then=models.F("not_before")), default=planned)

    @property
    def interval(self) -> datetime.timedelta:
        """How often it is visited."""
        return datetime.timedelta(minutes=self.interval_minutes)  # type: ignore[attr-defined]

    def unchanged(self) -> None:
        """Note a visit that found nothing new."""
        self._note(last_fetch_at=Now(), last_success_at=Now(), failures=0, last_error="", **self._awaited())

    def unread(self) -> None:
        """Note an answer that is still to be read."""
        self._note(last_fetch_at=Now())

    def brought(
        self,
        *,
        cursor: Mapping[str, Any] | None,
        validators: Mapping[str, str],
        fresh: int,
        more: bool = False,
        over: str = "",
        trouble: str = "",
    ) -> None:
        """Note an answer that was read, with `fresh` items in it that were new or changed. Without a cursor the source
        stays where it was, and is asked the same again; `trouble` says why."""
        ends = {"ended_at": Now(), "ended_why": over[:300]} if over else {}
        again = {"not_before": Now()} if more else {}
        place = {} if cursor is None else {"cursor": dict(cursor), **kept(validators)}
        self._note(
            last_success_at=Now(), failures=0, last_error=trouble[:500], **place, **self._fresh(fresh), **ends, **again
        )

    def brought_late(self, fresh: int) -> None:
        """Note an answer that was read after a newer one: its items count, and the newer one says how things stand."""
        self._note(**self._fresh(fresh))

    def _fresh(self, fresh: int) -> dict[str, Any]:
        """The columns that tell of items which were new or changed, if there are any, and of how long they take."""
        found = {"last_item_at": Now(), "silent_since": Now(), "items_seen": F("items_seen") + fresh} if fresh else {}
        return found | self._awaited()

    def could_not_be_read(self, reason: str, *, wait: datetime.timedelta | None = None) -> None:
        """Note an answer that could not be read. The next visit waits longer each time, or as long as was asked: that
        is no failure then."""
        pause = max(backoff(self.failures + 1, 1.0), self.interval) if wait is None else wait
        failures = self.failures + 1 if wait is None else self.failures
        self._note(failures=failures, last_error=reason[:500], not_before=Now() + pause)

    def _awaited(self) -> dict[str, Any]:
        """The column that says how long it usually takes, from the visits that brought something."""
        fruitful = self.visits.fruitful().order_by("-at")  # type: ignore[attr-defined]
        return {"usual_gap": usual_gap(list(fruitful.values_list("at", flat=True)[: GAPS_SEEN + 1]), self.interval)}

    def _note(self, **columns: Any) -> None:
        # Written alone, so that a verb's full save never meets half a visit.
        note(self, **columns)
