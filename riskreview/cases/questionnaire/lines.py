"""What a sheet asks, line by line: a checklist of a playbook, or a questionnaire that comes with the product."""

from __future__ import annotations

import functools

from ..playbook import Playbook
from ..playbook.grammar import Checklist, Item
from .questions import FOLDER, Question, Questionnaire, load


def asked_by(name: str, rules: Playbook | None) -> Questionnaire | None:
    """The lines under a name: the key of a checklist of this playbook, or a shipped questionnaire with its version."""
    row = rules.row("checklist", name) if rules else None
    return of_checklist(row, rules) if isinstance(row, Checklist) and rules else shipped().get(name)


def of_checklist(row: Checklist, rules: Playbook) -> Questionnaire:
    """A checklist in the form of a questionnaire, so that it can be sent out and read back as well."""
    lines = tuple(question(item) for item in row.items)
    told = {"title": row.title, "note": row.note, "as_of": rules.as_of}
    return Questionnaire(key=row.key, version=rules.version, question=lines, **told)  # type: ignore[arg-type]


def question(item: Item) -> Question:
    """A line of a checklist as a question, under the group it stands in."""
    text = f"{item.title}. {item.note}" if item.note else item.title
    return Question(key=item.key, area=item.group, answer="verdict", text=text)


@functools.cache
def shipped() -> dict[str, Questionnaire]:
    """The questionnaires that come with the product, by key and version. Read once per process. Raises `Refused`."""
    loaded = [load(path) for path in sorted(FOLDER.glob("*.toml"))]
    return {f"{each.key}-{each.version}": each for each in loaded}
