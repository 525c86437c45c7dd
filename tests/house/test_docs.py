"""The documents are true as far as a machine can tell: settings, links, anchors, the workflow page, the version."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from riskreview.cases.management.commands import workflow
from riskreview.cases.models import VERBS

ROOT = Path(__file__).resolve().parents[2]
OPERATIONS = ROOT / "docs" / "operations.md"
NOT_OURS = {".local", ".git", ".venv", "venv", "node_modules", ".pytest_cache", ".hypothesis", "static"}
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)|<(?:img|a)\b[^>]*\b(?:src|href)=\"([^\"]+)\"")
ROW = re.compile(r"^\| `([A-Z][A-Z_]+)` \| (.*?) \| (.*?) \|$", re.MULTILINE)


def pages() -> list[Path]:
    """Every Markdown file of the project."""
    found = (path for path in ROOT.rglob("*.md") if not NOT_OURS.intersection(path.relative_to(ROOT).parts))
    return sorted(found)


def links(page: Path) -> Iterator[str]:
    """The targets of a page's links and pictures that lie in this project."""
    for markdown, html in LINK.findall(CODE.sub("", page.read_text(encoding="utf-8"))):
        target = markdown or html
        if not re.match(r"[a-z][a-z0-9+.-]*:", target):
            yield unquote(target)


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as forges make them."""
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    titles = re.findall(r"^#{1,6} (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}


def read_by_settings() -> dict[str, str | None]:
    """Each variable that settings.py reads, with its default where that is a plain value."""
    tree = ast.parse((ROOT / "riskreview" / "settings.py").read_text(encoding="utf-8"))
    found: dict[str, str | None] = {}
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args):
        match call.func, call.args[0]:
            case ast.Attribute(value=ast.Name(id="env")), ast.Constant(value=str(name)):
                found[name] = default(call)
            case ast.Name(id="secret"), ast.Constant(value=str(name)):
                found |= {name: default(call), f"{name}_FILE": None}
    return found


def default(call: ast.Call) -> str | None:
    """The default of a call as the table writes it; None when it is worked out."""
    given = next((keyword.value for keyword in call.keywords if keyword.arg == "default"), None)
    match given:
        case ast.Constant(value=bool(value)):
            return f"`{str(value).lower()}`"
        case ast.Constant(value=value):
            return f"`{value}`" if value != "" else "empty"
        case ast.List(elts=[]):
            return "empty"
    return None


def test_every_setting_is_documented() -> None:
    documented = {name for name, *_ in ROW.findall(OPERATIONS.read_text(encoding="utf-8"))}
    read = read_by_settings()
    assert len(read) > 20
    assert sorted(read.keys() - documented) == [], "settings.py reads these; add them to docs/operations.md"
    assert sorted(documented - read.keys()) == [], "docs/operations.md names these; settings.py does not read them"


def test_every_documented_default_is_the_real_one() -> None:
    documented = {name: told for name, told, _ in ROW.findall(OPERATIONS.read_text(encoding="utf-8"))}
    real = {name: plain for name, plain in read_by_settings().items() if plain is not None}
    assert {name: documented[name] for name in real if name in documented} == real


def test_the_workflow_page_is_fresh() -> None:
    call_command("workflow", "--check")


def test_a_stale_workflow_page_is_reported(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    monkeypatch.setattr(settings, "BASE_DIR", tmp_path)
    with pytest.raises(CommandError, match="stale"):
        call_command("workflow", "--check")
    call_command("workflow")
    call_command("workflow", "--check")
    file = tmp_path / "docs" / "workflow.md"
    file.write_text(file.read_text(encoding="utf-8").replace("second pair of eyes", "anyone"), encoding="utf-8")
    with pytest.raises(CommandError, match="stale"):
        call_command("workflow", "--check")


def test_the_workflow_page_has_every_act_with_its_guard() -> None:
    told = workflow.page()
    assert all(f"| `{verb}` |" in told for verb in ("open", *VERBS))
    assert "| `approve` | Awaiting approval | Decided | second pair of eyes |" in told
    assert "  approve ─────────> Decided" in told


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    dead = []
    for target in links(page):
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        if not file.exists() or (anchor and file.suffix == ".md" and anchor not in anchors(file)):
            dead.append(target)
    assert dead == []


def test_every_page_the_code_points_at_is_there() -> None:
    pointed = {
        found
        for path in (ROOT / "riskreview").rglob("*.py")
        for found in re.findall(r"docs/[\w./-]+\.md(?:#[\w-]+)?", path.read_text(encoding="utf-8"))
    }
    assert "docs/operations.md#settings" in pointed
    for target in pointed:
        path, _, anchor = target.partition("#")
        assert (ROOT / path).is_file(), target
        assert not anchor or anchor in anchors(ROOT / path), target


def test_the_changelog_names_the_version() -> None:
    versions = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    numbers = [tuple(map(int, re.fullmatch(r"(\d+)\.(\d+)\.(\d+)", version).groups())) for version in versions]
    assert numbers == sorted(set(numbers), reverse=True), "newest first, each once"
    assert versions[0] == settings.VERSION != "0.0.0"


def test_every_decision_has_its_number_and_its_three_parts() -> None:
    decisions = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [int(path.name[:4]) for path in decisions]
    assert numbers == list(range(1, len(numbers) + 1))
    for path in decisions:
        assert {"context", "decision", "consequences"} <= anchors(path), path.name
