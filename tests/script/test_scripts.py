"""Every script says what it does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "script"
NAMES = ("demo", "test", "check", "server", "bench", "faults")


def run(*words: str) -> subprocess.CompletedProcess[str]:
    """A script, with the interpreter that runs the tests."""
    return subprocess.run([sys.executable, *words], capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize("name", NAMES)
def test_it_can_be_run_and_says_what_it_does(name: str) -> None:
    done = run(str(SCRIPT / name), "--help")

    assert os.access(SCRIPT / name, os.X_OK)
    assert done.returncode == 0
    assert f"script/{name}" in done.stdout


@pytest.mark.parametrize("name", ["bench", "faults"])
def test_an_unknown_name_is_answered_with_the_known_ones(name: str) -> None:
    done = run(str(SCRIPT / name), "no-such-thing")

    assert done.returncode == 1
    assert "no-such-thing" in done.stderr
    assert "There are:" in done.stderr


@pytest.mark.parametrize("name", ["demo", "check", "server"])
def test_an_unknown_option_is_refused(name: str) -> None:
    assert run(str(SCRIPT / name), "--no-such-option").returncode == 2


def test_an_old_python_gets_a_refusal_and_not_a_traceback() -> None:
    """With the version it reads replaced, as no old interpreter is at hand."""
    old = f"import sys; sys.path.insert(0, {str(SCRIPT)!r}); import launch; launch._hand_over('demo')"
    done = subprocess.run(
        [sys.executable, "-c", old], capture_output=True, text=True, check=False, env={"PATH": "/nowhere"}, timeout=60
    )

    assert done.returncode == 1
    assert "needs Python 3.11 or newer" in done.stderr
    assert "Traceback" not in done.stderr
