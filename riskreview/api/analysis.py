"""What was read in a document: names, statements and signals, with places, reasons and what people said of them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from riskreview.enrichment.questioning import questioned
from riskreview.evidence.models import AgencyMention, Claim, Document, Judgement, Mention, Reading, Signal, UnknownName

from .outputs import ProductReference, Shown, VendorReference
from .questions import QuestionShown

ASKED = 60  # signals of which it is asked whether others say otherwise
NO_ANALYSIS = "This document was not read yet."


class ReadingShown(Shown):
    """With which rules and names it was read. `sha256`: of all that was found. `not_analysed` says in words why only
    names without doubt were read, "" when all was."""

    class Meta:
        model = Reading
        fields = ("snapshot", "pipeline_version", "gazetteer_version", "sha256", "counts", "not_analysed", "read_at")


class Judged(Shown):
    """A row that people judge by its `fingerprint`; REJECTED ones count nowhere."""

    fingerprint = serializers.CharField(read_only=True)


class MentionRead(Judged):
    """A vendor or product at `text[start:end]`; `score` in thousandths."""

    vendor = VendorReference(read_only=True)
    product = ProductReference(read_only=True, allow_null=True)

    class Meta:
        model = Mention
        fields = (
            "start", "end", "surface", "vendor", "product", "kind", "role", "state", "score", "reasons", "fingerprint"
        )  # fmt: skip


class AgencyRead(Shown):
    """A public body, by its key."""

    class Meta:
        model = AgencyMention
        fields = ("start", "end", "surface", "agency", "role", "reasons")


class UnknownRead(Shown):
    """A name on no register, by its one spelling; `hint`: a vendor it may be of."""

    hint = VendorReference(read_only=True, allow_null=True)

    class Meta:
        model = UnknownName
        fields = ("start", "end", "surface", "key", "kind", "hint")


class ClaimRead(Judged):
    """What somebody says, or `denies`: `words`, and `more_words` where a quotation goes on. Spans count code points of
    the text."""

    source_vendor = VendorReference(read_only=True, allow_null=True)
    hedges = serializers.ListField(child=serializers.DictField(), read_only=True)
    figures = serializers.ListField(child=serializers.DictField(), read_only=True)

    class Meta:
        model = Claim
        fields = (
            "kind", "start", "end", "words", "more_start", "more_end", "more_words", "cue_start", "cue_end",
            "source_kind", "source_start", "source_end", "source_vendor", "source_agency", "source_name",
            "anonymous_start", "anonymous_end", "hedges", "figures", "denies", "reasons", "state", "fingerprint",
        )  # fmt: skip


class SignalRead(Judged):
    """A kind of risk a sentence speaks of. `claim`: the fingerprint of the statement that holds it, if one does."""

    vendors = VendorReference(many=True, read_only=True)
    claim = serializers.CharField(source="claim.fingerprint", read_only=True, allow_null=True, default=None)

    class Meta:
        model = Signal
        fields = (
            "category", "status", "scope", "start", "end", "surface", "sentence_start", "sentence_end", "vendors",
            "agencies", "claim", "reasons", "state", "fingerprint",
        )  # fmt: skip


class Analysis(serializers.Serializer[Any]):
    """All that was read in the newest text of a document. `questions` are what others say otherwise."""

    document = serializers.IntegerField()
    text_sha256 = serializers.CharField()
    reading = ReadingShown(allow_null=True)
    mentions = MentionRead(many=True)
    agencies = AgencyRead(many=True)
    unknown = UnknownRead(many=True)
    claims = ClaimRead(many=True)
    signals = SignalRead(many=True)
    questions = QuestionShown(many=True)
    orphaned = serializers.SerializerMethodField()

    @extend_schema_field(OpenApiTypes.INT)
    def get_orphaned(self, told: dict[str, Any]) -> int:
        """How many judgements have lost their target; `/judgements/?document=…&state=ORPHANED` lists them."""
        count: int = Judgement.objects.orphaned().filter(document=told["document"]).count()
        return count


def analysis(document: Document, snapshot: Any) -> dict[str, Any]:
    """What was read in a snapshot, in a constant number of queries."""
    mentions = list(snapshot.mentions.select_related("vendor", "product__vendor").order_by("start"))
    for mention in mentions:
        mention.snapshot = snapshot  # its fingerprint asks for the text's hash
    signals = list(snapshot.signals.select_related("claim").prefetch_related("vendors").order_by("start", "category"))
    told = {
        "document": document.pk,
        "text_sha256": snapshot.text_sha256,
        "reading": getattr(snapshot, "reading", None),
        "mentions": mentions,
        "agencies": snapshot.agency_mentions.order_by("start"),
        "unknown": snapshot.unknown_names.select_related("hint").order_by("start"),
        "claims": snapshot.claims.select_related("source_vendor").order_by("start", "kind"),
        "signals": signals,
        "questions": questioned(document, snapshot, signals[:ASKED]).every,
    }
    return Analysis(told).data
