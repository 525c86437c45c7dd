"""The case: a question, and the verbs that carry it to a decision. Who may do what, from where, is one line each."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Cast, Least, Now
from django.urls import reverse

from riskreview.accounts import roles
from riskreview.accounts.models import Team, User
from riskreview.accounts.seeing import SeenByReaders
from riskreview.audit.entries import now
from riskreview.audit.models import Entry
from riskreview.audit.recording import recorded_factory
from riskreview.audit.refusals import said
from riskreview.lib.numbering import next_reference
from riskreview.vendors.models import Product, Vendor

from .. import guards
from ..winding import wind
from ..workflow import OPEN, WORKABLE, Status, transition
from . import bound, evidenced, filed, guided
from .assignable import Assignable
from .bound import Bound
from .decidable import Decidable
from .evidenced import Evidenced
from .filed import Filed
from .guided import Guided
from .pausable import Pausable
from .playbook import Playbook
from .searching import Searching
from .watchcheck import WatchCheck


class Priority(models.IntegerChoices):
    """How urgent; 1 comes first."""

    URGENT = 1, "Urgent"
    HIGH = 2, "High"
    NORMAL = 3, "Normal"
    LOW = 4, "Low"


# The day somebody set, or the limit that binds, whichever comes first.
DUE_BY = Least("due_at", "binding_at")

COLUMNS_1 = (
    *("ref", "title", "question", "requester", "vendors", "products", "priority", "status", "lead", "assigned_to"),
    *("due_at", "held_reason", "held_until", "decision"),
)
COLUMNS_2 = (*COLUMNS_1, "opened_by", "opened_at", "asked_on")
COLUMNS_3 = (
    *(*COLUMNS_2, "playbook", "round", "team", "labels", "snoozed_until", "snoozed_at", "snoozed_by"),
    "particulars",
)


class CaseQuerySet(SeenByReaders, models.QuerySet["Case"]):
    """The review queue."""

    @recorded_factory(who=roles.reviewer)
    def open(
        self,
        *,
        by: User,
        title: str,
        question: str,
        requester: str,
        vendors: Iterable[Vendor] = (),
        products: Iterable[Product] = (),
        priority: Priority = Priority.NORMAL,
        due_at: datetime.datetime | None = None,
        on: datetime.date | None = None,
        playbook: str = "",
    ) -> Case:
        """Put a question to the reviewers. `on` is the day it was asked, if that was not today; `playbook` is the key
        of the process it follows, in its newest version, from its first stage on."""
        taken = guided.frozen(playbook) if playbook else None
        day = on or datetime.datetime.now(datetime.UTC).date()
        case = self.model(
            ref=next_reference(self.model.objects.all(), f"RR-{day:%Y}-", digits=4),
            title=said(title, "A case needs a title and a question."),
            question=said(question, "A case needs a title and a question."),
            requester=requester.strip(),
            priority=Priority(priority),
            due_at=due_at,
            opened_by=by,
            asked_on=day,
        )
        case.save()
        case.vendors.set(vendors)
        case.products.set(products)
        case.searches.create()
        if taken is not None:
            case.begin(by, taken)
        return case

    def unfinished(self) -> Self:
        """Cases that still need a decision."""
        return self.filter(status__in=OPEN)

    def watching(self) -> Self:
        """Cases that news may matter to: unfinished ones, and decided ones, whose file is never closed."""
        return self.filter(status__in=[*OPEN, Status.DECIDED])

    def assigned_to(self, user: User) -> Self:
        """Cases a person works on."""
        return self.filter(assigned_to=user)

    def due_within(self, *, days: int, now: datetime.datetime) -> Self:
        """Cases due in some days, overdue ones included."""
        return self.alias(due_by=DUE_BY).filter(due_by__lte=now + datetime.timedelta(days=days))

    def with_last_change(self) -> Self:
        """Annotate `changed_at`, the time of the newest entry about the case."""
        newest = Entry.objects.filter(
            subject_type="case", subject_id=Cast(OuterRef("pk"), models.CharField()), seq=OuterRef("entry_seq")
        )
        return self.annotate(changed_at=Subquery(newest.values("recorded_at")[:1]))

    def most_urgent_first(self) -> Self:
        """The order of the queue: due time, then priority, then age."""
        return self.order_by(DUE_BY.asc(nulls_last=True), "priority", "opened_at", "pk")


class Case(Assignable, Guided, Pausable, Filed, Evidenced, Searching, Bound, Decidable):
    """A question about vendors, put to reviewers, worked to a decision that two people sign."""

    ref = models.CharField(max_length=16, unique=True, editable=False)
    title = models.CharField(max_length=200)
    question = models.TextField()
    requester = models.CharField(max_length=200)
    vendors = models.ManyToManyField(Vendor, related_name="cases", blank=True)
    products = models.ManyToManyField(Product, related_name="cases", blank=True)
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.NORMAL)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(db_default=Now(), editable=False)
    asked_on = models.DateField()
    due_at = models.DateTimeField(null=True, blank=True)
    binding_at = models.DateTimeField(null=True, editable=False)
    playbook = models.ForeignKey(
        Playbook, null=True, blank=True, on_delete=models.PROTECT, related_name="cases", editable=False
    )
    round = models.PositiveSmallIntegerField(default=1, editable=False)
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="cases")
    labels = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    snoozed_until = models.DateField(null=True, blank=True)
    snoozed_at = models.DateTimeField(null=True, blank=True)
    snoozed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    label_is_public = True
    objects: ClassVar[Any] = CaseQuerySet.as_manager()
    # The fourth list is that of the time when effects got another one.
    recorded_columns = {1: COLUMNS_1, 2: COLUMNS_2, 3: COLUMNS_3, 4: COLUMNS_3}
    recorded_parts = (
        *("exhibits", "findings", "effects", "conditions", "decisions", "signatures"),
        *("stages", "seats", "outputs"),
    )

    class Meta:
        constraints = [
            models.CheckConstraint(name="case_status_known", condition=Q(status__in=[*Status.values])),
            models.CheckConstraint(name="case_priority_known", condition=Q(priority__in=[*Priority.values])),
            models.CheckConstraint(name="case_ref_form", condition=Q(ref__regex=r"^RR-\d{4}-\d{4,}$")),
            models.CheckConstraint(
                name="case_in_review_has_assignee",
                condition=~Q(status__in=["IN_REVIEW", "AWAITING_APPROVAL"]) | Q(assigned_to__isnull=False),
            ),
            models.CheckConstraint(name="case_hold_has_reason", condition=~Q(status="ON_HOLD") | ~Q(held_reason="")),
        ]
        indexes = [
            models.Index(fields=["due_at", "priority"], name="case_queue", condition=Q(status__in=OPEN)),
            GinIndex(SearchVector("title", "question", config="english"), name="case_words"),
            GinIndex(fields=["labels"], name="case_labels"),
            models.Index(fields=["team", "status"], name="case_inbox"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def label(self) -> str:
        """The reference, which may be public."""
        return self.ref

    def get_absolute_url(self) -> str:
        """The case's page."""
        return reverse("case", args=[self.ref])

    @property
    def due_by(self) -> datetime.datetime | None:
        """The day somebody set, or the limit that binds, whichever comes first."""
        return min(filter(None, (self.due_at, self.binding_at)), default=None)

    @transition(who=guards.assignee_or_lead, sources=WORKABLE, changing=True)
    def reschedule(self, *, by: User, due_at: datetime.datetime | None, priority: Priority, reason: str) -> None:
        """Change the due time and the priority, and say why."""
        said(reason, "Say why the date or the priority changes.")
        self.due_at, self.priority = due_at, Priority(priority)

    @transition(who=guards.assignee_or_lead, sources=WORKABLE, to=Status.WITHDRAWN)
    def withdraw(self, *, by: User, reason: str) -> None:
        """End the case without a decision, because the question fell away."""
        said(reason, "Say why the question fell away.")
        self._go_on(by)

    @transition(who=guards.lead, sources=(Status.DECIDED, Status.WITHDRAWN), to=Status.NEW)
    def reopen(self, *, by: User, reason: str) -> None:
        """Take the question up again. The earlier decision stays on record."""
        said(reason, "Say why the case is opened again.")
        self._take_up_again()

    def _take_up_again(self) -> None:
        """The question is open, and what was decided is watched no more: whoever works on it sees for themselves.

        A day that the earlier answer was due on says nothing about the next one: somebody sets a new day.
        """
        moment = now().at
        self.decision, self.assigned_to = None, None
        if self.due_at and self.due_at <= moment:
            self.due_at = None
        wind(self, moment)
        self.searches.create()
        WatchCheck.objects.end(condition__case=self)
        for exhibit in self.exhibits.filter(withdrawn_at=None).select_related("document"):
            exhibit.document.watch()

    def open_verbs(self, user: User) -> list[str]:
        """What this person may do to this case now: the buttons of the page and the `actions` of the API."""
        return [verb for verb in VERBS if self.may(verb, user)]


VERBS: Sequence[str] = (
    "assign",
    "reschedule",
    "add_exhibit",
    "add_finding",
    "search_again",
    "hold",
    "resume",
    "submit",
    "revise",
    "approve",
    "dissent",
    "send_back",
    "withdraw",
    "reopen",
    *evidenced.VERBS,
    *guided.VERBS,
    *bound.VERBS,
    *filed.VERBS,
)
