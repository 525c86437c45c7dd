"""`/api/v1/documents/`: everything we hold, its exact bytes, and what machines read in it."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import APIException, NotFound
from rest_framework.generics import get_object_or_404
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response

from riskreview.accounts.tokens import Scope
from riskreview.audit.models import Entry
from riskreview.evidence import archive
from riskreview.evidence.models import Change, Document, Mention, Salience, Snapshot, Source
from riskreview.vendors.models import Vendor

from .analysis import NO_ANALYSIS, Analysis, analysis
from .authentication import caller
from .filters import Filters
from .inputs import Reason
from .material import Bring, FormWithFile, Push, Recapture, Upload, canonical_or_none
from .outputs import ProductReference, Shown, VendorReference, Versioned
from .parsing import DocumentJSONParser
from .resource import Resource, act, make


class SourceReference(Shown):
    """A source, by id and name."""

    class Meta:
        model = Source
        fields = ("id", "name", "reliability")


class DocumentRow(Versioned):
    """A document in a list."""

    source = SourceReference(read_only=True, allow_null=True)  # type: ignore[assignment]

    class Meta:
        model = Document
        fields: tuple[str, ...] = (
            "id", "kind", "headline", "url", "publisher", "source", "language", "published_at", "first_seen_at",
            "text_scope", "digested_at", "withdrawn_at", "origin", "story", "version",
        )  # fmt: skip


class SnapshotShown(Shown):
    """One capture: the hash of its exact bytes and of the text read from them. `supersedes` is the one before."""

    class Meta:
        model = Snapshot
        fields = (
            "id", "fetched_at", "final_url", "status", "content_type", "raw_sha256", "raw_bytes", "title",
            "text_sha256", "extractor_version", "supersedes",
        )  # fmt: skip


class MentionShown(Shown):
    """A vendor or product named at `text[start:end]` of the snapshot; `score` in thousandths, with reasons."""

    vendor = VendorReference(read_only=True)
    product = ProductReference(read_only=True, allow_null=True)

    class Meta:
        model = Mention
        fields = ("snapshot", "start", "end", "surface", "vendor", "product", "kind", "state", "score", "reasons")


class SalienceShown(Shown):
    """How much the document is about a vendor, in thousandths of its leading vendor."""

    vendor = VendorReference(read_only=True)

    class Meta:
        model = Salience
        fields = ("vendor", "value")


class ChangeShown(Shown):
    """What changed between two captures (`before`, `after`), or since `because`, another document, corrects it.
    `material`: it may matter to who cites it; `note`: what the publisher says of it."""

    class Meta:
        model = Change
        fields = ("id", "kind", "material", "summary", "note", "reasons", "before", "after", "because", "found_at")


class DocumentDetail(DocumentRow):
    """A document, whole: its captures, newest first, what changed between them, and what was read in the newest one.

    `missing_since`: its address gives nothing since then; `withdrawn_at`: so it counts as gone. `checked_at` and
    `check_at`: the last and the next look at an address that somebody cites.
    """

    changes = ChangeShown(many=True, read_only=True)
    snapshots = SnapshotShown(many=True, read_only=True)
    salience = SalienceShown(many=True, read_only=True)
    mentions = serializers.SerializerMethodField()

    class Meta(DocumentRow.Meta):
        fields = (
            *DocumentRow.Meta.fields, "byline", "wire_credit", "published_granularity", "dead_at", "last_error",
            "set_aside_at", "set_aside_why", "missing_since", "checked_at", "check_at", "changes", "snapshots",
            "salience", "mentions",
        )  # fmt: skip

    @extend_schema_field(MentionShown(many=True))
    def get_mentions(self, document: Document) -> Any:
        """Mentions in the newest snapshot, in the order of the text."""
        snapshots = list(document.snapshots.all())
        rows = Mention.objects.filter(snapshot__in=snapshots[:1]).select_related("vendor", "product__vendor")
        return MentionShown(rows.order_by("start"), many=True).data


class TextShown(Shown):
    """The text read from a snapshot; spans count its Unicode code points. `null`: not read yet."""

    class Meta:
        model = Snapshot
        fields = ("id", "title", "text", "text_sha256", "extractor_version")


class DocumentFilters(Filters):
    """Which documents."""

    kind = django_filters.ChoiceFilter(choices=Document.Kind.choices)
    source = django_filters.NumberFilter(field_name="source_id", min_value=0, max_value=2**53)
    origin = django_filters.NumberFilter(field_name="origin_id", min_value=0, max_value=2**53)
    story = django_filters.NumberFilter(field_name="story_id", min_value=0, max_value=2**53)
    vendor = django_filters.CharFilter(method="naming", label="Slug of a vendor that is mentioned.", max_length=80)
    since = django_filters.IsoDateTimeFilter(field_name="published_at", lookup_expr="gte", label="Published from.")
    until = django_filters.IsoDateTimeFilter(field_name="published_at", lookup_expr="lt", label="Published before.")
    digested = django_filters.BooleanFilter(
        field_name="digested_at", lookup_expr="isnull", exclude=True, label="Whether it was read."
    )
    url = django_filters.CharFilter(method="at", label="Its address, however it is spelt.", max_length=2000)
    q = django_filters.CharFilter(
        field_name="headline", lookup_expr="icontains", label="Part of the headline.", max_length=200
    )

    def at(self, rows: Any, name: str, url: str) -> Any:
        """The document that is known by this address."""
        return rows.filter(key=canonical_or_none(url))

    def naming(self, rows: Any, name: str, slug: str) -> Any:
        """Documents in one of whose snapshots the vendor is mentioned."""
        named = Mention.objects.filter(snapshot__document=OuterRef("pk"), vendor__in=Vendor.objects.under(slug))
        return rows.filter(Exists(named.exclude(state=Mention.State.REJECTED)))


class DamagedArchive(APIException):
    """The archive does not hold the bytes it should."""

    default_detail = "The archived bytes are missing or damaged. Tell the people who run this site."


class AnyForm(DefaultContentNegotiation):
    """A download is sent as it is, whatever the client says it accepts; a problem on the way is JSON."""

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        """The first renderer."""
        return renderers[0], renderers[0].media_type


class Documents(Resource):
    """Documents, by id. Lists begin with the document seen last."""

    model, row, detail_row = Document, DocumentRow, DocumentDetail
    order = ("-first_seen_at", "-pk")
    filterset_class = DocumentFilters
    write_scope = Scope.DOCUMENTS_WRITE

    bring = make(Document.objects.bring, takes=Bring)
    upload = make(Document.objects.upload, takes=Upload, parsers=[FormWithFile], now=timezone.now)
    push = make(Document.objects.push, takes=Push, parsers=[DocumentJSONParser], now=timezone.now)
    recapture = act(Document.recapture, takes=Recapture, parsers=[DocumentJSONParser], now=timezone.now)
    retry = act(Document.retry)
    set_aside = act(Document.set_aside, takes=Reason)

    def in_list(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The documents with their sources."""
        return super().in_list(rows.select_related("source"))

    def in_detail(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The document with its captures and what they are about."""
        salience = Salience.objects.select_related("vendor").order_by("-value", "pk")
        captures = Snapshot.objects.defer("text").order_by("-fetched_at", "-pk")
        return rows.select_related("source").prefetch_related(
            Prefetch("salience", salience),
            Prefetch("snapshots", captures),
            Prefetch("changes", Change.objects.newest_first()),
        )

    @extend_schema(
        responses=TextShown,
        parameters=[OpenApiParameter("snapshot", int, description="Id of a snapshot; the newest unless given.")],
    )
    @action(detail=True)
    def text(self, request: Request, **lookup: str) -> Response:
        """The text read from the newest snapshot, or from another one."""
        document = self.found(self.get_queryset())
        wanted = request.query_params.get("snapshot")
        snapshot = get_object_or_404(document.snapshots, pk=wanted) if wanted else document.newest
        if snapshot is None:
            raise NotFound("This document was not fetched yet, so there is no text.")
        return Response(TextShown(snapshot).data)

    @extend_schema(responses=Analysis)
    @action(detail=True)
    def analysis(self, request: Request, **lookup: str) -> Response:
        """What was read in the newest text: names, who says what, kinds of risk, each with its place and reasons."""
        document = self.found(self.get_queryset())
        snapshot = document.newest
        if snapshot is None or snapshot.text is None:
            raise NotFound(NO_ANALYSIS)
        return Response(analysis(document, snapshot))

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True, url_path=r"snapshots/(?P<snapshot>[0-9]{1,18})/raw", content_negotiation_class=AnyForm)
    def raw(self, request: Request, snapshot: str, **lookup: str) -> HttpResponse:
        """The exact bytes of a snapshot, as a download. The audit trail notes who took them."""
        document = self.found(self.get_queryset())
        taken = get_object_or_404(document.snapshots.defer("text"), pk=snapshot)
        content = bytes_of(taken)
        with transaction.atomic():
            Entry.objects.access(
                caller(request), "document.download", document, snapshot=taken.pk, sha256=taken.raw_sha256
            )
        return download(content, f"{taken.raw_sha256}.bin")


def bytes_of(snapshot: Snapshot) -> bytes:
    """The exact bytes. Raises `DamagedArchive`, or `Unreachable` when the archive cannot be asked now."""
    try:
        return snapshot.raw
    except (FileNotFoundError, archive.Damaged) as error:
        raise DamagedArchive from error


def download(content: bytes, name: str) -> HttpResponse:
    """Foreign bytes as an attachment that no browser shows or runs."""
    return HttpResponse(content, content_type="application/octet-stream", headers=uninterpreted(name))


def uninterpreted(name: str) -> dict[str, str]:
    """The headers with which a client stores a file, and shows and caches nothing of it."""
    return {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
