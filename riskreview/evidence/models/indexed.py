"""The words of every document, kept apart and ready to be searched."""

from __future__ import annotations

import datetime
import hashlib
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Exists, OuterRef, Value
from django.db.models.expressions import CombinedExpression, Func

from riskreview.accounts.seeing import SeenByReaders
from riskreview.lib.searched import words

from .document import Document

VERSION = 1  # of how words are kept: what an earlier one kept is kept anew, in the background
CONFIG = "english"  # stems English; the words of other languages stay as they are, nearly always


class SearchTextQuerySet(SeenByReaders, models.QuerySet["SearchText"]):
    """The words of the archive."""

    def index(self, document: Document, title: str, text: str) -> bool:
        """Keep the words of a document that was read; whether anything changed."""
        dated = document.published_at or document.first_seen_at
        marks = marks_of(document, dated)
        stamp = hashlib.sha256("\x00".join([str(VERSION), *marks, dated.isoformat(), title, text]).encode())
        told: dict[str, Any] = {"stamp": stamp.hexdigest()[:16], "version": VERSION, "published_at": dated}
        if self.filter(document=document, stamp=told["stamp"]).exists():
            return False
        row = self.model(document=document, words=vector(title, text, marks), **told)
        self.bulk_create([row], update_conflicts=True, unique_fields=["document"], update_fields=[*told, "words"])
        return True


def unindexed() -> models.QuerySet[Document]:
    """The documents that were read and cannot be searched yet, or only as an earlier version kept their words."""
    kept = SearchText.objects.filter(document=OuterRef("pk"), version__gte=VERSION)
    rows: models.QuerySet[Document] = Document.objects.read().filter(~Exists(kept))
    return rows


def marks_of(document: Document, dated: datetime.datetime) -> list[str]:
    """What a document is found by besides its words, as words that no text has: its day, its kind, its source, and
    the vendors it is about. One index then answers the whole of a question."""
    vendors = document.salience.order_by("vendor").values_list("vendor", flat=True)
    source = [f"=s{document.source_id}"] if document.source_id else []
    return [f"=d{dated:%Y%m%d}", f"=k{document.kind}", *source, *(f"=v{vendor}" for vendor in vendors)]


def vector(title: str, text: str, marks: list[str]) -> Any:
    """The expression that makes the words: those of the title weigh more."""
    head = SearchVector(Value(words(title)), weight="A", config=CONFIG)
    told = head + SearchVector(Value(words(text)), weight="D", config=CONFIG)
    array = Value(marks, output_field=ArrayField(models.TextField()))
    plain = Func(array, function="array_to_tsvector", output_field=SearchVectorField())
    return CombinedExpression(told, "||", plain, output_field=SearchVectorField())


class SearchText(models.Model):
    """The words of a document, and its day. `stamp` says of what they were made.

    The day has no index on purpose: the planner would walk along it in search of a rare word. The day stands among the
    words instead.
    """

    document = models.OneToOneField(Document, on_delete=models.CASCADE, primary_key=True, related_name="search_text")
    published_at = models.DateTimeField(help_text="or, where that is unknown, when it was first seen")
    stamp = models.CharField(max_length=16)
    version = models.PositiveSmallIntegerField()
    words = SearchVectorField()

    objects: ClassVar[Any] = SearchTextQuerySet.as_manager()

    class Meta:
        # Without a list of what is pending: a search would read it whole.
        indexes = [GinIndex(fields=["words"], name="searchtext_words", fastupdate=False)]

    def __str__(self) -> str:
        return f"words of document {self.document_id}"
