"""Consultations: whom the case asked, what they said, and what their silence means."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from riskreview.accounts import roles
from riskreview.accounts.models import User
from riskreview.audit.recording import recorded, recorded_factory
from riskreview.audit.refusals import NotNow, said
from riskreview.evidence.models import Document
from riskreview.lib.vocabulary import known

from .. import guards, hearing
from ..deadlines import Due, Rule, Weight, check_presumption
from ..playbook.grammar import Consultation as Asking
from ..wanting import rule_of
from ..winding import wind
from .ofcase import OfCase, OfCaseQuerySet

if TYPE_CHECKING:
    from .case import Case
    from .clock import Clock


class Standing(models.TextChoices):
    """Where a consultation stands."""

    DRAFT = "DRAFT", "Not sent"
    OPEN = "OPEN", "Open"
    ANSWERED = "ANSWERED", "Answered"
    PRESUMED = "PRESUMED", "Presumed to concur"
    LATE_OBJECTION = "LATE_OBJECTION", "Objected too late"
    LAPSED = "LAPSED", "Time ran out"
    UNDELIVERABLE = "UNDELIVERABLE", "Could not be delivered"


class ConsultationQuerySet(OfCaseQuerySet):
    """Whom cases asked."""

    @recorded_factory(who=roles.reviewer, omit=("key",))
    def send(
        self,
        *,
        by: User,
        case: Case,
        key: str,
        consultee: str,
        sent_at: datetime.datetime,
        document: Document | None = None,
    ) -> Consultation:
        """Put on record that a body was asked. Its time runs from `sent_at`; `document` is what was sent."""
        case.lock()
        consultee = said(consultee, "Say who was asked.")
        hearing.asked(hearing.rules(case.playbook), key)
        hearing.check_day(sent_at, timezone.now())
        if not case.is_open:
            raise NotNow("This case waits for no answers any more.")
        if self.in_round(case, key).exclude(state=Standing.UNDELIVERABLE).filter(consultee__iexact=consultee).exists():
            raise NotNow(f"{consultee} was asked this already. If it did not arrive, say so there first.")
        given = {"consultee": consultee, "sent_at": sent_at, "document": document, "asked_by": by}
        row: Consultation = self.create(case=case, key=key, round=case.round, state=Standing.OPEN, **given)
        row._wind(by)
        return row

    def in_round(self, case: Case, key: str) -> Self:
        """Who was asked one thing in the round that runs."""
        return self.filter(case=case, key=key, round=case.round)


class Consultation(OfCase):
    """One body asked about one thing the playbook names.

    An objection from below the rank that the playbook asks for is kept as a comment: the row stays open, and silence
    may still be taken for consent. A later answer takes the place of an earlier one; the entries keep both.
    """

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="consultations")
    key = models.CharField(max_length=60)
    round = models.PositiveSmallIntegerField(default=1)
    consultee = models.CharField(max_length=200)
    state = models.CharField(max_length=14, choices=Standing, default=Standing.DRAFT)
    sent_at = models.DateTimeField(null=True, blank=True)
    document = models.ForeignKey(Document, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    response = models.CharField(max_length=30, blank=True)
    weight = models.CharField(max_length=14, blank=True)
    responder = models.CharField(max_length=200, blank=True)
    rank = models.CharField(max_length=40, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answer_text = models.TextField(blank=True)
    answer_document = models.ForeignKey(Document, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    presumed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(db_default=Now(), editable=False)

    objects: ClassVar[Any] = ConsultationQuerySet.as_manager()
    recorded_columns = {
        1: (
            *("case", "key", "round", "consultee", "state", "sent_at", "document", "response", "weight", "responder"),
            *("rank", "answered_at", "answer_text", "answer_document", "presumed_by", "asked_by"),
        )
    }
    if TYPE_CHECKING:

        @property
        def clocks(self) -> models.QuerySet[Clock]: ...

    class Meta:
        constraints = [
            known("consultation", "state", Standing),
            models.UniqueConstraint(
                fields=["case", "key", "round", "consultee"],
                condition=~Q(state="UNDELIVERABLE"),
                name="consultation_once",
            ),
            models.CheckConstraint(
                name="consultation_sent_when_open", condition=Q(state="DRAFT") | Q(sent_at__isnull=False)
            ),
            models.CheckConstraint(
                name="consultation_presumed_by_somebody",
                condition=~Q(state="PRESUMED") | Q(presumed_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.consultee

    @recorded(who=roles.reviewer, also=("case",))
    def answer(
        self,
        *,
        by: User,
        response: str,
        responder: str = "",
        rank: str = "",
        answered_at: datetime.datetime,
        answer: str = "",
        document: Document | None = None,
    ) -> None:
        """Put an answer on record. An objection counts by the rank of whoever signed it, and by when it came."""
        self._refuse_undelivered()
        hearing.check_day(answered_at, timezone.now(), since=self.sent_at)
        hearing.check_response(self.asking, response, rank)
        weight = hearing.weighed(self.asking, response, rank, answered_at, self.ends)
        if self.state == Standing.ANSWERED and weight in (Weight.COMMENT, Weight.LATE_OBJECTION):
            raise NotNow("An answer stands. An objection too late, or from below the rank, takes nothing from it.")
        self.response, self.rank, self.answered_at, self.weight = response, rank, answered_at, weight or ""
        self.responder, self.answer_text, self.answer_document = responder.strip(), answer.strip(), document
        self._settle_after(weight)
        self._wind(by)

    @recorded(who=guards.reviewer_or_system, also=("case",))
    def presume_concurrence(self, *, by: User) -> None:
        """Take silence for consent, where the playbook offers it and the time has run out."""
        self._check_presumption(timezone.now())
        self.state, self.presumed_by = Standing.PRESUMED, by
        self._wind(by)

    @recorded(who=guards.the_system, also=("case",))
    def lapse(self, *, by: User) -> None:
        """Wait no longer: the time ran out, and silence means nothing here."""
        ends = self.ends
        if self.state != Standing.OPEN or ends.before is None or timezone.now() < ends.before:
            raise NotNow("This still waits for an answer, or does not any more.")
        self.state = Standing.LAPSED
        self.save()
        self.case.unseal_if_waiting(by, self._as_cause)

    @recorded(who=roles.reviewer, also=("case",))
    def mark_undeliverable(self, *, by: User, reason: str) -> None:
        """Put on record that the request never arrived: no time ran, and the same body may be asked again."""
        said(reason, "Say why it did not arrive.")
        self._refuse_undelivered()
        if self.answered_at is not None:
            raise NotNow("They have answered, so it did arrive.")
        self.state, self.presumed_by = Standing.UNDELIVERABLE, None
        self._wind(by)

    @property
    def asking(self) -> Asking:
        """What the playbook says of it."""
        return hearing.asked(hearing.rules(self.case.playbook), self.key)

    @property
    def rule(self) -> Rule | None:
        """The clock that an answer stops, if the playbook has one."""
        rules = hearing.rules(self.case.playbook)
        row = rules and hearing.clock_until_answered(rules, self.key)
        return rule_of(row, rules.timezone) if rules and row else None

    @property
    def ends(self) -> Due:
        """When its time runs out, as its clock says; without an end where none runs."""
        rule = self.rule
        mine = (each for each in self.case.clocks.all() if each.consultation_id == self.pk)
        clock = next((each for each in mine if rule and each.key == rule.key), None)
        return hearing.limit(clock.due_on, clock.due_before) if clock else hearing.limit(None, None)

    @property
    def has_answered(self) -> bool:
        """Whether there is an answer that counts: a comment from below the rank is none."""
        return self.state in (Standing.ANSWERED, Standing.LATE_OBJECTION)

    def may_be_presumed(self, at: datetime.datetime) -> bool:
        """Whether silence may be taken for consent at a moment."""
        try:
            self._check_presumption(at)
        except NotNow:
            return False
        return True

    def _check_presumption(self, at: datetime.datetime) -> None:
        """Raise `NotNow` where consent cannot be presumed."""
        self._refuse_undelivered()
        if self.state == Standing.PRESUMED:
            raise NotNow("Consent is presumed already.")
        weights = [Weight(self.weight)] if self.weight else []
        check_presumption(self.rule, self.ends, at, weights, answered=self.state == Standing.ANSWERED)

    def _settle_after(self, weight: Weight | None) -> None:
        """The state that an answer of this weight leads to: a comment leads nowhere, and late words defeat nothing."""
        if weight == Weight.LATE_OBJECTION and self.state != Standing.PRESUMED:
            self.state = Standing.LATE_OBJECTION
        elif weight in (None, Weight.OBJECTION):
            self.state, self.presumed_by = Standing.ANSWERED, None

    def _refuse_undelivered(self) -> None:
        if self.state in (Standing.DRAFT, Standing.UNDELIVERABLE):
            raise NotNow("This did not reach them.")

    @property
    def _as_cause(self) -> str:
        """What changed, as a reader of a void request is told."""
        return f"the consultation of {self.consultee}"[:200]

    def _wind(self, by: User) -> None:
        """Work out the clocks of the case anew: this row may start one, or stop it. What waits for approval is void."""
        self.save()
        self.case.unseal_if_waiting(by, self._as_cause)
        wind(self.case, timezone.now())
