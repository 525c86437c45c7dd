"""What a subject said after each of its acts, folded together from what its entries tell. Pure.

An entry holds only what changed. A column that no entry names has said the same ever since; one that a later entry
names said then what that entry gives as its old value. So a gap, left by a body that was erased, is known from both
its sides and unknown between. What is tried there, nothing or what is said today, counts only if the digest that the
entry holds of the whole state proves it: nothing is ever guessed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from riskreview.audit.state import State, digest

# The columns that belong to the state of a kind of row ("" is the subject itself) by the lists of a version.
Lists = Callable[[str, int | None], Sequence[str]]


class Unknown:
    """What no entry tells any more."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown()


@dataclass(frozen=True, slots=True)
class Step:
    """One act as its entry tells it. Without `changes` its body was erased, and with it version and digest."""

    changes: Mapping[str, Sequence[Any]] | None
    version: int | None = None
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What the subject said after one act. `agrees`: whether the digest in the entry is that of this state, None where
    the digest or a part of the state was erased. `unknown` names columns and whole parts."""

    state: State
    unknown: list[str]
    agrees: bool | None


@dataclass(slots=True)
class History:
    """The acts on one subject, the first one first, and what the subject says today."""

    steps: Sequence[Step]
    today: State
    lists: Lists
    mentions: dict[str, list[tuple[int, Any, Any]]] = field(init=False)
    gaps: list[int] = field(init=False)
    parts: dict[str, list[str]] = field(init=False)

    def __post_init__(self) -> None:
        self.mentions, self.parts = {}, {}
        for index, step in enumerate(self.steps):
            for name, (old, new) in (step.changes or {}).items():
                self.mentions.setdefault(name, []).append((index, old, new))
        self.gaps = [index for index, step in enumerate(self.steps) if step.changes is None]
        for name in sorted({*self.mentions, *self.today}):
            part, _, column = name.rpartition(".")
            if part:
                self.parts.setdefault(part, []).append(column)

    def at(self, index: int) -> Told:
        """What the subject said after the act of this index."""
        step, version = self.steps[index], self._version(index)
        told: State = {name: self._value(name, index) for name in self.lists("", version)}
        lost: list[str] = []
        for part, columns in self.parts.items():
            there = self._is_there(part, columns, index)
            if there is None:
                lost.append(part)
            elif there:
                listed = self.lists(part.partition(":")[0], version)
                told |= {f"{part}.{column}": self._value(f"{part}.{column}", index) for column in listed}
        hidden = [name for name, value in told.items() if value is UNKNOWN]
        for fill in ({}, self.today):
            whole = told | {name: fill.get(name) for name in hidden}
            if step.sha256 is not None and digest(whole) == step.sha256:
                return Told(whole, [], True)
        state = {name: value for name, value in told.items() if value is not UNKNOWN}
        return Told(state, lost + hidden, None if lost or hidden or step.sha256 is None else False)

    def _version(self, index: int) -> int | None:
        """The version of an act's lists of columns; where its body was erased, that of the act before it, or after."""
        known = (each.version for each in (*reversed(self.steps[: index + 1]), *self.steps[index:]))
        return next((version for version in known if version is not None), None)

    def _value(self, name: str, index: int) -> Any:
        """The value of a column after an act: from before it, else from after it, else unknown."""
        mentions = self.mentions.get(name, [])
        place = bisect_right([each for each, _, _ in mentions], index)
        if place and not self._gap_between(mentions[place - 1][0], index):
            return mentions[place - 1][2]
        if place < len(mentions):
            after, old, _ = mentions[place]
            return UNKNOWN if self._gap_between(index, after - 1) else old
        return UNKNOWN if self._gap_between(index, len(self.steps)) else self.today.get(name)

    def _is_there(self, part: str, columns: Iterable[str], index: int) -> bool | None:
        """Whether a part was there after an act; None where nothing tells. Only columns that an entry names can tell:
        those added to the lists later have a value today even if the part is newer than the act."""
        names = [f"{part}.{column}" for column in columns]
        named = [name for name in names if name in self.mentions] or names
        values = [self._value(name, index) for name in named]
        if any(value is not None and value is not UNKNOWN for value in values):
            return True
        return None if UNKNOWN in values else False

    def _gap_between(self, after: int, last: int) -> bool:
        """Whether a body was erased later than the one act and not later than the other."""
        return bisect_right(self.gaps, last) > bisect_right(self.gaps, after)
