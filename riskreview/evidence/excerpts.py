"""The words around what was searched, in pieces: what is marked is told apart, never as markup inside a text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchHeadline
from django.db.models import F
from django.db.models.functions import Left, Substr

from riskreview.lib.asking import Question
from riskreview.lib.searched import is_unspaced
from riskreview.lib.text import without_bidi

from .models import Snapshot
from .models.indexed import CONFIG

READ = 20_000  # characters of a text that are looked through for an excerpt
LONGEST = 320
# Private characters: should a text have them, too much is marked, and nothing else happens.
START, STOP = "\ue000", "\ue001"
_MARKED = re.compile(f"{START}([^{START}{STOP}]{{1,200}}){STOP}")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text; `marked` says that it was searched for."""

    text: str
    marked: bool = False


def headline(column: str, query: Any) -> Any:
    """The expression for the best words of a column."""
    return SearchHeadline(
        Left(F(column), READ), query, config=CONFIG, start_sel=START, stop_sel=STOP, max_words=36, min_words=18
    )


def of_documents(documents: Iterable[int], question: Question, query: Any) -> dict[int, list[Piece]]:
    """The words of each document around what was searched; the beginning where there is none."""
    captures = Snapshot.objects.filter(document__in=documents).exclude(text=None)
    newest = captures.order_by("document", "-fetched_at", "-pk").distinct("document")
    rows = Snapshot.objects.filter(pk__in=newest.values("pk"))
    runs = [part.text for group in question.wanted for part in group if is_unspaced(part.text)]
    if query is None or runs:
        shown = Substr("text", 1, READ) if runs else Left("text", LONGEST)
        return {pk: literal(text, runs) for pk, text in rows.values_list("document", shown)}
    told = rows.annotate(told=headline("text", query)).values_list("document", "told")
    return {pk: pieces(text) for pk, text in told}


def pieces(told: str) -> list[Piece]:
    """A headline as pieces."""
    found, at = [], 0
    for mark in _MARKED.finditer(told):
        found += [Piece(clean(told[at : mark.start()])), Piece(clean(mark[1]), marked=True)]
        at = mark.end()
    found.append(Piece(clean(told[at:])))
    return [piece for piece in found if piece.text]


def literal(text: str, wanted: Sequence[str]) -> list[Piece]:
    """The words around the first place of what stands in a text letter by letter."""
    marks = re.compile("|".join(map(re.escape, wanted)), re.IGNORECASE) if wanted else None
    first = marks.search(text) if marks else None
    low = max(0, first.start() - LONGEST // 3) if first else 0
    part = text[low : low + LONGEST]
    return pieces(marks.sub(lambda found: f"{START}{found[0]}{STOP}", part) if marks else part)


def clean(text: str) -> str:
    """On one line, without what reorders or marks."""
    return re.sub(r"\s+", " ", without_bidi(text).replace(START, "").replace(STOP, ""))
