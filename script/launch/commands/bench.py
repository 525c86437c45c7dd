"""script/bench NAME: measure one thing against its floor, on servers of its own.

Prints a table, writes JSON below benchmarks/results/, ends with one summary line; exit status 0 only if every floor
holds.
"""

from __future__ import annotations

from launch import measurements


def main() -> int:
    """Run the entry named on the command line."""
    return measurements.main("bench", str(__doc__))
