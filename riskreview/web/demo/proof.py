"""Does the proof hold without the product? The decided case's bundle, checked by the verifier as a file of its own."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from riskreview.accounts.models import User
from riskreview.audit import checking, verifier
from riskreview.audit.bundles import Draft, Unsigned
from riskreview.audit.models import Log
from riskreview.cases.bundle import export_case

from . import people
from .agreement import Disagreement, decided_case, require


def prove() -> Iterator[str]:
    """Export, verify as a stranger would, change one byte, verify again. Raises `Disagreement`."""
    found = checking.check()
    require(not found.problems, f"the record: {' '.join(found.problems[:1])}")
    yield f"the record holds: {found.counts['entries']} entries in the signed log, {found.counts['rows']} rows"
    case, _ = decided_case()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        export(case, place)
        status, said = verified(place)
        require(status == 0, f"the bundle of {case.ref} does not verify: {said}")
        yield f"the bundle of {case.ref} verifies offline"
        change_a_byte(place / "case.zip")
        status, said = verified(place)
        require(status == 1, "a changed byte was not found")
        yield f"with one byte changed it does not: {said[:90]}…"


def export(case: object, place: Path) -> None:
    """The bundle of a case, beside a copy of the verifier, which then knows nothing of the product."""
    draft = Draft(place / "draft")
    bob = User.objects.get(email=people.address("bob"))
    try:
        export_case(draft, case, by=bob, told=lambda _: None)  # type: ignore[arg-type]
    except Unsigned as fault:
        raise Disagreement(str(fault)) from fault
    draft.zip(place / "case.zip")
    (place / "verifier.py").write_bytes(Path(verifier.__file__).read_bytes())


def verified(place: Path) -> tuple[int, str]:
    """The verifier's exit status, and its line about the first fault."""
    keys = [word for log in Log.objects.in_order() for vkey in log.vkeys for word in ("--key", vkey)]
    command = [sys.executable, "-I", str(place / "verifier.py"), str(place / "case.zip"), *keys]
    done = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False)  # noqa: S603 - our own file
    fault = next((line for line in done.stdout.splitlines() if line.startswith("First fault")), done.stderr)
    return done.returncode, fault.removeprefix("First fault: ")


def change_a_byte(file: Path) -> None:
    """One bit in the middle."""
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(bytes(data))
