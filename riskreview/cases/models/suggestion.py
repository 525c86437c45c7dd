"""Suggestions: documents the machine thinks a case should see, with the reasons. People decide."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse

from riskreview.accounts import roles
from riskreview.accounts.models import User
from riskreview.audit.models import Recorded
from riskreview.audit.recording import recorded
from riskreview.audit.refusals import NotNow, said
from riskreview.evidence.models import Document, Snapshot
from riskreview.lib.work import Terms, Work, WorkQuerySet, work_indexes

from .case import Case
from .exhibit import Credibility, Exhibit, Stance


class SuggestionQuerySet(models.QuerySet["Suggestion"]):
    """What waits for triage."""

    def propose(self, *, case: Case, snapshot: Snapshot, **scored: Any) -> None:
        """Store what the machine thinks, unless a person has judged this pair already."""
        known = self.select_for_update().filter(case=case, document=snapshot.document).first()
        if known is None:
            self.create(case=case, document=snapshot.document, snapshot=snapshot, **scored)
        elif known.entry_seq == 0:
            self.filter(pk=known.pk).update(snapshot=snapshot, **scored)

    def take_back(self, document: Document, *, cases: Collection[int]) -> None:
        """Drop suggestions of a document for cases it no longer fits; one that a person ever judged stays."""
        self.filter(document=document, entry_seq=0, case__in=cases).delete()

    def waiting(self) -> Self:
        """Suggestions nobody has judged."""
        return self.filter(state=Suggestion.State.OPEN, band=Suggestion.Band.SUGGESTED)

    def visible_to(self, user: User) -> Self:
        """Suggestions for cases this person may see."""
        return self.filter(case__in=Case.objects.visible_to(user))

    def best_first(self) -> Self:
        """The order of triage."""
        return self.order_by("-score", "-document__published_at", "pk")


class Suggestion(Recorded):
    """One document suggested for one case, with a score whose parts add up and the passage behind it."""

    class Band(models.TextChoices):
        """How sure the machine is."""

        SUGGESTED = "SUGGESTED", "Suggested"
        WEAK = "WEAK", "Weak"

    class State(models.TextChoices):
        """What became of it."""

        OPEN = "OPEN", "Open"
        ACCEPTED = "ACCEPTED", "Accepted"
        DISMISSED = "DISMISSED", "Dismissed"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="suggestions")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="suggestions")
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="suggestions")
    score = models.PositiveSmallIntegerField()
    band = models.CharField(max_length=9, choices=Band)
    parts = models.JSONField(default=dict)
    reasons = ArrayField(models.CharField(max_length=400), default=list)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    excerpt = models.TextField()
    version = models.CharField(max_length=20)
    suggested_at = models.DateTimeField(db_default=Now())
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    dismissal = models.TextField(blank=True)
    exhibit = models.OneToOneField(Exhibit, null=True, on_delete=models.PROTECT, related_name="suggestion")

    objects: ClassVar[Any] = SuggestionQuerySet.as_manager()
    recorded_columns = {1: ("case", "document", "snapshot", "state", "judged_by", "dismissal", "exhibit")}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "document"], name="suggestion_once"),
            models.CheckConstraint(name="suggestion_score", condition=Q(score__range=(0, 100))),
            models.CheckConstraint(name="suggestion_span", condition=Q(end__gt=F("start"))),
            models.CheckConstraint(
                name="suggestion_accepted_has_exhibit",
                condition=Q(state="ACCEPTED", exhibit__isnull=False) | ~Q(state="ACCEPTED") & Q(exhibit=None),
            ),
            models.CheckConstraint(
                name="suggestion_dismissed_says_why", condition=~Q(state="DISMISSED") | ~Q(dismissal="")
            ),
        ]
        indexes = [models.Index(fields=["-score"], name="suggestion_waiting", condition=Q(state="OPEN"))]

    def __str__(self) -> str:
        return f"{self.document} for {self.case.ref}"

    def get_absolute_url(self) -> str:
        """The suggestion among the signals to triage."""
        return f"{reverse('signals')}?selected={self.pk}"

    @property
    def is_judged(self) -> bool:
        """Whether a person said what becomes of it."""
        return self.state != Suggestion.State.OPEN

    @property
    def fits_in(self) -> bool:
        """Whether its case takes exhibits now; a decided one does after it was opened again."""
        return self.case.takes_exhibits

    @recorded(who=roles.reviewer, also=("case", "document"))
    def accept(
        self,
        *,
        by: User,
        stance: Stance = Stance.CONTEXT,
        credibility: int = Credibility.UNKNOWN,
    ) -> Exhibit:
        """Take the passage into the case as an exhibit."""
        self._still_open()
        self.exhibit = self.case.add_exhibit(
            by=by,
            snapshot=self.snapshot,
            start=self.start,
            end=self.end,
            stance=stance,
            credibility=credibility,
        )
        self.state, self.judged_by = Suggestion.State.ACCEPTED, by
        return self.exhibit

    @recorded(who=roles.reviewer)
    def dismiss(self, *, by: User, reason: str) -> None:
        """Say that the document does not belong to the case, and why. It is not suggested again."""
        self._still_open()
        reason = said(reason, "Say why this does not belong to the case.")
        self.state, self.judged_by, self.dismissal = Suggestion.State.DISMISSED, by, reason

    @recorded(who=roles.reviewer)
    def restore(self, *, by: User) -> None:
        """Undo a dismissal."""
        if self.state != Suggestion.State.DISMISSED:
            raise NotNow("Only a dismissed suggestion can be restored.")
        self.state, self.judged_by, self.dismissal = Suggestion.State.OPEN, None, ""

    def _still_open(self) -> None:
        if self.state != Suggestion.State.OPEN:
            raise NotNow(f"This suggestion was {self.get_state_display().lower()} already.")


class Search(Work):
    """One search of the whole archive on behalf of a case, asked for when the case opens or opens again."""

    terms = Terms(window=8, offer=settings.OFFER_SECONDS, run=settings.RUN_SECONDS, rest=settings.BACKOFF_SECONDS)
    work_left = Q(searched_at=None)

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="searches")
    asked_at = models.DateTimeField(db_default=Now())
    searched_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = WorkQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "searches"
        indexes = work_indexes("search", Q(searched_at=None))

    def __str__(self) -> str:
        return f"search for {self.case_id}"
