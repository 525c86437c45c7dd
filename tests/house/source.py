"""The project's own source, parsed once."""

from __future__ import annotations

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ROOT / "riskreview"
NOT_OURS = {".local", ".git", ".venv", "venv", "node_modules", "__pycache__", ".pytest_cache", ".hypothesis"}


@cache
def modules(*folders: str) -> dict[str, ast.Module]:
    """Every module below these folders (the product's, unless told), by its path from the root."""
    found = sorted(path for folder in folders or ("riskreview",) for path in (ROOT / folder).rglob("*.py"))
    return {name(path): ast.parse(path.read_text(encoding="utf-8")) for path in found}


def name(path: Path) -> str:
    """A path as the lists in these tests write it."""
    return path.relative_to(ROOT).as_posix()


@cache
def tracked() -> list[Path]:
    """Every file of the project that is ours."""
    if (ROOT / ".git").exists():
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()
        return [ROOT / each for each in listed.split("\0") if each and (ROOT / each).is_file()]
    every = (path for path in ROOT.rglob("*") if path.is_file())
    return [path for path in every if not NOT_OURS.intersection(path.relative_to(ROOT).parts)]


def is_migration(path: str) -> bool:
    """Whether a module is a migration."""
    return "/migrations/" in path
