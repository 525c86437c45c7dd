"""Provisional: which files are taken."""

from __future__ import annotations

from .decoding import NotText, decoded

KINDS = {"txt": "text/plain", "md": "text/markdown", "csv": "text/csv", "html": "text/html", "htm": "text/html"}


def readable(name: str, content: bytes, content_type: str) -> str:
    """The content type of a file that can be read. Raises `NotText` in words."""
    kind = KINDS.get(name.rpartition(".")[2].lower())
    if kind is None:
        raise NotText("Files of this kind are not taken.")
    decoded(content, kind)
    return kind
