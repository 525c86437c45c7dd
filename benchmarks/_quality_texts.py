"""Excerpts are verbatim in every text; and between two captures of one, what changed, and whether it matters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from benchmarks._quality_figures import Measured
from benchmarks._quality_labels import Register, Row
from riskreview.enrichment.analysis import Analysis, analyse
from riskreview.enrichment.changes import Version, compare

VERBATIM = "verbatim spans"
KIND, MATERIAL, FALSE_ALARMS = "changes: kind", "changes that matter, recall", "changes that do not matter, told so"

# Start, end, and the words that must stand there ("" where the span alone is kept).
Span = tuple[int, int, str]


def verbatim(texts: Iterable[str], register: Register) -> Measured:
    """Of all spans that are read out of the texts, those that lie in the text and say what the text says there."""
    measured = Measured()
    for text in texts:
        spans = list(_spans(analyse("", text, register.gazetteer)))
        right = [_stands(text, *span) for span in spans]
        if spans:
            measured.count(VERBATIM, sum(right), len(right))
        measured.confusions += [f"{span} in: {text}" for span, fine in zip(spans, right, strict=True) if not fine]
    return measured


def _stands(text: str, start: int, end: int, surface: str) -> bool:
    return 0 <= start < end <= len(text) and surface in ("", text[start:end]) and text[start:end].strip() != ""


def _spans(analysis: Analysis) -> Iterator[Span]:
    yield from ((start, end, "") for start, end in analysis.spans)
    names = analysis.names
    for each in [*names.mentions, *names.agencies, *names.unknown]:
        yield each.start, each.end, each.surface
    for claim in analysis.claims:
        parts = [*claim.content, claim.source.span, claim.cue, claim.anonymous]
        parts += [(each.start, each.end) for each in [*claim.hedges, *claim.figures]]
        yield from ((*part, "") for part in parts if part is not None)
    yield from ((signal.start, signal.end, "") for signal in analysis.signals)


def changes(rows: Sequence[Row], register: Register) -> Measured:
    """Two captures of an article: the kind of what changed, and whether a review must know."""
    measured = Measured()
    for row in rows:
        told = compare(Version("", row["before"]), Version("", row["after"]), names=register.gazetteer)
        measured.count(KIND, told.kind.lower() == row["kind"])
        measured.count(MATERIAL if row["material"] else FALSE_ALARMS, told.material == row["material"])
        if (told.kind.lower(), told.material) != (row["kind"], row["material"]):
            is_material = "matters" if row["material"] else "does not matter"
            measured.wrong(f"{row['id']} {told.kind}, {told.summary} Is {row['kind']} ({row['why']}), {is_material}")
    return measured
