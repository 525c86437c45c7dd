"""`/api/v1/entries/`: what was decided, by whom, when; one entry per act, access and refusal."""

from __future__ import annotations

import base64
from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from riskreview.audit import canonical
from riskreview.audit.models import Entry

from .filters import Filters
from .outputs import Person, Shown
from .resource import Resource


class Subject(serializers.Serializer[Any]):
    """What an entry is about. `label` is there only if it may be public."""

    type = serializers.CharField()
    id = serializers.CharField()
    seq = serializers.IntegerField(allow_null=True, help_text="1, 2, 3 … per subject; null unless the kind is act.")
    label = serializers.CharField(allow_null=True)  # type: ignore[assignment]


class EntryRow(Shown):
    """The public header of an entry, read."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    actor = Person(read_only=True)
    subject = serializers.SerializerMethodField()
    via = serializers.CharField(source="public.via", read_only=True)
    token = serializers.UUIDField(source="public.token", read_only=True, allow_null=True)
    meaning = serializers.CharField(source="public.meaning", read_only=True, allow_null=True)

    class Meta:
        model = Entry
        fields: tuple[str, ...] = ("id", "kind", "recorded_at", "actor", "verb", "subject", "via", "token", "meaning")

    @extend_schema_field(Subject)
    def get_subject(self, entry: Entry) -> dict[str, Any]:
        """The subject as the header names it."""
        subject: dict[str, Any] = entry.public["subject"]
        return subject


class EntryDetail(EntryRow):
    """An entry, whole: the exact bytes of the header, its leaf hash, and the body as far as the caller may see it.

    `body` leaves out where the act came from (address, program) unless it was the caller's own or the caller is an
    auditor; these also get the salt and the exact bytes, with which the commitment in the header can be checked.
    """

    header_base64 = serializers.SerializerMethodField()
    leaf_sha256 = serializers.SerializerMethodField()
    body = serializers.SerializerMethodField()
    body_base64 = serializers.SerializerMethodField()
    salt_base64 = serializers.SerializerMethodField()

    class Meta(EntryRow.Meta):
        fields = (*EntryRow.Meta.fields, "header_base64", "leaf_sha256", "body", "body_base64", "salt_base64")

    def get_header_base64(self, entry: Entry) -> str:
        """The header's exact bytes."""
        return base64.b64encode(bytes(entry.header)).decode("ascii")

    def get_leaf_sha256(self, entry: Entry) -> str:
        """The RFC 6962 leaf hash of the header, hexadecimal."""
        return canonical.leaf_hash(bytes(entry.header)).hex()

    def get_body(self, entry: Entry) -> dict[str, Any]:
        """The private body as far as the caller may see it; empty once erased."""
        return entry.private_for(self.context["request"].user)

    def get_body_base64(self, entry: Entry) -> str | None:
        """The body's exact bytes, for those who see all of it."""
        return self._exact(entry, "body")

    def get_salt_base64(self, entry: Entry) -> str | None:
        """The salt of the commitment, for those who see all of the body."""
        return self._exact(entry, "salt")

    def _exact(self, entry: Entry, column: str) -> str | None:
        body = getattr(entry, "body", None)
        shown = body is not None and self.get_body(entry) == entry.private
        return base64.b64encode(bytes(getattr(body, column))).decode("ascii") if shown else None


class EntryFilters(Filters):
    """Which entries."""

    actor = django_filters.UUIDFilter(field_name="actor_id", label="Id of a person.")
    subject_type = django_filters.CharFilter(label="Such as case, vendor, incident.", max_length=40)
    subject_id = django_filters.CharFilter(label="Id of the subject, as entries name it.", max_length=40)
    verb = django_filters.CharFilter(label="Such as case.submit.", max_length=80)
    kind = django_filters.ChoiceFilter(choices=Entry.Kind.choices)
    since = django_filters.IsoDateTimeFilter(field_name="recorded_at", lookup_expr="gte", label="Recorded from.")
    until = django_filters.IsoDateTimeFilter(field_name="recorded_at", lookup_expr="lt", label="Recorded before.")


class Entries(Resource):
    """Audit entries, by id. Lists begin with the newest. They are written by acts, never through this address."""

    model, row, detail_row = Entry, EntryRow, EntryDetail
    lookup_field, lookup_url_kwarg = "uuid", "id"
    lookup_value_regex = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    order = ("-id",)
    filterset_class = EntryFilters

    def in_list(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The entries with their actors."""
        return super().in_list(rows.select_related("actor"))

    def in_detail(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The entry with its actor and body."""
        return rows.select_related("actor", "body")

    def shown(self, row: Any) -> Response:
        """An entry never changes, so it has no version."""
        return Response(self.get_serializer(row).data)
