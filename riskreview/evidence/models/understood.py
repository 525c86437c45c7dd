"""What was read out of a snapshot beyond its names: disposable, rebuilt at will, always with its reasons.

Spans are half-open, in Unicode code points of the snapshot's text; what is quoted equals the text at its span.
"""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from riskreview.vendors.models import Vendor

from ..fingerprints import claim_key
from .snapshot import Snapshot


class ReadingQuerySet(models.QuerySet["Reading"]):
    """Readings, old and new."""

    def outdated(self, pipeline_version: str) -> Self:
        """Those made by another version of the pipeline. An index finds them quickly, also where there are none."""
        return self.filter(Q(pipeline_version__lt=pipeline_version) | Q(pipeline_version__gt=pipeline_version))


class Reading(models.Model):
    """The current run over a snapshot: with which rules and names it was read, and a hash of all it found.

    A run that finds the same under the same versions writes nothing. `not_analysed` says in words why only strong names
    were read ("" when all was).
    """

    snapshot = models.OneToOneField(Snapshot, on_delete=models.CASCADE, related_name="reading")
    pipeline_version = models.CharField(max_length=40, db_index=True)
    gazetteer_version = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)
    counts = models.JSONField(default=dict)
    not_analysed = models.CharField(max_length=200, blank=True)
    milliseconds = models.PositiveIntegerField(default=0)
    read_at = models.DateTimeField(db_default=Now())

    objects: ClassVar[Any] = ReadingQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.pipeline_version} of snapshot {self.snapshot_id}"


