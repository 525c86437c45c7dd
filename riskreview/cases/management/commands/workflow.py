"""`manage.py workflow`: write docs/workflow.md from the verbs of a case, or with `--check` say whether it is stale."""

from __future__ import annotations

import argparse
import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from riskreview.cases.models import VERBS, Case
from riskreview.cases.workflow import Status

HEAD = """# The workflow of a case

This page is generated from the code: `python manage.py workflow` writes it, `python manage.py workflow --check` says
whether it is stale. Change the verbs in `riskreview/cases/models/` and the guards in
`riskreview/cases/guards.py`, never this page.

One word per act: a row below is a method of `Case`, a button on the case's page (`POST /cases/<ref>/<act>/`), an
address of the API (`POST /api/v1/cases/<ref>/<act>/`) and the verb of one audit entry (`case.<act>`). Addresses write
dashes where the verb has underscores. A case is opened at `/cases/new/`, and by `POST /api/v1/cases/open/`.
"""
START = "(nothing)"


@dataclass(frozen=True, slots=True)
class Act:
    """One verb: from which states, to which (None: it stays), who may, and what it means."""

    name: str
    sources: tuple[str, ...]
    target: str | None
    guard: Any
    meaning: str


class Command(BaseCommand):
    """Write the page, or compare it."""

    help = "Write docs/workflow.md from the verbs of a case; --check only says whether the file is up to date."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Whether to write or to compare."""
        parser.add_argument("--check", action="store_true", help="write nothing; fail when the file is stale")

    def handle(self, *, check: bool, **_: Any) -> None:
        """Write docs/workflow.md. Raises `CommandError` when it was only to be compared and differs."""
        file = settings.BASE_DIR / "docs" / "workflow.md"
        fresh = page()
        if not check:
            file.write_text(fresh, encoding="utf-8")
            self.stdout.write(f"{file.name} written")
        elif not file.exists() or file.read_text(encoding="utf-8") != fresh:
            raise CommandError("docs/workflow.md is stale. Write it again: python manage.py workflow")
        else:
            self.stdout.write(f"{file.name} is up to date")


def page() -> str:
    """The whole page."""
    told = acts()
    sections = {"From state to state": diagram, "The acts": table, "Who may": guards}
    return "\n".join([HEAD, *(f"## {title}\n\n{write(told)}" for title, write in sections.items())])


def acts() -> list[Act]:
    """The verbs in the order of a case's life, with the one that opens it first."""
    opening: Any = Case.objects.open
    first = Act("open", (), Status.NEW, opening.guard, said(opening))
    methods = [(name, getattr(Case, name)) for name in VERBS]
    return [first, *(Act(name, each.sources, each.target, each.guard, said(each)) for name, each in methods)]


def said(documented: Any) -> str:
    """The docstring as one line."""
    return " ".join((inspect.getdoc(documented) or "").split())


def diagram(told: list[Act]) -> str:
    """Per state, the acts that lead out of it and where to; then those that change nothing of it."""
    lines = ["```text", START, *arrows(told, None)]
    for state in Status:
        leaving = [*arrows(told, state)] or ["  (the end)"]
        lines += ["", state.label, *leaving]
    return "\n".join([*lines, "```", ""])


def arrows(told: list[Act], state: Status | None) -> Iterator[str]:
    """The lines below one state."""
    leading = [act for act in told if (state in act.sources if state else not act.sources)]
    for act in leading:
        if act.target and act.target != state:
            yield f"  {act.name} {'─' * (16 - len(act.name))}> {Status(act.target).label}"
    if staying := [act.name for act in leading if not act.target or act.target == state]:
        yield f"  stays: {', '.join(staying)}"


def table(told: list[Act]) -> str:
    """A row per act."""
    rows = ["| act | from | to | who | what it means |", "|---|---|---|---|---|"]
    for act in told:
        sources = ", ".join(Status(each).label for each in act.sources) or START
        target = Status(act.target).label if act.target else "(stays)"
        rows.append(f"| `{act.name}` | {sources} | {target} | {words(act.guard)} | {act.meaning} |")
    return "\n".join([*rows, ""])


def guards(told: list[Act]) -> str:
    """Each guard once: what it means, and the sentence it refuses with."""
    each = dict.fromkeys(act.guard for act in told)
    rows = [f"| {words(guard)} | {said(guard)} | {guard.refusal} |" for guard in each]
    return "\n".join(["| who | means | a refusal says |", "|---|---|---|", *rows, ""])


def words(guard: Any) -> str:
    """A guard's name as a person would say it."""
    return str(guard.__name__).replace("_", " ")
