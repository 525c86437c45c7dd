"""What courts and authorities make of a decision: by the document that says so, and read by a second person."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from riskreview.accounts import roles
from riskreview.accounts.models import User
from riskreview.audit.entries import now
from riskreview.audit.recording import recorded, recorded_factory
from riskreview.audit.refusals import NotNow, said
from riskreview.evidence.models import Document, Snapshot
from riskreview.lib.text import sentences
from riskreview.lib.vocabulary import known

from .. import guards
from ..inforce import OURS
from .decision import Decision
from .effect import Effect
from .inforce import refuse_unmade
from .ofcase import OfCase, OfCaseQuerySet

if TYPE_CHECKING:
    from .case import Case

SHORTEST, SHORTEST_SENTENCE = 20, 6  # characters of a passage that another reader finds again


class LegalEvent(models.TextChoices):
    """What happened to a decision or an effect in law."""

    STAYED = "STAYED", "Stayed"
    ENJOINED = "ENJOINED", "Enjoined"
    VACATED = "VACATED", "Vacated"
    REMANDED = "REMANDED", "Remanded"
    UPHELD = "UPHELD", "Upheld"
    POSTPONED = "POSTPONED", "Postponed"
    SUPERSEDED = "SUPERSEDED", "Superseded"
    RESCINDED = "RESCINDED", "Rescinded"
    EXPIRED = "EXPIRED", "Expired"


class Word(models.TextChoices):
    """Whose word an event rests on."""

    RECORDED = "RECORDED", "Recorded, not confirmed"
    CONFIRMED = "CONFIRMED", "Confirmed"
    STRUCK = "STRUCK", "Struck: it does not count"


class LegalStatusQuerySet(OfCaseQuerySet):
    """What happened to decisions in law."""

    @recorded_factory(who=roles.reviewer)
    def record(
        self,
        *,
        by: User,
        case: Case,
        decision: Decision,
        track: str,
        kind: LegalEvent,
        forum: str,
        as_of: datetime.date,
        document: Document,
        passage: str,
        until: datetime.date | None = None,
        effect: Effect | None = None,
        citation: str = "",
    ) -> LegalStatus:
        """Put on record what a court or an authority did to a decision, or to one of its effects, on one track.

        `passage` is where the document says so, word for word. What a court or an authority did counts at once, and is
        shown as unconfirmed until a second person has read it; our own acts (`OURS`) count from then on only.
        """
        refuse_unmade(case, decision, effect)
        if until and until < as_of:
            raise NotNow("It ends before it begins.")
        words = said(passage, "Quote the passage of the document that says so.")
        about = {"case": case, "decision": decision, "effect": effect, "as_of": as_of, "until": until}
        paper = {"document": document, "snapshot": capture_saying(document, words), "passage": words}
        return self.model(  # type: ignore[no-any-return]
            kind=LegalEvent(kind),
            track=said(track, "Name the statute or the docket on which it happened."),
            forum=said(forum, "Say who did it: the court or the authority."),
            citation=citation.strip(),
            recorded_by=by,
            **about,
            **paper,
        )

    def counting(self) -> Self:
        """What counts in a standing: what was confirmed, and what others than us did on one person's word."""
        return self.filter(Q(word=Word.CONFIRMED) | Q(word=Word.RECORDED) & ~Q(kind__in=OURS))


