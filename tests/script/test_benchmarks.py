"""What the measurements rest on: their checker sees what is wrong, and what they generate is right."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import benchmarks
from benchmarks import _history, _newsserver, _pages
from benchmarks._ledger import Bundle
from riskreview.audit.verifier import Key, verify
from riskreview.enrichment.extract import extract
from riskreview.enrichment.sources import KINDS, SourceState

BENCHMARKS = Path(next(iter(benchmarks.__path__)))


@pytest.mark.parametrize("name", sorted(path.stem for path in BENCHMARKS.glob("[!_]*.py")))
def test_a_measurement_starts_before_django_does(name: str) -> None:
    command = [sys.executable, "-c", f"import benchmarks.{name}"]
    started = subprocess.run(command, check=False, cwd=BENCHMARKS.parent, capture_output=True, text=True)

    assert started.returncode == 0, started.stderr


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


def test_an_article_has_the_size_of_a_real_one_and_is_read_as_one() -> None:
    page = _pages.article(3, 7)

    read = extract(page, content_type="text/html; charset=utf-8", url="https://news.example/7")

    assert 100_000 <= len(page) <= 150_000
    assert (read.title, read.language, read.published) == (_pages.title(3, 7), "en", _pages.published(7))
    assert "Read also" not in read.text


def test_the_same_article_is_the_same_until_it_is_corrected() -> None:
    first, again, corrected = (_pages.article(1, 2, version=version) for version in (1, 1, 2))

    assert first == again != corrected
    assert len(first) == len(corrected)
    assert _pages.POISON.encode() not in first
    assert _pages.POISON.encode() in _pages.article(1, 2, poison=True)


def test_a_feed_names_the_articles_of_its_site() -> None:
    base = "http://127.0.0.1:8080"

    brought = KINDS["RSS"].parse(
        _pages.feed(base, 4, range(3)), {}, url=f"{base}/feed.xml", source=SourceState(base), now=_pages.published(9)
    )

    assert [item.url for item in brought.items] == [f"{base}/article/{number}" for number in (2, 1, 0)]


@pytest.mark.parametrize(
    ("behaviour", "path", "statuses"),
    [
        ({}, "/article/7", [200, 200]),
        ({"stumbles": 1}, "/article/7", [500, 200]),
        ({"stumbles": 1}, "/article/8", [200, 200]),
        ({"does": "error"}, "/feed.xml", [500, 500]),
        ({"does": "throttle"}, "/article/1", [429, 429]),
        ({"does": "error"}, "/robots.txt", [200, 200]),
    ],
)
def test_a_site_behaves_as_told(behaviour: dict[str, object], path: str, statuses: list[int]) -> None:
    site = _newsserver.Site(1, "http://127.0.0.1:1", items=2, **behaviour)  # type: ignore[arg-type]

    assert [site.answer(path)[0] for _ in statuses] == statuses
