"""What a case looks like in answers."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from riskreview.cases import effective, grounds, matrix
from riskreview.cases.models import (
    Case,
    Condition,
    Consultation,
    Decision,
    Effect,
    Exhibit,
    Finding,
    Flag,
    Signature,
    Submission,
)
from riskreview.enrichment import alleging, standing
from riskreview.enrichment.questioning import of_exhibits

from ..allegations import ClaimShown, told
from ..consultations import ConsultationRow, asked
from ..outputs import DocumentReference, Person, ProductReference, Shown, VendorReference, Versioned
from ..questions import CaseStandingShown, QuestionShown, counted, shown
from ..submissions import SubmissionRow, heard
from .effects import ConditionShown, EffectShown
from .procedure import ProcedureShown
from .procedure import shown as procedure_of
from .signing import SignatureShown


class CaseRow(Versioned):
    """A case in a list."""

    vendors = VendorReference(many=True, read_only=True)
    assigned_to = Person(read_only=True, allow_null=True)
    team = serializers.SlugRelatedField[Any](slug_field="slug", read_only=True, allow_null=True)

    class Meta:
        model = Case
        fields: tuple[str, ...] = (
            "ref", "title", "requester", "status", "priority", "vendors", "assigned_to", "asked_on", "opened_at",
            "due_at", "binding_at", "team", "labels", "snoozed_until", "version",
        )  # fmt: skip


class ExhibitShown(Shown):
    """A passage before the reviewers. `grade` is the source's reliability and the item's credibility, such as B2.

    With `withdrawn_at` it was taken back, and nothing rests on it."""

    document = DocumentReference(read_only=True)
    added_by = Person(read_only=True)
    edited_by = Person(read_only=True, allow_null=True)
    withdrawn_by = Person(read_only=True, allow_null=True)
    grade = serializers.CharField(read_only=True)

    class Meta:
        model = Exhibit
        fields = (
            "number", "document", "snapshot", "start", "end", "passage", "stance", "credibility", "grade", "note",
            "source_class", "added_by", "added_at", "edited_by", "edited_at", "withdrawn_by", "withdrawn_at",
            "withdrawal",
        )  # fmt: skip


class FindingShown(Shown):
    """A judgement, with the numbers of the exhibits it rests on. `risk` and `residual` are its place in the matrix
    before and after `treatment`, looked up and not multiplied; null while nobody placed it."""

    exhibits = serializers.SlugRelatedField[Any](slug_field="number", many=True, read_only=True)
    author = Person(read_only=True)
    edited_by = Person(read_only=True, allow_null=True)
    reviewed_by = Person(read_only=True, allow_null=True)
    withdrawn_by = Person(read_only=True, allow_null=True)
    risk = serializers.SerializerMethodField()
    residual = serializers.SerializerMethodField()

    class Meta:
        model = Finding
        fields = (
            "number", "risk_area", "judgment", "likelihood", "confidence", "basis", "exhibits", "author", "written_at",
            "is_fact", "assumptions", "alternatives", "treatment", "risk_likelihood", "risk_impact", "risk",
            "residual_likelihood", "residual_impact", "residual", "edited_by", "edited_at", "reviewed_by",
            "reviewed_at", "review_cleared_at", "withdrawn_by", "withdrawn_at", "withdrawal",
        )  # fmt: skip

    def get_risk(self, finding: Finding) -> int | None:
        """How high it is before its treatment, of five."""
        return matrix.before(finding)

    def get_residual(self, finding: Finding) -> int | None:
        """How high it is afterwards, of five."""
        return matrix.after(finding)


class ObjectionShown(serializers.Serializer[Any]):
    """What is wrong with a finding or an exhibit, where, and what to do. `code` is for programs."""

    code = serializers.CharField()
    where = serializers.CharField()
    sentence = serializers.CharField()


class DecisionShown(Shown):
    """A version of the recommendation: open, approved, returned, or void because something under it changed.

    `authors` are those who cannot sign it. `title` are the playbook's words for the disposition, if the case has one.
    """

    signatures = SignatureShown(many=True, read_only=True)
    voided_by = Person(read_only=True, allow_null=True)
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
            "return_reason", "authors", "title", "approvals_needed", "signatures", "voided_by", "voided_at",
            "void_cause",
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
    effects = EffectShown(many=True, read_only=True)
    conditions = ConditionShown(many=True, read_only=True)
    consultations = ConsultationRow(many=True, read_only=True)
    submissions = SubmissionRow(many=True, read_only=True)
    standing = serializers.SerializerMethodField()
    questions = serializers.SerializerMethodField()
    open_flags = serializers.SerializerMethodField()
    claims = serializers.SerializerMethodField()
    objections = serializers.SerializerMethodField()
    warnings = serializers.SerializerMethodField()
    procedure = serializers.SerializerMethodField()
    actions = serializers.SerializerMethodField()

    class Meta(CaseRow.Meta):
        fields = (
            *CaseRow.Meta.fields, "question", "products", "lead", "opened_by", "held_reason", "held_until", "decision",
            "exhibits", "findings", "decisions", "effects", "conditions", "consultations", "submissions", "standing",
            "questions", "open_flags", "claims", "objections", "warnings", "procedure", "actions",
        )  # fmt: skip

    @extend_schema_field(CaseStandingShown)
    def get_standing(self, case: Case) -> Any:
        """What the exhibits rest on."""
        return CaseStandingShown(counted(standing.of_exhibits(standing_exhibits(case)))).data

    @extend_schema_field(QuestionShown(many=True))
    def get_questions(self, case: Case) -> Any:
        """What a reviewer may ask of the exhibits."""
        return shown(of_exhibits(standing_exhibits(case)))

    def get_open_flags(self, case: Case) -> int:
        """How many flags wait to be settled."""
        count: int = Flag.objects.about(case).open().count()
        return count

    @extend_schema_field(ClaimShown(many=True))
    def get_claims(self, case: Case) -> Any:
        """The claims board."""
        return ClaimShown([told(each) for each in alleging.of_case(case)], many=True).data

    @extend_schema_field(ObjectionShown(many=True))
    def get_objections(self, case: Case) -> Any:
        """What keeps an open case from being submitted."""
        return ObjectionShown(self.weighed(case)[0], many=True).data

    @extend_schema_field(ObjectionShown(many=True))
    def get_warnings(self, case: Case) -> Any:
        """What weakens the findings of an open case, and does not keep it from being submitted."""
        return ObjectionShown(self.weighed(case)[1], many=True).data

    def weighed(self, case: Case) -> tuple[list[Any], list[Any]]:
        """What blocks the submission of an open case and what weakens it, of one reading."""
        known: dict[int, Any] = self.__dict__.setdefault("_weighed", {})
        if case.pk not in known:
            known[case.pk] = grounds.both(case) if case.is_open else ([], [])
        found: tuple[list[Any], list[Any]] = known[case.pk]
        return found

    @extend_schema_field(ProcedureShown(allow_null=True))
    def get_procedure(self, case: Case) -> Any:
        """Where the case is in its playbook; null without one."""
        return procedure_of(case, timezone.now().date())

    def get_actions(self, case: Case) -> list[str]:
        """The acts open to the caller now, as they stand in addresses."""
        return [verb.replace("_", "-") for verb in case.open_verbs(self.context["request"].user)]


def standing_exhibits(case: Case) -> list[Exhibit]:
    """What the case rests on: its exhibits without those that were withdrawn."""
    return [each for each in case.exhibits.all() if each.stands]


def with_everything(rows: QuerySet[Case]) -> QuerySet[Case]:
    """Cases with all a detail shows, in a constant number of queries."""
    exhibits = Exhibit.objects.select_related("document__source", "added_by", "edited_by", "withdrawn_by")
    people = ("author", "edited_by", "reviewed_by", "withdrawn_by")
    findings = Finding.objects.select_related(*people).prefetch_related("exhibits").order_by("number")
    signed = Prefetch("signatures", Signature.objects.select_related("user", "on_behalf_of").order_by("pk"))
    signers = Decision.objects.select_related("submitted_by", "approved_by", "returned_by", "voided_by")
    return rows.select_related("assigned_to", "lead", "opened_by", "decision", "team", "playbook").prefetch_related(
        "vendors",
        "products__vendor",
        Prefetch("exhibits", exhibits.order_by("number")),
        Prefetch("findings", findings),
        Prefetch("decisions", signers.prefetch_related("authors", signed).order_by("number")),
        Prefetch("effects", effective.with_course(Effect.objects.order_by("number"))),
        Prefetch("conditions", Condition.objects.select_related("owner", "decision", "looking").order_by("number")),
        Prefetch("consultations", asked(Consultation.objects.order_by("pk"))),
        Prefetch("submissions", heard(Submission.objects.order_by("number"))),
    )
