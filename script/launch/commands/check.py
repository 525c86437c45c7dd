"""script/check: everything about the code that can be checked without running it, each step with its seconds.

All steps run, two at a time; a failing one prints what it found. Exit status 0 only if all hold.
"""

from __future__ import annotations

import argparse
import os
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from launch import environments, pins, processes
from launch.commands.test import running
from launch.paths import ROOT
from launch.processes import without_postgres_variables
from launch.say import aside, line, timed

AT_ONCE = 2
# What a production site sets; `check --deploy` must find nothing to say about it.
PRODUCTION = {"DEBUG": "false", "SECURE_COOKIES": "true", "ALLOWED_HOSTS": "riskreview.example",
              "SECRET_KEY": "only-for-this-check-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2}  # fmt: skip


@dataclass(frozen=True)
class Check:
    """One step: what it establishes, its arguments after the interpreter, and its own settings."""

    words: str
    arguments: tuple[str, ...]
    settings: dict[str, str] = field(default_factory=dict)
    needs: str = ""


CHECKS = [
    Check("types (mypy --strict)", ("-m", "mypy", "--strict")),
    Check("types of the scripts", ("-m", "mypy", "--strict", "--config-file", os.devnull, "script/launch")),
    Check("formatting (ruff)", ("-m", "ruff", "format", "--check", ".")),
    Check("lint (ruff)", ("-m", "ruff", "check", ".")),
    Check("arrows between packages", ("-c", "from importlinter.cli import lint_imports_command as go; go()")),
    Check("no missing migrations", ("manage.py", "makemigrations", "--check", "--dry-run"), PRODUCTION),
    Check("settings for production", ("manage.py", "check", "--deploy", "--fail-level", "WARNING"), PRODUCTION),
    Check("docs fresh", ("manage.py", "docs", "--check"), PRODUCTION, "riskreview/web/management/commands/docs.py"),
    Check("OpenAPI schema valid", ("manage.py", "spectacular", "--validate", "--fail-on-warn", "--file", os.devnull),
          PRODUCTION),
    Check("compose file valid", ("-m", "benchmarks.compose",), needs="benchmarks/compose.py"),
]  # fmt: skip


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
    if check.needs and not (ROOT / check.needs).exists():
        aside(f"{check.words}: left out, {check.needs} is not there")
        return True
    begun = time.monotonic()
    done = processes.call([python, *check.arguments], cwd=ROOT, env=environment | check.settings)
    if done.returncode == 0:
        line(f"{timed(begun)}{check.words}")
        return True
    line(f"{timed(begun)}{check.words}: FAILED\n{_indented(done.stdout + done.stderr)}")
    return False


def _indented(words: str) -> str:
    width = shutil.get_terminal_size().columns * 4
    return "\n".join(f"  | {each[:width]}" for each in words.strip().splitlines())
