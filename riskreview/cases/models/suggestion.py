"""Suggestions: documents the machine thinks a case should see, with the reasons. People decide."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.urls import reverse

from riskreview.accounts import roles
from riskreview.accounts.models import User
from riskreview.audit.models import Recorded
from riskreview.audit.recording import recorded
from riskreview.audit.refusals import NotNow, said
from riskreview.evidence.models import Change, Document, Snapshot

from ..workflow import WORKABLE, Status
from .case import Case
from .exhibit import Credibility, Exhibit, Stance

SNOOZED_MOST = 366  # days: what is put off for longer is forgotten
TOO_LONG = f"Put it off by at most {SNOOZED_MOST} days, or dismiss it with a reason."
COLUMNS_1 = ("case", "document", "snapshot", "state", "judged_by", "dismissal", "exhibit")


class SuggestionQuerySet(models.QuerySet["Suggestion"]):
    """What waits for triage."""

    def propose(self, *, case: Case, snapshot: Snapshot, **scored: Any) -> None:
        """Store what the machine thinks, unless a person has judged this pair already.

        A dismissed pair is proposed again only for a reason that came after the verdict, and then it says which.
        """
        known = self.select_for_update().filter(case=case, document=snapshot.document).first()
        if known is None:
            self.create(case=case, document=snapshot.document, snapshot=snapshot, **scored)
        elif known.entry_seq == 0 and known.differs(snapshot=snapshot, **scored):
            self.filter(pk=known.pk).update(snapshot=snapshot, **scored)
        elif why := renewal(known, snapshot, scored):
            again = {"renewed_snapshot": snapshot, "renewal": why, "renewed_at": Now()}
            self.filter(pk=known.pk).update(**again, **scored)

    def take_back(self, document: Document, *, cases: Collection[int]) -> None:
        """Drop suggestions of a document for cases it no longer fits; one that a person ever judged stays."""
        self.filter(document=document, entry_seq=0, case__in=cases).delete()

    def waiting(self) -> Self:
        """Suggestions that ask for a person now."""
        return self.filter(asking(), band=Suggestion.Band.SUGGESTED)

    def to_triage(self) -> Self:
        """Those on the first page of triage, each text once: a case takes them now."""
        return self.waiting().filter(fitting()).folded()

    def folded(self) -> Self:
        """Of copies of one text for one case only the best, and none where a person has judged one of them already."""
        return self.filter(once())

    def visible_to(self, user: User) -> Self:
        """Suggestions for cases this person may see."""
        return self.filter(case__in=Case.objects.visible_to(user))

    def best_first(self) -> Self:
        """The order of triage."""
        return self.order_by("-score", "-document__published_at", "pk")


def today() -> datetime.date:
    """The day, in UTC."""
    return datetime.datetime.now(datetime.UTC).date()


def asking() -> Q:
    """Those that nobody has judged, or that came back for a new reason; snoozed ones only from their day on."""
    awake = Q(snoozed_until=None) | Q(snoozed_until__lte=today())
    return (Q(state=Suggestion.State.OPEN) & awake) | Q(renewed_at__isnull=False)


def snoozed() -> Q:
    """Those that wait for their day."""
    return Q(state=Suggestion.State.OPEN, snoozed_until__gt=today())


def fitting() -> Q:
    """Those whose case takes exhibits now; a decided one does after it was opened again."""
    return Q(case__status__in=WORKABLE)


def last_day() -> datetime.date:
    """The last day until which something can be put off."""
    return today() + datetime.timedelta(days=SNOOZED_MOST)


def once() -> Q:
    """Of copies of one text for one case the best, unless a person has judged one of them already."""
    copies = Suggestion.objects.filter(case=OuterRef("case"), document__origin=OuterRef("document__origin"))
    better = Q(score__gt=OuterRef("score")) | Q(score=OuterRef("score"), pk__lt=OuterRef("pk"))
    judged = ~Q(state=Suggestion.State.OPEN)
    return Q(renewed_at__isnull=False) | ~Q(Exists(copies.exclude(pk=OuterRef("pk")).filter(better | judged)))


def renewal(known: Suggestion, snapshot: Snapshot, scored: Mapping[str, Any]) -> str:
    """Why a dismissed suggestion is put before people again, "" if there is no reason.

    The text must have changed since the one that was judged: materially, or so that it speaks of another kind of risk.
    """
    judged = known.renewed_snapshot or known.snapshot
    if known.state != Suggestion.State.DISMISSED or snapshot.pk == judged.pk:
        return ""
    since = Change.objects.filter(document=known.document_id, material=True, after__fetched_at__gt=judged.fetched_at)
    if change := since.newest_first().first():
        return f"The document has changed since it was dismissed: {change.summary}"[:500]
    fresh = set(categories(scored["parts"])) - set(categories(known.parts))
    words = ", ".join(sorted(fresh)).replace("_", " ")
    return f"It speaks of another kind of risk since it was dismissed: {words}."[:500] if fresh else ""


def categories(parts: Mapping[str, Any]) -> Collection[str]:
    """The kinds of risk that a score was given for."""
    found: Collection[str] = parts.get("signal", {}).get("categories", ())
    return found


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
    snoozed_until = models.DateField(null=True)
    # Written by machines, when something new bears on a dismissal.
    renewed_snapshot = models.ForeignKey(Snapshot, null=True, on_delete=models.PROTECT, related_name="+")
    renewed_at = models.DateTimeField(null=True)
    renewal = models.CharField(max_length=500, blank=True)

    objects: ClassVar[Any] = SuggestionQuerySet.as_manager()
    recorded_columns = {1: COLUMNS_1, 2: (*COLUMNS_1, "snoozed_until")}

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
            models.CheckConstraint(
                name="suggestion_renewed_says_why",
                condition=Q(renewed_at=None, renewed_snapshot=None, renewal="")
                | Q(renewed_at__isnull=False, renewed_snapshot__isnull=False, state="DISMISSED") & ~Q(renewal=""),
            ),
        ]
        indexes = [models.Index(fields=["-score"], name="suggestion_waiting", condition=Q(state="OPEN"))]

    def __str__(self) -> str:
        return f"{self.document} for {self.case.ref}"

    def get_absolute_url(self) -> str:
        """The suggestion among the signals to triage."""
        return f"{reverse('signals')}?selected={self.pk}"

    def differs(self, **columns: Any) -> bool:
        """Whether these columns say anything else than the row does."""
        return any(getattr(self, name) != value for name, value in columns.items())

    @property
    def is_judged(self) -> bool:
        """Whether a person said what becomes of it."""
        return self.state != Suggestion.State.OPEN

    @property
    def asks(self) -> bool:
        """Whether it asks for a verdict: nobody gave one, or something new bears on the dismissal."""
        return self.state == Suggestion.State.OPEN or self.renewed_at is not None

    @property
    def is_snoozed(self) -> bool:
        """Whether it waits for its day."""
        return self.state == Suggestion.State.OPEN and bool(self.snoozed_until and self.snoozed_until > today())

    @property
    def shown_snapshot(self) -> Snapshot:
        """The capture that its passage stands in."""
        return self.renewed_snapshot or self.snapshot

    @property
    def fits_in(self) -> bool:
        """Whether its case takes exhibits now."""
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
        self._still_asks()
        self.exhibit = self._exhibit(self.case, by, stance, credibility)
        self._judged(by, Suggestion.State.ACCEPTED)
        return self.exhibit

    @recorded(who=roles.reviewer, also=("other", "document"))
    def refer(
        self,
        *,
        by: User,
        other: Case,
        stance: Stance = Stance.CONTEXT,
        credibility: int = Credibility.UNKNOWN,
    ) -> Exhibit:
        """Take the passage into another case as an exhibit; for the case it was suggested for, it is dismissed."""
        self._still_asks()
        if other.pk == self.case_id:
            raise NotNow("It was suggested for this case. Accept it, or choose another case.")
        exhibit = self._exhibit(other, by, stance, credibility)
        self._judged(by, Suggestion.State.DISMISSED, f"Belongs to {other.ref}.")
        return exhibit

    @recorded(who=roles.reviewer)
    def dismiss(self, *, by: User, reason: str) -> None:
        """Say that the document does not belong to the case, and why. It is not suggested again as it is."""
        self._still_asks()
        self._judged(by, Suggestion.State.DISMISSED, said(reason, "Say why this does not belong to the case."))

    @recorded(who=roles.reviewer)
    def restore(self, *, by: User) -> None:
        """Undo a dismissal."""
        if self.state != Suggestion.State.DISMISSED:
            raise NotNow("Only a dismissed suggestion can be restored.")
        self._judged(None, Suggestion.State.OPEN)

    @recorded(who=roles.reviewer)
    def snooze(self, *, by: User, until: datetime.date) -> None:
        """Put it off until a day; then it waits for triage again."""
        if self.state != Suggestion.State.OPEN:
            raise NotNow("Only what nobody has judged can be put off.")
        if until <= today():
            raise NotNow("Put it off until a day to come.")
        if until > last_day():
            raise NotNow(TOO_LONG)
        self.snoozed_until = until

    @recorded(who=roles.reviewer)
    def wake(self, *, by: User) -> None:
        """Undo a snooze: it waits for triage now."""
        if self.snoozed_until is None:
            raise NotNow("It was not put off.")
        self.snoozed_until = None

    def _exhibit(self, case: Case, by: User, stance: Stance, credibility: int) -> Exhibit:
        if case.status == Status.AWAITING_APPROVAL:
            raise NotNow(f"{case.ref} waits for its second signature. Send it back, or add the exhibit on its page.")
        return case.add_exhibit(
            by=by,
            snapshot=self.shown_snapshot,
            start=self.start,
            end=self.end,
            stance=stance,
            credibility=credibility,
        )

    def _judged(self, by: User | None, state: State, dismissal: str = "") -> None:
        """A verdict is about the newest capture that was put before people; what was new is settled by it."""
        self.snapshot = self.shown_snapshot
        self.renewed_snapshot, self.renewed_at, self.renewal, self.snoozed_until = None, None, "", None
        self.state, self.judged_by, self.dismissal = state, by, dismissal

    def _still_asks(self) -> None:
        if not self.asks:
            raise NotNow(f"This suggestion was {self.get_state_display().lower()} already.")
