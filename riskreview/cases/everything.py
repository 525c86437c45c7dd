"""One search over everything a person may see: cases, vendors, incidents, claims and documents."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.postgres.search import SearchVector
from django.db.models import Q, QuerySet

from riskreview.accounts.models import User
from riskreview.evidence import excerpts, searching
from riskreview.evidence.excerpts import Piece
from riskreview.evidence.models import Claim, Document, Source
from riskreview.evidence.models.indexed import CONFIG
from riskreview.incidents.models import Incident
from riskreview.lib.asking import KINDS, Question
from riskreview.lib.searched import is_unspaced
from riskreview.vendors.models import Vendor

from .models import Case, Finding

CLAIMS_OF = 60  # of the best documents
NAMED = 50  # vendors or sources that one name may stand for
# What is searched of each kind besides documents; an index has the same words in the same order.
CASE_TEXT, FINDING_TEXT = ("title", "question"), ("judgment", "basis")
INCIDENT_TEXT, CLAIM_TEXT = ("title", "neutral_summary"), ("words", "more_words")


@dataclass(frozen=True, slots=True)
class Hit:
    """A row that fits, and the words of it around what was searched."""

    kind: str
    row: Any
    excerpt: Sequence[Piece] = ()


class Everything:
    """What fits a question, for one person. To be asked inside `searching.in_time`."""

    def __init__(self, question: Question, user: User) -> None:
        self.question, self.user = question, user
        self.spelled = searching.words_of(question, spelled=True)
        self.shown = searching.words_of(Question("", wanted=question.wanted), spelled=True)

    @property
    def kinds(self) -> list[str]:
        """The kinds of rows that can fit: only documents have a source and a form, and claims by them."""
        asked = self.question
        left = [kind for kind in KINDS if not asked.kinds or kind in asked.kinds]
        if asked.sources or asked.forms:
            left = [kind for kind in left if kind in ("claim", "document")]
        if asked.since or asked.until:
            left = [kind for kind in left if kind != "vendor"]
        return left if asked.wanted else [kind for kind in left if kind != "claim"]

    @cached_property
    def vendors(self) -> list[int]:
        """The vendors that are named, with those merged into them. A name that is none is a problem."""
        found: list[int] = []
        for name in self.question.vendors:
            rows = Vendor.objects.visible_to(self.user)
            exact = rows.under(name.lower())
            named = exact if exact.exists() else rows.filter(pk__in=Vendor.objects.matching(name).values("pk"))
            numbers = list(named.order_by("pk").values_list("pk", flat=True)[:NAMED])
            found += Vendor.objects.counting_as(numbers).values_list("pk", flat=True)
            if not numbers:
                self.question.problems.append(f"No vendor is called “{name}”.")
        return found

    @cached_property
    def sources(self) -> list[int]:
        """The sources that are named, by a part of their names or their number."""
        found: list[int] = []
        for name in self.question.sources:
            number = Q(pk=int(name)) if name.isascii() and name.isdigit() and len(name) < 10 else Q()
            rows = Source.objects.visible_to(self.user).filter(number or Q(name__icontains=name))
            numbers = list(rows.order_by("pk").values_list("pk", flat=True)[:NAMED])
            found += numbers
            if not numbers:
                self.question.problems.append(f"No source is called “{name}”.")
        return found

    @cached_property
    def impossible(self) -> bool:
        """Whether a vendor or a source is named that does not exist."""
        named = (self.question.vendors, self.vendors), (self.question.sources, self.sources)
        return any(asked and not found for asked, found in named)

    @cached_property
    def documents(self) -> searching.Ranked:
        """The documents that fit, the best first."""
        wanted = searching.asked(self.question, vendors=self.vendors, sources=self.sources)
        return searching.rank(wanted, self.user, newest_first=self.question.newest_first, whole=self.question.whole)

    def rows(self, kind: str) -> Any:
        """What fits of one kind, in order: rows, or for documents and claims their ids; all with a length."""
        if self.impossible or not self.question.asks or kind not in self.kinds:
            return []
        if kind == "document":
            return self.documents.documents
        if kind == "claim":
            return self.claims
        return {"case": self.cases, "vendor": self.vendor_rows, "incident": self.incidents}[kind]()

    def cases(self) -> QuerySet[Case]:
        """Cases whose title, question or findings have the words, or whose reference begins so."""
        rows: QuerySet[Case] = Case.objects.visible_to(self.user)
        if self.question.vendors:
            rows = rows.filter(vendors__in=self.vendors).distinct()
        rows = self.between(rows, "asked_on")
        if self.spelled is not None:
            found = having(Case.objects, CASE_TEXT, self.spelled).values("pk")
            judged = having(Finding.objects, FINDING_TEXT, self.spelled).values("case")
            called = Case.objects.filter(self.called("title", "ref")).values("pk")
            rows = rows.filter(pk__in=found.union(judged, called))
        return rows.order_by("-asked_on", "-pk")

    def incidents(self) -> QuerySet[Incident]:
        """Incidents whose title or summary have the words, or whose reference begins so."""
        rows: QuerySet[Incident] = Incident.objects.visible_to(self.user)
        if self.question.vendors:
            involved = Q(involvements__vendor__in=self.vendors) | Q(involvements__product__vendor__in=self.vendors)
            rows = rows.filter(involved).distinct()
        rows = self.between(rows, "occurred_from")
        if self.spelled is not None:
            found = having(Incident.objects, INCIDENT_TEXT, self.spelled).values("pk")
            called = Incident.objects.filter(self.called("title", "ref")).values("pk")
            rows = rows.filter(pk__in=found.union(called))
        return rows.order_by("-occurred_from", "-pk")

    def vendor_rows(self) -> QuerySet[Vendor]:
        """Vendors one of whose names, in any script, has each word."""
        rows: QuerySet[Vendor] = Vendor.objects.visible_to(self.user)
        if self.question.vendors:
            rows = rows.filter(pk__in=self.vendors)
        for group in self.question.wanted:
            rows = rows.filter(any_of(Q(pk__in=Vendor.objects.matching(part.text).values("pk")) for part in group))
        for part in self.question.unwanted:
            rows = rows.exclude(pk__in=Vendor.objects.matching(part.text).values("pk"))
        return rows.order_by("canonical_name", "pk")

    @cached_property
    def claims(self) -> list[int]:
        """Claims with all of the words, in the best documents that have them."""
        best = self.documents.documents[:CLAIMS_OF]
        rows = Claim.objects.filter(snapshot__document__in=best).exclude(state=Claim.State.REJECTED)
        if any(is_unspaced(part.text) for group in self.question.wanted for part in group):
            rows = rows.filter(contained(self.question, "words"))
        else:
            rows = having(rows, CLAIM_TEXT, self.spelled)
        return list(rows.order_by("-snapshot__document__published_at", "-pk").values_list("pk", flat=True))

    def called(self, *columns: str) -> Q:
        """The condition that all words stand in the first column, or that the whole begins the other."""
        title, ref = columns
        text = self.question.text
        return contained(self.question, title) | (Q(**{f"{ref}__istartswith": text}) if len(text) > 3 else Q(pk=None))

    def between(self, rows: Any, column: str) -> Any:
        """The rows of the days that are asked for."""
        asked: dict[str, datetime.date | None] = {"gte": self.question.since, "lte": self.question.until}
        return rows.filter(**{f"{column}__{how}": day for how, day in asked.items() if day})

    def hits(self, kind: str, rows: Iterable[Any]) -> list[Hit]:
        """Some of the rows, with what a page shows of them."""
        if kind == "document":
            return self.held(list(rows))
        column = {"case": "question", "incident": "neutral_summary", "claim": "words"}.get(kind)
        if kind == "claim":
            numbers = list(rows)
            claims = Claim.objects.filter(pk__in=numbers).select_related("snapshot__document__source", "source_vendor")
            rows = claims.order_by("-snapshot__document__published_at", "-pk")
        if isinstance(rows, QuerySet) and column and self.shown is not None:
            rows = rows.annotate(told=excerpts.headline(column, self.shown))
        return [Hit(kind, row, told(row, column)) for row in rows]

    def held(self, numbers: list[int]) -> list[Hit]:
        """Documents by their ids, in that order."""
        found = Document.objects.visible_to(self.user).filter(pk__in=numbers).select_related("source").in_bulk()
        texts = excerpts.of_documents(found, self.question, self.shown) if found else {}
        return [Hit("document", found[pk], texts.get(pk, ())) for pk in numbers if pk in found]


def told(row: Any, column: str | None) -> Sequence[Piece]:
    """The excerpt of a row."""
    if hasattr(row, "told"):
        return excerpts.pieces(row.told or "")
    return excerpts.literal(getattr(row, column)[: excerpts.LONGEST], ()) if column else ()


def having(rows: Any, columns: Sequence[str], query: Any) -> Any:
    """The rows whose columns have the words."""
    return rows.annotate(words_in_it=SearchVector(*columns, config=CONFIG)).filter(words_in_it=query)


def contained(question: Question, column: str) -> Q:
    """The condition that a column contains each word as it is written, anywhere."""
    every = Q()
    for group in question.wanted:
        every &= any_of(Q(**{f"{column}__icontains": part.text}) for part in group)
    for part in question.unwanted:
        every &= ~Q(**{f"{column}__icontains": part.text})
    return every


def any_of(conditions: Iterable[Q]) -> Q:
    """One of the conditions."""
    either = Q()
    for each in conditions:
        either |= each
    return either
