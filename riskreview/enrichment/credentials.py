"""Secrets of sources: files that the operator keeps, named by the source, read for a request and never kept."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings

from riskreview.evidence.kinds import About
from riskreview.lib.urls import host_of

from .sources import Misset

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")


def secret(name: str, url: str, about: About) -> str:
    """The secret of that name, for a request to `url`; nothing for no name.

    It goes to the service's own host, or to one of those that the operator lists in the file NAME.hosts: whoever may
    register a source may not send a secret where they like. Raises `Misset` when there is none, or not for that host.
    """
    if not name:
        return ""
    path = Path(settings.CREDENTIALS_ROOT) / name
    if not settings.CREDENTIALS_ROOT or not _NAME.fullmatch(name) or not path.is_file():
        raise Misset(f"The operator keeps no credential called {name} (docs/operations.md#credentials).")
    listed = path.with_name(f"{name}.hosts")
    hosts = listed.read_text(encoding="utf-8").split() if listed.is_file() else [host_of(about.address)]
    if host_of(url) not in hosts:
        raise Misset(f"The credential {name} is not meant for {host_of(url)} (docs/operations.md#credentials).")
    return path.read_text(encoding="utf-8").strip()
