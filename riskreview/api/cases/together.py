"""Filing a case in JSON, and the cases that are like it."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from riskreview.accounts.models import Team
from riskreview.cases.models.filed import LABEL_LONGEST, LABELS_MOST

from ..inputs import RowField, Words


class TeamField(RowField):
    """A team by its short name."""

    def __init__(self, **options: Any) -> None:
        super().__init__(Team.objects.visible_to, slug_field="slug", queryset=Team.objects.all(), **options)


class Relabel(Words):
    """The labels of the case from now on, and no others."""

    labels = serializers.ListField(
        child=serializers.CharField(max_length=LABEL_LONGEST), max_length=LABELS_MOST, allow_empty=True
    )


class File(Words):
    """The team in whose inbox the case lies; null for none."""

    team = TeamField(allow_null=True)


class SnoozeCase(Words):
    """Until which day the case is out of the queue. Whatever happens to it before brings it back."""

    until = serializers.DateField()


class PartShown(serializers.Serializer[Any]):
    """One reason why two cases are alike, and the points it is worth."""

    name = serializers.CharField()
    points = serializers.IntegerField()
    reason = serializers.CharField()


class LikenessShown(serializers.Serializer[Any]):
    """A case like the one asked about. `score` is the sum of the points of `parts`."""

    ref = serializers.CharField(source="case.ref")
    title = serializers.CharField(source="case.title")
    status = serializers.CharField(source="case.status")
    url = serializers.HyperlinkedRelatedField[Any](
        source="case", view_name="api-cases-detail", lookup_field="ref", read_only=True
    )
    score = serializers.IntegerField()
    parts = PartShown(many=True)


class PrecedentShown(serializers.Serializer[Any]):
    """A decided case with a finding on the same risk and the same kind of subject. `stands`: not opened again."""

    ref = serializers.CharField(source="case.ref")
    title = serializers.CharField(source="case.title")
    url = serializers.HyperlinkedRelatedField[Any](
        source="case", view_name="api-cases-detail", lookup_field="ref", read_only=True
    )
    ending = serializers.CharField()
    decided_at = serializers.DateTimeField()
    areas = serializers.ListField(child=serializers.CharField())
    stands = serializers.BooleanField()


class SimilarShown(serializers.Serializer[Any]):
    """Cases that are like one, the most alike first, and how the same risk was decided before, the newest first."""

    similar = LikenessShown(many=True)
    precedents = PrecedentShown(many=True)
