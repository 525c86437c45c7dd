"""System checks of the cases room: playbooks that cannot be used are found before a case is opened under one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.utils import timezone

from riskreview.lib.datafile import Fault, Refused

from . import playbook, questionnaire


@register()
def check_playbooks(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """Every shipped playbook, catalogue and questionnaire is whole (E001); what was released is unchanged (E002)."""
    wrong = [*playbook.faults_in(today=timezone.now().date()), *questions()]
    changed = playbook.changed_since_release()
    return [*(error(each, "cases.E001") for each in wrong), *(error(each, "cases.E002") for each in changed)]


def questions() -> Iterator[Fault]:
    """What is wrong with the shipped questionnaires."""
    for path in sorted(questionnaire.FOLDER.glob("*.toml")):
        try:
            questionnaire.load(path)
        except Refused as refused:
            yield from refused.faults


def error(fault: Fault, id: str) -> Error:
    """A fault as a message: file, row and what is wrong; what to do is its hint."""
    place = ", ".join(filter(None, (fault.file, fault.row)))
    return Error(f"{place}: {fault.what}", hint=fault.do, id=id)
