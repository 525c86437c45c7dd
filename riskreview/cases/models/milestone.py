"""Milestones: dated facts that clocks start from."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from riskreview.accounts import roles
from riskreview.accounts.models import User
from riskreview.audit.recording import recorded, recorded_factory
from riskreview.audit.refusals import NotNow, refuses, said
from riskreview.evidence.models import Document
from riskreview.vendors.models import Vendor

from .. import guards
from ..deadlines import Start, corrected, local_day
from ..playbook.grammar import Milestone as Row
from ..winding import read, wind
from ..workflow import Status
from .ofcase import OfCase, OfCaseQuerySet


@refuses("Only who recorded it, the assigned reviewer of the case or a lead may correct it.")
def corrector(milestone: Milestone, user: User) -> bool:
    """Who may say that a date was wrong."""
    mine = milestone.recorded_by_id == user.pk and guards.reviewer(milestone, user)
    return mine or guards.assignee_or_lead(milestone.case, user)


class MilestoneQuerySet(OfCaseQuerySet):
    """Dated facts."""

    @recorded_factory(who=roles.reviewer, omit=("key",))
    def record(
        self,
        *,
        by: User,
        case: Any,
        key: str,
        stated_at: datetime.datetime | None = None,
        stated_on: datetime.date | None = None,
        party: Vendor | None = None,
        document: Document | None = None,
    ) -> Milestone:
        """Put on record when something happened: the clocks that wait for it start, or stop."""
        case.lock()
        row = _row(case, key)
        _belongs(case, row, party)
        if row.proof and document is None:
            raise NotNow(f"“{row.title}” needs the document that proves the date.")
        _check(case, key, stated_at, stated_on)
        number = self._number(case, key, party)
        stated = {"stated_at": stated_at, "stated_on": stated_on}
        told = {"key": key, "round": case.round, "number": number, "party": party, "document": document}
        made = self.model(case=case, recorded_by=by, recorded_at=timezone.now(), **told, **stated)
        made.save()
        made.start_clocks(by)
        return made  # type: ignore[no-any-return]

    def _number(self, case: Any, key: str, party: Vendor | None) -> int:
        """How often it has happened, with this. Raises `NotNow` for what happens once and is on record."""
        known = self.filter(case=case, key=key, round=case.round, party=party).count()
        again = any(each.kind == "recurring" and each.until == f"milestone:{key}" for each in case.playbook.rules.clock)
        if known and not again:
            raise NotNow("It is on record already. If the date is wrong, correct it.")
        return int(known) + 1


def _row(case: Any, key: str) -> Row:
    if case.playbook is None:
        raise NotNow("This case follows no playbook, so nothing counts from dates.")
    if case.status == Status.WITHDRAWN:
        raise NotNow("This case was withdrawn. Reopen it first.")
    found = case.playbook.rules.row("milestone", key)
    if found is None:
        known = ", ".join(each.key for each in case.playbook.rules.milestone)
        raise NotNow(f"The playbook knows no milestone “{key}”. It knows: {known}.")
    return found  # type: ignore[no-any-return]


def _belongs(case: Any, row: Row, party: Vendor | None) -> None:
    if row.per != "party" and party is not None:
        raise NotNow(f"“{row.title}” happens once for the case, not to a party.")
    if row.per == "party" and (party is None or not case.vendors.filter(pk=party.pk).exists()):
        raise NotNow(f"Say to which vendor of the case “{row.title}” happened.")


def _check(case: Any, key: str, stated_at: datetime.datetime | None, stated_on: datetime.date | None) -> None:
    """Raise `NotNow` for no date or two, a date to come, and a bare date that hours are counted from."""
    if (stated_at is None) == (stated_on is None):
        raise NotNow("Give either the day, or the day and the time.")
    now, rules = timezone.now(), case.playbook.rules
    if (stated_at is not None and stated_at > now) or (
        stated_on is not None and stated_on > local_day(now, rules.zone)
    ):
        raise NotNow("This is still to come. Record it when it has happened.")
    if stated_on and any(each.from_ == f"milestone:{key}" and each.unit == "hour" for each in rules.clock):
        raise NotNow("Say the time of day too: hours are counted from it.")


class Milestone(OfCase):
    """Something that happened, when it is stated to have happened, and when that was recorded.

    Exactly one of `stated_at` (an instant) and `stated_on` (a local date) is given. `corrections` in the entries tell
    what was stated before.
    """

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="milestones")
    key = models.CharField(max_length=60)
    round = models.PositiveSmallIntegerField(default=1)
    number = models.PositiveSmallIntegerField(default=1)
    party = models.ForeignKey(Vendor, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    stated_at = models.DateTimeField(null=True, blank=True)
    stated_on = models.DateField(null=True, blank=True)
    moved = ArrayField(models.TextField(), default=list, blank=True)
    document = models.ForeignKey(Document, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    objects: ClassVar[Any] = MilestoneQuerySet.as_manager()
    recorded_columns = {
        1: (
            *("case", "key", "round", "number", "party", "stated_at", "stated_on", "moved", "document"),
            "recorded_by",
        )
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "key", "round", "party", "number"], name="milestone_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                name="milestone_has_one_date",
                condition=Q(stated_at__isnull=True, stated_on__isnull=False)
                | Q(stated_at__isnull=False, stated_on__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def start(self) -> Start:
        """What clocks count from: the instant where it is known, else the date."""
        return self.stated_at or self.stated_on  # type: ignore[return-value]

    @recorded(who=corrector, also=("case",))
    def correct(
        self,
        *,
        by: User,
        reason: str,
        stated_at: datetime.datetime | None = None,
        stated_on: datetime.date | None = None,
    ) -> list[str]:
        """State another date, and say why. What it did to each limit is kept in `moved` and given back."""
        said(reason, "Say why the date was wrong.")
        _check(self.case, self.key, stated_at, stated_on)
        if self.round != self.case.round:
            raise NotNow("This belongs to an earlier round, which is closed.")
        before = read(self.case, timezone.now())
        self.stated_at, self.stated_on = stated_at, stated_on
        self.save()
        after = read(self.case, timezone.now())
        old = {each.key: each.due for each in before.clocks}
        pairs = [(each.rule.key, old.get(each.key), each.due) for each in after.clocks]
        self.moved = [f"{key}: {corrected(was, now)}" for key, was, now in pairs if was and now and was != now]
        self.start_clocks(by)
        return self.moved

    def start_clocks(self, by: User) -> None:
        """Wind the clocks of the case; those that begin while it is on hold stand still from the first day."""
        now = timezone.now()
        wind(self.case, now)
        if self.case.status == Status.ON_HOLD and self.case.playbook:
            day = local_day(now, self.case.playbook.rules.zone)
            clocks = self._meta.apps.get_model("cases", "Clock").objects
            clocks.pause(by=User.objects.system(), case=self.case, day=day, why=self.case.held_reason)
