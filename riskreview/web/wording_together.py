"""Acts of working together as sentences: tasks, comments, links, teams, batches, and where a case is filed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from riskreview.cases.models.batch import BulkAct
from riskreview.lib.dates import short

if TYPE_CHECKING:
    from .wording import Teller


def given(private: dict[str, Any]) -> dict[str, Any]:
    """What was said with the act; empty once the body was erased."""
    told = private.get("arguments")
    return told if isinstance(told, dict) else {}


def _label(teller: Teller, private: dict[str, Any]) -> str:
    labels = given(private).get("labels") or []
    return f"put the case under {', '.join(labels)}" if labels else "took every label off the case"


def _file(teller: Teller, private: dict[str, Any]) -> str:
    return "filed the case with a team" if given(private).get("team") else "took the case out of every inbox"


def _snooze(teller: Teller, private: dict[str, Any]) -> str:
    return f"put the case off until {short(given(private).get('until') or 'a later day')}"


def _add_task(teller: Teller, private: dict[str, Any]) -> str:
    told = given(private)
    owner = teller.names.get((told.get("owner") or {}).get("ref", ""), "")
    by_day = f" by {short(told['due_on'])}" if told.get("due_on") else ""
    return f"added the task “{told.get('title', '')}”{f' for {owner}' if owner else ''}{by_day}"


def _begin(teller: Teller, private: dict[str, Any]) -> str:
    told = given(private)
    number = len(told.get("cases") or [])
    act = {BulkAct.ASSIGN: "assign", BulkAct.PRIORITISE: "set the priority of", BulkAct.LABEL: "label"}
    return f"had a worker {act.get(told.get('act', ''), 'file')} {number} case{'' if number == 1 else 's'}"


WORDS: dict[str, tuple[str, str, str | Callable[[Teller, dict[str, Any]], str]]] = {
    "case.relabel": ("tag", "", _label),
    "case.file": ("inbox", "", _file),
    "case.snooze": ("clock", "", _snooze),
    "case.wake": ("undo-2", "", "put the case back into the queue"),
    "task.add": ("list-checks", "", _add_task),
    "task.amend": ("list-checks", "", "changed a task"),
    "task.finish": ("check", "", "finished a task"),
    "task.drop": ("x", "", "dropped a task"),
    "task.take_up": ("undo-2", "", "put a task back on the list"),
    "comment.write": ("message-square", "note", "wrote a comment"),
    "comment.edit": ("message-square", "", "worded a comment otherwise"),
    "comment.withdraw": ("x", "", "withdrew a comment"),
    "link.draw": ("git-merge", "note", "linked the case to another one"),
    "link.cut": ("unlink", "", "cut a link to another case"),
    "team.set_up": ("users", "note", "set the team up"),
    "team.staff": ("users", "", "said who is in the team"),
    "batch.begin": ("list-checks", "", _begin),
    "batch.undo": ("undo-2", "", "had a worker take a batch back"),
}
