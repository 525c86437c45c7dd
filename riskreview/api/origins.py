"""`/api/v1/documents/<id>/origin/` and `/api/v1/originjudgements/`: whose text a document is, and what people said."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from riskreview.accounts.tokens import Scope
from riskreview.enrichment import standing
from riskreview.evidence.models import Document, OriginJudgement, OriginLink

from .authentication import caller
from .filters import Filters, check
from .inputs import LONG_TEXT, RowField, Words
from .outputs import DocumentReference, Person, Shown, Versioned
from .questions import StandingShown, counted
from .record import ForReaders
from .resource import Resource, act, make


class LinkShown(Shown):
    """How two documents are related: `containment` and `numbers` in thousandths, the longest shared passage as spans of
    both texts, and how many sentences the later one `adds`."""

    class Meta:
        model = OriginLink
        fields = ("a", "b", "relation", "containment", "numbers", "a_start", "a_end", "b_start", "b_end", "adds", "why")


class BranchShown(serializers.Serializer[Any]):
    """A document of the copy tree; `depth` counts its steps from the root, `link` leads to the one it comes after."""

    document = DocumentReference()
    depth = serializers.IntegerField()
    link = LinkShown(allow_null=True)


class PassageShown(serializers.Serializer[Any]):
    """Another document that shares text with this one, with the longest passage in this one's words."""

    document = DocumentReference()
    link = LinkShown()
    words = serializers.CharField()


class OriginShown(serializers.Serializer[Any]):
    """Whose text a document is: its copies as a tree, parents first, and what it shares with others. `story` counts
    all that tell the same event; `primary_sources` are those to whom the document's own claims go back, `passed_on`
    outlets that it only repeats. Only shared wording is seen, neither paraphrase nor translation."""

    origin = serializers.IntegerField(allow_null=True)
    copies = BranchShown(many=True)
    shared = PassageShown(many=True)
    story = StandingShown()
    primary_sources = serializers.ListField(child=serializers.CharField())
    passed_on = serializers.ListField(child=serializers.CharField())


class OriginOf(ForReaders):
    """The origin of a document."""

    @extend_schema(responses=OriginShown, operation_id="documents_origin")
    def get(self, request: Request, pk: int) -> Response:
        """The copies of a document, and what it shares with others."""
        check(request, {})
        user = caller(request)
        found = Document.objects.visible_to(user).filter(pk=pk).first()
        if found is None:
            raise Http404
        own = standing.sources_of(found)
        shown = {
            "origin": found.origin_id,
            "copies": standing.copies(found),
            "shared": standing.passages(found, user),
            "story": counted(standing.of_story(found, listed=True)),
            "primary_sources": own.sources,
            "passed_on": own.passed_on,
        }
        return Response(OriginShown(shown).data)


class DocumentField(RowField):
    """A document by its id."""

    def __init__(self, **options: Any) -> None:
        super().__init__(Document.objects.visible_to, slug_field="id", queryset=Document.objects.all(), **options)


class OriginJudgementRow(Versioned):
    """What somebody said of origins. SPLIT: `document` is no copy of those in `apart` (ids). JOIN: it and `other` rest
    on one text. `undone_by` null: it is in force. `settled_at` null: the origins are not yet in order with it."""

    judged_by = Person(read_only=True)
    undone_by = Person(read_only=True, allow_null=True)

    class Meta:
        model = OriginJudgement
        fields = (
            "id", "kind", "document", "other", "apart", "reason", "judged_by", "judged_at", "undone_by", "undone_at",
            "settled_at", "version",
        )  # fmt: skip


class SplitWords(Words):
    """The document that is no copy, and how one knows."""

    document = DocumentField()
    reason = serializers.CharField(max_length=min(LONG_TEXT, 2_000))


class JoinWords(SplitWords):
    """The documents that rest on one text, and how one knows."""

    other = DocumentField()


class OriginJudgementFilters(Filters):
    """Which judgements."""

    kind = django_filters.ChoiceFilter(choices=OriginJudgement.Kind.choices)
    document = django_filters.NumberFilter(field_name="document_id", min_value=0, max_value=2**53)
    in_force = django_filters.BooleanFilter(
        field_name="undone_at", lookup_expr="isnull", label="Whether nobody took it back."
    )


class OriginJudgements(Resource):
    """What people said of origins, by id. Lists begin with the newest. Origins follow within seconds."""

    model, row, detail_row = OriginJudgement, OriginJudgementRow, OriginJudgementRow
    order = ("-judged_at", "-pk")
    filterset_class = OriginJudgementFilters
    write_scope = Scope.DOCUMENTS_WRITE

    split = make(OriginJudgement.objects.split, takes=SplitWords)
    join = make(OriginJudgement.objects.join, takes=JoinWords)
    undo = act(OriginJudgement.undo, now=timezone.now)

    def in_list(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The judgements with who made them."""
        return super().in_list(self.in_detail(rows))

    def in_detail(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The judgement with who made it."""
        return rows.select_related("judged_by", "undone_by")
