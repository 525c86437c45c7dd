"""A readable table, a JSON file and one summary line, with the floors that must hold."""

from __future__ import annotations

import argparse
import json
import platform
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"


@dataclass
class Row:
    """One figure: what was measured, its value with unit, what it must be, and whether it is."""

    what: str
    value: Any
    unit: str
    must: str
    holds: bool


@dataclass
class Report:
    """All figures of one run."""

    name: str
    arguments: dict[str, Any]
    begun: float = field(default_factory=time.monotonic)
    rows: list[Row] = field(default_factory=list)

    def row(self, what: str, value: Any, unit: str = "", *, must: str = "", holds: bool = True) -> None:
        """Note a figure and print it."""
        row = Row(what, round(value, 3) if isinstance(value, float) else value, unit, must, holds)
        self.rows.append(row)
        shown = f"{row.value} {unit}".strip()
        print(f"  {'ok  ' if holds else 'FAIL'} {what:<52} {shown:>18}   {must}", flush=True)

    def end(self) -> int:
        """Write the JSON, print the summary, and return the exit status."""
        RESULTS.mkdir(exist_ok=True)
        seconds = time.monotonic() - self.begun
        failed = [row.what for row in self.rows if not row.holds]
        told = {
            "name": self.name,
            "arguments": self.arguments,
            "seconds": round(seconds, 1),
            "python": platform.python_version(),
            "holds": not failed,
            "rows": [asdict(row) for row in self.rows],
        }
        (RESULTS / f"{self.name}.json").write_text(json.dumps(told, indent=1), encoding="utf-8")
        print(f"{self.name}: {'all floors hold' if not failed else 'not: ' + ', '.join(failed)} ({seconds:.0f} s)")
        return 1 if failed else 0


def arguments(doc: str | None, **flags: str) -> argparse.Namespace:
    """The arguments every entry takes, and the flags of this one with what each does."""
    parser = argparse.ArgumentParser(description=doc)
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--quick", action="store_true")
    size.add_argument("--full", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    for flag, words in flags.items():
        parser.add_argument(f"--{flag}", action="store_true", help=words)
    return parser.parse_args()
