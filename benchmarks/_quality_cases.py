"""Cases: which case of a file a labelled document belongs to, in which place the score puts it, and round-ups."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from benchmarks._quality_figures import Measured
from benchmarks._quality_labels import Register, Row
from riskreview.enrichment.analysis import analyse
from riskreview.enrichment.ranking import CaseProfile, Reading, read, shipped_background, suggest

FIRST, AMONG_FIVE = "right case in the first place", "right case among the first five"
SUGGESTED, MISSED = "suggestions that are right", "right cases that are suggested"
NONE = "documents of no case, nothing suggested"
PASSAGE = "round-ups: the passage is the sentence that matters"
TS_RANK = "ts_rank"

# Scores of the cases of a file for a text, by the case's key; the larger the better.
Ranker = Callable[[str], Mapping[str, float]]

_TS_RANK = """
    SELECT number, ts_rank(to_tsvector('english', %s), (
        SELECT string_agg(quote_literal(lexeme), ' | ')::tsquery FROM unnest(to_tsvector('english', words))))
    FROM unnest(%s::text[], %s::text[]) AS file (number, words)
"""


def profile(case: Row, register: Register) -> CaseProfile:
    """A case of the file as the score knows it."""
    vendors, categories = register.among(case["vendors"]), frozenset(case["categories"])
    return CaseProfile(case["id"], case["title"], case["summary"], vendors, categories)


def prepared(title: str, text: str, register: Register) -> Reading:
    """A document as the score knows it: read whole, then made ready for comparison."""
    read_whole = analyse(title, text, register.gazetteer)
    return read(
        *(title, text, read_whole.names.mentions, shipped_background()),
        title_found=read_whole.title_found,
        spans=read_whole.spans,
        spoken=read_whole.signals,
    )


def measure(
    documents: Sequence[Row], casefile: Sequence[Row], register: Register, baselines: Mapping[str, Ranker]
) -> Measured:
    """Each document against all cases of the file, decoys among them; of equal scores the file's order decides."""
    measured, profiles = Measured(), [profile(case, register) for case in casefile]
    for row in documents:
        reading = prepared(row["title"], row["text"], register)
        scored = {case.id: suggest(reading, case, shipped_background()) for case in profiles}
        places = _ranked({key: each.score for key, each in scored.items()})
        _places(measured, row, places, "")
        for name, ranker in baselines.items():
            _places(measured, row, _ranked(ranker(f"{row['title']}\n{row['text']}")), f" | {name}")
        _bands(measured, row, {key for key, each in scored.items() if each.band == "SUGGESTED"})
        if row["right"] and places[0] not in row["right"]:
            best = ", ".join(f"{key} {scored[key].score}" for key in dict.fromkeys([*places[:2], *row["right"]]))
            measured.wrong(f"{row['id']} ({row['kind']}): {best}; right is {', '.join(row['right'])}")
    return measured


def _ranked(scores: Mapping[str, float]) -> list[str]:
    return sorted(scores, key=lambda key: -scores[key])


def _places(measured: Measured, row: Row, places: Sequence[str], method: str) -> None:
    if row["right"]:
        measured.count(FIRST + method, places[0] in row["right"])
        measured.count(AMONG_FIVE + method, bool(set(places[:5]) & set(row["right"])))


def _bands(measured: Measured, row: Row, suggested: set[str]) -> None:
    right = len(suggested & set(row["right"]))
    if suggested:
        measured.count(SUGGESTED, right, len(suggested))
    if row["right"]:
        measured.count(MISSED, right, len(row["right"]))
    else:
        measured.count(NONE, not suggested)


def by_ts_rank(connection: Any, casefile: Sequence[Row]) -> Ranker:
    """The simple way: PostgreSQL's rank of the document for the words of each case, any of which may occur."""
    keys = [case["id"] for case in casefile]
    words = [f"{case['title']} {case['summary']}" for case in casefile]

    def rank(text: str) -> dict[str, float]:
        return dict(connection.execute(_TS_RANK, (text, keys, words)).fetchall())

    return rank


def roundups(rows: Sequence[Row], register: Register) -> Measured:
    """A question about the last topic of a newsletter must be shown the last sentence, which alone answers it."""
    measured = Measured()
    for row in rows:
        question = CaseProfile(row["id"], row["topics"][row["last_topic"]], "", frozenset())
        start, end = suggest(prepared(row["title"], row["text"], register), question, shipped_background()).excerpt
        wanted = row["last_sentence"]
        right = start < wanted[1] and wanted[0] < end
        measured.count(PASSAGE, right)
        if not right:
            measured.wrong(f"{row['id']} “{question.title}”: shown [{row['text'][start:end]}]")
    return measured
