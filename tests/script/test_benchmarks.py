"""What the measurements rest on: their checker sees what is wrong, and what they generate is right."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import _history
from benchmarks._ledger import Bundle
from riskreview.audit.verifier import Key, verify


def test_the_checker_finds_what_is_planted() -> None:
    assert _history.finds_what_is_planted()


def test_an_operation_that_never_ended_is_unknown(tmp_path: Path) -> None:
    journal = _history.Journal(tmp_path / "1.jsonl")
    journal.note("a", _history.BEGIN)
    journal.note("a", _history.OK)
    journal.note("b", _history.BEGIN)
    journal.file.close()

    outcomes, _ = _history.read(tmp_path)

    assert outcomes == {"a": _history.OK, "b": _history.UNKNOWN}


@pytest.mark.parametrize("entries", [12, 300])
def test_a_generated_bundle_verifies(tmp_path: Path, entries: int) -> None:
    vkey = Bundle(tmp_path / "bundle", entries, seed=1).write()

    report = verify(tmp_path / "bundle", keys=[Key.parse(vkey)])

    assert (report.verdict, report.size) == ("holds", [entries])


def test_the_same_seed_makes_the_same_bundle(tmp_path: Path) -> None:
    for name in ("one", "two"):
        Bundle(tmp_path / name, 20, seed=7).write()

    assert (tmp_path / "one/bundle.json").read_bytes() == (tmp_path / "two/bundle.json").read_bytes()
