"""Every kind stands in docs/sources.md and has its tests, and adding one is as easy as the page says."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest

from riskreview.enrichment.sources import KINDS, Item, SourceState
from riskreview.evidence import kinds
from riskreview.evidence.kinds import About

PAGE = Path(__file__).resolve().parents[2] / "docs" / "sources.md"
ROW = re.compile(r"^\| `([A-Z_]+)` \| (.+?) \| (.*?) \| (.*?) \| (.*?) \| (.*?) \|$", re.MULTILINE)
FENCED = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NOW = datetime(2025, 1, 30, tzinfo=UTC)


def row(about: About) -> tuple[str, str, str, str, str, str]:
    """What the table must say of a kind."""
    settings = ", ".join(f"`{each.name}`{' (required)' if each.required else ''}" for each in about.settings)
    manners = [f"{about.gap:g} s between requests"] if about.gap else []
    manners += [] if about.robots else ["robots.txt not asked"]
    manners += ["keeps an excerpt"] if about.retention == "EXCERPT" else []
    place = "a folder" if about.road == "FOLDER" else f"`{about.address}`" if about.address else "the source's own"
    return about.key, about.label, place, settings, about.secret.lower(), ", ".join(manners)


@pytest.mark.parametrize("key", sorted(KINDS))
def test_every_kind_stands_in_the_table_as_it_is(key: str) -> None:
    rows = {found[0]: found for found in ROW.findall(PAGE.read_text(encoding="utf-8"))}
    assert rows.get(key) == row(KINDS[key].ABOUT), f"docs/sources.md needs the row: {' | '.join(row(KINDS[key].ABOUT))}"


def test_the_table_names_no_kind_that_is_not_there() -> None:
    assert {found[0] for found in ROW.findall(PAGE.read_text(encoding="utf-8"))} == set(KINDS)


@pytest.mark.parametrize("key", sorted(KINDS))
def test_every_kind_has_its_tests(key: str) -> None:
    assert (Path(__file__).parent / f"test_sources_{key.lower()}.py").is_file()


def test_keys_are_what_the_register_can_hold() -> None:
    assert all(key == kind.ABOUT.key and re.fullmatch(r"[A-Z][A-Z_]{1,23}", key) for key, kind in KINDS.items())
    assert all(kind.ABOUT.label and kind.ABOUT.hint.endswith(".") for kind in KINDS.values())


@pytest.fixture
def planted() -> ModuleType:
    """The kind that the page shows, as a module."""
    [example, *_] = [code for code in FENCED.findall(PAGE.read_text(encoding="utf-8")) if "ABOUT = " in code]
    module = ModuleType("lines")
    exec(compile(example, "docs/sources.md", "exec"), module.__dict__)
    return module


def test_the_example_of_the_page_works(planted: ModuleType) -> None:
    registered = {kind.ABOUT.key: kind for kind in (*KINDS.values(), planted)}
    kind = registered["LINES"]
    source = SourceState("https://news.example/new.txt", etag='"1"')
    assert (kind.request(source, now=NOW).url, kind.request(source, now=NOW).etag) == (source.url, '"1"')
    found = kind.parse(
        b"/a First\nhttps://news.example/b Second\njavascript:x Third\n", {}, url=source.url, source=source, now=NOW
    )
    assert found.items == (
        Item("https://news.example/a", "https://news.example/a", "First"),
        Item("https://news.example/b", "https://news.example/b", "Second"),
    )
    assert found.refused == ("A line has no usable address: javascript:x Third",)


def test_the_test_of_the_page_works_too(planted: ModuleType) -> None:
    [test] = [code for code in FENCED.findall(PAGE.read_text(encoding="utf-8")) if "def test_" in code]
    names = {"parse": planted.parse, "SourceState": SourceState, "ParseFailed": planted.ParseFailed, "pytest": pytest}
    exec(compile(re.sub(r"^(?:from|import) .*\n", "", test, flags=re.MULTILINE), "docs/sources.md", "exec"), names)
    tests = [each for name, each in names.items() if name.startswith("test_")]
    assert tests
    for each in tests:
        each()


def test_a_planted_kind_is_offered_by_the_register(planted: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "_known", dict(kinds._known))
    kinds.announce(planted.ABOUT)
    assert ("LINES", planted.ABOUT.label) in kinds.choices()
