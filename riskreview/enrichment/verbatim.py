"""The nightly walk: every stored excerpt is compared with the text it is from."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F
from django.db.models.functions import Coalesce, Now

from riskreview.cases.models import Exhibit, Suggestion
from riskreview.evidence.models import (
    AgencyMention,
    Claim,
    Mention,
    Signal,
    Snapshot,
    SpanCheck,
    UnknownName,
)
from riskreview.lib.work import Running

AT_ONCE = 100  # snapshots whose excerpts are fetched together
SECONDS = 20.0  # of one step
SHOWN = 20  # examples
Excerpt = tuple[int, str, int | None, int | None, str | None]  # snapshot, what it is, start, end, words

# Where excerpts are: the columns of their start, end and words; None for a span whose words are not kept.
PLACES: tuple[tuple[Any, str, str, str | None], ...] = (
    (Mention, "start", "end", "surface"),
    (AgencyMention, "start", "end", "surface"),
    (UnknownName, "start", "end", "surface"),
    (Claim, "start", "end", "words"),
    (Claim, "more_start", "more_end", "more_words"),
    (Claim, "cue_start", "cue_end", None),
    (Claim, "source_start", "source_end", None),
    (Claim, "anonymous_start", "anonymous_end", None),
    (Signal, "start", "end", "surface"),
    (Signal, "sentence_start", "sentence_end", None),
    (Suggestion, "start", "end", "excerpt"),
    (Exhibit, "start", "end", "passage"),
)

# Of which snapshot an excerpt is, where that is not simply the row's: a renewed suggestion shows a later one.
SOURCES: dict[Any, Any] = {Suggestion: Coalesce("renewed_snapshot", "snapshot")}


@dataclass(slots=True)
class Walked:
    """What one step of a walk found: through which snapshot it came, whether that was the end, how many excerpts it
    compared, and which are wrong."""

    through: int
    ended: bool = False
    excerpts: int = 0
    wrong: list[str] = field(default_factory=list)


def carry_out(work: Running[SpanCheck]) -> None:
    """Walk on for some seconds, or to the end of the archive."""
    check = work.row
    walked = walk(check.through, seconds=SECONDS)
    work.finish(
        lambda row, found: None,
        walked,
        through=walked.through,
        excerpts=F("excerpts") + walked.excerpts,
        wrong=F("wrong") + len(walked.wrong),
        examples=[*check.examples, *walked.wrong][:SHOWN],
        ended_at=Now() if walked.ended else None,
    )


def walk(through: int = 0, *, seconds: float | None = None) -> Walked:
    """Compare the excerpts of the snapshots after one, for so many seconds or to the end."""
    walked, until = Walked(through), None if seconds is None else time.monotonic() + seconds
    while until is None or time.monotonic() < until:
        rows = Snapshot.objects.exclude(text=None).filter(pk__gt=walked.through).order_by("pk")
        texts = {pk: text or "" for pk, text in rows.values_list("pk", "text")[:AT_ONCE]}
        if not texts:
            walked.ended = True
            break
        for excerpt in excerpts(list(texts)):
            walked.excerpts += 1
            if not stands(texts[excerpt[0]], excerpt):
                walked.wrong.append(f"{excerpt[1]} in snapshot {excerpt[0]} at {excerpt[2]} to {excerpt[3]}")
        walked.through = max(texts)
    return walked


def excerpts(snapshots: list[int]) -> Iterator[Excerpt]:
    """All excerpts from these snapshots."""
    for model, start, end, words in PLACES:
        kind = f"{model._meta.verbose_name} {start.removesuffix('start').rstrip('_')}".strip()
        rows = model.objects.alias(of=SOURCES.get(model, F("snapshot"))).filter(of__in=snapshots)
        rows = rows.exclude(**{start: None}).annotate(text_of=F("of"))
        for pk, *span, said in rows.values_list("text_of", start, end, words or "snapshot"):
            yield pk, kind, span[0], span[1], said if words else None
    yield from marked(snapshots)


def marked(snapshots: list[int]) -> Iterator[Excerpt]:
    """The hedges and figures of claims, whose words are not kept."""
    rows = Claim.objects.filter(snapshot__in=snapshots).exclude(hedges=[], figures=[])
    for pk, hedges, figures in rows.values_list("snapshot", "hedges", "figures"):
        for each in (*hedges, *figures):
            yield pk, "hedge or figure", each["start"], each["end"], None


def stands(text: str, excerpt: Excerpt) -> bool:
    """Whether a text says at a place what is said to stand there."""
    _, _, start, end, words = excerpt
    if start is None or end is None or not 0 <= start < end <= len(text):
        return False
    return words is None or text[start:end] == words
