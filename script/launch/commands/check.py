"""script/check: everything about the code that can be checked without running it, each step with its seconds.

All steps run, two at a time; a failing one prints what it found. Exit status 0 only if all hold.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from launch import environments, pins, processes
from launch.commands.test import running
from launch.paths import ROOT
from launch.processes import without_postgres_variables
from launch.say import line, timed

AT_ONCE = 2
# What a production site sets; `check --deploy` must find nothing to say about it.
PRODUCTION = {"NOTARY_ORIGIN": "review.example.org/ledger",
              "WITNESSES": "witness.example.org/key+bb0b1c1f+BDtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop https://witness.example.org",
              "DEBUG": "false", "SECURE_COOKIES": "true", "ALLOWED_HOSTS": "riskreview.example",
              "SECRET_KEY": "only-for-this-check-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2}  # fmt: skip


@dataclass(frozen=True)
class Check:
    """One step: what it establishes, its arguments after the interpreter, and its own settings.

    With `compared_with`, the step writes its `OUTPUT` argument, which must equal that file of the project.
    """

    words: str
    arguments: tuple[str, ...]
    settings: dict[str, str] = field(default_factory=dict)
    compared_with: str = ""


OUTPUT = "<output>"
OPENAPI = "docs/api/openapi.yaml"
CHECKS = [
    Check("types (mypy --strict)", ("-m", "mypy", "--strict")),
    Check("types of the scripts", ("-m", "mypy", "--strict", "--config-file", os.devnull, "script/launch")),
    Check("formatting (ruff)", ("-m", "ruff", "format", "--check", "--output-format", "concise", ".")),
    Check("lint (ruff)", ("-m", "ruff", "check", "--output-format", "concise", ".")),
    Check("arrows between packages", ("-c", "from importlinter.cli import lint_imports_command as go; go()")),
    Check("no missing migrations", ("manage.py", "makemigrations", "--check", "--dry-run"), PRODUCTION),
    Check("settings for production", ("manage.py", "check", "--deploy", "--fail-level", "WARNING"), PRODUCTION),
    Check("playbooks whole, released ones unchanged", ("manage.py", "playbooks", "--check"), PRODUCTION),
    Check("docs/workflow.md fresh", ("manage.py", "workflow", "--check"), PRODUCTION),
    Check(
        "OpenAPI schema valid and fresh",
        ("manage.py", "spectacular", "--validate", "--fail-on-warn", "--file", OUTPUT),
        PRODUCTION,
        compared_with=OPENAPI,
    ),
]


def main() -> int:
    """Run all checks, or compile the pins anew with --pins."""
    parser = argparse.ArgumentParser(prog="script/check", description=__doc__)
    parser.add_argument(
        "--pins", action="store_true", help="compile the requirements files anew, keeping what still fits"
    )
    if parser.parse_args().pins:
        pins.compile_all(environments.ensure("dev"))
        return 0
    with environments.building("dev") as python:
        pass
    with running(python) as urls:
        environment = {
            **without_postgres_variables(os.environ),
            **urls,
            "DJANGO_SETTINGS_MODULE": "riskreview.settings",
        }
        with ThreadPoolExecutor(AT_ONCE) as pool:
            stale = pool.submit(pins.check, python)
            results = list(pool.map(lambda each: run(each, python, environment), CHECKS))
            results.append(stale.result())
    line("check: everything holds" if all(results) else f"check: {results.count(False)} of {len(results)} steps failed")
    return 0 if all(results) else 1


def run(check: Check, python: Path, environment: dict[str, str]) -> bool:
    """Run one step; print its line, and what it found if it fails."""
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "output"
        arguments = [str(output) if word == OUTPUT else word for word in check.arguments]
        done = processes.call([python, *arguments], cwd=ROOT, env=environment | check.settings)
        found = _said(done) if done.returncode else _difference(check, output)
    line(f"{timed(begun)}{check.words}" + (f": FAILED\n{_indented(found)}" if found else ""))
    return not found


def _said(done: subprocess.CompletedProcess[str]) -> str:
    return (done.stdout + done.stderr).strip() or f"exit status {done.returncode}, without a word"


def _difference(check: Check, output: Path) -> str:
    """Empty unless the step wrote something else than the project's file holds."""
    kept = ROOT / check.compared_with
    if not check.compared_with or (kept.is_file() and kept.read_bytes() == output.read_bytes()):
        return ""
    command = " ".join(check.compared_with if word == OUTPUT else word for word in check.arguments)
    return f"{check.compared_with} is stale. Write it again: .local/venv-dev/bin/python {command}"


def _indented(words: str) -> str:
    return "\n".join(f"  | {each}" for each in words.strip().splitlines())
