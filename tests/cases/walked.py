"""A small playbook for tests that walk a case all the way: every kind of row, and nothing that holds a stage back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from riskreview.cases import playbook

TEXT = """
grammar = 1
key = "walked"
code = "T90"
version = 1
title = "Walked"
as_of = 2026-07-01
calendar = "us-federal"
timezone = "America/New_York"
subjects = ["vendor"]

milestone = [
  { key = "asked" },
  { key = "served", per = "party" },
  { key = "looked" },
]
stage = [
  { key = "intake", phase = "intake", owner = "intake_officer" },
  { key = "review", phase = "review", owner = "analyst", pair = true, requires = ["exhibits:1"], next = ["decision", "intake"] },
  { key = "decision", phase = "decision", owner = "deciding_official", requires = ["disposition", "output:note", "field:reason"], approve = { n = 1, by = ["deciding_official", "second_reviewer"] } },
  { key = "follow_up", phase = "after", owner = "case_officer", next = ["closing"] },
  { key = "closing", phase = "after", owner = "case_officer", next = ["follow_up"] },
]
clock = [
  { key = "triage", n = 5, unit = "bus_day", from = "milestone:asked", until = "left:intake", warn = ["2 bus_day"], extend = { by = "case_officer", form = "written_notice" } },
  { key = "silence", kind = "presumed_after", n = 14, from = "consultation:agencies", until = "answered", on_expiry = "offer_presumption" },
  { key = "answer", n = 30, from = "milestone:served", until = "replied", on_expiry = "lapse", toll = ["court_order"] },
  { key = "again", kind = "recurring", n = 6, unit = "month", anchor = "fixed", from = "approved", until = "milestone:looked" },
]
consultation = [
  { key = "agencies", responses = ["concur", "object"], silence = "may_presume", objection_rank = "secretary" },
]
reply = [{ key = "answer", clock = "answer", party = "vendor", may_contain = ["argument"] }]
checklist = [{ key = "points", items = ["one", "two"] }]
disposition = [
  { key = "stop", group = "adverse" },
  { key = "go", group = "favourable" },
]
"""  # noqa: E501


def shipped_too(folder: Path, patch: pytest.MonkeyPatch, text: str = TEXT) -> None:
    """Ship the playbook with the others, for one test."""
    file = folder / "walked-1.toml"
    file.write_text(text, encoding="utf-8")
    loaded = playbook.load(file, others={"walked"})
    known: dict[str, Any] = playbook.newest() | {"walked": loaded}
    patch.setattr(playbook, "newest", lambda *given: known)
