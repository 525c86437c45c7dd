"""docs/deadlines.md is true: its examples give what they say, and its lists are those of the code."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

from riskreview.cases.deadlines import State
from riskreview.lib.workdays import NAMES

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "deadlines.md").read_text(encoding="utf-8")
FENCED = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def first_column(heading: str) -> list[str]:
    """The names in the first column of the table below a heading."""
    section = PAGE.split(f"## {heading}\n", 1)[1].split("\n## ")[0]
    cells = re.findall(r"^\| (`.*?) \|", section, re.MULTILINE)
    return re.findall(r"`([^`]+)`", " ".join(cells))


def test_the_examples_of_the_page_give_what_they_say() -> None:
    words, *examples = FENCED.findall(PAGE)
    known: dict[str, object] = {}
    exec(compile(words, "docs/deadlines.md", "exec"), known)
    assert len(examples) == 3
    complaints: list[str] = []
    for example in examples:
        test = doctest.DocTestParser().get_doctest(example, dict(known), "docs/deadlines.md", None, 0)
        assert test.examples
        doctest.DocTestRunner(verbose=False).run(test, out=complaints.append)
    assert complaints == []


def test_the_page_lists_every_state() -> None:
    assert sorted(first_column("Where a limit stands")) == sorted(State)


def test_the_page_lists_every_calendar() -> None:
    assert first_column("Calendars") == list(NAMES)
