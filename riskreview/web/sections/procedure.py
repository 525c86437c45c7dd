"""The stages, seats, papers and checklists of a case."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from riskreview.accounts.roles import reviewer
from riskreview.cases import playbook as playbooks
from riskreview.cases.models import Case, Seat, Sheet, Stage
from riskreview.cases.models.known import facts_of
from riskreview.cases.models.sheet import FILLED_IN
from riskreview.cases.playbook import Playbook, words
from riskreview.cases.playbook.grammar import Stage as Row
from riskreview.cases.requirements import Facts, Unmet, asked_at, held_back, unmet
from riskreview.lib.datafile import words as in_words

from ..forms.sheets import Begin

if TYPE_CHECKING:
    from ..dossier import Dossier

NOUN = "sheet"


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that the present stage asks for; `missing` says what to do, and is empty when it is there."""

    told: str
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ahead:
    """A stage that the present one leads to, and what holds it back."""

    row: Row
    held: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """A seat of the playbook, and who sits there."""

    role: str
    title: str
    is_owner: bool
    seats: tuple[Seat, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """A checklist or a questionnaire with how far it got."""

    sheet: Sheet
    answered: int
    total: int


def load(dossier: Dossier) -> dict[str, Any]:
    """What this section shows."""
    case, user = dossier.case, dossier.reader
    may = reviewer(case, user) and case.status in FILLED_IN
    begin = Begin(user=user, case=case) if may else None
    shown = {
        "noun": NOUN,
        "sheets": list(progress(case)),
        "begin": begin if begin and begin.is_of_use else None,
        "unguided": case.playbook is None,
    }
    return shown | (guided(case, dossier.now) if case.playbook else {})


def guided(case: Case, now: datetime.datetime) -> dict[str, Any]:
    """What a case that follows a playbook shows besides its checklists."""
    rules, here, facts = case.rules, case.stage_now(), facts_of(case, now)
    row = rules.row("stage", here.key) if here else None
    stage = row if isinstance(row, Row) else rules.stage[0]
    newest = playbooks.newest().get(rules.key)
    asked = list(asks(rules, stage, here, facts))
    held, attached = list(seats(case, rules, stage)), papers(case)
    said = [(in_words(key), case.particulars.get(key, "")) for key in case.particulars_asked()]
    return {
        "rules": rules,
        "stage": stage,
        "visit": here,
        "asked": asked,
        "is_met": not any(each.missing for each in asked),
        "missing": sum(bool(each.missing) for each in asked),
        "ahead": [Ahead(each, told(held_back(rules, each.key, facts))) for each in case.may_go()],
        "owner": words.role(stage.owner),
        "seats": held,
        "taken": sum(bool(each.seats) for each in held),
        "papers": attached,
        "attached": sum(bool(rows) for _, rows in attached),
        "particulars": said,
        "filled": sum(bool(text) for _, text in said),
        "aged": words.aged(rules.as_of, now.date()),
        "newer": newest.playbook if newest and newest.playbook.version > rules.version else None,
    }


def told(missing: Iterable[Unmet]) -> tuple[str, ...]:
    """The sentences alone."""
    return tuple(each.told for each in missing)


def asks(rules: Playbook, stage: Row, here: Stage | None, facts: Facts) -> Iterable[Asked]:
    """Everything the present stage asks for before it is left."""
    for each in asked_at(rules, stage, facts):
        yield Asked(words.requirement(rules, each), told(unmet(rules, [each], facts)))
    if stage.pair:
        signed = here is not None and here.countersigned_by_id is not None
        yield Asked("a second person signs this stage", () if signed else ("Ask a second person to sign it.",))


def seats(case: Case, rules: Playbook, stage: Row) -> Iterable[Held]:
    """The seats that the stages of the playbook are held from, and others that are taken."""
    taken = list(case.seats.all())
    for role in dict.fromkeys([*(each.owner for each in rules.stage), *(each.role for each in taken)]):
        here = tuple(each for each in taken if each.role == role)
        yield Held(role, in_words(role), role == stage.owner, here)


def papers(case: Case) -> list[tuple[str, list[Any]]]:
    """The papers that the playbook asks for, with the documents attached."""
    rows = list(case.outputs.all())
    return [(in_words(key), [each for each in rows if each.key == key]) for key in case.papers()]


def progress(case: Case) -> Iterable[Progress]:
    """The checklists begun, with how many of their lines are answered."""
    for sheet in case.sheets.all():
        asked, given = sheet.asked, len(sheet.answers.all())
        yield Progress(sheet, given, len(asked.question) if asked else given)


def steps(case: Case) -> list[tuple[str, str, str]]:
    """The stages of the playbook for the stepper: title, `done`, `now` or nothing, and since when with whom."""
    visits = {each.key: each for each in case.stages.all()}
    return [(row.title, state(visits.get(row.key)), note(visits.get(row.key))) for row in case.rules.stage]


def state(visit: Stage | None) -> str:
    """How the stepper shows a stage."""
    return "" if visit is None else "now" if visit.left_at is None else "done"


def note(visit: Stage | None) -> str:
    """When a stage was entered last, and by whom."""
    if visit is None:
        return ""
    return f"{visit.entered_at.day} {visit.entered_at:%b %Y}, {visit.entered_by.name}"
