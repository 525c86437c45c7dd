"""What a case looks like in answers."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from riskreview.cases.models import Case, Decision, Exhibit, Finding, Flag
from riskreview.enrichment import standing
from riskreview.enrichment.questioning import of_exhibits

from ..outputs import DocumentReference, Person, ProductReference, Shown, VendorReference, Versioned
from ..questions import CaseStandingShown, QuestionShown, counted, shown


class CaseRow(Versioned):
    """A case in a list."""

    vendors = VendorReference(many=True, read_only=True)
    assigned_to = Person(read_only=True, allow_null=True)

    class Meta:
        model = Case
        fields: tuple[str, ...] = (
            "ref", "title", "requester", "status", "priority", "vendors", "assigned_to", "asked_on", "opened_at",
            "due_at", "version",
        )  # fmt: skip


class ExhibitShown(Shown):
    """A passage before the reviewers. `grade` is the source's reliability and the item's credibility, such as B2."""

    document = DocumentReference(read_only=True)
    added_by = Person(read_only=True)
    grade = serializers.CharField(read_only=True)

    class Meta:
        model = Exhibit
        fields = (
            "number", "document", "snapshot", "start", "end", "passage", "stance", "credibility", "grade", "note",
            "added_by", "added_at",
        )  # fmt: skip


class FindingShown(Shown):
    """A judgement, with the numbers of the exhibits it rests on."""

    exhibits = serializers.SlugRelatedField[Any](slug_field="number", many=True, read_only=True)
    author = Person(read_only=True)

    class Meta:
        model = Finding
        fields = (
            "number", "risk_area", "judgment", "likelihood", "confidence", "basis", "exhibits", "author", "written_at"
        )  # fmt: skip


class DecisionShown(Shown):
    """A recommendation: open, approved, or returned. `authors` are those who cannot approve it."""

    submitted_by = Person(read_only=True)
    approved_by = Person(read_only=True, allow_null=True)
    returned_by = Person(read_only=True, allow_null=True)
    authors = Person(many=True, read_only=True)
    is_open = serializers.BooleanField(read_only=True)

    class Meta:
        model = Decision
        fields = (
            "number", "disposition", "rationale", "dissent", "referred_to", "dossier_sha256", "is_open",
            "submitted_by", "submitted_at", "approved_by", "approved_at", "statement", "returned_by", "returned_at",
            "return_reason", "authors",
        )  # fmt: skip


class CaseDetail(CaseRow):
    """A case, whole. `decision` is the number of the decision in force; `actions` are the acts open to the caller.
    `open_flags` counts changes at the sources of its exhibits that nobody has settled. `questions` are what exhibits
    and other documents say otherwise than each other, `standing` is how many sources stand behind the case."""

    products = ProductReference(many=True, read_only=True)
    lead = Person(read_only=True, allow_null=True)
    opened_by = Person(read_only=True)
    decision = serializers.SlugRelatedField[Any](slug_field="number", read_only=True, allow_null=True)
    exhibits = ExhibitShown(many=True, read_only=True)
    findings = FindingShown(many=True, read_only=True)
    decisions = DecisionShown(many=True, read_only=True)
    standing = serializers.SerializerMethodField()
    questions = serializers.SerializerMethodField()
    open_flags = serializers.SerializerMethodField()
    actions = serializers.SerializerMethodField()

    class Meta(CaseRow.Meta):
        fields = (
            *CaseRow.Meta.fields, "question", "products", "lead", "opened_by", "held_reason", "held_until", "decision",
            "exhibits", "findings", "decisions", "standing", "questions", "open_flags", "actions",
        )  # fmt: skip

    @extend_schema_field(CaseStandingShown)
    def get_standing(self, case: Case) -> Any:
        """What the exhibits rest on."""
        return CaseStandingShown(counted(standing.of_exhibits(list(case.exhibits.all())))).data

    @extend_schema_field(QuestionShown(many=True))
    def get_questions(self, case: Case) -> Any:
        """What a reviewer may ask of the exhibits."""
        return shown(of_exhibits(list(case.exhibits.all())))

    def get_open_flags(self, case: Case) -> int:
        """How many flags wait to be settled."""
        count: int = Flag.objects.about(case).open().count()
        return count

    def get_actions(self, case: Case) -> list[str]:
        """The acts open to the caller now, as they stand in addresses."""
        return [verb.replace("_", "-") for verb in case.open_verbs(self.context["request"].user)]


def with_everything(rows: QuerySet[Case]) -> QuerySet[Case]:
    """Cases with all a detail shows, in a constant number of queries."""
    exhibits = Exhibit.objects.select_related("document__source", "added_by").order_by("number")
    findings = Finding.objects.select_related("author").prefetch_related("exhibits").order_by("number")
    signers = Decision.objects.select_related("submitted_by", "approved_by", "returned_by")
    return rows.select_related("assigned_to", "lead", "opened_by", "decision").prefetch_related(
        "vendors",
        "products__vendor",
        Prefetch("exhibits", exhibits),
        Prefetch("findings", findings),
        Prefetch("decisions", signers.prefetch_related("authors").order_by("number")),
    )
