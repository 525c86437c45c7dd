"""How the audit trail tells what is taken out of a case, and what is made for other eyes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from riskreview.cases.saying import Sayer


def _memo(teller: Any, private: dict[str, Any]) -> str:
    given = private.get("arguments") or {}
    form = {"html": "on the screen", "pdf": "as PDF", "docx": "as a Word document"}.get(given.get("form", ""), "")
    return f"read the memo of version {given.get('decision', '')} {form}".rstrip()


def _redact(teller: Any, private: dict[str, Any]) -> str:
    given = private.get("arguments") or {}
    return f"hid “{Sayer().path(given.get('path', ''))}” in a version for others: {given.get('ground', '')}"


def _restore(teller: Any, private: dict[str, Any]) -> str:
    return f"showed “{Sayer().path((private.get('arguments') or {}).get('path', ''))}” again in a version for others"


def _prepare(teller: Any, private: dict[str, Any]) -> str:
    return f"prepared a version for others: {(private.get('arguments') or {}).get('audience', '')}"


WORDS: dict[str, tuple[str, str, str | Callable[[Any, dict[str, Any]], str]]] = {
    "case.export_memo": ("download", "", _memo),
    "release.prepare": ("eye-off", "note", _prepare),
    "release.redact": ("eye-off", "", _redact),
    "release.restore": ("eye", "", _restore),
    "release.issue": ("signature", "decision", "let a version for others out"),
    "release.export_memo": ("download", "", "took out a version for others"),
    "release.export_file": ("download", "", "took out the file of a version for others"),
}