class LegalStatus(OfCase):
    """One event on one track (a statute or a docket). Tracks may contradict each other: all are shown, none merged.

    `until` is the day from which it holds no more. `word` says whether it is that of one person or of two.
    """

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="legal_statuses")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="legal_statuses")
    effect = models.ForeignKey(Effect, null=True, blank=True, on_delete=models.PROTECT, related_name="legal_statuses")
    track = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=LegalEvent)
    forum = models.CharField(max_length=120)
    as_of = models.DateField()
    until = models.DateField(null=True, blank=True)
    citation = models.CharField(max_length=300, blank=True)
    # Empty only in rows of before the document was asked for; such a row can be struck and recorded anew.
    document = models.ForeignKey(Document, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    snapshot = models.ForeignKey(Snapshot, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    passage = models.TextField(blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    word = models.CharField(max_length=9, choices=Word, default=Word.RECORDED, editable=False)
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    judged_at = models.DateTimeField(null=True, editable=False)
    why_struck = models.TextField(blank=True)

    objects: ClassVar[Any] = LegalStatusQuerySet.as_manager()
    _COLUMNS_1 = (
        *("case", "decision", "effect", "track", "kind", "forum", "as_of", "until", "citation", "document"),
        "recorded_by",
    )
    recorded_columns = {
        1: _COLUMNS_1,
        2: (*_COLUMNS_1, "snapshot", "passage", "word", "judged_by", "judged_at", "why_struck"),
    }

    class Meta:
        constraints = [
            known("legalstatus", "kind", LegalEvent),
            models.CheckConstraint(name="legalstatus_ends_later", condition=Q(until=None) | Q(until__gte=F("as_of"))),
            known("legalstatus", "word", Word),
            models.CheckConstraint(
                name="legalstatus_two_people",
                condition=~Q(word="CONFIRMED")
                | Q(judged_by__isnull=False, snapshot__isnull=False) & ~Q(judged_by=F("recorded_by")) & ~Q(passage=""),
            ),
            models.CheckConstraint(
                name="legalstatus_struck_with_reason",
                condition=~Q(word="STRUCK") | Q(judged_by__isnull=False) & ~Q(why_struck=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.forum}"

    @property
    def is_confirmed(self) -> bool:
        """Whether a second person stands behind it."""
        return self.word == Word.CONFIRMED

    @property
    def is_waiting(self) -> bool:
        """Whether it is an act of our own that counts only once a second person confirms it."""
        return self.word == Word.RECORDED and self.kind in OURS

    @recorded(who=guards.second_reader)
    def confirm(self, *, by: User) -> None:
        """Say that the document says so, as the second person who read it."""
        self._refuse_judged()
        if self.snapshot_id is None:
            raise NotNow("It was recorded without the document that says so. Strike it, and record it anew with one.")
        self._judge(by, Word.CONFIRMED)

    @recorded(who=guards.works_on_cases)
    def strike(self, *, by: User, reason: str) -> None:
        """Take out what the document does not say, or what was recorded by mistake; it stays on record, struck.

        What two people stand behind is not struck: what a court does next is an event of its own.
        """
        self._refuse_judged()
        self.why_struck = said(reason, "Say what is wrong with it.")
        self._judge(by, Word.STRUCK)

    def _refuse_judged(self) -> None:
        if self.word != Word.RECORDED:
            raise NotNow(f"It is judged already: {self.get_word_display().lower()}.")

    def _judge(self, by: User, word: Word) -> None:
        self.word, self.judged_by, self.judged_at = word, by, now().at


def capture_saying(document: Document, words: str) -> Snapshot:
    """The newest capture of a document with this passage, line breaks apart.

    Raises `NotNow` when none has it, or when it is a scrap that a second person could find anywhere.
    """
    sought = " ".join(words.split())
    for capture in document.snapshots.exclude(text=None).order_by("-fetched_at", "-pk"):
        text = capture.text or ""
        if sought in " ".join(text.split()):
            if not is_telling(sought, text):
                raise NotNow(f"Quote more of it: {SHORTEST} characters at least, or a whole sentence of the document.")
            return capture
    raise NotNow("The archived text of this document has no such passage. Copy it word for word.")


def is_telling(words: str, text: str) -> bool:
    """Whether a passage is long enough to be found again, or else a whole sentence of the text."""
    if len(words) >= SHORTEST:
        return True
    if len(words) < SHORTEST_SENTENCE or words[-1] not in ".!?。！？":
        return False
    return any(" ".join(text[start:end].split()) == words for start, end in sentences(text))
