"""Searching the archive: the best of the newest documents that fit, in a time that hardly grows with the archive.

A common word fits half of the archive, so not everything that fits is ranked: the newest five hundred are. How common a
word is, the planner knows; if it is common, only the days that hold about twice so many are searched, and more days
only if that was not enough. A rare word is looked up in the whole archive at once.
"""

from __future__ import annotations

import datetime
import json
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db import OperationalError, connection, transaction
from django.db.models import F, Max, Min
from psycopg.errors import QueryCanceled

from riskreview.accounts.models import User
from riskreview.lib.asking import Part, Question

from .models import Document, SearchText
from .models.indexed import CONFIG

BEST = 500  # so many of the newest are ranked
FEW = 20_000  # so many rows are read at once without narrowing by days
IN_ORDER = 5_000  # taken to have the words of a phrase at least: in each of them their order is looked up
SHARE = 2.0  # days are taken that hold so many times more than is needed
GROWTH = 4
PATIENCE, ENOUGH = 0.05, 20  # after so many seconds no more days are searched, if so many were found
CUT, SHORTEST_STEM = 4, 5  # letters a beginning may be longer than a stem, and the shortest stem that is tried
LENGTHS = 1  # ts_rank divides by 1 + the logarithm of the length: a long text is not better for being long


class TookTooLong(Exception):
    """A search that was stopped because it took longer than it may."""

    def __init__(self) -> None:
        seconds = f"{settings.SEARCH_SECONDS:g} second{'' if settings.SEARCH_SECONDS == 1 else 's'}"
        super().__init__(f"The search was stopped after {seconds}. Add a rarer word, or narrow it with from: and to:.")


@contextmanager
def in_time() -> Iterator[None]:
    """Stop what takes longer than SEARCH_SECONDS: raises `TookTooLong`. Plans that read whole tables are avoided, and
    none is compiled, which takes longer than to run it."""
    milliseconds = str(round(1_000 * settings.SEARCH_SECONDS))
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('statement_timeout', %s, true), set_config('jit', 'off', true),"
                " set_config('enable_seqscan', 'off', true), set_config('pg_trgm.similarity_threshold', '0.4', true)",
                [milliseconds],
            )
            yield
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise TookTooLong from error
        raise


