"""`/api/v1/search/`: one search over everything, in the words of the search box."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from riskreview.cases.alike import did_you_mean
from riskreview.cases.everything import Everything, Hit
from riskreview.evidence.excerpts import Piece
from riskreview.evidence.searching import TookTooLong, in_time
from riskreview.lib import asking

from .authentication import caller
from .filters import check
from .names import PAGE, PAGE_SIZE
from .paging import Pages
from .record import ForReaders

SORTS = ("best", "newest")
WHOLE = "`true`: look through all documents, however long it takes."
Q = "Words, “phrases”, OR, -without, begin*, vendor:, source:, from:, to:, is:; at most 500 characters count."
KIND = "Which kind of rows. Unless given, the first that `is:` names, else documents."
OF = f"One of {', '.join(asking.KINDS)}."
SORT = "Documents: the best first, or the newest."


class HitShown(serializers.Serializer[Any]):
    """A row that fits. `marks` are half-open spans of `excerpt` that were searched for; a claim's `url` is that of its
    document."""

    kind = serializers.CharField(help_text=OF)
    id = serializers.CharField(help_text="As in the address of the row; of a claim, its number.")
    title = serializers.CharField()
    url = serializers.URLField()
    date = serializers.DateField(allow_null=True)
    excerpt = serializers.CharField()
    marks = serializers.ListField(child=serializers.ListField(child=serializers.IntegerField()))


FOUND = inline_serializer(
    "SearchPage",
    {
        "count": serializers.IntegerField(),
        "next": serializers.URLField(allow_null=True),
        "previous": serializers.URLField(allow_null=True),
        "results": HitShown(many=True),
        "kind": serializers.CharField(help_text=OF),
        "capped": serializers.BooleanField(help_text="More documents fit: these are the newest 500."),
        "since": serializers.DateField(allow_null=True, help_text="Only documents since then were looked through."),
        "problems": serializers.ListField(child=serializers.CharField(), help_text="What was left out, and why."),
        "did_you_mean": serializers.CharField(help_text="Another spelling, where nothing fits."),
    },
)


class Search(ForReaders):
    """One search over everything."""

    @extend_schema(
        responses=FOUND,
        operation_id="search",
        parameters=[
            OpenApiParameter("q", description=Q),
            OpenApiParameter("kind", enum=asking.KINDS, description=KIND),
            OpenApiParameter("sort", enum=SORTS, description=SORT),
            OpenApiParameter("whole", enum=("true", "false"), description=WHOLE),
            PAGE,
            PAGE_SIZE,
        ],
    )
    def get(self, request: Request) -> Response:
        """What fits, of one kind, page by page."""
        check(request, dict.fromkeys(("q", "kind", "sort", "whole")))
        question = asking.read(request.query_params.get("q", ""), typing=True)
        question.newest_first = chosen(request, "sort", SORTS) == "newest"
        question.whole = chosen(request, "whole", ("true", "false")) == "true"
        kind = chosen(request, "kind", asking.KINDS) or next(
            (k for k in asking.KINDS if k in question.kinds), "document"
        )
        try:
            with in_time():
                return page_of(request, Everything(question, caller(request)), kind)
        except TookTooLong as stopped:
            raise ValidationError({"q": [str(stopped)]}) from stopped


def chosen(request: Request, name: str, values: Sequence[str]) -> str:
    """A parameter with so many values, empty when it is not there. Raises `ValidationError` for any other."""
    value = request.query_params.get(name, "")
    if value and value not in values:
        raise ValidationError({name: [f"This must be one of {', '.join(values)}."]})
    return str(value)


def page_of(request: Request, everything: Everything, kind: str) -> Response:
    """A page of what fits."""
    pages, rows = Pages(), everything.rows(kind)
    shown = pages.paginate_queryset(rows, request) or []
    hits = [told(hit, request) for hit in everything.hits(kind, shown)]
    answer = pages.get_paginated_response(HitShown(hits, many=True).data)
    question = everything.question
    empty = not answer.data["count"] and question.asks
    answer.data |= {
        "kind": kind,
        "capped": kind == "document" and bool(hits) and everything.documents.capped,
        "since": everything.documents.since if kind == "document" and hits else None,
        "problems": question.problems,
        "did_you_mean": did_you_mean(question, everything.user) if empty else "",
    }
    return answer


def told(hit: Hit, request: Request) -> dict[str, Any]:
    """A hit as an answer shows it."""
    row, kind = hit.row, hit.kind
    about = row.snapshot.document if kind == "claim" else row
    key = {"case": "ref", "incident": "ref", "vendor": "slug"}.get(kind, "pk")
    lookup = {key: getattr(about, key)}
    dated = {"case": "asked_on", "incident": "occurred_from", "vendor": ""}.get(kind, "published_at")
    day: Any = getattr(about, dated) if dated else None
    excerpt, marks = spans(hit.excerpt)
    return {
        "kind": kind,
        "id": str(row.pk if kind == "claim" else lookup[key]),
        "title": str(about),
        "url": reverse(f"api-{'documents' if kind == 'claim' else kind + 's'}-detail", kwargs=lookup, request=request),
        "date": day.date() if hasattr(day, "date") else day,
        "excerpt": excerpt,
        "marks": marks,
    }


def spans(pieces: Sequence[Piece]) -> tuple[str, list[list[int]]]:
    """The words of an excerpt, and where they are marked."""
    text, marks = "", []
    for piece in pieces:
        if piece.marked:
            marks.append([len(text), len(text) + len(piece.text)])
        text += piece.text
    return text, marks
