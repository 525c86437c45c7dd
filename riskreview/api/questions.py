"""What texts say otherwise than each other, and what stands behind a case, as answers show it."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from riskreview.enrichment.questioning import Questions
from riskreview.enrichment.standing import Standing

from .outputs import DocumentReference


class SideShown(serializers.Serializer[Any]):
    """One of two passages, with its place in the newest text of its document; `exhibit` is the number of the exhibit
    that quotes it, for a case."""

    when = serializers.CharField()
    document = DocumentReference()
    exhibit = serializers.IntegerField(allow_null=True)
    start = serializers.IntegerField(source="passage.start")
    end = serializers.IntegerField(source="passage.end")
    words = serializers.CharField(source="passage.words")
    status = serializers.CharField(source="passage.status")
    at = serializers.DateTimeField(source="passage.at", allow_null=True)


class QuestionShown(serializers.Serializer[Any]):
    """A question to a reviewer, which decides nothing. `kind` DENIAL: one text says what the other denies; FIGURE: they
    give other figures. `passages` are two, the earlier first."""

    kind = serializers.CharField(source="question.kind")
    category = serializers.CharField(source="question.this.category")
    text = serializers.CharField(source="question.text")
    passages = serializers.SerializerMethodField()

    @extend_schema_field(SideShown(many=True))
    def get_passages(self, asked: Any) -> list[Any]:
        """Both, in order of time."""
        return list(SideShown(list(asked.sides), many=True).data)


class CountedText(serializers.Serializer[Any]):
    """The documents that carry one text, in order of time."""

    documents = DocumentReference(many=True)


class StandingShown(serializers.Serializer[Any]):
    """How documents are counted, with the list behind each number. `words` counts documents and origins and, for a
    case, primary sources; `texts` are the origins, at most 200 of them, the most copied first."""

    documents = serializers.IntegerField()
    origins = serializers.IntegerField()
    words = serializers.CharField()
    texts = CountedText(many=True)


class CaseStandingShown(StandingShown):
    """What stands behind a case. `sentence` may be quoted; `primary_sources` are those to whom the cited passages go
    back, `passed_on` outlets that are only repeated; `supporting` and `disputing` are the independent sources that
    count."""

    sentence = serializers.CharField()
    primary_sources = serializers.ListField(child=serializers.CharField())
    passed_on = serializers.ListField(child=serializers.CharField())
    supporting = serializers.ListField(child=serializers.CharField())
    disputing = serializers.ListField(child=serializers.CharField())


TEXTS = 200


def shown(questions: Questions) -> Any:
    """Questions as they are answered, the strongest first."""
    return QuestionShown(list(questions.every), many=True).data


def counted(told: Standing) -> dict[str, Any]:
    """What the serialisers of a standing show."""
    return {
        "documents": len(told.counted.documents),
        "origins": len(told.counted.origins),
        "words": str(told),
        "texts": [{"documents": text} for text in told.texts[:TEXTS]],
        "sentence": told.sentence,
        "primary_sources": told.sources,
        "passed_on": told.passed_on,
        "supporting": told.supporting,
        "disputing": told.disputing,
    }
