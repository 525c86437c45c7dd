"""How well the rules read: names, claims, signals, copies, cases and changes, against texts labelled by hand.

The open texts may be looked at when the rules are worked on (`--errors` prints where they fail), the locked ones never:
only figures of them are shown. Floors hold for both together.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from typing import Any

import psycopg

from benchmarks import _product, _report
from benchmarks._quality_figures import Measured, Table
from benchmarks._quality_labels import LOCKED, OPEN

QUICK, FULL = 400, 2_000  # resamplings of an interval
NO_DATABASE = "No database: the comparison with PostgreSQL's ts_rank is left out."


def main() -> int:
    """Run it and report."""
    chosen = _report.arguments(__doc__, errors="print where the rules differ from the open labels")
    times = FULL if chosen.full else QUICK
    table = Table("quality", {"resamplings": times, "seed": chosen.seed})
    own, beside = suites()
    connection = database()
    if connection is None:
        print(NO_DATABASE)
    for suite in own:
        parts = {part: suite.measure(part, chosen.seed, connection) for part in (OPEN, LOCKED)}
        tell(table, suite, parts, chosen.seed, times)
        if chosen.errors:
            confusions(parts[OPEN])
    for suite in beside:
        parts = {"": suite.measure("", chosen.seed, connection)}
        tell(table, suite, parts, chosen.seed, times)
        if chosen.errors:
            confusions(parts[""])
    print("\n* alone under the floor, which holds for both parts together")
    if low := table.under(LOCKED):
        print(f"locked texts alone, which nobody wrote rules by, stay under it: {', '.join(low)}")
    return table.end()


def suites() -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """What is measured: our own labels, and what lies beside the project."""
    _product.ready()
    from benchmarks import _quality_suites

    return _quality_suites.OWN, _quality_suites.beside()


def database() -> Any:
    """The database of this run, None where there is none."""
    try:
        return psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
    except (KeyError, psycopg.Error):
        return None


def tell(table: Table, suite: Any, parts: dict[str, Measured], seed: int, times: int) -> None:
    """The lines of one suite."""
    table.section(suite.title, list(parts) if len(parts) > 1 else [])
    for goal in suite.goals:
        table.figure(goal, parts, seed=seed, times=times, suite=suite.title)
    left_out = sum((part.left_out for part in parts.values()), start=Counter())
    for what, count in left_out.items():
        table.note(f"left out: {what}", count)


def confusions(measured: Measured) -> None:
    """Where the rules differ from the labels."""
    for confusion in measured.confusions:
        print(f"       - {confusion}")


if __name__ == "__main__":
    os.environ.setdefault("SECRET_KEY", "bench-only")
    sys.exit(main())
