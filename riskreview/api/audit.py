"""`/api/v1/entries/`: what was decided, by whom, when; one entry per act, access and refusal."""

from __future__ import annotations

import base64
from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from riskreview.audit.models import Checkpoint, Entry, Leaf
from riskreview.audit.tree import Tree
from riskreview.audit.verifier import leaf_hash

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


class LeafShown(serializers.Serializer[Any]):
    """The place of an entry in the log. `proof` leads from `hash` to the root in a checkpoint over `checkpoint_size`
    entries (RFC 9162, 2.1.3); both are null until one is signed, the proof also where hashes were cut out of the
    database. Everything binary is base64, as in checkpoints.
    """

    log = serializers.CharField(help_text="The origin of the log.")
    index = serializers.IntegerField(min_value=0, help_text="Counted from 0.")
    hash = serializers.CharField()
    checkpoint_size = serializers.IntegerField(allow_null=True)
    proof = serializers.ListField(child=serializers.CharField(), allow_null=True)


class EntryDetail(EntryRow):
    """An entry, whole: the exact bytes of the header, its leaf hash, and the body as far as the caller may see it.

    `body` shows where the act came from (address, program) only to auditors and about the caller's own acts. Salt and
    exact bytes serve to check the commitment in the header; a body of version 1 holds the address, so these two are
    then left out for everybody else.
    """

    header_base64 = serializers.SerializerMethodField()
    leaf_sha256 = serializers.SerializerMethodField()
    leaf = serializers.SerializerMethodField()
    body = serializers.SerializerMethodField()
    body_base64 = serializers.SerializerMethodField()
    salt_base64 = serializers.SerializerMethodField()

    class Meta(EntryRow.Meta):
        fields = (*EntryRow.Meta.fields, "header_base64", "leaf_sha256", "leaf", "body", "body_base64", "salt_base64")

    def get_header_base64(self, entry: Entry) -> str:
        """The header's exact bytes."""
        return in_base64(entry.header)

    def get_leaf_sha256(self, entry: Entry) -> str:
        """The RFC 6962 leaf hash of the header, hexadecimal."""
        return leaf_hash(bytes(entry.header)).hex()

    @extend_schema_field(LeafShown(allow_null=True))
    def get_leaf(self, entry: Entry) -> dict[str, Any] | None:
        """The place in the log, with the proof; null while the entry waits for the notary."""
        leaf = getattr(entry, "leaf", None)
        if leaf is None:
            return None
        sizes = Checkpoint.objects.filter(log=leaf.log_id, size__gt=leaf.index).order_by("-size")
        size = sizes.values_list("size", flat=True).first()
        return {
            "log": leaf.log.origin,
            "index": leaf.index,
            "hash": in_base64(leaf.hash),
            "checkpoint_size": size,
            "proof": proof_of(leaf, size) if size else None,
        }

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
        if not entry.is_whole_for(self.context["request"].user):
            return None
        return in_base64(getattr(entry.body, column))


def proof_of(leaf: Leaf, size: int) -> list[str] | None:
    """The way from a leaf to the root of the log at a size; None where somebody cut hashes out of the database."""
    try:
        return [in_base64(each) for each in Tree(leaf.log).inclusion(leaf.index, size)]
    except (ValueError, IndexError):
        return None


def in_base64(data: Any) -> str:
    """Bytes as JSON holds them."""
    return base64.b64encode(bytes(data)).decode("ascii")


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
        """The entry with its actor, body and place."""
        return rows.select_related("actor", "body", "trace", "leaf__log")

    def shown(self, row: Any) -> Response:
        """An entry never changes, so it has no version."""
        return Response(self.get_serializer(row).data)
