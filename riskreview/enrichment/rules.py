"""Reads the shipped word lists; a damaged list stops the start, naming the file and the entry."""

import re
import tomllib
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent / "data"


class BadRules(Exception):
    """A shipped list cannot be used; the text names the file and the entry."""


def load(name: str) -> dict[str, Any]:
    """The list `name` (a file name without its ending) as plain values."""
    path = _FOLDER / f"{name}.toml"
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise BadRules(f"{path.name}: {error}") from error


def files() -> list[Path]:
    """All shipped lists, by name."""
    return sorted(_FOLDER.glob("*.toml"))


def pattern(text: str, where: str, flags: int = 0) -> re.Pattern[str]:
    """A pattern from a list; line breaks inside it are layout only."""
    try:
        return re.compile(text.replace("\n", ""), flags)
    except re.error as error:
        raise BadRules(f"{where}: {error}") from error
