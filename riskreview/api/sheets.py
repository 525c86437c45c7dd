"""`/api/v1/sheets/`: checklists and questionnaires of cases, line by line."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request

from riskreview.accounts.tokens import Scope
from riskreview.cases.models import Answer, Case, Sheet, Verdict
from riskreview.cases.questionnaire import MOST_BYTES

from .authentication import caller
from .documents import AnyForm, uninterpreted
from .filters import Filters
from .inputs import LONG_TEXT, RowField, Words
from .judgements import DocumentField
from .material import FormWithFile
from .outputs import DocumentReference, Person, Shown, Versioned
from .parsing import TooLarge
from .resource import Resource, act, make
from .versions import seen

MOST_LINES = 500


class AnswerShown(Shown):
    """The answer to one line. `said` holds words or a date where the line asks for such."""

    document = DocumentReference(read_only=True, allow_null=True)
    answered_by = Person(read_only=True)

    class Meta:
        model = Answer
        fields = ("item", "verdict", "said", "note", "evidence", "document", "answered_by", "answered_at")


class LineAsked(serializers.Serializer[Any]):
    """One line: how it is answered (`verdict`, `yes_no`, `text`, `date`), and what is asked to come with it."""

    key = serializers.CharField()
    area = serializers.CharField()
    answer = serializers.CharField()
    text = serializers.CharField()
    evidence = serializers.CharField()


class SheetRow(Versioned):
    """A checklist of the case's playbook, or a questionnaire, by `key`."""

    case = serializers.SlugRelatedField[Any](slug_field="ref", read_only=True)
    title = serializers.CharField(read_only=True)

    class Meta:
        model = Sheet
        fields: tuple[str, ...] = ("id", "case", "key", "title", "version")


class SheetDetail(SheetRow):
    """A sheet with its lines and the answers so far."""

    lines = serializers.SerializerMethodField()
    answers = AnswerShown(many=True, read_only=True)

    class Meta(SheetRow.Meta):
        fields = (*SheetRow.Meta.fields, "lines", "answers")

    @extend_schema_field(LineAsked(many=True))
    def get_lines(self, sheet: Sheet) -> Any:
        """What is asked; nothing when the playbook of the case has no such checklist any more."""
        asked = sheet.asked
        return LineAsked(asked.question if asked else (), many=True).data


class Begin(Words):
    """A case, and the key of a checklist of its playbook or the name of a shipped questionnaire (`supplier-1`)."""

    case = RowField(Case.objects.visible_to, slug_field="ref", queryset=Case.objects.all())
    name = serializers.CharField(max_length=60)


class AnswerLine(Words):
    """The answer to one line. What comes with it is named in `evidence`, or attached as a document."""

    item = serializers.CharField(max_length=60)
    verdict = serializers.ChoiceField(choices=Verdict.choices)
    said = serializers.CharField(max_length=10_000, required=False, allow_blank=True)
    note = serializers.CharField(max_length=LONG_TEXT, required=False, allow_blank=True)
    evidence = serializers.CharField(max_length=LONG_TEXT, required=False, allow_blank=True)
    document = DocumentField(required=False, allow_null=True)


class LineGiven(Words):
    """One line as the file says it: `answer` is yes, no, partly, not known, does not apply, words, or a date."""

    key = serializers.CharField(max_length=60)
    answer = serializers.CharField(max_length=10_000)
    comment = serializers.CharField(max_length=10_000, required=False, allow_blank=True, default="")
    evidence = serializers.CharField(max_length=10_000, required=False, allow_blank=True, default="")


class ReceiveAnswers(Words):
    """Answers to many lines, all of which are taken or none, and the document they came in."""

    answers = serializers.ListField(child=LineGiven(), min_length=1, max_length=MOST_LINES)
    document = DocumentField(required=False, allow_null=True)


class FormWithAnswers(FormWithFile):
    """The same for a returned file, which is smaller."""

    largest, too_large = MOST_BYTES, f"A returned file has at most 5 MB ({MOST_BYTES:,} bytes)."


class TakeInFile(Words):
    """A returned file: the CSV or the workbook that went out, with the answers, at most 5 MB and 2,000 rows."""

    file = serializers.FileField(max_length=200)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The answers in the file, and its bytes. It is opened for somebody alone who may take it in, and saw the
        sheet as it is. Raises `TooLarge`, a refusal, or `ValidationError` with all that is wrong, line by line."""
        file, sheet, request = attrs["file"], self.context["row"], self.context["request"]
        if file.size > MOST_BYTES:
            raise TooLarge(FormWithAnswers.too_large)
        sheet.ready_for_file(by=request.user, seen=seen(request))
        raw = file.read()
        answers, problems = sheet.answers_in(file.name, raw)
        if problems:
            raise serializers.ValidationError({"file": problems})
        return {"answers": answers, "name": file.name, "raw": raw}


class SheetFilters(Filters):
    """Which sheets."""

    case = django_filters.CharFilter(field_name="case__ref", label="Reference of a case.", max_length=16)


class Sheets(Resource):
    """Checklists and questionnaires, by id."""

    model, row, detail_row = Sheet, SheetRow, SheetDetail
    filterset_class = SheetFilters
    write_scope = Scope.CASES_WRITE

    begin = make(Sheet.objects.begin, takes=Begin)
    answer = act(Sheet.answer, takes=AnswerLine)
    receive = act(Sheet.receive, takes=ReceiveAnswers)
    take_in = act(Sheet.take_in, takes=TakeInFile, parsers=[FormWithAnswers])

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.BINARY})
    @action(detail=True, content_negotiation_class=AnyForm)
    def csv(self, request: Request, **lookup: str) -> HttpResponse:
        """The lines with the answers so far as CSV. The audit trail notes who took it."""
        return self.file(request, "csv")

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True, content_negotiation_class=AnyForm)
    def xlsx(self, request: Request, **lookup: str) -> HttpResponse:
        """The lines with the answers so far as a workbook. The audit trail notes who took it."""
        return self.file(request, "xlsx")

    def file(self, request: Request, form: str) -> HttpResponse:
        """The sheet as a file, on record as taken."""
        sheet = self.found(self.in_detail(self.get_queryset()))
        raw = sheet.written(form, by=caller(request))
        headers = uninterpreted(f"{sheet.case.ref}-{sheet.key}.{form}")
        return HttpResponse(raw, content_type="application/octet-stream", headers=headers)

    def in_list(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The sheets with their cases."""
        return super().in_list(rows.select_related("case__playbook"))

    def in_detail(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The sheet with its answers."""
        answers = Answer.objects.select_related("document", "answered_by").order_by("pk")
        return rows.select_related("case__playbook").prefetch_related(Prefetch("answers", answers))
