"""Exhibits: passages put before the reviewers."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from riskreview.audit.state import Stateful
from riskreview.evidence.models import Document, Snapshot
from riskreview.lib.vocabulary import known


class Stance(models.TextChoices):
    """What the passage does to the question."""

    SUPPORTS = "SUPPORTS", "Supports"
    CONTRADICTS = "CONTRADICTS", "Contradicts"
    CONTEXT = "CONTEXT", "Context"


class Credibility(models.IntegerChoices):
    """NATO Admiralty scale, credibility of the information (AJP-2.1)."""

    CONFIRMED = 1, "Confirmed by other sources"
    PROBABLY_TRUE = 2, "Probably true"
    POSSIBLY_TRUE = 3, "Possibly true"
    DOUBTFUL = 4, "Doubtful"
    IMPROBABLE = 5, "Improbable"
    UNKNOWN = 6, "Truth cannot be judged"


class SourceClass(models.TextChoices):
    """How a source stands in law (15 CFR 791.100(a))."""

    PUBLIC = "PUBLIC", "Public"
    CONFIDENTIAL_BUSINESS = "CONFIDENTIAL_BUSINESS", "Confidential business information"
    CLASSIFIED_OR_CUI = "CLASSIFIED_OR_CUI", "Classified or controlled"
    OTHER_GOVERNMENT = "OTHER_GOVERNMENT", "State, local, tribal or foreign government"
    PARTY_RECORDS = "PARTY_RECORDS", "Records of a party"
    DEMANDED = "DEMANDED", "Demanded from a party"
    SECURITY_BODY = "SECURITY_BODY", "National security body"
    OTHER_AGENCY = "OTHER_AGENCY", "Another agency"


COLUMNS_1 = ("number", "document", "snapshot", "start", "end", "passage", "stance", "credibility", "note", "added_by")
COLUMNS_3 = (*COLUMNS_1, "source_class", "edited_by", "edited_at", "withdrawn_by", "withdrawn_at", "withdrawal")


class Exhibit(Stateful):
    """A passage, word for word, of one snapshot of a document."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="exhibits")
    number = models.PositiveSmallIntegerField()
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="exhibits")
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="exhibits")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    passage = models.TextField()
    stance = models.CharField(max_length=11, choices=Stance, default=Stance.CONTEXT)
    credibility = models.PositiveSmallIntegerField(choices=Credibility, default=Credibility.UNKNOWN)
    note = models.TextField(blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(db_default=Now())

    source_class = models.CharField(max_length=24, choices=SourceClass, default=SourceClass.PUBLIC)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    edited_at = models.DateTimeField(null=True, editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawal = models.TextField(blank=True)

    recorded_columns = {1: COLUMNS_1, 2: COLUMNS_1, 3: COLUMNS_3}

    class Meta:
        constraints = [
            known("exhibit", "stance", Stance),
            models.UniqueConstraint(fields=["case", "number"], name="exhibit_number_once"),
            known("exhibit", "source_class", SourceClass),
            models.UniqueConstraint(
                fields=["case", "snapshot", "start", "end"], name="exhibit_once", condition=Q(withdrawn_at=None)
            ),
            models.CheckConstraint(
                name="exhibit_withdrawn_whole",
                condition=Q(withdrawn_by=None, withdrawn_at=None)
                | Q(withdrawn_by__isnull=False, withdrawn_at__isnull=False),
            ),
            models.CheckConstraint(name="exhibit_span", condition=Q(end__gt=F("start"))),
            models.CheckConstraint(name="exhibit_credibility", condition=Q(credibility__range=(1, 6))),
        ]

    def __str__(self) -> str:
        return self.ref

    @property
    def ref(self) -> str:
        """The exhibit's number inside its case: E1, E2, …"""
        return f"E{self.number}"

    @property
    def stands(self) -> bool:
        """Whether it was not withdrawn."""
        return self.withdrawn_at is None

    @property
    def text_key(self) -> str:
        """What counts once as a source: the origin that copies of its text share, or its document while it has none."""
        origin = self.document.origin_id
        return f"o{origin}" if origin else f"d{self.document_id}"

    @property
    def grade(self) -> str:
        """Reliability of the source and credibility of the item, such as B2."""
        source = self.document.source
        return f"{source.reliability if source else 'F'}{self.credibility}"
