"""Secrets of sources: files that the operator keeps, named by the source, read for a request and never kept."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings

from .sources import Misset

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")


def secret(name: str) -> str:
    """The secret of that name; nothing for no name. Raises `Misset` when the operator keeps none."""
    if not name:
        return ""
    path = Path(settings.CREDENTIALS_ROOT) / name
    if not settings.CREDENTIALS_ROOT or not _NAME.fullmatch(name) or not path.is_file():
        raise Misset(f"The operator keeps no credential called {name} (docs/operations.md#credentials).")
    return path.read_text(encoding="utf-8").strip()
