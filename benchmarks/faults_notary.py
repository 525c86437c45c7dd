"""Kill notaries at random under 32 writers, pull PostgreSQL's plug, take the signer's memory: one log, nothing lost."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import _history, _notaries, _product, _record, _report
from benchmarks._notaries import Copy, Database
from benchmarks._writers import LEAD, Writers

PURPOSE = "faults"
WARM_UP = 4.0
SETTLED_WITHIN = 60.0


@dataclass(frozen=True)
class Size:
    """How much is done to it."""

    kills: int
    restarts: int
    pause: float
    seconds: float


QUICK, FULL = Size(kills=30, restarts=2, pause=9, seconds=40), Size(kills=300, restarts=10, pause=300, seconds=900)


@dataclass
class Seen:
    """What was seen while it was attacked."""

    kills: int = 0
    within: int = 0
    restarts: int = 0
    paused: int | None = None
    held: int = 0
    placed: int = 0
    fell: list[str] = field(default_factory=list)
    notes: dict[int, str] = field(default_factory=dict)


def main() -> int:
    """Run it and report."""
    chosen = _report.arguments(__doc__)
    size = FULL if chosen.full else QUICK
    report = _report.Report("faults_notary", {**asdict(size), "seed": chosen.seed})
    planted = _history.finds_what_is_planted()
    report.row("checker: one lost, doubled, undone, invented", "found" if planted else "missed", holds=planted)
    folder = _notaries.set_up(sign_seconds=2)
    database = Database(PURPOSE)
    set_the_table()
    attacked(report, random.Random(chosen.seed), size, folder, database, chosen.seed)
    promises = list(_record.examine(_notaries.vkey(folder), folder / "memory"))
    for found in promises:
        report.row(found.what, found.value, must=found.must, holds=found.holds)
    if all(found.holds for found in promises):
        signer_refuses(report, folder, database)
        again = [found.what for found in _record.examine(_notaries.vkey(folder), folder / "memory") if not found.holds]
        report.row("after all repairs: promises that do not hold", ", ".join(again) or 0, must="= 0", holds=not again)
        bundle_verifies(report, folder)
    else:
        report.row("what the signer refuses", "not tried", must="a record that holds", holds=False)
    status = report.end()
    if status:
        print(f"journals, logs, key and memory of this run: {folder}")
    else:
        shutil.rmtree(folder)
    return status


def set_the_table() -> None:
    """Rows that several writers share, and one of its own for each."""
    from riskreview.evidence.models import Source
    from riskreview.vendors.models import Vendor

    lead, _ = _product.people()
    for name in _product.NAMES:
        Vendor.objects.register(by=lead, canonical_name=name)
    for number in range(40):
        url = f"https://bench.example/{number}/feed"
        kind = {"kind": Source.Kind.RSS, "source_class": Source.Class.WIRE}
        Source.objects.register(by=lead, name=f"Wire {number}", url=url, **kind)


def attacked(
    report: _report.Report, rng: random.Random, size: Size, folder: Path, database: Database, seed: int
) -> None:
    """Let them write, kill what orders and signs, and compare what the writers say with what is there."""
    journals = folder / "journals"
    journals.mkdir()
    copies = [Copy(f"notary-{number}", folder) for number in (1, 2, 3)]
    writers = Writers(4, 8, seed)
    writers.begin(act="journalled", journal=str(journals))
    try:
        time.sleep(WARM_UP)
        seen = attack(rng, size, copies, database)
    finally:
        writers.begin(end=True)
        writers.answers()
        stopped = time.monotonic()
        writers.end()
    settled = settle(stopped)
    for copy in copies:
        copy.stop()
        seen.fell += [copy.name] if copy.process.returncode else []
    tell(report, size, seen, settled)
    compare(report, journals)
    kept = dict(_record.rows("SELECT size, note FROM audit_checkpoint"))
    missing = [size for size, note in seen.notes.items() if kept.get(size) != note]
    report.row("checkpoints seen meanwhile, still there and the same", len(seen.notes) - len(missing),
               must=f"= {len(seen.notes)}", holds=bool(seen.notes) and not missing)  # fmt: skip


def attack(rng: random.Random, size: Size, copies: list[Copy], database: Database) -> Seen:
    """Kill at random, start again at once; in between stop PostgreSQL as a power cut would, and freeze one copy."""
    seen = Seen()
    begun, before = time.monotonic(), leaves()
    restarts = {size.kills * each // (size.restarts + 1) for each in range(1, size.restarts + 1)}
    while seen.kills < size.kills or time.monotonic() - begun < size.seconds:
        kill(rng, rng.choice(copies), database, seen)
        if seen.kills in restarts:
            restarts.remove(seen.kills)
            database.pull_the_plug()
            seen.restarts += 1
        if seen.kills >= size.kills // 2 and seen.paused is None:
            seen.paused = freeze(rng.choice(copies), size.pause, database, within=False)
            seen.held = freeze(rng.choice(copies), size.pause, database, within=True)
        if newest := _record.rows("SELECT size, note FROM audit_checkpoint ORDER BY size DESC LIMIT 1"):
            seen.notes.update(newest)
    seen.placed = leaves() - before
    return seen


def kill(rng: random.Random, copy: Copy, database: Database, seen: Seen) -> None:
    """SIGKILL for one copy that is at work, every other time in the middle of a transaction if there is one soon."""
    if copy.process.poll() is not None:
        seen.fell.append(f"{copy.name} ({copy.process.returncode})")
    else:
        database.wait_until_at_work(copy.name, 20)
        time.sleep(rng.random() * 0.4)
        within = seen.kills % 2 == 0 and database.wait_until_within(copy.name, 2)
        copy.kill()
        seen.within += within
        seen.kills += 1
    copy.start()


def freeze(copy: Copy, seconds: float, database: Database, *, within: bool) -> int:
    """SIGSTOP for a copy, inside or outside a transaction; how many leaves the others placed meanwhile."""
    database.wait_until_at_work(copy.name, 20)
    for _ in range(100):
        if within:
            database.wait_until_within(copy.name, 5)
        copy.freeze()
        time.sleep(0.05)  # what it sent has arrived by then
        if database.is_within(copy.name) == within:
            break
        copy.thaw()
        time.sleep(0.05)
    before = leaves()
    time.sleep(seconds)
    placed = leaves() - before
    copy.thaw()
    return placed


def leaves() -> int:
    """How many leaves the log has."""
    ((count,),) = _record.rows("SELECT coalesce(sum(size), 0)::int FROM audit_log")
    return int(count)


def settle(begun: float) -> float:
    """Wait until nothing waits and all is signed; the seconds it took since then."""
    left = (
        "(SELECT count(*) FROM audit_pending), (SELECT size FROM audit_log), (SELECT max(size) FROM audit_checkpoint)"
    )
    while time.monotonic() - begun < SETTLED_WITHIN:
        ((pending, size, signed),) = _record.rows(f"SELECT {left}")
        if not pending and size == signed:
            break
        time.sleep(0.2)
    return time.monotonic() - begun


def tell(report: _report.Report, size: Size, seen: Seen, settled: float) -> None:
    """What was done to it."""
    report.row("notaries killed", seen.kills, must=f">= {size.kills}", holds=seen.kills >= size.kills)
    report.row("of these in the middle of a transaction", seen.within, must="> 0", holds=seen.within > 0)
    report.row("PostgreSQL stopped at once and started", seen.restarts, must=f">= {size.restarts}",
               holds=seen.restarts >= size.restarts)  # fmt: skip
    report.row("leaves placed while one copy stood still", seen.paused, must="> 0", holds=bool(seen.paused))
    report.row("the same, when it stood still in a transaction", seen.held, must="> 0", holds=seen.held > 0)
    report.row("leaves placed under attack", seen.placed, must="> 0", holds=seen.placed > 0)
    report.row("notaries that ended by themselves", ", ".join(seen.fell) or 0, must="= 0", holds=not seen.fell)
    report.row("all placed and signed after the end", settled, "s", must=f"< {SETTLED_WITHIN:.0f} s",
               holds=settled < SETTLED_WITHIN)  # fmt: skip


def compare(report: _report.Report, journals: Path) -> None:
    """C1 and C2: what the writers wrote down, against the entries."""
    outcomes, said = _history.read(journals)
    verdict = _history.judge(outcomes, _record.values())
    for outcome, must in ((_history.OK, "> 1000"), (_history.FAIL, "> 0"), (_history.UNKNOWN, "any")):
        count = list(outcomes.values()).count(outcome)
        report.row(f"acts that ended “{outcome}”", count, must=must, holds=must == "any" or count > int(must[2:]))
    for name, values in asdict(verdict).items():
        report.row(f"acts {name}", len(values), must="= 0", holds=not values)
    odd = {why: count for why, count in said.items() if why not in ("OperationalError", "InterfaceError")}
    report.row("failures other than the database being away", sum(odd.values()), must="= 0", holds=not odd)
    for why, count in list(odd.items())[:5]:
        print(f"       | {count} x {why[:300]}")


def signer_refuses(report: _report.Report, folder: Path, database: Database) -> None:
    """F17: take or turn back the memory, edit the head, flip a bit. It refuses, says why, and goes on when repaired."""
    memory, aside = folder / "memory", folder / "memory-aside"
    trial = Trial(report)
    trial.run("memory lost", memory.unlink, lambda: trusted(folder), "is lost")
    shutil.copy(memory, aside)
    act()
    _notaries.once()
    trial.run(
        "memory put back to an older copy", lambda: swap(memory, aside), lambda: swap(memory, aside), "older copy"
    )
    for words, damage, sentence in EDITS:
        trial.run(words, partial(database.as_superuser, damage), database.undo, sentence)
    loop_goes_on(report, folder)


def swap(one: Path, other: Path) -> None:
    """Exchange two files."""
    spare = one.with_suffix(".spare")
    one.rename(spare)
    other.rename(one)
    spare.rename(other)


# What somebody could do who is PostgreSQL's superuser, and what the signer says to it.
CUT_TAIL = (
    "DELETE FROM audit_leaf WHERE index > 0;"
    "UPDATE audit_log SET size = 1, frontier = ARRAY[hash], root = hash FROM audit_leaf WHERE open AND index = 0"
)
FLIP_BIT = (
    "UPDATE audit_entry SET header = set_byte(header, 40, get_byte(header, 40) # 1)"
    " WHERE id = (SELECT entry_id FROM audit_leaf ORDER BY log_id DESC, index DESC LIMIT 1)"
)
OTHER_HEAD = "UPDATE audit_log SET frontier[1] = sha256('x'), root = sha256('y') WHERE open"
EDITS = (
    ("root of the head edited", "UPDATE audit_log SET root = sha256('x') WHERE open", "says"),
    ("head and frontier replaced", OTHER_HEAD, "says"),
    ("head and tail cut", CUT_TAIL, "tail was cut"),
    ("bit of a header flipped", FLIP_BIT, "not the hash of its header"),
    ("leaf taken out", "DELETE FROM audit_leaf WHERE index = (SELECT size - 1 FROM audit_log WHERE open)", "claims"),
)


@dataclass
class Trial:
    """One damage after the other, each with something new to sign."""

    report: _report.Report

    def run(self, words: str, damage: Callable[[], object], repair: Callable[[], object], sentence: str) -> None:
        """Damage, see it refuse, repair, see it sign."""
        act()
        _notaries.once("--only", "sequence")
        signed = checkpoints()
        damage()
        status, said = _notaries.once()
        told = "The signer refuses: " in said and sentence in said and sentence in trouble()
        refused = status != 0 and told and "Traceback" not in said and checkpoints() == signed
        self.row(f"{words}: refuses, and says why", "exit 1, words", refused, f"exit {status}: {said[-600:]}")
        repair()
        status, said = _notaries.once()
        good = status == 0 and checkpoints() > signed and not trouble()
        self.row(f"{words}: repaired, signs again", "exit 0, no trouble", good, f"exit {status}: {said[-600:]}")

    def row(self, what: str, must: str, holds: bool, said: str) -> None:
        """Note it; show what was said when it does not hold."""
        self.report.row(what, "yes" if holds else "no", must=must, holds=holds)
        if not holds:
            print(f"       | {said!r}\n       | trouble: {trouble()!r}")


def trouble() -> str:
    """What the log's row says about its signer."""
    return str(_record.rows("SELECT trouble FROM audit_log WHERE open")[0][0])


