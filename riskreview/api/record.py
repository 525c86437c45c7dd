"""`/api/v1/audit/`: how far the log is, what was signed, and what the last check of the record found."""

from __future__ import annotations

import base64
from typing import Any

from django.http import Http404, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from riskreview.audit.models import Checkpoint, Log, Pending, Verification

from .authentication import caller
from .documents import AnyForm
from .outputs import Shown
from .resource import ThroughTheApi

NO_ACCESS = "You may not read the record. Ask an administrator for a role."


class LogShown(Shown):
    """A log: how many entries it orders, the root over them (base64), and the keys that sign it."""

    root = serializers.SerializerMethodField()  # type: ignore[assignment]

    class Meta:
        model = Log
        fields = ("origin", "size", "root", "open", "vkeys")

    def get_root(self, log: Log) -> str:
        """The root of the tree, not signed yet perhaps."""
        return base64.b64encode(bytes(log.root)).decode("ascii")


class CheckpointShown(Shown):
    """The newest signed head, and how many witnesses signed it too."""

    origin = serializers.CharField(source="log.origin", read_only=True)
    cosignatures = serializers.SerializerMethodField()

    class Meta:
        model = Checkpoint
        fields = ("origin", "size", "signed_at", "cosignatures")

    def get_cosignatures(self, checkpoint: Checkpoint) -> list[str]:
        """The names of the witnesses."""
        return list(checkpoint.cosignatures.order_by("pk").values_list("witness", flat=True))


class CheckShown(Shown):
    """A check of the record that came to its end."""

    holds = serializers.BooleanField(read_only=True)
    counts = serializers.DictField(child=serializers.IntegerField(), help_text="How many of each part.")

    class Meta:
        model = Verification
        fields = ("asked_at", "finished_at", "seconds", "holds", "problem_count", "counts")


class RecordShown(serializers.Serializer[Any]):
    """The state of the record. `pending` entries wait for the log; before the first of its kind the others are null."""

    logs = LogShown(many=True)
    pending = serializers.IntegerField()
    checkpoint = CheckpointShown(allow_null=True)
    last_check = CheckShown(allow_null=True)


class ForReaders(ThroughTheApi):
    """A page of the record for those who may read it."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Let in who may read. Raises `PermissionDenied`."""
        super().initial(request, *args, **kwargs)
        if not caller(request).can_read:
            raise PermissionDenied(NO_ACCESS)


class Record(ForReaders):
    """The state of the record."""

    @extend_schema(responses=RecordShown, operation_id="audit")
    def get(self, request: Request) -> Response:
        """How far the log is, what was signed last, and what the last check of the record found."""
        told = {
            "logs": Log.objects.in_order(),
            "pending": Pending.objects.count(),
            "checkpoint": Checkpoint.objects.newest(),
            "last_check": Verification.objects.newest_finished(),
        }
        return Response(RecordShown(told).data)


class NewestCheckpoint(ForReaders):
    """The newest checkpoint, as it was signed."""

    content_negotiation_class = AnyForm

    @extend_schema(responses={(200, "text/plain"): OpenApiTypes.STR}, operation_id="audit_checkpoint")
    def get(self, request: Request) -> HttpResponse:
        """The newest checkpoint (C2SP tlog-checkpoint) with its cosignatures, as text. Keep a copy elsewhere."""
        newest = Checkpoint.objects.newest()
        if newest is None:
            raise Http404
        return HttpResponse(
            newest.whole, content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"}
        )
