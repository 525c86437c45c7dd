"""What clients say they did, and what the database holds: the journal, and the checker that compares the two."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

BEGIN, OK, FAIL, UNKNOWN = "begin", "ok", "fail", "unknown"


class Journal:
    """One client's file: a line before each operation, and one after it."""

    def __init__(self, path: Path) -> None:
        self.file = path.open("a", buffering=1, encoding="utf-8")

    def note(self, value: str, event: str, why: str = "") -> None:
        """Write down that the operation with this unique value begins or has ended."""
        self.file.write(json.dumps([value, event, why]) + "\n")


def read(folder: Path) -> tuple[dict[str, str], Counter[str]]:
    """The outcome of every operation by its value, and what was said about those without a clear one.

    An operation that never ended is unknown.
    """
    outcomes: dict[str, str] = {}
    said: Counter[str] = Counter()
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            value, event, why = json.loads(line)
            outcomes[value] = UNKNOWN if event == BEGIN else event
            said.update([why] if why else [])
    return outcomes, said


@dataclass(frozen=True)
class Verdict:
    """Values that break the promise, by how they do."""

    lost: list[str]
    doubled: list[str]
    undone: list[str]
    invented: list[str]

    @property
    def holds(self) -> bool:
        """Whether nothing was lost and nothing doubled."""
        return not (self.lost or self.doubled or self.undone or self.invented)


def judge(outcomes: Mapping[str, str], found: Iterable[str]) -> Verdict:
    """Compare: `ok` is there exactly once, `unknown` at most once, `fail` never, and nothing that nobody wrote."""
    count = Counter(found)
    return Verdict(
        lost=[value for value, outcome in outcomes.items() if outcome == OK and not count[value]],
        doubled=[value for value, times in count.items() if times > 1],
        undone=[value for value, outcome in outcomes.items() if outcome == FAIL and count[value]],
        invented=[value for value in count if value not in outcomes],
    )


def finds_what_is_planted() -> bool:
    """Whether the checker passes a true history, and fails one with one lost, doubled, undone and invented value."""
    outcomes = {"a": OK, "b": OK, "c": OK, "d": FAIL, "e": UNKNOWN, "f": UNKNOWN}
    planted = judge(outcomes, ["b", "b", "c", "d", "e", "x"])
    wanted = Verdict(lost=["a"], doubled=["b"], undone=["d"], invented=["x"])
    return judge(outcomes, ["a", "b", "c", "e"]).holds and planted == wanted and not planted.holds