class Marks(SearchQuery):
    """A part of a question that is no words: taken as it stands, not parsed."""

    def as_sql(self, compiler: Any, connection: Any, *_: Any, **__: Any) -> Any:
        """The text as a tsquery."""
        return super().as_sql(compiler, connection, template="(%(expressions)s)::tsquery")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the words of documents: the words alone, by which they are ranked (None: any), the marks,
    whether words are to stand in a row, and the days, both included (None: any)."""

    words: Any
    marks: Any
    in_order: bool = False
    since: datetime.date | None = None
    until: datetime.date | None = None

    @property
    def anything(self) -> bool:
        """Whether it asks for anything."""
        return bool(self.words is not None or self.marks is not None or self.since or self.until)

    def within(self, first: datetime.date | None, last: datetime.date | None) -> Any:
        """The whole question, among the documents of some days."""
        days = Marks(" | ".join(days_between(first, last))) if first and last else None
        return both(both(self.words, self.marks), days)


@dataclass(frozen=True, slots=True)
class Ranked:
    """What fits, the best first, as ids. `capped`: more fit, and these are the newest `BEST`. `since`: only documents
    from this day on were looked through."""

    documents: list[int]
    capped: bool
    since: datetime.date | None = None


def both(one: Any, other: Any) -> Any:
    """Two conditions at once, either of which may be missing."""
    return one & other if one is not None and other is not None else one if other is None else other


def words_of(question: Question, *, spelled: bool = False) -> Any:
    """The words of a question for the words of documents; `spelled`: for texts as they are written. None: no words."""
    query = None
    for group in question.wanted:
        either = None
        for part in group:
            one = of_part(part, spelled=spelled)
            either = one if either is None else either | one
        query = both(query, either)
    for part in question.unwanted:
        query = both(query, ~of_part(part, spelled=spelled))
    return query


def of_part(part: Part, *, spelled: bool) -> Any:
    """A word, or words in a row."""
    whole = SearchQuery(part.text if spelled else part.words, search_type="phrase", config=CONFIG)
    return whole | SearchQuery(beginning(part.words), search_type="raw", config="simple") if part.prefix else whole


def beginning(words: str) -> str:
    """A tsquery for words in a row of which the last is the beginning of one.

    What is kept of longer words is their stem, which may be shorter than what was typed of them: “regulato” begins
    “regulators”, kept as “regul”. So the word without some of its last letters counts, too.
    """
    *before, last = words.split()
    shorter = [last[:-cut] for cut in range(1, CUT + 1) if len(last) - cut >= SHORTEST_STEM and last.isascii()]
    either = " | ".join([f"'{last}':*", *(f"'{each}'" for each in shorter)])
    return " <-> ".join([*(f"'{word}'" for word in before), f"({either})"])


def asked(question: Question, *, vendors: Iterable[int], sources: Iterable[int]) -> Asked:
    """What a question asks of documents, with the vendors and sources it names."""
    kinds = [
        ("v", [str(each) for each in vendors] if question.vendors else []),
        ("s", [str(each) for each in sources] if question.sources else []),
        ("k", sorted(question.forms)),
    ]
    marks = None
    for letter, values in kinds:
        if values:
            marks = both(marks, Marks(" | ".join(f"'={letter}{value}'" for value in values)))
    in_order = any(" " in part.words for group in question.wanted for part in group)
    return Asked(words_of(question), marks, in_order, question.since, question.until)


def rank(wanted: Asked, user: User, *, newest_first: bool = False, whole: bool = False) -> Ranked:
    """The documents that fit, the best of the newest `BEST`. To be called `in_time`. `whole`: however long it takes."""
    rows = SearchText.objects.visible_to(user)
    nothing = rows.query.is_empty() or not wanted.anything
    found, since = ([], None) if nothing else newest(wanted, rows, patient=whole)
    capped = len(found) > BEST
    if newest_first or wanted.words is None:
        return Ranked(found[:BEST], capped, since)
    scored = rows.filter(pk__in=found[:BEST]).annotate(
        score=SearchRank(F("words"), wanted.words, normalization=LENGTHS)
    )
    return Ranked(list(scored.order_by("-score", "-published_at", "-pk").values_list("pk", flat=True)), capped, since)


def newest(wanted: Asked, rows: Any, *, patient: bool) -> tuple[list[int], datetime.date | None]:
    """The ids of the newest that fit, one more than are ranked, newest first; and since when was looked, unless
    everywhere: what is rare only in its order, as a phrase of common words, takes long, and a page is enough."""
    begun, ended = span_of_archive()
    first, last = wanted.since or begun, wanted.until or ended
    bounded = bool(wanted.since or wanted.until)
    started, found, narrowed = time.monotonic(), list[int](), False
    whole = wanted.within(first, last) if bounded else wanted.within(None, None)
    for day in windows(rows, whole, last, in_order=wanted.in_order):
        if day <= first:
            break
        found += taken(rows.filter(words=wanted.within(day, last)))
        if len(found) > BEST:
            return found, None
        if len(found) >= ENOUGH and not patient and time.monotonic() - started > PATIENCE:
            return found, day
        last, narrowed = day - datetime.timedelta(1), True
    rest = wanted.within(first, last) if bounded or narrowed else wanted.within(None, None)
    return found + taken(rows.filter(words=rest)), None


def span_of_archive() -> tuple[datetime.date, datetime.date]:
    """The first and the last day of a document; the first day of the calendar twice when there is none."""
    of = {"a": Min("published_at"), "b": Min("first_seen_at"), "c": Max("published_at"), "d": Max("first_seen_at")}
    told = Document.objects.aggregate(**of)
    days = [each.date() for each in told.values() if each]
    return (min(days), max(days)) if days else (datetime.date.min, datetime.date.min)


def taken(rows: Any) -> list[int]:
    """The newest of some rows."""
    return list(rows.order_by("-published_at", "-pk").values_list("pk", flat=True)[: BEST + 1])


def windows(rows: Any, whole: Any, last: datetime.date, *, in_order: bool) -> Iterator[datetime.date]:
    """The first days of longer and longer spans of days that may hold enough; none where so few fit that one look at
    everything is quicker."""
    fits = planned(rows.filter(words=whole))
    if fits <= FEW and not in_order:
        return
    fits = max(fits, IN_ORDER) if in_order else fits
    of = planned(rows)
    size = round(SHARE * BEST * of / fits)
    while size < of:
        day = day_behind(size, last)
        if day is None:
            return
        yield day
        size *= GROWTH


def planned(rows: Any) -> int:
    """About how many rows there are, by the planner's statistics."""
    return int(json.loads(rows.explain(format="json"))[0]["Plan"]["Plan Rows"])


def day_behind(count: int, last: datetime.date) -> datetime.date | None:
    """The day before which so many documents up to a last day were published; None where there are fewer."""
    until = datetime.datetime.combine(last, datetime.time.max, datetime.UTC)
    rows: Any = Document.objects.filter(published_at__lte=until).order_by("-published_at").values_list("published_at")
    found = rows[count : count + 1]
    return found[0][0].date() if found else None


def days_between(first: datetime.date, last: datetime.date) -> list[str]:
    """The days of a span as few marks: whole years and months by their beginning, which a star lets stand for all."""
    told = []
    for year in range(first.year, last.year + 1):
        low, high = max(first, datetime.date(year, 1, 1)), min(last, datetime.date(year, 12, 31))
        told += (
            [f"'=d{year:04}':*"] if (low.day, low.month, high.day, high.month) == (1, 1, 31, 12) else months(low, high)
        )
    return told or ["'=none'"]


def months(first: datetime.date, last: datetime.date) -> list[str]:
    """The same for days of one year."""
    told = []
    for month in range(first.month, last.month + 1):
        low = first.day if month == first.month else 1
        high = last.day if month == last.month else 31
        stem = f"=d{first.year:04}{month:02}"
        told += [f"'{stem}':*"] if (low, high) == (1, 31) else [f"'{stem}{day:02}'" for day in range(low, high + 1)]
    return told
