"""Attack the ledger in every way that docs/audit.md names: the stated detector fires, the blind ones stay blind."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Iterator

from benchmarks import _doors, _forgetting, _report, _roles, _scene
from benchmarks._attacks import REWRITING
from benchmarks._attacks_live import LIVE
from benchmarks._attacks_rows import ON_ROWS
from benchmarks._findings import Finding, plain, shortened
from benchmarks._scene import Scene

Attack = Callable[[Scene], Iterator[Finding]]
BEFORE: dict[str, Attack] = {"0": _scene.untouched}
DOORS: dict[str, Attack] = {"sql": _doors.plain_sql, "orm": _doors.bulk_doors, "roles": _roles.roles}
FORGETTING: dict[str, Attack] = {"erase": _forgetting.forgotten, "hold": _forgetting.held}
BLIND_SPOTS = """
- Whoever holds the database, the log's key, the witness's key and all earlier checkpoints can rewrite history.
- A compromised web process, or a superuser who adds a false entry with the right bytes, records acts under any name.
  Only people can say that the name is wrong: it stands there (18).
- A body is disclosed whole or not at all. Whoever makes an export can say, at that moment, that a body is not for the
  holder to read: the verifier believes what was sealed, counts it, and says so under “not checked”.
- Dropped entries of reads and refusals leave no gap: only acts are numbered.
- File and key alone do not see an earlier but genuine state that is shown as the newest (7), everything rewritten
  with the stolen key (10), a time told wrongly (13). A kept checkpoint, a witness or --max-age does.
- From inside, verify_audit does not see 7, 9 and 10, once all rows and the key in the database are made to fit.
- A row is compared by the columns that its model lists. Hashes of passwords and tokens, and times that the database
  set itself, are not among them (17).
- A bit that flips before an entry has its place is found inside, by its column, and not by the verifier (16).
"""


def main() -> int:
    """Run every attack on a copy of its own and report."""
    chosen = _report.arguments(__doc__)
    report = _report.Report("faults_ledger", {"seed": chosen.seed})
    scene = _scene.build()
    try:
        for name, attack in (BEFORE | REWRITING | LIVE | ON_ROWS | DOORS | FORGETTING).items():
            carry_out(report, name, attack, scene)
    finally:
        scene.witness.stop()
        scene.stage.clear()
    print(f"What no log can show, and what some detectors cannot:{BLIND_SPOTS}")
    return report.end()


def carry_out(report: _report.Report, name: str, attack: Attack, scene: Scene) -> None:
    """One attack, a row for each detector that looked; a fault of the attack itself is a row that does not hold."""
    try:
        for found in attack(scene):
            tell(report, name, found)
    except Exception as fault:  # noqa: BLE001 - the other attacks still go on
        traceback.print_exc()
        tell(report, name, plain("the attack could not be carried out", type(fault).__name__, str(fault), False))


def tell(report: _report.Report, name: str, found: Finding) -> None:
    """One row; all of what was said when it does not hold."""
    report.row(f"{name:>5}  {found.deed}", found.outcome, must=shortened(found.words), holds=found.holds)
    if not found.holds:
        print("\n".join(f"       | {line}" for line in found.words.splitlines()))


if __name__ == "__main__":
    os.environ.setdefault("SECRET_KEY", "faults-only")
    sys.exit(main())