def trusted(folder: Path) -> None:
    """Give the signer its newest checkpoint back."""
    ((note,),) = _record.rows("SELECT note FROM audit_checkpoint ORDER BY size DESC LIMIT 1")
    file = folder / "kept-by-somebody.txt"
    file.write_text(note, encoding="utf-8")
    subprocess.run([sys.executable, "manage.py", "notary", "--trust", str(file)], cwd=_product.ROOT, check=True,
                   stdout=subprocess.DEVNULL)  # fmt: skip


def loop_goes_on(report: _report.Report, folder: Path) -> None:
    """Without its memory the running notary says so, signs nothing, and still gives entries their place."""
    memory = folder / "memory"
    latest = memory.read_bytes()
    memory.unlink()
    act()
    signed, placed = checkpoints(), leaves()
    copy = Copy("notary-refusing", folder)
    wait_for(lambda: leaves() > placed and "THE SIGNER REFUSES" in copy.log.read_text(), 30)
    alive = copy.process.poll() is None
    went_on = leaves() > placed and checkpoints() == signed and "THE SIGNER REFUSES" in copy.log.read_text()
    report.row("running without memory: orders, does not sign", "yes" if alive and went_on else "no",
               must="yes", holds=alive and went_on)  # fmt: skip
    copy.stop()
    memory.write_bytes(latest)
    status, _ = _notaries.once()
    report.row("memory back: signs again", status, must="exit 0", holds=status == 0 and checkpoints() > signed)


