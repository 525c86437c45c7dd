"""What people said of origins: this document stands by itself, or these two rest on one text."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models import F, Q
from django.db.models.functions import Now

from riskreview.accounts import roles
from riskreview.accounts.models import User
from riskreview.accounts.seeing import SeenByReaders
from riskreview.audit.models import Recorded
from riskreview.audit.recording import recorded, recorded_factory
from riskreview.audit.refusals import NotNow
from riskreview.lib.work import Terms, Work, WorkQuerySet, work_indexes

from .document import Document
from .origin import Wording


class OriginJudgementQuerySet(SeenByReaders, WorkQuerySet["OriginJudgement"]):
    """What people said of origins."""

    @recorded_factory(who=roles.reviewer)
    def split(self, *, by: User, document: Document, reason: str) -> OriginJudgement:
        """Say that a document is no copy: it shares no origin with those it shares one with today."""
        one_at_a_time()
        document = as_it_is(document)
        kin = document.origin.documents.exclude(pk=document.pk) if document.origin else Document.objects.none()
        apart = sorted(kin.values_list("pk", flat=True))
        if not apart:
            raise NotNow("This document shares its origin with no other.")
        if self.in_force().about(document).filter(kind=OriginJudgement.Kind.JOIN).exists():
            raise NotNow("Somebody joined this document with another. Take that back first.")
        return self._made(by, OriginJudgement.Kind.SPLIT, document, reason, apart=apart)

    @recorded_factory(who=roles.reviewer)
    def join(self, *, by: User, document: Document, other: Document, reason: str) -> OriginJudgement:
        """Say that two documents rest on one text, and so do their copies."""
        one_at_a_time()
        document, other = beginning(as_it_is(document)), beginning(as_it_is(other))
        if document.pk == other.pk:
            raise NotNow("These two have one origin already.")
        if self.in_force().apart(document, other).exists():
            raise NotNow("Somebody took these two apart. Take that back first.")
        first, second = sorted((document, other), key=lambda each: each.pk)
        return self._made(by, OriginJudgement.Kind.JOIN, first, reason, other=second)

    def _made(self, by: User, kind: str, document: Document, reason: str, **given: Any) -> OriginJudgement:
        if not reason.strip():
            raise NotNow("Say why: whoever counts sources after you will ask.")
        if self.in_force().filter(kind=kind, document=document, other=given.get("other")).exists():
            raise NotNow("Somebody said so already.")
        return OriginJudgement(kind=kind, document=document, reason=reason.strip(), judged_by=by, **given)

    def in_force(self) -> Self:
        """Those that nobody took back."""
        return self.filter(undone_at=None)

    def unsettled(self) -> Self:
        """Those made or taken back since the origins were last put in order."""
        return self.filter(settled_at=None)

    def note_begun(self, row: OriginJudgement) -> None:
        """Note that the documents it speaks of were asked to be placed anew; a machine's column."""
        self.filter(pk=row.pk).update(begun_at=Now())

    def note_settled(self, row: OriginJudgement) -> None:
        """Note that the origins are in order with it; a machine's column."""
        self.filter(pk=row.pk).update(settled_at=Now(), last_error="")

    def about(self, document: Document) -> Self:
        """Those that name a document as one of the two, or as the one that stands by itself. Those that join the origin
        of a document name the first document of it."""
        return self.filter(Q(document=document) | Q(other=document))

    def about_origin(self, document: Document) -> Self:
        """Those about a document, and those that joined the origin it has today with another."""
        joined = Q(kind=OriginJudgement.Kind.JOIN) & (
            Q(document__origin=document.origin_id) | Q(other__origin=document.origin_id)
        )
        own = Q(document=document) | Q(other=document)
        return self.filter(own | joined) if document.origin_id else self.filter(own)

    def apart(self, one: Document, other: Document) -> Self:
        """Those that say that two documents share no origin."""
        splits = self.filter(kind=OriginJudgement.Kind.SPLIT)
        return splits.filter(Q(document=one, apart__contains=[other.pk]) | Q(document=other, apart__contains=[one.pk]))


def one_at_a_time() -> None:
    """Wait until nobody else says something of origins: what two say at once may contradict.

    No document is locked: whoever places documents changes many, one after the other, and would wait for this one.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('origin judgements', 0))")


def as_it_is(document: Document) -> Document:
    """A document with the origin it has now: origins change by machines while people look at them."""
    return Document.objects.select_related("origin__root").get(pk=document.pk)


def beginning(document: Document) -> Document:
    """The first document of a document's origin."""
    root: Document = document.origin.root if document.origin else document
    return root


class OriginJudgement(Recorded, Work):
    """A person's word on whose text a document is, in force until somebody takes it back.

    SPLIT: `document` is no copy of those in `apart` (ids), which shared its origin when this was said. JOIN: `document`
    and `other`, each then the first of its origin, rest on one text. `begun_at` says since when the documents it speaks
    of are placed anew, `settled_at` since when the origins are in order with it; both are machines' columns.
    """

    class Kind(models.TextChoices):
        """What was said."""

        SPLIT = "SPLIT", "Stands by itself"
        JOIN = "JOIN", "Rests on the same text"

    # One at a time: whoever carries one out places documents, and only one document is placed at a time.
    terms = Terms(window=1, offer=settings.OFFER_SECONDS, run=settings.RUN_SECONDS, rest=settings.BACKOFF_SECONDS)
    work_left = Q(settled_at=None)

    kind = models.CharField(max_length=5, choices=Kind)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="origin_judgements")
    other = models.ForeignKey(Document, null=True, on_delete=models.PROTECT, related_name="+")
    apart = ArrayField(models.BigIntegerField(), default=list)
    reason = models.CharField(max_length=2_000)
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    judged_at = models.DateTimeField(db_default=Now())
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)
    begun_at = models.DateTimeField(null=True, editable=False)
    settled_at = models.DateTimeField(null=True, editable=False)

    objects: ClassVar[Any] = OriginJudgementQuerySet.as_manager()
    recorded_columns = {1: ("kind", "document", "other", "apart", "reason", "judged_by", "undone_by", "undone_at")}

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["document"], condition=Q(undone_at=None, kind="SPLIT"), name="origin_split_once"
            ),
            models.UniqueConstraint(
                fields=["document", "other"], condition=Q(undone_at=None, kind="JOIN"), name="origin_join_once"
            ),
            models.CheckConstraint(
                name="origin_judgement_of_whom",
                condition=Q(kind="SPLIT", other=None)
                | Q(kind="JOIN", other__isnull=False, document__lt=F("other"), apart=[]),
            ),
        ]
        indexes = [
            models.Index(fields=["-judged_at", "-id"], name="origin_judgement_newest"),
            *work_indexes("origin_judgement", Q(settled_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.document}"

    @recorded(who=roles.reviewer)
    def undo(self, *, by: User, now: datetime.datetime) -> None:
        """Take it back: the rules decide again."""
        if self.undone_at is not None:
            raise NotNow("This was taken back already.")
        self.undone_by, self.undone_at = by, now
        self.begun_at = self.settled_at = self.dead_at = None
        self.lease = self.lease_until = None  # whoever carries it out at this moment carries out what holds no more
        self.not_before, self.attempts, self.last_error = Now(), 0, ""

    @property
    def named(self) -> set[int]:
        """The documents it speaks of, by id."""
        return {self.document_id, *self.apart, *([self.other_id] if self.other_id else [])}

    @property
    def is_waiting(self) -> bool:
        """Whether a document it speaks of still waits to be placed anew."""
        return Wording.objects.filter(pk__in=self.named).exclude(asked_at=None).exists()
