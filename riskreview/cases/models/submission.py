"""The reviewed party's right to be heard: what it submitted, and how each submission was considered."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Max, Q
from django.db.models.functions import Now
from django.utils import timezone

from riskreview.accounts import roles
from riskreview.accounts.models import User
from riskreview.audit.recording import recorded, recorded_factory
from riskreview.audit.refusals import NotNow, said
from riskreview.audit.state import Stateful
from riskreview.evidence.models import Document
from riskreview.lib.vocabulary import known
from riskreview.vendors.models import Vendor

from .. import hearing
from ..deadlines import Due
from ..playbook.grammar import Reply
from ..winding import wind
from .clock import Clock
from .ofcase import OfCase, OfCaseQuerySet

if TYPE_CHECKING:
    from .case import Case


class Heard(models.TextChoices):
    """What came of a party's right of reply."""

    RECEIVED = "RECEIVED", "Received"
    NO_REPLY = "NO_REPLY", "No reply"
    NOT_SOUGHT = "NOT_SOUGHT", "Not sought"


class SubmissionQuerySet(OfCaseQuerySet):
    """What parties said, or that they said nothing."""

    @recorded_factory(who=roles.reviewer, omit=("key",))
    def receive(
        self,
        *,
        by: User,
        case: Case,
        key: str,
        party: Vendor,
        received_at: datetime.datetime,
        kinds: Sequence[str] = (),
        confidential: bool = False,
        summary: str = "",
        document: Document | None = None,
    ) -> Submission:
        """Put on record what a party submitted. It is never refused for being late; that it was is said beside it."""
        row = self._fresh(by, case, key, party)
        hearing.check_day(received_at, timezone.now())
        hearing.check_contents(row.replying, kinds)
        row.received_at, row.is_late = received_at, hearing.is_late(received_at, row.ends)
        row.kinds, row.confidential = sorted(set(kinds)), confidential
        row.summary, row.document = summary.strip(), document
        if not row.summary and document is None:
            raise NotNow("Say what it says, or name the document that holds it.")
        return row._kept()

    @recorded_factory(who=roles.reviewer, omit=("key",))
    def note_silence(self, *, by: User, case: Case, key: str, party: Vendor, why: str = "", sought: bool) -> Submission:
        """Put on record that a party did not reply, or (`sought` false) that it was not asked to, and why."""
        row = self._fresh(by, case, key, party)
        row.state, row.why = Heard.NO_REPLY if sought else Heard.NOT_SOUGHT, why.strip()
        if not sought:
            said(row.why, "Say why no reply was sought.")
        if sought:
            hearing.check_over(row.ends, timezone.now())
        if self.of(case, key, party).exists():
            raise NotNow("What this party said, or that it said nothing, is on record already.")
        return row._kept()

    def of(self, case: Case, key: str, party: Vendor) -> Self:
        """What is on record of one party within one right of reply, in the round that runs."""
        return self.filter(case=case, key=key, party=party, round=case.round)

    def unconsidered(self, case: Case) -> Self:
        """What was received and nobody wrote down yet how it was considered: no decision is submitted before that."""
        return self.filter(case=case, state=Heard.RECEIVED, considerations=None).order_by("number")

    def _fresh(self, by: User, case: Case, key: str, party: Vendor) -> Submission:
        """A row not saved yet. Raises `NotNow` for a right of reply, or a party, that the case does not have."""
        case.lock()
        replying = hearing.heard(hearing.rules(case.playbook), key)
        if not case.is_open:
            raise NotNow("This case hears nobody any more.")
        if replying.party == "vendor" and not case.vendors.filter(pk=party.pk).exists():
            raise NotNow(f"{party.canonical_name} is no party to this case.")
        number = (self.filter(case=case).aggregate(last=Max("number"))["last"] or 0) + 1
        row: Submission = self.model(case=case, key=key, round=case.round, number=number, party=party, recorded_by=by)
        return row


class Submission(OfCase):
    """What one party said within one right of reply, or that it said nothing, or why nobody asked."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="submissions")
    key = models.CharField(max_length=60)
    round = models.PositiveSmallIntegerField(default=1)
    number = models.PositiveSmallIntegerField()
    party = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=Heard, default=Heard.RECEIVED)
    received_at = models.DateTimeField(null=True, blank=True)
    is_late = models.BooleanField(default=False)
    confidential = models.BooleanField(default=False)
    kinds = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    summary = models.TextField(blank=True)
    document = models.ForeignKey(Document, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    why = models.TextField(blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    objects: ClassVar[Any] = SubmissionQuerySet.as_manager()
    recorded_columns = {
        1: (
            *("case", "key", "round", "number", "party", "state", "received_at", "is_late", "confidential", "kinds"),
            *("summary", "document", "why", "recorded_by"),
        )
    }
    recorded_parts = ("considerations",)
    if TYPE_CHECKING:

        @property
        def considerations(self) -> models.QuerySet[Consideration]: ...

    class Meta:
        constraints = [
            known("submission", "state", Heard),
            models.UniqueConstraint(fields=["case", "number"], name="submission_number_once"),
            models.CheckConstraint(
                name="submission_received_when", condition=~Q(state="RECEIVED") | Q(received_at__isnull=False)
            ),
            models.CheckConstraint(name="submission_silence_has_reason", condition=~Q(state="NOT_SOUGHT") | ~Q(why="")),
        ]

    def __str__(self) -> str:
        return f"S{self.number}"

    @recorded(who=roles.reviewer, also=("case",))
    def consider(self, *, by: User, text: str, changed_outcome: bool) -> Consideration:
        """Write down how it was considered, and whether it changed the outcome. Written again, it takes the place of
        what was written before; the entries keep both."""
        if not self.case.is_open:
            raise NotNow("This case weighs nothing any more.")
        if self.state != Heard.RECEIVED:
            raise NotNow("There is nothing to consider: this party said nothing.")
        told = {
            "text": said(text, "Say how it was considered."),
            "changed_outcome": changed_outcome,
            "considered_by": by,
            "considered_at": Now(),
        }
        made = self.considerations.update_or_create(defaults=told)[0]
        self.case.unseal_if_waiting(by, f"how {self} was considered")
        return made

    @property
    def replying(self) -> Reply:
        """What the playbook says of this right of reply."""
        return hearing.heard(hearing.rules(self.case.playbook), self.key)

    @property
    def ends(self) -> Due:
        """When the time to reply runs out; of several clocks the one that ends last. Without an end where none runs."""
        clocks = Clock.objects.filter(case=self.case, round=self.round, key=self.replying.clock)
        mine = clocks.filter(Q(milestone__party=self.party) | Q(milestone__party=None)).order_by("due_before")
        clock = mine.exclude(due_before=None).last()
        return hearing.limit(clock.due_on, clock.due_before) if clock else hearing.limit(None, None)

    def _kept(self) -> Submission:
        """The row, saved, with the clocks of the case worked out anew: a reply stops one, and what waits is void."""
        self.save()
        self.case.unseal_if_waiting(self.recorded_by, f"submission {self}")
        wind(self.case, timezone.now())
        return self


class Consideration(Stateful):
    """How a submission was considered, and whether it changed the outcome."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="considerations")
    text = models.TextField()
    changed_outcome = models.BooleanField(default=False)
    considered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    considered_at = models.DateTimeField(db_default=Now(), editable=False)

    recorded_columns = {1: ("text", "changed_outcome", "considered_by")}

    class Meta:
        constraints = [models.CheckConstraint(name="consideration_says_how", condition=~Q(text=""))]

    def __str__(self) -> str:
        return self.text
