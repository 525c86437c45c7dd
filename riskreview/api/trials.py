"""`/api/v1/trials/` and `/api/v1/source-kinds/`: what a source would bring, and what each kind of source needs."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from riskreview.accounts import roles
from riskreview.accounts.tokens import Scope
from riskreview.evidence import kinds
from riskreview.evidence.models import Retention, Trial

from .authentication import caller
from .inputs import Words
from .outputs import Shown
from .record import ForReaders
from .resource import Resource
from .sources import CREDENTIAL, fitting


class ItemShown(serializers.Serializer[Any]):
    """An item that would come in; `known`: the archive has it already."""

    title = serializers.CharField()
    url = serializers.CharField()
    published = serializers.CharField(help_text="ISO 8601, or empty.")
    summary = serializers.CharField()
    known = serializers.BooleanField()


class TrialShown(Shown):
    """A dry run. `done_at` null and `dead_at` null: it is under way. `dead_at`: it failed, and `last_error` says why.
    `items` are the first of `count`."""

    items = ItemShown(many=True, read_only=True)

    class Meta:
        model = Trial
        fields = (
            "id", "kind", "url", "config", "asked_at", "done_at", "count", "items", "refused", "dead_at", "last_error"
        )  # fmt: skip
        extra_kwargs = {"config": {"help_text": "What it was asked."}}


class TrySource(Words):
    """A source as it would be registered, as far as its request goes."""

    kind = serializers.ChoiceField(choices=kinds.choices())
    url = serializers.CharField(max_length=2000, required=False)
    config = serializers.DictField(child=serializers.CharField(max_length=2000, allow_blank=True), required=False)
    credential = serializers.CharField(max_length=60, required=False, allow_blank=True, help_text=CREDENTIAL)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """What its kind takes. Raises `ValidationError` for the field it refuses."""
        whole: dict[str, Any] = {"url": "", "config": {}, "credential": ""} | attrs
        fitting(whole["kind"], whole["url"], whole["config"], whole["credential"])
        return whole


class Trials(Resource):
    """The caller's own dry runs, by id, for a day. They hold nothing and leave no entry."""

    model, row, detail_row = Trial, TrialShown, TrialShown
    order = ("-pk",)
    write_scope = Scope.DOCUMENTS_WRITE

    @extend_schema(request=TrySource)
    def create(self, request: Request) -> Response:
        """Have a worker see what a source would bring, before it is on the register. Ask again until it is done."""
        if not roles.reviewer(None, caller(request)):
            raise PermissionDenied(str(roles.reviewer.refusal))  # type: ignore[attr-defined]
        made = Trial.objects.ask(asked_by=caller(request), **self.words(TrySource))
        address = reverse("api-trials-detail", kwargs={"pk": made.pk}, request=request)
        return Response(TrialShown(self.get_queryset().get(pk=made.pk)).data, status=201, headers={"Location": address})

    create.makes = True  # type: ignore[attr-defined]

    def shown(self, row: Any) -> Response:
        """A dry run as an answer; it has no verbs, so no version."""
        return Response(TrialShown(row).data)


class SettingShown(serializers.Serializer[Any]):
    """One thing a source of the kind is asked."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    hint = serializers.CharField()
    required = serializers.BooleanField()  # type: ignore[assignment]


class KindShown(serializers.Serializer[Any]):
    """A kind of source. `address` is the default of `url`; `secret` says whether it takes a credential."""

    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    hint = serializers.CharField()
    address = serializers.CharField()
    settings = SettingShown(many=True)
    secret = serializers.ChoiceField(choices=["", "OPTIONAL", "REQUIRED"])
    road = serializers.ChoiceField(choices=["WEB", "FOLDER"])
    retention = serializers.ChoiceField(choices=Retention.choices)


class SourceKinds(ForReaders):
    """What this installation can read."""

    @extend_schema(responses=KindShown(many=True), operation_id="source_kinds")
    def get(self, request: Request) -> Response:
        """The kinds of source, and what each needs."""
        return Response(KindShown(kinds.every(), many=True).data)
