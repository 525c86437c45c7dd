"""What an attack comes to: which detector looked, whether it fired, and its own words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from benchmarks._stage import Copy, Said, Stage, Verdict

WIDTH = 110


@dataclass(frozen=True)
class Finding:
    """One line: what was done, how it ended, in which words, and whether that is what docs/audit.md states."""

    deed: str
    outcome: str
    words: str
    holds: bool


def shortened(words: str) -> str:
    """One line of at most so many characters."""
    line = " ".join(words.split())
    return line if len(line) <= WIDTH else line[: WIDTH - 1] + "…"


def audit_finds(deed: str, copy: Copy, *sentences: str) -> Finding:
    """`verify_audit`, run on the copy, says all of this and ends with 1."""
    said = copy.manage("verify_audit")
    fired = said.status == 1 and all(said.says(each) for each in sentences)
    words = said.line(sentences[0]) if fired else said.words[-400:]
    return Finding(deed, f"verify_audit {said.status}", words, fired)


def audit_holds(deed: str, copy: Copy, why: str) -> Finding:
    """`verify_audit` finds nothing, and that is stated."""
    said = copy.manage("verify_audit")
    return Finding(
        deed, f"verify_audit {said.status}", why if said.status == 0 else said.words[-400:], said.status == 0
    )


def signer_refuses(deed: str, copy: Copy, sentence: str, said: Said | None = None) -> Finding:
    """The signer, started on the copy with the memory it has, refuses and says so; the log's row says it too."""
    said = said or copy.manage("notary", "--once")
    with copy.attacker() as cursor:
        cursor.execute("SELECT trouble FROM audit_log WHERE open")
        (trouble,) = cursor.fetchone() or ("",)
    fired = said.status == 1 and said.says("The signer refuses") and sentence in said.words and sentence in trouble
    words = trouble if fired else said.words[-400:]
    return Finding(deed, "signer refuses" if fired else f"signer {said.status}", words, fired)


def auditor_finds(deed: str, stage: Stage, bundle: Path, check: str, *options: object, key: str = "") -> Finding:
    """The verifier ends with 1 because of this check."""
    verdict = stage.verifier(bundle, *options, key=key)
    fired = verdict.status == 1 and check in verdict.failed
    words = f"{check}: {verdict.words(check)}" if fired else told(verdict)
    return Finding(deed, f"verifier {verdict.status}", words, fired)


def auditor_is_blind(deed: str, stage: Stage, bundle: Path, why: str, *options: object) -> Finding:
    """The verifier ends with 0, and that is stated."""
    verdict = stage.verifier(bundle, *options)
    outcome = "verifier 0: blind" if verdict.status == 0 else f"verifier {verdict.status}"
    return Finding(deed, outcome, why if verdict.status == 0 else told(verdict), verdict.status == 0)


def auditor_holds(deed: str, stage: Stage, bundle: Path, *options: object) -> Finding:
    """The verifier ends with 0, as it should."""
    verdict = stage.verifier(bundle, *options)
    counted = [row["detail"] for row in verdict.report.get("checks", []) if row["result"] == "ok"]
    words = ", ".join(counted[2:]) if verdict.status == 0 else told(verdict)
    return Finding(deed, f"verifier {verdict.status}", words, verdict.status == 0)


def told(verdict: Verdict) -> str:
    """All that a verdict says, for a row that does not hold."""
    return f"{verdict.failed or verdict.report.get('not_checked')}"


def fault_of(copy: Copy, statements: Sequence[str], *, user: str) -> psycopg.Error | None:
    """What the database says to these statements in one transaction of this role, triggers on."""
    try:
        with copy.attacker(quietly=False, user=user) as cursor:
            for statement in statements:
                cursor.execute(statement)
    except psycopg.Error as fault:
        return fault
    return None


def database_refuses(deed: str, copy: Copy, state: str, *statements: str, user: str, words: str = "") -> Finding:
    """The database refuses the transaction with this SQLSTATE, and its message says so."""
    fault = fault_of(copy, statements, user=user)
    fired = fault is not None and fault.sqlstate == state and words in str(fault)
    outcome = f"database {fault.sqlstate}" if fault else "done"
    return Finding(deed, outcome, message(fault), fired)


def message(fault: Any) -> str:
    """What the database says, with its hint."""
    if fault is None:
        return "nothing was refused"
    diag = fault.diag
    return " ".join(each for each in (diag.message_primary, diag.message_hint) if each)


def plain(deed: str, outcome: str, words: str, holds: bool) -> Finding:
    """Anything else."""
    return Finding(deed, outcome, words, holds)