class AgencyMention(models.Model):
    """A public body named at `text[start:end]`; `agency` is its key in the shipped list."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="agency_mentions")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    surface = models.CharField(max_length=200)
    agency = models.CharField(max_length=40, db_index=True)
    role = models.CharField(max_length=12, blank=True)
    reasons = ArrayField(models.CharField(max_length=200), default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "start", "end"], name="agency_mention_once"),
            models.CheckConstraint(name="agency_mention_span", condition=Q(end__gt=F("start"))),
        ]

    def __str__(self) -> str:
        return self.surface


class UnknownName(models.Model):
    """A name at `text[start:end]` that looks like a model, a listing or a company of the field, and is on no register.

    `key` is its one spelling, by which it is counted; `hint` the vendor it may belong to.
    """

    class Kind(models.TextChoices):
        """What it looks like."""

        MODEL = "MODEL", "Model"
        TICKER = "TICKER", "Ticker"
        NAME = "NAME", "Organisation"

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="unknown_names")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    surface = models.CharField(max_length=200)
    key = models.CharField(max_length=200, db_index=True)
    kind = models.CharField(max_length=6, choices=Kind)
    hint = models.ForeignKey(Vendor, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "start", "end"], name="unknown_name_once"),
            models.CheckConstraint(name="unknown_name_span", condition=Q(end__gt=F("start"))),
        ]

    def __str__(self) -> str:
        return self.surface


def span_or_none(table: str, pair: str) -> models.CheckConstraint:
    """Both ends of a span, in order, or neither."""
    start, end = f"{pair}_start", f"{pair}_end"
    neither = Q(**{f"{start}__isnull": True, f"{end}__isnull": True})
    both = Q(**{f"{start}__isnull": False, f"{end}__isnull": False, f"{end}__gt": F(start)})  # unknown is not false
    return models.CheckConstraint(name=f"{table}_{pair}_span", condition=both | neither)


class Claim(models.Model):
    """A statement somebody makes in the text, with the words that attribute it.

    [start, end) with its `words` is the first span of what is said, `more` a second one of a quote that goes on.
    `hedges` and `figures` are lists of objects with `start` and `end`. `fingerprint` stays the same for the same words
    of the same text, said by the same. `denies`: the source says that the words are not so. `state` is what people
    made of it: a REJECTED one counts nowhere.
    """

    class State(models.TextChoices):
        """Whether it counts."""

        ACCEPTED = "ACCEPTED", "Accepted"
        DISPUTED = "DISPUTED", "Disputed"
        REJECTED = "REJECTED", "Rejected"

    class Kind(models.TextChoices):
        """How it is attributed."""

        DIRECT = "DIRECT", "Direct quote"
        MIXED = "MIXED", "Partly quoted"
        INDIRECT = "INDIRECT", "Reported speech"
        ACCORDING_TO = "ACCORDING_TO", "According to"
        NOMINAL = "NOMINAL", "Named as a claim"
        UNATTRIBUTED = "UNATTRIBUTED", "Hearsay without a source"
        BARE = "BARE", "Quote without a source"
        STATED = "STATED", "In the document’s own voice"

    class SourceKind(models.TextChoices):
        """Who says it."""

        VENDOR = "VENDOR", "Vendor"
        AGENCY = "AGENCY", "Public body"
        PERSON = "PERSON", "Person"
        DOCUMENT = "DOCUMENT", "Document"
        ANONYMOUS = "ANONYMOUS", "Anonymous"
        NONE = "NONE", "Nobody named"

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="claims")
    kind = models.CharField(max_length=12, choices=Kind)
    sentence = models.PositiveIntegerField()
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    words = models.TextField(help_text="verbatim")
    more_start = models.PositiveIntegerField(null=True)
    more_end = models.PositiveIntegerField(null=True)
    more_words = models.TextField(blank=True, help_text="verbatim")
    cue_start = models.PositiveIntegerField(null=True)
    cue_end = models.PositiveIntegerField(null=True)
    source_kind = models.CharField(max_length=9, choices=SourceKind)
    source_start = models.PositiveIntegerField(null=True)
    source_end = models.PositiveIntegerField(null=True)
    source_vendor = models.ForeignKey(Vendor, null=True, on_delete=models.SET_NULL, related_name="+")
    source_agency = models.CharField(max_length=40, blank=True)
    source_name = models.CharField(max_length=200, blank=True)
    anonymous_start = models.PositiveIntegerField(null=True)
    anonymous_end = models.PositiveIntegerField(null=True)
    hedges = models.JSONField(default=list)
    figures = models.JSONField(default=list)
    denies = models.BooleanField(default=False)
    reasons = ArrayField(models.CharField(max_length=200), default=list)
    state = models.CharField(max_length=8, choices=State, default=State.ACCEPTED)
    fingerprint = models.CharField(max_length=64, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "start", "kind"], name="claim_once"),
            models.CheckConstraint(name="claim_span", condition=Q(end__gt=F("start"))),
            *(span_or_none("claim", pair) for pair in ("more", "cue", "source", "anonymous")),
        ]

    def __str__(self) -> str:
        return self.words[:200]

    @property
    def key(self) -> str:
        """Who says it, as its fingerprint tells."""
        return claim_key(
            self.source_kind, vendor=self.source_vendor_id, agency=self.source_agency, name=self.source_name
        )

    @property
    def judged_span(self) -> tuple[int, int]:
        """What a person looks at to judge it."""
        return self.start, self.end


class SignalQuerySet(models.QuerySet["Signal"]):
    """Signals, also those that somebody rejected."""

    def counting(self) -> Self:
        """Those nobody rejected."""
        return self.exclude(state=Signal.State.REJECTED)


class Signal(models.Model):
    """A kind of risk that a sentence speaks of, concerning whom, and where the matter stands. `state` is what people
    made of it: a REJECTED one counts nowhere."""

    class State(models.TextChoices):
        """Whether it counts."""

        ACCEPTED = "ACCEPTED", "Accepted"
        REJECTED = "REJECTED", "Rejected"

    class Status(models.TextChoices):
        """Where the matter stands, as the sentence tells it."""

        ASSERTED = "ASSERTED", "Asserted"
        ALLEGED = "ALLEGED", "Alleged"
        DENIED = "DENIED", "Denied"
        PROPOSED = "PROPOSED", "Proposed"

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="signals")
    category = models.CharField(max_length=30, db_index=True)
    start = models.PositiveIntegerField(help_text="of the words that triggered it")
    end = models.PositiveIntegerField()
    surface = models.CharField(max_length=300)
    sentence_start = models.PositiveIntegerField()
    sentence_end = models.PositiveIntegerField()
    scope = models.CharField(max_length=8)
    status = models.CharField(max_length=8, choices=Status)
    vendors = models.ManyToManyField(Vendor, related_name="signals")
    agencies = ArrayField(models.CharField(max_length=40), default=list)
    claim = models.ForeignKey(Claim, null=True, on_delete=models.SET_NULL, related_name="signals")
    reasons = ArrayField(models.CharField(max_length=200), default=list)
    state = models.CharField(max_length=8, choices=State, default=State.ACCEPTED)
    fingerprint = models.CharField(max_length=64, db_index=True)

    objects: ClassVar[Any] = SignalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "sentence_start", "category"], name="signal_once"),
            models.CheckConstraint(name="signal_span", condition=Q(end__gt=F("start"))),
        ]

    def __str__(self) -> str:
        return f"{self.category}: {self.surface}"

    @property
    def key(self) -> str:
        """What it is, as its fingerprint tells."""
        return self.category

    @property
    def judged_span(self) -> tuple[int, int]:
        """What a person looks at to judge it: the sentence."""
        return self.sentence_start, self.sentence_end
