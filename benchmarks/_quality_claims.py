"""Claims: who says what in the labelled texts, and whether the rules find it with the same content, kind and source."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from benchmarks._quality_figures import Measured
from benchmarks._quality_labels import Register, Row
from riskreview.enrichment.claims import Claim, claims
from riskreview.enrichment.linking import read_names
from riskreview.lib.text import sentences

DIRECT_PRECISION, DIRECT_RECALL = "direct quotes, precision", "direct quotes, recall"
REPORTED, PRECISION = "reported speech of all kinds, recall", "reported speech of all kinds, precision"
INDIRECT = "reported speech without quotes, recall"
SOURCE, SOURCE_KIND = "source overlaps, of claims found", "kind of source, of claims found"
HEDGES = "hedges, recall"
CONTENT_LEAST = 0.5
QUOTED = frozenset({"DIRECT", "MIXED"})
OWN_VOICE = frozenset({"STATED", "BARE"})
QUOTES = frozenset("\"“”'‘’«»「」")


def measure(rows: Sequence[Row], register: Register) -> Measured:
    """Each labelled claim against the best of those found; one found claim answers one label."""
    measured = Measured()
    for row in rows:
        text, spans = row["text"], sentences(row["text"])
        found = [c for c in claims(text, spans, read_names(text, "", register.gazetteer)) if c.kind not in OWN_VOICE]
        pairs = matched(text, row["claims"], found)
        _count(measured, row, found, pairs)
        _confusions(measured, row, found, pairs)
    return measured


def matched(text: str, labelled: Sequence[Row], found: Sequence[Claim]) -> list[tuple[Row, Claim]]:
    """Labels with the claims that answer them, best content first."""
    likeness = [
        (_likeness(label, claim), number, index)
        for number, label in enumerate(labelled)
        for index, claim in enumerate(found)
        if _same_family(text, label, claim)
    ]
    pairs: dict[int, int] = {}
    for likely, number, index in sorted(likeness, key=lambda each: (-each[0], each[1], each[2])):
        if likely >= CONTENT_LEAST and number not in pairs and index not in pairs.values():
            pairs[number] = index
    return [(labelled[number], found[index]) for number, index in pairs.items()]


def _likeness(label: Row, claim: Claim) -> float:
    """F1 over the characters of the content."""
    wanted, got = _characters(_content(label)), _characters(claim.content)
    return 2 * len(wanted & got) / (len(wanted) + len(got)) if wanted or got else 0.0


def _content(label: Row) -> list[tuple[int, int]]:
    return [tuple(label[key]) for key in ("content", "content2") if label.get(key)]  # type: ignore[misc]


def _characters(spans: Iterable[tuple[int, int]]) -> set[int]:
    return {place for start, end in spans for place in range(start, end)}


def _same_family(text: str, label: Row, claim: Claim) -> bool:
    kind = _kind(label)
    if {kind, claim.kind} <= QUOTED:
        return kind == claim.kind or any(QUOTES & set(text[start:end]) for start, end in claim.content)
    return kind == claim.kind


def _kind(label: Row) -> str:
    return str(label["type"]).upper().replace("-", "_")


def _count(measured: Measured, row: Row, found: Sequence[Claim], pairs: Sequence[tuple[Row, Claim]]) -> None:
    def told(metric: str, right: int, of: int) -> None:
        if of:
            measured.count(metric, right, of)

    labels, hits = [_kind(label) for label in row["claims"]], [_kind(label) for label, _ in pairs]
    told(DIRECT_RECALL, hits.count("DIRECT"), labels.count("DIRECT"))
    told(DIRECT_PRECISION, sum(c.kind == "DIRECT" for _, c in pairs), sum(c.kind == "DIRECT" for c in found))
    told(REPORTED, len(hits), len(labels))
    told(PRECISION, len(pairs), len(found))
    told(INDIRECT, sum(kind not in QUOTED for kind in hits), sum(kind not in QUOTED for kind in labels))
    told(SOURCE, sum(_source_overlaps(label, claim) for label, claim in pairs), len(pairs))
    known = [(label["source_kind"].upper(), claim.source.kind) for label, claim in pairs if "source_kind" in label]
    told(SOURCE_KIND, sum(wanted == got for wanted, got in known), len(known))
    held = [(hedge.start, hedge.end) for claim in found for hedge in claim.hedges]
    told(HEDGES, sum(any(a < end and start < b for a, b in held) for start, end in row["hedges"]), len(row["hedges"]))


def _source_overlaps(label: Row, claim: Claim) -> bool:
    wanted, got = label["source"], claim.source.span
    if wanted is None or got is None:
        return wanted is None and got is None
    return bool(got[0] < wanted[1] and wanted[0] < got[1])


def _confusions(measured: Measured, row: Row, found: Sequence[Claim], pairs: Sequence[tuple[Row, Claim]]) -> None:
    text, met = row["text"], [id(label) for label, _ in pairs]
    for label in row["claims"]:
        if id(label) not in met:
            measured.wrong(f"{row['id']} not found: {label['type']} {_quoted(text, _content(label))} in: {text}")
    answered = [id(claim) for _, claim in pairs]
    for claim in found:
        if id(claim) not in answered:
            measured.wrong(f"{row['id']} not labelled: {claim.kind} {_quoted(text, claim.content)} in: {text}")
    for label, claim in pairs:
        if not _source_overlaps(label, claim):
            got, wanted = claim.source.span, label["source"]
            told = [_quoted(text, [tuple(span)]) if span else "nobody" for span in (got, wanted)]
            measured.wrong(f"{row['id']} source {told[0]}, is {told[1]}")


def _quoted(text: str, spans: Iterable[tuple[int, int]]) -> str:
    return " + ".join(f"[{text[start:end]}]" for start, end in spans)
