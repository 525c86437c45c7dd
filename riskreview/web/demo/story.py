"""January 2025, told with public verbs only: what a desk would do, in the order it would do it.

The demonstration, the end-to-end test and the pictures of the README use this one script. Facts are public; the people,
the outlets and the desk are invented. Which is which stands in `newsroom/README.md`. The review of the council ends in
`monitor`: no public outcome of the real one is known.
"""

from __future__ import annotations

from riskreview.audit.models import Entry

from . import questions
from .chapters import council, devices, opening, others
from .desk import Desk, Unfinished


def told() -> bool:
    """Whether the story was told to its end in this database. Raises `Unfinished` when it stopped half-way."""
    if Entry.objects.filter(verb="case.trip").exists():
        return True
    if Entry.objects.exclude(subject_type__in=("user", "ledger")).exists():
        raise Unfinished("it was begun here before and stopped half-way; script/demo --reset clears the ground")
    return False


def tell(desk: Desk) -> None:
    """The whole story. Raises `Unfinished`."""
    opening.set_up_registers(desk)
    cases = opening.put_questions(desk)
    opening.wait_for_workers(desk)
    others.report_incidents(desk)
    council.walk(desk, cases[questions.NSC])
    devices.direct(desk, cases[questions.DEVICES])
    others.leave_work_for_others(desk, cases)
    others.correct_an_article(desk)
    devices.change_owner(desk, cases[questions.DEVICES])
    desk.tell(f"{Entry.objects.count()} audit entries, one for every act")
