"""Which labelled texts are measured how, and what each metric must reach."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks import _quality_cases as cases
from benchmarks import _quality_claims as claims
from benchmarks import _quality_names as names
from benchmarks import _quality_seed as seed
from benchmarks import _quality_signals as signals
from benchmarks import _quality_texts as texts
from benchmarks import _quality_wires as wires
from benchmarks._quality_figures import Goal, Measured
from benchmarks._quality_labels import LOCKED, OPEN, OTHER_LABELS, SEEDS, Row, read, rows, shipped, whole

_TEXTS = {
    "mentions": ("text",), "claims": ("text",), "signals": ("text",), "cases": ("text",), "wires": ("text",),
    "roundups": ("text",), "templates": ("text",), "corrections": ("before", "after"),
}  # fmt: skip


@dataclass(frozen=True)
class Suite:
    """One kind of labels: its goals, and how a part of them ("open", "locked") is measured.

    What is measured depends on the part, the seed of what is made by code, and a database where there is one.
    """

    title: str
    goals: tuple[Goal, ...]
    measure: Callable[[str, int, Any], Measured]


def _own_cases(part: str, seed: int, connection: Any) -> Measured:
    """Open documents are compared with the open cases, locked ones with all: a case file only ever grows."""
    casefile = rows(OPEN, "casefile") + (rows(LOCKED, "casefile") if part == LOCKED else [])
    baselines = {cases.TS_RANK: cases.by_ts_rank(connection, casefile)} if connection else {}
    return cases.measure(rows(part, "cases"), casefile, whole(), baselines)


def every_text(part: str) -> list[str]:
    """All texts of a part, each once."""
    found = (row[field] for name, fields in _TEXTS.items() for row in rows(part, name) for field in fields)
    return list(dict.fromkeys(found))


OWN = (
    Suite(
        "Names, with the shipped register",
        (
            Goal(names.PRECISION, 0.96, 0.98),
            Goal(names.RECALL, 0.93, 0.96),
        ),
        lambda part, seed, _: names.measure(rows(part, "mentions"), shipped()),
    ),
    Suite(
        "Names, with all vendors of the labels on the register",
        (Goal(names.PRECISION), Goal(names.RECALL), Goal(names.BODIES)),
        lambda part, seed, _: names.measure(rows(part, "mentions"), whole()),
    ),
    Suite(
        "Who says what",
        (
            Goal(claims.DIRECT_PRECISION, 0.98, 0.99),
            Goal(claims.DIRECT_RECALL, 0.91, 0.94),
            Goal(claims.REPORTED, 0.80, 0.85),
            Goal(claims.PRECISION),
            Goal(claims.INDIRECT),
            Goal(claims.SOURCE, 0.78, 0.85),
            Goal(claims.SOURCE_KIND),
            Goal(claims.HEDGES),
        ),
        lambda part, seed, _: claims.measure(rows(part, "claims"), whole()),
    ),
    Suite(
        "Kinds of risk",
        (
            Goal(signals.PRECISION, 0.80, 0.88),
            Goal(signals.RECALL, 0.72, 0.82),
            Goal(signals.STATUS, 0.80, 0.90),
            Goal(signals.VENDORS),
        ),
        lambda part, seed, _: signals.measure(rows(part, "signals"), whole()),
    ),
    Suite(
        "Copies",
        (
            Goal(wires.PRECISION, 0.95, 0.97),
            Goal(wires.RECALL, 0.93, 0.97),
            Goal(wires.EDITS, 0.96, 0.98),
            Goal(wires.HALVES, 0.85, 0.92),
            Goal(wires.APART, 1.0, 1.0),
            Goal(wires.NOTICES),
        ),
        lambda part, seed, _: wires.measure(rows(part, "wires"), rows(part, "templates"), seed),
    ),
    Suite(
        "Cases",
        (
            Goal(cases.FIRST, 0.84, 0.90),
            Goal(cases.AMONG_FIVE, 0.97, 0.99),
            Goal(cases.SUGGESTED),
            Goal(cases.MISSED),
            Goal(cases.NONE),
        ),
        _own_cases,
    ),
    Suite(
        "Round-ups",
        (Goal(cases.PASSAGE),),
        lambda part, seed, _: cases.roundups(rows(part, "roundups"), whole()),
    ),
    Suite(
        "Changed captures",
        (Goal(texts.KIND), Goal(texts.MATERIAL), Goal(texts.FALSE_ALARMS)),
        lambda part, seed, _: texts.changes(rows(part, "corrections"), whole()),
    ),
    Suite(
        "Excerpts",
        (Goal(texts.VERBATIM, 1.0, 1.0),),
        lambda part, seed, _: texts.verbatim(every_text(part), whole()),
    ),
)


def _all_of(*metrics: str) -> tuple[Goal, ...]:
    return tuple(Goal(metric, 1.0, 1.0) for metric in metrics)


SEED = Suite(
    "The seed article",
    (
        *_all_of(seed.MENTIONS, seed.NO_MORE, seed.FIGURES, seed.HEDGES, seed.CLAIMS, seed.SIGNALS),
        *_all_of(seed.ORDER, seed.SUGGESTED, seed.HIDDEN, seed.PASSAGES),
        Goal(seed.ROLES),
    ),
    lambda part, _, connection: seed.measure(whole()),
)


def _sets(name: str) -> Measured:
    """Mentions, signals and attributions of the labels beside the project, in the form of ours."""
    folder = OTHER_LABELS / name
    measured = Measured()
    for kind, take in _TAKEN.items():
        for path in sorted(folder.glob(f"{kind}*.jsonl")):
            measured += take([_placed(row, index) for index, row in enumerate(read(path))])
    return measured


_TAKEN: Mapping[str, Callable[[list[Row]], Measured]] = {
    "mentions": lambda found: names.measure(found, whole()),
    "signals": lambda found: signals.measure(found, whole()),
    "attribution": lambda found: claims.measure([_as_claims(row) for row in found], whole()),
}
_CONTEXT_BEFORE = 75  # characters of a context before the marked name


def _placed(row: Row, index: int) -> Row:
    """A row whose place counts in its context, where only that is given."""
    if "context" not in row:
        return {"id": str(index)} | row
    start = min(row["start"], _CONTEXT_BEFORE)
    span = {"start": start, "end": start + row["end"] - row["start"]} if "surface" in row else {}
    return {"id": row["doc"], "text": row["context"], **row, **span}


def _as_claims(row: Row) -> Row:
    claim = {key: row.get(key) for key in ("type", "cue", "content", "source")}
    return {"id": row["id"], "text": row["text"], "claims": [] if row["type"] == "none" else [claim], "hedges": []}


_SHOWN = (names.PRECISION, names.RECALL, signals.PRECISION, signals.RECALL, signals.STATUS)
_AND_CLAIMS = (claims.REPORTED, claims.PRECISION, claims.SOURCE)
BESIDE = (
    Suite(
        "Labels beside the project: own",
        tuple(map(Goal, (*_SHOWN, *_AND_CLAIMS))),
        lambda part, seed, _: _sets("own"),
    ),
    Suite(
        "Labels beside the project: incidents, contexts only",
        tuple(map(Goal, _SHOWN)),
        lambda part, seed, _: _sets("aiid"),
    ),
)


def beside() -> tuple[Suite, ...]:
    """The suites whose texts lie beside the project, as far as they do."""
    return (*((SEED,) if SEEDS.is_dir() else ()), *(BESIDE if OTHER_LABELS.is_dir() else ()))
