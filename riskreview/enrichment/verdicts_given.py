"""The verdicts that reviewers gave on suggestions, as the fit of the weights wants them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from riskreview.cases.models import Suggestion

from .calibration import Verdict
from .scoring import PARTS

MOST = 20_000  # the newest


def verdicts() -> list[Verdict]:
    """The newest verdicts whose parts can be computed with; those of earlier versions of the score cannot."""
    # A renewed one has the parts of a later text, which nobody has judged yet.
    judged = Suggestion.objects.exclude(state=Suggestion.State.OPEN).filter(renewed_at=None).order_by("-pk")
    rows = judged.values_list("parts", "state")[:MOST].iterator(chunk_size=1_000)
    return list(_usable(rows))


def _usable(rows: Iterator[tuple[Mapping[str, Any], str]]) -> Iterator[Verdict]:
    for parts, state in rows:
        try:
            text, vendor, signal = (parts[part]["v"] * parts["factor"] // 1000 for part in PARTS)
            asks = parts["signal"]["w"]
        except (KeyError, TypeError):
            continue
        if asks:  # a case that asks about no risk says nothing of how much a risk weighs
            yield Verdict(text, vendor, signal, accepted=state == Suggestion.State.ACCEPTED)