def bundle_verifies(report: _report.Report, folder: Path) -> None:
    """The whole record, exported with the signature of a running notary, convinces an auditor who has only the key."""
    copy, bundle = Copy("notary-1", folder), str(folder / "bundle")
    export = [sys.executable, "manage.py", "export_ledger", bundle, "--by", LEAD]
    verify = [sys.executable, "riskreview/audit/verifier.py", bundle, "--key", _notaries.vkey(folder)]
    said = ""
    try:
        for command in (export, verify):
            done = subprocess.run(command, cwd=_product.ROOT, capture_output=True, text=True, check=False)
            said += done.stdout + done.stderr
    finally:
        copy.stop()
    holds = done.returncode == 0 and "Verdict: holds" in said
    report.row("verifier.py on a full bundle", f"exit {done.returncode}", must="exit 0", holds=holds)
    if not holds:
        print("\n".join(f"       | {line}" for line in said.splitlines()[-20:]))


def act() -> None:
    """One more act about a source."""
    from riskreview.accounts.models import User
    from riskreview.evidence.models import Source

    source: Any = Source.objects.order_by("pk")[0]
    source.grade(by=User.objects.get(email=LEAD), reliability="ABCDEF"[source.entry_seq % 6], reason="One more.")


def checkpoints() -> int:
    """How many checkpoints there are."""
    ((count,),) = _record.rows("SELECT count(*) FROM audit_checkpoint")
    return int(count)


def wait_for(holds: Callable[[], bool], seconds: float) -> bool:
    """Until it holds, or so many seconds."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


if __name__ == "__main__":
    os.environ.setdefault("SECRET_KEY", "faults-only")
    sys.exit(main())
