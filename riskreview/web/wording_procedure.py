"""Acts on the procedure of a case as sentences: stages, seats, papers, checklists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from riskreview.cases.models.sheet import Verdict
from riskreview.cases.questionnaire import shipped
from riskreview.lib.datafile import words

if TYPE_CHECKING:
    from .wording import Teller


def given(private: dict[str, Any]) -> dict[str, Any]:
    """What was said with the act; empty once the body was erased."""
    told = private.get("arguments")
    return told if isinstance(told, dict) else {}


def _named(private: dict[str, Any], name: str) -> str:
    """A key that was given, in words."""
    return words(str(given(private).get(name) or "")).lower()


def _person(teller: Teller, private: dict[str, Any]) -> str:
    return teller.names.get((given(private).get("user") or {}).get("ref", ""), "somebody")


def _enter_stage(teller: Teller, private: dict[str, Any]) -> str:
    return f"took the case to the stage “{_named(private, 'stage')}”"


def _seat(teller: Teller, private: dict[str, Any]) -> str:
    return f"seated {_person(teller, private)} as {_named(private, 'role')}"


def _unseat(teller: Teller, private: dict[str, Any]) -> str:
    return f"took the seat of {_named(private, 'role')} back from {_person(teller, private)}"


def _attach_output(teller: Teller, private: dict[str, Any]) -> str:
    return f"attached the paper “{_named(private, 'output')}”"


def _state_particular(teller: Teller, private: dict[str, Any]) -> str:
    return f"filled in “{_named(private, 'field')}”"


def _adopt_playbook(teller: Teller, private: dict[str, Any]) -> str:
    return f"took up the playbook “{_named(private, 'playbook')}”"


def _begin(teller: Teller, private: dict[str, Any]) -> str:
    name = str(given(private).get("name") or "")
    asked = shipped().get(name)
    return f"began the checklist “{asked.title if asked else words(name)}”"


def _answer(teller: Teller, private: dict[str, Any]) -> str:
    told = given(private)
    item, verdict = words(str(told.get("item") or "a line")), told.get("verdict") or ""
    return f"answered “{item}”: {dict(Verdict.choices).get(verdict, 'in words').lower()}"


def _receive(teller: Teller, private: dict[str, Any]) -> str:
    changes = private.get("changes") or {}
    lines = {name.partition(".")[0] for name in changes if name.startswith("answer:")}
    came = " from a returned file" if given(private).get("document") else ""
    return f"answered {len(lines)} line{'' if len(lines) == 1 else 's'}{came}"


WORDS: dict[str, tuple[str, str, Any]] = {
    "case.enter_stage": ("arrow-right", "note", _enter_stage),
    "case.countersign_stage": ("signature", "note", "signed the stage as second person"),
    "case.seat": ("user-plus", "", _seat),
    "case.unseat": ("x", "", _unseat),
    "case.attach_output": ("paperclip", "note", _attach_output),
    "case.state_particular": ("file-text", "", _state_particular),
    "case.adopt_playbook": ("git-merge", "note", _adopt_playbook),
    "case.new_round": ("rotate-cw", "note", "began a new round"),
    "sheet.begin": ("check", "", _begin),
    "sheet.answer": ("check", "", _answer),
    "sheet.receive": ("check", "note", _receive),
    "sheet.export": ("download", "", "took out a checklist as a file"),
}
