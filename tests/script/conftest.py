"""The launcher as a module, and a `.local/` of its own."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "script"
sys.path.insert(0, str(SCRIPT))


@pytest.fixture
def local(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A `.local/` that is not the checkout's, in every module that knows the checkout's."""
    from launch import crew, servers, site

    for module in (crew, servers, site):
        monkeypatch.setattr(module, "LOCAL", tmp_path)
    return tmp_path
