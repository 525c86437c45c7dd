"""The stages, seats, papers and checklists of a case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils import timezone

from riskreview.accounts.models import User
from riskreview.accounts.roles import reviewer
from riskreview.cases import playbook as playbooks
from riskreview.cases.models import Case, Seat, Sheet, Stage
from riskreview.cases.models.sheet import FILLED_IN
from riskreview.cases.playbook import Playbook, words
from riskreview.cases.playbook.grammar import Stage as Row
from riskreview.cases.requirements import Facts, Unmet, held_back, unmet
from riskreview.lib.datafile import words as in_words

from ..forms.sheets import Begin

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


def load(case: Case, user: User) -> dict[str, Any]:
    """What this section shows."""
    may = reviewer(case, user) and case.status in FILLED_IN
    begin = Begin(user=user, case=case) if may else None
    shown = {
        "noun": NOUN,
        "sheets": list(progress(case)),
        "begin": begin if begin and begin.is_of_use else None,
        "unguided": case.playbook is None,
    }
    return shown | (guided(case) if case.playbook else {})


def guided(case: Case) -> dict[str, Any]:
    """What a case that follows a playbook shows besides its checklists."""
    rules, here, facts = case.rules, case.stage_now(), case.facts()
    row = rules.row("stage", here.key) if here else None
    stage = row if isinstance(row, Row) else rules.stage[0]
    newest = playbooks.newest().get(rules.key)
    asked = list(asks(rules, stage, here, facts))
    return {
        "rules": rules,
        "stage": stage,
        "visit": here,
        "asked": asked,
        "is_met": not any(each.missing for each in asked),
        "ahead": [Ahead(each, told(held_back(rules, each.key, facts))) for each in case.may_go()],
        "owner": words.role(stage.owner),
        "seats": list(seats(case, rules, stage)),
        "papers": papers(case),
        "particulars": [(in_words(key), case.particulars.get(key, "")) for key in case.particulars_asked()],
        "aged": words.aged(rules.as_of, timezone.now().date()),
        "newer": newest.playbook if newest and newest.playbook.version > rules.version else None,
    }


def told(missing: Iterable[Unmet]) -> tuple[str, ...]:
    """The sentences alone."""
    return tuple(each.told for each in missing)


def asks(rules: Playbook, stage: Row, here: Stage | None, facts: Facts) -> Iterable[Asked]:
    """Everything the present stage asks for before it is left."""
    for each in stage.requires:
        yield Asked(words.requirement(rules, each), told(unmet(rules, [each], facts)))
    if stage.pair:
        signed = here is not None and here.countersigned_by_id is not None
        yield Asked("a second person signs this stage", () if signed else ("Ask a second person to sign it.",))


def seats(case: Case, rules: Playbook, stage: Row) -> Iterable[Held]:
    """The seats that the stages of the playbook are held from, and others that are taken."""
    taken = list(case.seats.select_related("user").order_by("pk"))
    for role in dict.fromkeys([*(each.owner for each in rules.stage), *(each.role for each in taken)]):
        here = tuple(each for each in taken if each.role == role)
        yield Held(role, in_words(role), role == stage.owner, here)


def papers(case: Case) -> list[tuple[str, list[Any]]]:
    """The papers that the playbook asks for, with the documents attached."""
    rows = list(case.outputs.select_related("document", "attached_by").order_by("pk"))
    return [(in_words(key), [each for each in rows if each.key == key]) for key in case.papers()]


def progress(case: Case) -> Iterable[Progress]:
    """The checklists begun, with how many of their lines are answered."""
    for sheet in case.sheets.annotate(given=Count("answers")).order_by("pk"):
        sheet.case = case
        asked = sheet.asked
        yield Progress(sheet, sheet.given, len(asked.question) if asked else sheet.given)


def steps(case: Case) -> list[tuple[str, str, str]]:
    """The stages of the playbook for the stepper: title, `done`, `now` or nothing, and since when with whom."""
    visits = {each.key: each for each in case.stages.select_related("entered_by").order_by("number")}
    return [(row.title, state(visits.get(row.key)), note(visits.get(row.key))) for row in case.rules.stage]


def state(visit: Stage | None) -> str:
    """How the stepper shows a stage."""
    return "" if visit is None else "now" if visit.left_at is None else "done"


def note(visit: Stage | None) -> str:
    """When a stage was entered last, and by whom."""
    if visit is None:
        return ""
    return f"{visit.entered_at.day} {visit.entered_at:%b %Y}, {visit.entered_by.name}"
