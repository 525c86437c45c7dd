"""Figures out of labelled texts: shares of counted units, their intervals, and the table they are shown in."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from benchmarks import _report

# What was right of what was counted in one unit of resampling: a text, or a row where rows are independent.
Unit = tuple[int, int]
_WIDTH = 52  # of a metric's name


@dataclass
class Measured:
    """Units by metric, and in words what was judged otherwise than the label says.

    A metric of a baseline is called "METRIC | BASELINE". Two measurements of the same things can be added.
    """

    units: dict[str, list[Unit]] = field(default_factory=lambda: defaultdict(list))
    confusions: list[str] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)

    def count(self, metric: str, right: int, of: int = 1) -> None:
        """One more unit."""
        self.units[metric].append((int(right), of))

    def wrong(self, what: str) -> None:
        """Note a confusion."""
        self.confusions.append(what)

    def __add__(self, other: Measured) -> Measured:
        both = Measured(left_out=self.left_out + other.left_out, confusions=self.confusions + other.confusions)
        for metric, units in [*self.units.items(), *other.units.items()]:
            both.units[metric].extend(units)
        return both


@dataclass(frozen=True)
class Goal:
    """What a metric must reach (None: nothing, it is shown for what it tells), and what it should."""

    metric: str
    floor: float | None = None
    target: float | None = None


def share(units: Iterable[Unit]) -> float | None:
    """How much of what was counted is right; None if nothing was."""
    units = list(units)
    of = sum(whole for _, whole in units)
    return sum(right for right, _ in units) / of if of else None


def interval(units: Sequence[Unit], seed: int, times: int) -> tuple[float, float] | None:
    """The 95 % interval of the share: the middle of so many resamplings of the units (percentile bootstrap)."""
    if not times or not units or share(units) is None:
        return None
    rng = random.Random(seed)
    again = sorted(value for _ in range(times) if (value := share(rng.choices(units, k=len(units)))) is not None)
    return again[round(0.025 * (len(again) - 1))], again[round(0.975 * (len(again) - 1))]


def holds(value: float | None, floor: float | None) -> bool:
    """Whether a value reaches its floor; where nothing could be counted there is nothing to hold."""
    return value is None or floor is None or value >= floor - 1e-9


@dataclass
class Figure(_report.Row):
    """One metric with all that belongs beside it; `value` is that of all parts together."""

    suite: str = ""
    n: int = 0
    interval: tuple[float, float] | None = None
    floor: float | None = None
    target: float | None = None
    parts: dict[str, float | None] = field(default_factory=dict)
    baselines: dict[str, float | None] = field(default_factory=dict)


class Table(_report.Report):
    """A report of shares, several parts beside each other, with intervals and baselines."""

    def section(self, title: str, parts: Sequence[str]) -> None:
        """Begin a part of the table."""
        columns = "".join(f"{part:>8}" for part in parts)
        head = f"{'n':>6}{'value':>7}{'95 %':>12}{'floor':>7}{'target':>7}{columns}  baselines"
        print(f"\n{title}\n{'':{_WIDTH + 7}}{head}")

    def note(self, what: str, count: int) -> None:
        """Note a count that is neither good nor bad."""
        self.rows.append(_report.Row(what, count, "", "", holds=True))
        print(f"       {what}: {count}")

    def figure(self, goal: Goal, parts: dict[str, Measured], *, seed: int, times: int, suite: str = "") -> None:
        """Note a metric of these parts and print its line. The floor holds for the parts together.

        In the line, a part that alone stays under the floor has a mark; that fails nothing.
        """
        together = [unit for part in parts.values() for unit in part.units.get(goal.metric, [])]
        each = {name: share(part.units.get(goal.metric, [])) for name, part in parts.items()}
        value, fine = share(together), holds(share(together), goal.floor)
        must = f">= {_told(goal.floor)}" if goal.floor is not None else ""
        figure = Figure(
            goal.metric, value if value is None else round(value, 4), "", must, fine,
            n=sum(whole for _, whole in together), interval=interval(together, seed, times), floor=goal.floor,
            target=goal.target, parts=each, baselines=_baselines(goal.metric, parts), suite=suite,
        )  # fmt: skip
        self.rows.append(figure)
        print(_line(figure, goal), flush=True)

    def under(self, part: str) -> list[str]:
        """The metrics whose floor this part alone does not reach, each with its value."""
        figures = (row for row in self.rows if isinstance(row, Figure) and row.floor is not None)
        low = [(figure, figure.parts.get(part)) for figure in figures]
        return [f"{figure.what} {_told(value)}" for figure, value in low if not holds(value, figure.floor)]


def _baselines(metric: str, parts: dict[str, Measured]) -> dict[str, float | None]:
    names = dict.fromkeys(key for part in parts.values() for key in part.units if key.startswith(f"{metric} | "))
    return {
        key.partition(" | ")[2]: share(unit for part in parts.values() for unit in part.units.get(key, []))
        for key in names
    }


def _line(figure: Figure, goal: Goal) -> str:
    mark = "    " if goal.floor is None else "ok  " if figure.holds else "FAIL"
    around = f"{_told(figure.interval[0])}-{_told(figure.interval[1])}" if figure.interval else ""
    columns = "".join(
        f"{_told(value) + ('' if holds(value, goal.floor) else '*'):>8}"
        for value in (figure.parts.values() if len(figure.parts) > 1 else [])
    )
    beside = ", ".join(f"{name} {_told(value)}" for name, value in figure.baselines.items())
    return (
        f"  {mark} {figure.what:<{_WIDTH}}{figure.n:>6}{_told(figure.value):>7}{around:>12}"
        f"{_told(goal.floor):>7}{_told(goal.target):>7}{columns}  {beside}"
    )


def _told(value: float | None) -> str:
    if value is None:
        return "-"
    return "1.00" if value == 1 else f"{value:.3f}".removeprefix("0")
