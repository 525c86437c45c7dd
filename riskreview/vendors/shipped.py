"""The vendors that are shipped: facts in a data file. Needs no database and no settings."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

SHIPPED = Path(__file__).parent / "data" / "gazetteer.toml"
Entry = dict[str, Any]


def entries(path: Path = SHIPPED) -> list[Entry]:
    """The vendors of a file of names, in its order."""
    read: list[Entry] = tomllib.loads(path.read_text(encoding="utf-8"))["vendor"]
    return read
