"""Articles and cases to time the rules on: paragraphs of the open labelled texts in any order, as long as needed."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from benchmarks._quality_cases import profile
from benchmarks._quality_labels import OPEN, rows, whole
from benchmarks._quality_suites import every_text
from riskreview.enrichment.prepared import prepare
from riskreview.enrichment.vectors import shipped_background
from riskreview.enrichment.watchlist import Watchlist


def articles(rng: random.Random, count: int, characters: int) -> list[str]:
    """Texts of about so many characters, none like another."""
    paragraphs = [line for text in every_text(OPEN) for line in text.split("\n") if line.strip()]
    return ["\n\n".join(_enough(rng, paragraphs, characters)) for _ in range(count)]


def _enough(rng: random.Random, paragraphs: Sequence[str], characters: int) -> list[str]:
    taken: list[str] = []
    length = 0
    for paragraph in rng.sample(paragraphs, k=len(paragraphs)):
        if length >= characters:
            break
        taken.append(paragraph)
        length += len(paragraph) + 2
    return taken


def watched(rng: random.Random, count: int) -> Watchlist:
    """So many open cases: those of the labelled case file, each again and again with other words beside its own."""
    known = rows(OPEN, "casefile")
    words = sorted({word for case in known for word in case["summary"].split()})
    made = []
    for number in range(count):
        case = dict(known[number % len(known)])
        case |= {"id": number, "summary": f"{case['summary']} {' '.join(rng.choices(words, k=12))}"}
        made.append(prepare(profile(case, whole()), shipped_background()))
    return Watchlist(made, shipped_background())


def percentile(times: Sequence[float], part: float) -> float:
    """The value that such a part of the times does not exceed."""
    return sorted(times)[min(len(times) - 1, int(part * len(times)))]


def milliseconds(act: Callable[[], object], clock: Callable[[], float]) -> float:
    """How long something takes."""
    begun = clock()
    act()
    return (clock() - begun) * 1000
