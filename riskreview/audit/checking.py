"""The check of the whole record: the log against the entries, and the rows against what was recorded of them.

It runs in portions, each picking up where the last one ended, so that a record of any size is checked by a worker with
a time limit. It finds what a database owner changed behind the product's back, as far as the database itself can tell;
what it cannot tell (a log rewritten together with its key), a kept checkpoint or a witness does.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from riskreview.lib.consistency import consistent

from .leaves import check_leaves, first_place
from .models import Log, Verification
from .models.verification import KEPT_PROBLEMS
from .rows import check_queue, check_rows, check_subjects, recorded_models

Step = Callable[[dict[str, Any], "Found"], dict[str, Any] | None]


@dataclass
class Found:
    """What a portion of the check counted and found."""

    counts: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    place: dict[str, Any] = field(default_factory=dict)
    over: bool = False
    seconds: float = 0.0

    def wrong(self, sentence: str) -> None:
        """Note a problem, in words that name the place."""
        self.problems.append(sentence)


# Each step looks at one batch from a place on, and returns the next place, or None at its end.
STEPS: tuple[tuple[str, Step], ...] = (
    ("leaves", check_leaves),
    ("queue", check_queue),
    ("subjects", check_subjects),
    ("rows", check_rows),
)
NAMES = [name for name, _ in STEPS]


def total() -> int:
    """How many leaves and rows a whole check looks at, about."""
    leaves = sum(Log.objects.values_list("size", flat=True))
    return leaves + sum(model._base_manager.count() for model in recorded_models())


def portion(place: dict[str, Any], *, seconds: float, clock: Callable[[], float] = time.monotonic) -> Found:
    """Check from a place on for about so long. An empty place is the beginning."""
    begun, found = clock(), Found(place=place or {"step": NAMES[0], **first_place()})
    while not found.over and clock() - begun < seconds:
        found.place = advance(found.place, found)
        found.over = not found.place
    found.seconds = clock() - begun
    return found


def advance(place: dict[str, Any], found: Found) -> dict[str, Any]:
    """Do one batch, and return the next place; empty at the end of the last step."""
    number = NAMES.index(place["step"])
    with consistent():
        after = STEPS[number][1](place, found)
    if after is not None:
        return {"step": place["step"], **after}
    return {"step": NAMES[number + 1]} if number + 1 < len(STEPS) else {}


def check(*, since: dict[str, Any] | None = None, told: Callable[[Found], None] | None = None) -> Found:
    """Check everything at once, from a place on; `told` hears of each portion."""
    whole, place = Found(), since or {}
    while not whole.over:
        part = portion(place, seconds=1.0)
        whole.counts += part.counts
        whole.problems += part.problems
        whole.seconds += part.seconds
        place, whole.over = part.place, part.over
        if told:
            told(whole)
    return whole


def carry_on(row: Verification, *, seconds: float) -> Found:
    """The next portion of a check that somebody asked for."""
    return portion(row.place, seconds=seconds)


def keep(row: Verification, found: Found) -> None:
    """Write down what a portion found, and whether it was the last."""
    row.keep(
        place=found.place,
        counts=dict(Counter(row.counts) + found.counts),
        total=row.total or total(),
        problems=[*row.problems, *found.problems][:KEPT_PROBLEMS],
        problem_count=row.problem_count + len(found.problems),
        seconds=row.seconds + found.seconds,
        over=found.over,
    )
