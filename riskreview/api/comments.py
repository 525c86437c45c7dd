"""`/api/v1/comments/` and `/api/v1/links/`: notes to colleagues, and how cases refer to each other."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from rest_framework import serializers

from riskreview.accounts.tokens import Scope
from riskreview.cases.models import Case, Comment, Link
from riskreview.evidence.models import Document
from riskreview.incidents.models import Incident

from .filters import Filters
from .inputs import LONG_TEXT, Reason, RowField, VendorField, Words
from .outputs import Person, Versioned
from .resource import Resource, act, make


def case_field(**options: Any) -> RowField:
    """A case by its reference."""
    return RowField(Case.objects.visible_to, slug_field="ref", queryset=Case.objects.all(), **options)


class CommentRow(Versioned):
    """A comment on one thing: a case, a vendor, an incident or a document. A withdrawn one has no text."""

    case = serializers.SlugRelatedField[Any](slug_field="ref", read_only=True, allow_null=True)
    vendor = serializers.SlugRelatedField[Any](slug_field="slug", read_only=True, allow_null=True)
    incident = serializers.SlugRelatedField[Any](slug_field="ref", read_only=True, allow_null=True)
    text = serializers.SerializerMethodField()
    author = Person(read_only=True)
    mentions = Person(many=True, read_only=True)

    class Meta:
        model = Comment
        fields = (
            "id", "case", "vendor", "incident", "document", "about", "text", "author", "mentions", "written_at",
            "edited_at", "withdrawn_at", "version",
        )  # fmt: skip

    def get_text(self, comment: Comment) -> str:
        """What it says while it stands."""
        return "" if comment.withdrawn_at else comment.text


class Edit(Words):
    """The words of a comment. `@Name` or `@e-mail` mentions people who may see what it is on."""

    text = serializers.CharField(max_length=LONG_TEXT)


class Write(Edit):
    """A comment on exactly one thing; `about` names a part of a case, such as E3 or F2."""

    case = case_field(required=False, allow_null=True)
    vendor = VendorField(required=False, allow_null=True)
    incident = RowField(
        Incident.objects.visible_to, slug_field="ref", queryset=Incident.objects.all(), required=False, allow_null=True
    )
    document = RowField(
        Document.objects.visible_to, slug_field="id", queryset=Document.objects.all(), required=False, allow_null=True
    )
    about = serializers.CharField(max_length=20, required=False, allow_blank=True)


class CommentFilters(Filters):
    """Which comments."""

    case = django_filters.CharFilter(field_name="case__ref", label="Reference of a case.", max_length=16)
    vendor = django_filters.CharFilter(field_name="vendor__slug", label="Slug of a vendor.", max_length=80)
    incident = django_filters.CharFilter(field_name="incident__ref", label="Reference of an incident.", max_length=16)
    document = django_filters.NumberFilter(field_name="document_id", min_value=0, max_value=2**53)
    mentions = django_filters.UUIDFilter(label="Id of somebody who is mentioned.")


class Comments(Resource):
    """Comments, by id. Lists begin with the newest."""

    model, row, detail_row = Comment, CommentRow, CommentRow
    order = ("-written_at", "-pk")
    filterset_class = CommentFilters
    write_scope = Scope.CASES_WRITE

    write = make(Comment.objects.write, takes=Write)
    edit = act(Comment.edit, takes=Edit)
    withdraw = act(Comment.withdraw)

    def in_list(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The comments with everything they name."""
        return super().in_list(self.in_detail(rows))

    def in_detail(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The comment with everything it names."""
        return rows.select_related("case", "vendor", "incident", "author").prefetch_related("mentions")


class LinkRow(Versioned):
    """One case refers to another: `case` follows, asks the same as … `to`. With `cut_at` the link was taken back."""

    case = serializers.SlugRelatedField[Any](slug_field="ref", read_only=True)
    to = serializers.SlugRelatedField[Any](slug_field="ref", read_only=True)
    linked_by = Person(read_only=True)

    class Meta:
        model = Link
        fields = ("id", "case", "to", "kind", "why", "linked_by", "cut_at", "version")


class Draw(Words):
    """A link from a case to another one."""

    case = case_field()
    to = case_field()
    kind = serializers.ChoiceField(choices=Link.Kind.choices)
    why = serializers.CharField(max_length=LONG_TEXT, required=False, allow_blank=True)


class LinkFilters(Filters):
    """Which links."""

    case = django_filters.CharFilter(field_name="case__ref", label="Reference of the case it is from.", max_length=16)
    to = django_filters.CharFilter(field_name="to__ref", label="Reference of the case it leads to.", max_length=16)
    kind = django_filters.ChoiceFilter(choices=Link.Kind.choices)


class Links(Resource):
    """Links between cases, by id."""

    model, row, detail_row = Link, LinkRow, LinkRow
    filterset_class = LinkFilters
    write_scope = Scope.CASES_WRITE

    draw = make(Link.objects.draw, takes=Draw)
    cut = act(Link.cut, takes=Reason)

    def in_list(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The links with both cases."""
        return super().in_list(self.in_detail(rows))

    def in_detail(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The link with both cases."""
        return rows.select_related("case", "to", "linked_by")
