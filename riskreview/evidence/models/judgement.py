"""What people said of what machines read: right, wrong or disputed, kept for good and attached to the text."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from riskreview.accounts import roles
from riskreview.accounts.models import User
from riskreview.accounts.seeing import SeenByReaders
from riskreview.audit.models import Recorded
from riskreview.audit.recording import recorded, recorded_factory
from riskreview.audit.refusals import NotNow
from riskreview.lib.work import note

from .document import Document
from .understood import Signal

GONE = "The newest text of this document does not have this any more. Look at the document as it is now."
TWICE = "Somebody has judged this already. Take that back first."


@dataclass(frozen=True, slots=True)
class Target:
    """What is judged: its place, its words, and what it was read as."""

    start: int
    end: int
    words: str
    key: str


class JudgementQuerySet(SeenByReaders, models.QuerySet["Judgement"]):
    """What people said."""

    def in_force(self) -> Self:
        """Those that nobody took back."""
        return self.filter(withdrawn_at=None)

    def orphaned(self) -> Self:
        """Those in force whose target the newest text does not have."""
        return self.in_force().filter(state=Judgement.State.ORPHANED)

    @recorded_factory(who=roles.reviewer)
    def judge(
        self,
        *,
        by: User,
        document: Document,
        target_kind: Judgement.Kind,
        fingerprint: str,
        verdict: Judgement.Verdict,
        value: str = "",
        reason: str = "",
    ) -> Judgement:
        """Say whether a mention, a claim or a signal was read rightly. The document is read again with that in mind.

        `value` is the status that a signal read rightly has in truth. A claim that is disputed was read rightly; what
        it says is contested.
        """
        if verdict == Judgement.Verdict.DISPUTED and target_kind != Judgement.Kind.CLAIM:
            raise NotNow("Only a claim can be disputed. Say whether this was read rightly.")
        if value and (target_kind != Judgement.Kind.SIGNAL or verdict != Judgement.Verdict.RIGHT):
            raise NotNow("Only a signal that was read rightly has a status.")
        target = target_of(document, target_kind, fingerprint)
        if self.in_force().filter(document=document, target_kind=target_kind, fingerprint=fingerprint).exists():
            raise NotNow(TWICE)
        given = {"verdict": verdict, "value": value, "reason": reason.strip()[:2_000], "judged_by": by}
        read_again(document)
        return self.model(
            document=document,
            target_kind=target_kind,
            fingerprint=fingerprint,
            start=target.start,
            end=target.end,
            words=target.words,
            key=target.key,
            **given,
        )

    def attach(self, document: Document, found: Collection[int]) -> None:
        """Note which judgements of a document, by id, have their target in the text that was read, and which do not.

        One that was taken back is not looked for any more, and keeps the state it had.
        """
        rows = self.in_force().filter(document=document)
        rows.filter(pk__in=found).exclude(state=Judgement.State.ATTACHED).update(state=Judgement.State.ATTACHED)
        rows.exclude(pk__in=found).exclude(state=Judgement.State.ORPHANED).update(state=Judgement.State.ORPHANED)


def target_of(document: Document, kind: str, fingerprint: str) -> Target:
    """What a fingerprint stands for in the newest text. Raises `NotNow` when there is no such thing in it."""
    newest = document.newest
    rows: Any = getattr(newest, PLACES[Judgement.Kind(kind)]).all() if newest else ()
    if newest and kind != Judgement.Kind.MENTION:
        rows = rows.filter(fingerprint=fingerprint)
    for row in rows:
        row.snapshot = newest
        if row.fingerprint == fingerprint:
            start, end = row.judged_span
            return Target(start, end, newest.passage(start, end), row.key)
    raise NotNow(GONE)


def read_again(document: Document) -> None:
    """Have a document read again. One that was given up is, when somebody has it tried again."""
    again: dict[str, Any] = {} if document.dead_at else {"not_before": Now(), "attempts": 0}
    note(document, digested_at=None, **again)


class Judgement(Recorded):
    """A person's verdict on one mention, claim or signal of a document, in force until somebody takes it back.

    It hangs on a fingerprint (`riskreview.evidence.fingerprints`), not on a row: it is attached again whenever the
    text is read. `state` is the machine's: ORPHANED when the newest text does not have the target any more. `words`
    are what was judged, verbatim, at [start, end).
    """

    class Kind(models.TextChoices):
        """What is judged."""

        MENTION = "MENTION", "Mention"
        CLAIM = "CLAIM", "Claim"
        SIGNAL = "SIGNAL", "Signal"

    class Verdict(models.TextChoices):
        """What somebody said."""

        RIGHT = "RIGHT", "Right"
        WRONG = "WRONG", "Wrong"
        DISPUTED = "DISPUTED", "Disputed"

    class State(models.TextChoices):
        """Whether the newest text has what was judged."""

        ATTACHED = "ATTACHED", "Attached"
        ORPHANED = "ORPHANED", "Orphaned"

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="judgements")
    target_kind = models.CharField(max_length=7, choices=Kind)
    fingerprint = models.CharField(max_length=64, db_index=True)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    words = models.TextField(help_text="verbatim")
    key = models.CharField(max_length=300)
    verdict = models.CharField(max_length=8, choices=Verdict)
    value = models.CharField(max_length=8, choices=Signal.Status, blank=True)
    reason = models.CharField(max_length=2_000, blank=True)
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    judged_at = models.DateTimeField(db_default=Now())
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=8, choices=State, default=State.ATTACHED, editable=False)

    objects: ClassVar[Any] = JudgementQuerySet.as_manager()
    recorded_columns = {
        1: (
            *("document", "target_kind", "fingerprint", "start", "end", "words", "key", "verdict", "value", "reason"),
            *("judged_by", "withdrawn_by", "withdrawn_at"),
        )
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["document", "target_kind", "fingerprint"],
                condition=Q(withdrawn_at=None),
                name="judgement_once",
            ),
            models.CheckConstraint(name="judgement_span", condition=Q(end__gt=F("start"))),
            models.CheckConstraint(
                name="judgement_disputes_claims", condition=~Q(verdict="DISPUTED") | Q(target_kind="CLAIM")
            ),
            models.CheckConstraint(
                name="judgement_status_of_a_signal", condition=Q(value="") | Q(target_kind="SIGNAL", verdict="RIGHT")
            ),
        ]
        indexes = [models.Index(fields=["-judged_at", "-id"], name="judgement_newest")]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()}: {self.words[:200]}"

    def get_absolute_url(self) -> str:
        """What people said of the document."""
        return f"{self.document.get_absolute_url()}?tab=judgements"

    @recorded(who=roles.reviewer)
    def withdraw(self, *, by: User, now: datetime.datetime) -> None:
        """Take a judgement back: the document is read again as if it had never been."""
        if self.withdrawn_at is not None:
            raise NotNow("This judgement was taken back already.")
        self.withdrawn_by, self.withdrawn_at = by, now
        read_again(self.document)


PLACES = {
    Judgement.Kind.MENTION: "mentions",
    Judgement.Kind.CLAIM: "claims",
    Judgement.Kind.SIGNAL: "signals",
}
