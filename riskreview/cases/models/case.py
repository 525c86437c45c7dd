"""The case: a question, and the verbs that carry it to a decision. Who may do what, from where, is one line each."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Cast, Now
from django.urls import reverse

from riskreview.accounts import roles
from riskreview.accounts.models import User
from riskreview.accounts.roles import Role
from riskreview.audit.models import Entry, Recorded
from riskreview.audit.recording import recorded_factory
from riskreview.audit.refusals import NotAllowed, NotNow
from riskreview.evidence.models import Snapshot
from riskreview.lib.numbering import next_reference
from riskreview.vendors.models import Product, Vendor

from .. import guards
from ..workflow import OPEN, WORKABLE, Status, transition
from .decision import Decision, Disposition
from .exhibit import Exhibit, Stance
from .finding import Confidence, Finding, Likelihood, RiskArea

if TYPE_CHECKING:
    from collections.abc import Collection


class Priority(models.IntegerChoices):
    """How urgent; 1 comes first."""

    URGENT = 1, "Urgent"
    HIGH = 2, "High"
    NORMAL = 3, "Normal"
    LOW = 4, "Low"


class CaseQuerySet(models.QuerySet["Case"]):
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
    ) -> Case:
        """Put a question to the reviewers. `on` is the day it was asked, if that was not today."""
        day = on or datetime.datetime.now(datetime.UTC).date()
        case = self.model(
            ref=next_reference(self.model.objects.all(), f"RR-{day:%Y}-", digits=4),
            title=title.strip(),
            question=question.strip(),
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
        return case

    def visible_to(self, user: User) -> Self:
        """Cases this person may see."""
        return self if user.can_read else self.none()

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
        return self.filter(due_at__lte=now + datetime.timedelta(days=days))

    def with_last_change(self) -> Self:
        """Annotate `changed_at`, the time of the newest entry about the case."""
        newest = Entry.objects.filter(
            subject_type="case", subject_id=Cast(OuterRef("pk"), models.CharField()), seq=OuterRef("entry_seq")
        )
        return self.annotate(changed_at=Subquery(newest.values("recorded_at")[:1]))

    def most_urgent_first(self) -> Self:
        """The order of the queue: due time, then priority, then age."""
        return self.order_by(models.F("due_at").asc(nulls_last=True), "priority", "opened_at", "pk")


class Case(Recorded):
    """A question about vendors, put to reviewers, worked to a decision that two people sign."""

    ref = models.CharField(max_length=16, unique=True, editable=False)
    title = models.CharField(max_length=200)
    question = models.TextField()
    requester = models.CharField(max_length=200)
    vendors = models.ManyToManyField(Vendor, related_name="cases", blank=True)
    products = models.ManyToManyField(Product, related_name="cases", blank=True)
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.NORMAL)
    status = models.CharField(max_length=20, choices=Status, default=Status.NEW)
    lead = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="cases_led"
    )
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="cases_assigned"
    )
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(db_default=Now(), editable=False)
    asked_on = models.DateField()
    due_at = models.DateTimeField(null=True, blank=True)
    held_reason = models.TextField(blank=True)
    held_until = models.DateField(null=True, blank=True)
    decision = models.OneToOneField(
        Decision, null=True, blank=True, on_delete=models.PROTECT, related_name="decides", editable=False
    )

    label_is_public = True
    objects: ClassVar[Any] = CaseQuerySet.as_manager()
    recorded_columns = {
        1: (
            "ref",
            "title",
            "question",
            "requester",
            "vendors",
            "products",
            "priority",
            "status",
            "lead",
            "assigned_to",
            "due_at",
            "held_reason",
            "held_until",
            "decision",
        )
    }
    recorded_parts = ("exhibits", "findings", "decisions")

    class Meta:
        constraints = [
            models.CheckConstraint(name="case_status_known", condition=Q(status__in=[*Status.values])),
            models.CheckConstraint(name="case_priority_known", condition=Q(priority__in=[*Priority.values])),
            models.CheckConstraint(name="case_ref_form", condition=Q(ref__regex=r"^RR-\d{4}-\d{4,}$")),
            models.CheckConstraint(
                name="case_decided_has_decision",
                condition=Q(status="DECIDED", decision__isnull=False) | ~Q(status="DECIDED"),
            ),
            models.CheckConstraint(
                name="case_in_review_has_assignee",
                condition=~Q(status__in=["IN_REVIEW", "AWAITING_APPROVAL"]) | Q(assigned_to__isnull=False),
            ),
            models.CheckConstraint(name="case_hold_has_reason", condition=~Q(status="ON_HOLD") | ~Q(held_reason="")),
        ]
        indexes = [models.Index(fields=["due_at", "priority"], name="case_queue", condition=Q(status__in=OPEN))]

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
    def is_open(self) -> bool:
        """Whether the question still needs a decision."""
        return self.status in OPEN

    @transition(who=guards.reviewer, sources=(Status.NEW, Status.IN_REVIEW), to=Status.IN_REVIEW)
    def assign(self, *, by: User, to: User) -> None:
        """Give the case to a reviewer, or take it. Only a lead gives it to someone else."""
        if to.pk != by.pk and not guards.lead(self, by):
            raise NotAllowed("Only a lead may give a case to someone else. You may take it yourself.")
        if not to.holds(Role.REVIEWER, Role.LEAD):
            raise NotNow(f"{to} is not a reviewer.")
        self.assigned_to = to
        if guards.lead(self, by):
            self.lead = by

    @transition(who=guards.assignee_or_lead, sources=WORKABLE)
    def reschedule(self, *, by: User, due_at: datetime.datetime | None, priority: Priority, reason: str) -> None:
        """Change the due time and the priority, and say why."""
        self.due_at, self.priority = due_at, Priority(priority)

    @transition(who=guards.reviewer, sources=WORKABLE)
    def add_exhibit(
        self,
        *,
        by: User,
        snapshot: Snapshot,
        start: int,
        end: int,
        stance: Stance = Stance.CONTEXT,
        credibility: int = 6,
        note: str = "",
    ) -> Exhibit:
        """Put a passage of an archived document before the reviewers, with its stance and credibility (1-6)."""
        if snapshot.text is None or not 0 <= start < end <= len(snapshot.text):
            raise NotNow("This passage is not in the archived text.")
        if self.exhibits.filter(snapshot=snapshot, start=start, end=end).exists():
            raise NotNow("This passage is an exhibit of this case already.")
        return self.exhibits.create(
            number=self._next_number("exhibits"),
            document=snapshot.document,
            snapshot=snapshot,
            start=start,
            end=end,
            passage=snapshot.text[start:end],
            stance=Stance(stance),
            credibility=credibility,
            note=note,
            added_by=by,
        )

    @transition(who=guards.assignee_or_lead, sources=(Status.IN_REVIEW,))
    def add_finding(
        self,
        *,
        by: User,
        risk_area: RiskArea,
        judgment: str,
        likelihood: Likelihood,
        confidence: Confidence,
        exhibits: Collection[Exhibit],
        basis: str = "",
    ) -> Finding:
        """Write down what the evidence means: a judgement, how likely, how sure, resting on exhibits of this case."""
        if not exhibits or any(exhibit.case_id != self.pk for exhibit in exhibits):
            raise NotNow("A finding rests on at least one exhibit of this case.")
        finding = self.findings.create(
            number=self._next_number("findings"),
            risk_area=RiskArea(risk_area),
            judgment=judgment.strip(),
            likelihood=Likelihood(likelihood),
            confidence=Confidence(confidence),
            basis=basis.strip(),
            author=by,
        )
        finding.exhibits.set(exhibits)
        return finding

    @transition(who=guards.assignee_or_lead, sources=(Status.IN_REVIEW,), to=Status.ON_HOLD)
    def hold(self, *, by: User, reason: str, until: datetime.date | None = None) -> None:
        """Pause the case while it waits for something."""
        if not reason.strip():
            raise NotNow("Say what the case waits for.")
        self.held_reason, self.held_until = reason.strip(), until

    @transition(who=guards.assignee_or_lead, sources=(Status.ON_HOLD,), to=Status.IN_REVIEW)
    def resume(self, *, by: User) -> None:
        """Go on with a paused case."""
        self.held_reason, self.held_until = "", None

    @transition(who=guards.assignee, sources=(Status.IN_REVIEW,), to=Status.AWAITING_APPROVAL, meaning="submitted")
    def submit(
        self, *, by: User, disposition: Disposition, rationale: str, dissent: str = "", referred_to: str = ""
    ) -> Decision:
        """Ask a second person to approve the recommendation."""
        if not self.findings.exists():
            raise NotNow("A case needs at least one finding before it can be submitted.")
        decision = self.decisions.create(
            number=self._next_number("decisions"),
            **Decision.content(disposition=disposition, rationale=rationale, dissent=dissent, referred_to=referred_to),
            submitted_by=by,
        )
        decision.add_authors([by, *(finding.author for finding in self.findings.select_related("author"))])
        decision.seal()
        return decision

    @transition(who=guards.assignee_or_lead, sources=(Status.AWAITING_APPROVAL,))
    def revise(
        self, *, by: User, disposition: Disposition, rationale: str, dissent: str = "", referred_to: str = ""
    ) -> Decision:
        """Change the recommendation that waits for approval. Whoever does so is an author of it and cannot approve."""
        decision = self.open_decision()
        content = Decision.content(
            disposition=disposition, rationale=rationale, dissent=dissent, referred_to=referred_to
        )
        decision.rewrite(by, content)
        return decision

    @transition(
        who=guards.second_pair_of_eyes, sources=(Status.AWAITING_APPROVAL,), to=Status.DECIDED, meaning="approved"
    )
    def approve(self, *, by: User, statement: str = "") -> Decision:
        """Make the recommendation the decision."""
        decision = self.open_decision()
        decision.sign(by, statement)
        self.decision = decision
        return decision

    @transition(
        who=guards.approver_or_submitter,
        sources=(Status.AWAITING_APPROVAL,),
        to=Status.IN_REVIEW,
        meaning="returned",
    )
    def send_back(self, *, by: User, reason: str) -> Decision:
        """Return the recommendation to the reviewer with reasons."""
        if not reason.strip():
            raise NotNow("Say what the reviewer should change.")
        decision = self.open_decision()
        decision.return_to_reviewer(by, reason)
        return decision

    @transition(who=guards.assignee_or_lead, sources=WORKABLE, to=Status.WITHDRAWN)
    def withdraw(self, *, by: User, reason: str) -> None:
        """End the case without a decision, because the question fell away."""
        if not reason.strip():
            raise NotNow("Say why the question fell away.")
        self.held_reason, self.held_until = "", None

    @transition(who=guards.lead, sources=(Status.DECIDED, Status.WITHDRAWN), to=Status.NEW)
    def reopen(self, *, by: User, reason: str) -> None:
        """Take the question up again. The earlier decision stays on record."""
        if not reason.strip():
            raise NotNow("Say why the case is opened again.")
        self.decision, self.assigned_to = None, None
        self.searches.create()

    def open_decision(self) -> Decision:
        """The recommendation that waits for approval. Raises `NotNow` without one."""
        decision: Decision | None = self.decisions.filter(approved_at=None, returned_at=None).first()
        if decision is None:
            raise NotNow("There is no recommendation to approve.")
        return decision

    def open_verbs(self, user: User) -> list[str]:
        """What this person may do to this case now: the buttons of the page and the `actions` of the API."""
        return [verb for verb in VERBS if self.may(verb, user)]

    def may(self, verb: str, user: User) -> bool:
        """Whether a verb is open to this person now."""
        method = getattr(type(self), verb)
        return self.status in method.sources and bool(method.guard(self, user))

    def _next_number(self, parts: str) -> int:
        last = getattr(self, parts).aggregate(last=models.Max("number"))["last"] or 0
        return int(last) + 1


VERBS: Sequence[str] = (
    "assign",
    "reschedule",
    "add_exhibit",
    "add_finding",
    "hold",
    "resume",
    "submit",
    "revise",
    "approve",
    "send_back",
    "withdraw",
    "reopen",
)
