"""Provisional: what a newer text says differently."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Version:
    """What a capture says."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Compared:
    """What differs."""

    kind: str
    material: bool
    summary: str
    note: str = ""
    reasons: tuple[str, ...] = ()


def compare(old: Version, new: Version, *, names: Iterable[str] = ()) -> Compared:
    """Provisional."""
    figures = [re.findall(r"\d+", each.text) for each in (old, new)]
    if figures[0] != figures[1]:
        return Compared("CORRECTION", True, "A figure changed.", reasons=(f"{figures[0]} became {figures[1]}",))
    return Compared("COSMETIC", False, "The wording changed.")
