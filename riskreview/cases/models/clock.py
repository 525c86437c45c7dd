"""Clocks: what a rule of the playbook makes of the dated facts of a case. Their dates are worked out by a machine;
people stop them, give more time, or waive them."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from riskreview.accounts.models import User
from riskreview.audit.recording import recorded
from riskreview.audit.refusals import NotNow, refuses, said
from riskreview.audit.state import Stateful
from riskreview.evidence.models import Document

from .. import deadlines, guards
from ..deadlines import ON_HOLD, Rule, State
from ..playbook import Clock as Row
from ..wanting import AT_THE_END, Wanted, rule_of
from ..winding import WORKED_OUT, read, wind
from .consultation import Consultation
from .milestone import Milestone
from .ofcase import OfCase, OfCaseQuerySet


class Settled(models.TextChoices):
    """What was recorded about a clock for good."""

    VOID = "VOID", "Void"
    WAIVED = "WAIVED", "Waived"
    PRESUMED = "PRESUMED", "Presumed"
    LAPSED = "LAPSED", "Lapsed"
    MISSED = "MISSED", "Missed"


@refuses("Only the assigned reviewer of the case or a lead may do this.")
def at_work(clock: Clock, user: User) -> bool:
    """Who works on the case, or a lead; the system where a rule says so."""
    return user.is_system or guards.assignee_or_lead(clock.case, user)


@refuses("Only the person in the seat that the rule names may extend this limit, or a lead where nobody sits there.")
def extender(clock: Clock, user: User) -> bool:
    """Who may give this limit more time."""
    seated = clock.case.seats.filter(role=clock.rule.extended_by).values_list("user_id", flat=True)
    return (user.can_read and user.pk in seated) if seated else guards.lead(clock.case, user)


class ClockQuerySet(OfCaseQuerySet):
    """Clocks of cases."""

    def pause(self, *, by: User, case: Any, day: datetime.date, why: str) -> None:
        """Stop the limits of a case on hold that we set ourselves, from a day on: one act for each."""
        running = self.filter(case_id=case.pk, round=case.round, satisfied_at=None, settled="", due_on__isnull=False)
        for clock in running.exclude(tolls__reason=ON_HOLD, tolls__last=None).order_by("pk"):
            if clock.rule.basis == "self_set" and not clock.rule.waits:
                clock.toll(by=by, first=day, reason=ON_HOLD, note=why)

    def void(self, *, by: User, why: str) -> None:
        """End the limits that still run, because what they started from counts no more: one act for each. What was
        missed by now stays missed."""
        ahead = Q(due_before=None) | Q(due_before__gt=timezone.now())
        for clock in self.filter(ahead, satisfied_at=None, settled="").order_by("pk"):
            clock.void(by=by, reason=why)

    def unpause(self, *, by: User, case: Any, day: datetime.date) -> None:
        """Let the limits of a case run again that stood still while it was on hold: `day` counts again.

        A hold of less than a day moves nothing.
        """
        last = day - datetime.timedelta(days=1)
        for toll in Toll.objects.filter(clock__case_id=case.pk, reason=ON_HOLD, last=None).order_by("clock_id"):
            clock = self.get(pk=toll.clock_id)
            clock.end_toll(by=by, reason=ON_HOLD, last=last if last >= toll.first else None)


class Clock(OfCase):
    """One limit that runs, ran, or waits, from one start.

    What the machine works out anew whenever a fact changes (`due_on`, `due_before`, `parts`, `next_moment`,
    `satisfied_at`) needs no entry; what people or the playbook decided about it (`settled`, `warned`, tolls,
    extensions) has one.
    """

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="clocks")
    key = models.CharField(max_length=60)
    round = models.PositiveSmallIntegerField(default=1)
    occurrence = models.PositiveSmallIntegerField(default=1)
    milestone = models.ForeignKey(Milestone, null=True, blank=True, on_delete=models.PROTECT, related_name="clocks")
    consultation = models.ForeignKey(
        Consultation, null=True, blank=True, on_delete=models.PROTECT, related_name="clocks"
    )
    due_on = models.DateField(null=True, editable=False)
    due_before = models.DateTimeField(null=True, editable=False)
    parts = ArrayField(models.TextField(), default=list, editable=False)
    next_moment = models.DateTimeField(null=True, editable=False)
    satisfied_at = models.DateTimeField(null=True, editable=False)
    settled = models.CharField(max_length=8, choices=Settled, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    settlement = models.TextField(blank=True)
    warned = ArrayField(models.CharField(max_length=40), default=list, blank=True)

    if TYPE_CHECKING:

        @property
        def tolls(self) -> models.QuerySet[Toll]: ...

        @property
        def extensions(self) -> models.QuerySet[Extension]: ...

    objects: ClassVar[Any] = ClockQuerySet.as_manager()

    recorded_columns = {
        1: (
            *("case", "key", "round", "occurrence", "milestone", "consultation", "settled", "settled_at"),
            *("settled_by", "settlement", "warned"),
        )
    }
    recorded_parts = ("tolls", "extensions")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "key", "round", "occurrence", "milestone", "consultation"],
                name="clock_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(name="clock_settled_known", condition=Q(settled__in=["", *Settled.values])),
        ]
        indexes = [models.Index(fields=["next_moment"], name="clock_next", condition=Q(next_moment__isnull=False))]

    def __str__(self) -> str:
        return self.key

    @property
    def is_judged(self) -> bool:
        """Whether anybody decided something about it yet; the rule made it."""
        return self.entry_seq > 0

    @property
    def row(self) -> Row:
        """What the playbook of the case says of it. Raises `NotNow` where the case has adopted one without it."""
        found: Row | None = self.case.playbook.rules.row("clock", self.key)  # type: ignore[union-attr, assignment]
        if found is None:
            raise NotNow("The playbook that the case follows now has no such limit.")
        return found

    @property
    def rule(self) -> Rule:
        """Its rule."""
        return rule_of(self.row, self.case.playbook.rules.timezone)  # type: ignore[union-attr]

    @recorded(who=at_work, also=("case",))
    def toll(
        self,
        *,
        by: User,
        first: datetime.date,
        reason: str,
        document: Document | None = None,
        note: str = "",
        last: datetime.date | None = None,
    ) -> Toll:
        """Stop the limit from a day on, for a reason that its rule knows, with the paper that says so."""
        limit = self._running()
        if last is not None and last < first:
            raise NotNow("A stop ends on its first day or later.")
        deadlines.check_toll(limit.rule, deadlines.Toll(first, last, reason, str(document.pk) if document else ""))
        if self.tolls.filter(reason=reason, last=None).exists():
            raise NotNow("It stands still for this reason already. End that stop first.")
        made = self.tolls.create(
            first=first, last=last, reason=reason, note=note.strip(), document=document, stopped_by=by
        )
        self._rewind()
        return made

    @recorded(who=at_work, also=("case",))
    def end_toll(self, *, by: User, reason: str, last: datetime.date | None) -> None:
        """Let the limit run again: `last` is the last day on which it stood still, None where it was none.

        A stop without a day is taken off; the entries tell of both acts.
        """
        toll = self.tolls.filter(reason=reason, last=None).first()
        if toll is None:
            raise NotNow("It does not stand still for this reason.")
        if last is not None and last < toll.first:
            raise NotNow(f"It stood still from {toll.first} on: the last such day is that one or a later one.")
        if last is None:
            toll.delete()
        else:
            toll.last = last
            toll.save(update_fields=["last"])
        self._rewind()

    @recorded(who=extender, also=("case",))
    def extend(
        self,
        *,
        by: User,
        form: str,
        document: Document,
        decided_at: datetime.datetime,
        days: int = 0,
        until: datetime.date | None = None,
    ) -> Extension:
        """Give more time, by a written determination: so many days, or until the date that it states."""
        if days < 0 or bool(days) == (until is not None):
            raise NotNow("An extension gives either days or a date.")
        if decided_at > timezone.now():
            raise NotNow("An extension counts from when it was signed, and that is still to come.")
        limit = self._running()
        given = {"decided_at": decided_at, "days": days, "until": until, "form": form}
        told = deadlines.Extension(by=limit.rule.extended_by, document=str(document.pk), **given)  # type: ignore[arg-type]
        deadlines.check_extension(limit.rule, limit.due, told)  # type: ignore[arg-type]
        made = self.extensions.create(document=document, decided_by=by, **given)
        if self.settled in AT_THE_END:
            self.settled = ""
        self._rewind()
        return made

    @recorded(who=at_work, also=("case",))
    def waive(self, *, by: User, reason: str) -> None:
        """Do without a limit that we set ourselves, and say why."""
        reason, now = said(reason, "Say why the limit is waived."), timezone.now()
        found = read(self.case, now)
        limit = found.of(self)
        deadlines.check_waiver(self.rule, found.standing(limit) if limit else State.VOID)
        self._settle(Settled.WAIVED, by, now, reason)
        self._rewind()

    @recorded(who=at_work)
    def void(self, *, by: User, reason: str) -> None:
        """End a limit whose round is over: it warns of nothing any more, and nobody can miss it."""
        self._settle(Settled.VOID, by, timezone.now(), said(reason, "Say why the limit is void."))
        self.next_moment = None

    @recorded(who=guards.the_system, changing=True)
    def warn(self, *, by: User, notice: str, marks: Sequence[str]) -> None:
        """Note that the limit comes near: so much time is left. Once for each warning and date."""
        self._mark(marks)

    @recorded(who=guards.the_system, changing=True)
    def expire(self, *, by: User, marks: Sequence[str]) -> None:
        """Note that the time has run out, and what that means: overdue, lapsed, or one date of a series missed."""
        self._mark(marks)
        rule = self.rule
        if rule.kind == "recurring" and rule.anchor == "fixed":
            self._settle(Settled.MISSED, by, timezone.now())
        elif rule.on_expiry in ("lapse", "offer_presumption", "presume"):
            self._settle(Settled.LAPSED, by, timezone.now())

    def _settle(self, as_what: Settled, by: User, at: datetime.datetime, why: str = "") -> None:
        if self.settled != as_what:
            self.settled, self.settled_by, self.settled_at, self.settlement = as_what, by, at, why

    def _mark(self, marks: Sequence[str]) -> None:
        self.warned = [*self.warned, *(each for each in marks if each not in self.warned)]

    def _running(self) -> Wanted:
        """The limit of this row. Raises `NotNow` when it is over or was never begun."""
        found = read(self.case, timezone.now())
        limit = found.of(self)
        if limit is None or limit.due is None:
            raise NotNow("This limit does not run.")
        if limit.is_over:
            raise NotNow("This limit is over.")
        return limit

    def _rewind(self) -> None:
        """Work out the clocks of the case with what this act changed, and take what the machine found of this one."""
        self.save()
        wind(self.case, timezone.now())
        self.refresh_from_db(fields=[*WORKED_OUT])


class Toll(Stateful):
    """Days on which a clock stands still, both ends included; without `last` it has not ended."""

    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, related_name="tolls")
    first = models.DateField()
    last = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=60)
    note = models.TextField(blank=True)
    document = models.ForeignKey(Document, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    stopped_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    recorded_columns = {1: ("first", "last", "reason", "note", "document", "stopped_by")}

    class Meta:
        constraints = [
            models.CheckConstraint(name="toll_ends_later", condition=Q(last=None) | Q(last__gte=F("first"))),
            models.UniqueConstraint(fields=["clock", "reason"], condition=Q(last=None), name="toll_one_open"),
        ]

    def __str__(self) -> str:
        return self.reason


class Extension(Stateful):
    """More time, by a written determination: days, or a date it states."""

    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, related_name="extensions")
    days = models.PositiveSmallIntegerField(default=0)
    until = models.DateField(null=True, blank=True)
    form = models.CharField(max_length=40)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    recorded_columns = {1: ("days", "until", "form", "document", "decided_at", "decided_by")}

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="extension_gives_days_or_a_date",
                condition=Q(days=0, until__isnull=False) | Q(days__gt=0, until=None),
            )
        ]

    def __str__(self) -> str:
        return str(self.until or f"{self.days} days")
