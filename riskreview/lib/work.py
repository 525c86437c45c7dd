"""Rows are the queue: the lease mixin (docs/operations.md#workers).

A message only names a row. What is due, who may act on it, how often it was tried and when it gives up are columns of
the row itself, judged by the database's clock. The sweep *offers* a row; a worker *starts* it with the offer's token
(so a message delivered twice finds nothing the second time); `finish` writes the effects and the end of the work in
one transaction, and writes nothing when the lease was lost.
"""

from __future__ import annotations

import logging
import random
import signal
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, Generic, Self, TypeVar, cast

from django.contrib.postgres.functions import RandomUUID
from django.db import DatabaseError, connection, models, transaction
from django.db.models import F, Q
from django.db.models.functions import Greatest, Now
from django.db.models.sql import UpdateQuery

log = logging.getLogger(__name__)
T = TypeVar("T")
W = TypeVar("W", bound="Work")
LONGEST_WAIT = timedelta(hours=6)
LONGEST_ASKED = timedelta(hours=24)
SOFT_LIMIT = 55.0  # seconds; whoever is stopped after that long was stopped for being slow, and the start counts


@dataclass(frozen=True, slots=True)
class Terms:
    """How a kind of row is worked: at most `window` rows offered or running; seconds an offer and a run may last;
    `attempts` starts until the row needs a person (0: never gives up); `rest`, in seconds, is doubled with each
    failure."""

    window: int
    offer: int = 30
    run: int = 150
    attempts: int = 5
    rest: float = 30.0


class Forgotten(Exception):
    """A task ended without finishing its work: a mistake in the task."""

    reason = "The task ended without finishing its work."


class Postponed(Exception):
    """Not now, and nobody's fault: the row goes back to the queue until a moment, and the start does not count."""

    def __init__(self, until: datetime, why: str = "") -> None:
        super().__init__(why or f"postponed until {until}")
        self.until = until


class Stopped(BaseException):
    """This process is told to stop. Not an Exception: nothing on the way may take it for a failure of the work."""


class LeaseLost(Exception):
    """Somebody else works on this row by now; nothing was written."""


def backoff(attempts: int, jitter: float, rest: float = 30.0) -> timedelta:
    """How long to wait after a failure: doubling from `rest` seconds to 6 h, times a jitter between 0.5 and 1.5."""
    return min(timedelta(seconds=rest * 2 ** min(attempts, 12)), LONGEST_WAIT) * jitter


class WorkQuerySet(models.QuerySet[W], Generic[W]):
    """Rows with work. `work_left` on the model says which rows have any."""

    def left(self) -> Self:
        """Rows with work left that are not given up."""
        return self.filter(self.model.work_left, dead_at=None)

    def due(self) -> Self:
        """Rows that may be offered now."""
        unleased = Q(lease_until=None) | Q(lease_until__lte=Now())
        rows = self.left().filter(unleased, not_before__lte=Now())
        return rows.filter(attempts__lt=self.model.terms.attempts) if self.model.terms.attempts else rows

    def dead(self) -> Self:
        """Rows that need a person."""
        return self.exclude(dead_at=None)

    def offer(self) -> list[tuple[Any, uuid.UUID]]:
        """Offer due rows, oldest first, and return (id, offer) of each. Safe in any number of copies."""
        with transaction.atomic():
            room = self.model.terms.window - self.filter(self.model.work_left, lease_until__gt=Now()).count()
            due = self.due().order_by("not_before", "pk").select_for_update(skip_locked=True)
            ids = list(due.values_list("pk", flat=True)[: max(room, 0)])
            rows = self.model._base_manager.filter(pk__in=ids)
            rows.update(lease=RandomUUID(), lease_until=Now() + timedelta(seconds=self.model.terms.offer))
            return list(rows.order_by("not_before", "pk").values_list("pk", "lease"))

    def bury(self) -> int:
        """Give up rows whose attempts are used up: a row that kills its worker never reaches the error path."""
        if not self.model.terms.attempts:
            return 0
        expired = Q(lease_until=None) | Q(lease_until__lte=Now())
        spent = self.left().filter(expired, attempts__gte=self.model.terms.attempts)
        spent.filter(last_error="").update(last_error="The worker was lost each time.")
        return spent.update(dead_at=Now(), lease=None, lease_until=None)

    @contextmanager
    def start(self, id: Any, offer: str) -> Iterator[Running[W] | None]:
        """Start the offered work, or yield None when the offer is stale. A failure inside is kept on the row."""
        lease = uuid.uuid4()
        until = Now() + timedelta(seconds=self.model.terms.run)
        offered = self.filter(pk=id, lease=offer, lease_until__gt=Now())
        row = updated(offered, lease=lease, lease_until=until, attempts=F("attempts") + 1)
        if row is None:
            yield None
            return
        work = Running(row, lease)
        try:
            with stoppable():
                yield work
            if not work.over:
                raise Forgotten
        except LeaseLost:
            log.warning("%s %s: the lease was lost, nothing was written", self.model.__name__, id)
        except Postponed as postponed:
            work.give_back(postponed.until)
        except Stopped:
            hang_up()
            work.give_back()
            raise SystemExit(0) from None
        except Exception as error:
            log.warning("%s %s: %s", self.model.__name__, id, error, exc_info=not hasattr(error, "reason"))
            try:
                work.fail(error)
            except DatabaseError:  # a time limit fell into the middle of a statement
                hang_up()
                work.fail(error)


class Running(Generic[W]):
    """Work in progress on one row."""

    def __init__(self, row: W, lease: uuid.UUID) -> None:
        self.row, self.lease, self.over = row, lease, False

    def hold(self) -> None:
        """Lock the row until the transaction ends, so that nobody else gets it meanwhile. Raises `LeaseLost`."""
        mine = type(self.row)._base_manager.select_for_update(no_key=True, of=("self",))
        if mine.filter(pk=self.row.pk, lease=self.lease).values_list("pk").first() is None:
            raise LeaseLost

    def give_back(self, until: datetime | None = None) -> None:
        """Put the row back, to be offered again at once or from a moment on, as if it had not been started."""
        later = {"not_before": until} if until else {}
        try:
            self._end(attempts=Greatest(F("attempts") - 1, 0), **later)
        except LeaseLost:
            log.warning("%s %s was given back after its lease was lost", type(self.row).__name__, self.row.pk)

    def finish(
        self, effect: Callable[[W, T], object], result: T, *, first: Callable[[], object] | None = None, **columns: Any
    ) -> None:
        """Write the effects and the end of the work in one transaction. Raises `LeaseLost`, and then wrote nothing.

        `first` takes a lock wider than the row, before the row's own.
        """
        with transaction.atomic():
            if first:
                first()
            self._end(**({"attempts": 0, "last_error": ""} | columns))
            effect(self.row, result)

    def fail(self, error: Exception, **columns: Any) -> None:
        """Keep the reason on the row and try again later; give up after the last attempt.

        An error with a `wait` says itself when to come back (Retry-After), within a day, and that start does not count.
        Somebody's "now" during the work stands: what was asked anew is not given up by the end of what was asked
        before. Rows that never give up do not by a permanent error either.
        """
        asked = min(getattr(error, "wait", None) or timedelta(), LONGEST_ASKED)
        jitter = random.uniform(0.5, 1.5)  # noqa: S311 - spreads load, guards nothing
        wait = asked or backoff(self.row.attempts, jitter, self.row.terms.rest)
        limit = self.row.terms.attempts
        spent = limit and not asked and (getattr(error, "permanent", False) or limit <= self.row.attempts)
        hurried = Q(not_before__gt=self.row.not_before)
        later = models.Case(models.When(hurried, then=F("not_before")), default=Now() + wait)
        over = models.Case(models.When(~hurried, then=Now()), output_field=models.DateTimeField())
        ends: dict[str, Any] = {"dead_at": over} if spent else {"not_before": later}
        if asked:
            ends["attempts"] = Greatest(F("attempts") - 1, 0)
        try:
            self._end(last_error=reason(error), **(ends | columns))
        except LeaseLost:
            log.warning("%s %s failed after its lease was lost", type(self.row).__name__, self.row.pk)

    def _end(self, **columns: Any) -> None:
        mine = type(self.row)._base_manager.filter(pk=self.row.pk, lease=self.lease)
        row = updated(mine, lease=None, lease_until=None, **columns)
        if row is None:
            raise LeaseLost
        self.over = True
        adopt(self.row, row)


def updated(rows: models.QuerySet[W], **columns: Any) -> W | None:
    """Change the one row of a queryset, and return it as it is now: one statement. None when there is no such row."""
    query = cast("UpdateQuery", rows.query.chain(UpdateQuery))
    query.add_update_values(columns)
    statement, given = query.get_compiler(rows.db).as_sql()
    quoted = ", ".join(connection.ops.quote_name(str(field.column)) for field in rows.model._meta.concrete_fields)
    return next(iter(rows.model._base_manager.raw(f"{statement} RETURNING {quoted}", given)), None)


def adopt(row: W, fresh: W) -> None:
    """Take over all columns of the same row as it was read later."""
    for field in row._meta.concrete_fields:
        setattr(row, field.attname, getattr(fresh, field.attname))


def note(row: Work, **columns: Any) -> None:
    """Write some columns alone, and read the row as it is then."""
    fresh = updated(type(row)._base_manager.filter(pk=row.pk), **columns)
    if fresh is None:
        raise type(row).DoesNotExist
    adopt(row, fresh)


@contextmanager
def stoppable() -> Iterator[None]:
    """Inside, SIGTERM raises `Stopped`, so that a worker's soft shutdown gives its row back instead of leaving the
    lease to run out. A worker that is ended because it took too long gives nothing back: that start counts."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    began = time.monotonic()

    def stop(number: int, frame: object) -> None:
        if time.monotonic() - began < SOFT_LIMIT:
            raise Stopped
        raise SystemExit(1)

    usual = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, usual)


def hang_up() -> None:
    """Leave a connection that may have been cut off in the middle of a statement; the next query opens another."""
    if not connection.in_atomic_block:
        connection.close()


def reason(error: Exception) -> str:
    """What staff read on the row: the error's own `reason`, at most 500 characters.

    The text of any other error can hold what was being read, so only its kind is told; the log has the rest.
    """
    return str(getattr(error, "reason", "") or f"Something unexpected went wrong ({type(error).__name__}).")[:500]


class Work(models.Model):
    """A row that can be due, leased, tried again and given up."""

    not_before = models.DateTimeField(db_default=Now(), editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    lease = models.UUIDField(null=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    last_error = models.CharField(max_length=500, default="", blank=True, editable=False)
    dead_at = models.DateTimeField(null=True, editable=False)

    terms: ClassVar[Terms]
    work_left: ClassVar[Q]

    class Meta:
        abstract = True


def work_indexes(table: str, work_left: Q) -> list[models.Index]:
    """The two indexes every table of work needs: what is due, and what is leased."""
    return [
        models.Index(fields=["not_before", "id"], name=f"{table}_due", condition=work_left & Q(dead_at=None)),
        models.Index(fields=["lease_until"], name=f"{table}_leased", condition=Q(lease_until__isnull=False)),
    ]
