"""What may be recommended in a case, in which words, and how many sign it: its playbook says so, or we do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from riskreview.audit.refusals import NotNow, said

from ..playbook.grammar import Approve
from ..playbook.grammar import Disposition as Row
from .decision import Disposition

if TYPE_CHECKING:
    from .case import Case


def choices(case: Case) -> list[tuple[str, str]]:
    """What may be recommended, as it is stored and as it reads: with a playbook its dispositions, else our seven."""
    if case.playbook is None:
        return [(str(value), str(label)) for value, label in Disposition.choices]
    return [(row.key.upper(), row.title) for row in case.playbook.rules.disposition]


def refers(case: Case, disposition: str) -> bool:
    """Whether this disposition hands the question to somebody else, and so must say to whom."""
    row = row_of(case, disposition)
    return disposition.upper() == Disposition.REFER or bool(row and row.to)


def recommended(case: Case, disposition: str, rationale: str, dissent: str, referred_to: str) -> dict[str, str]:
    """The words of a recommendation, checked. Raises `NotNow` when they do not say enough."""
    rationale = said(rationale, "Give the reasons for the recommendation.")
    key = str(disposition).upper()
    titles = dict(choices(case))
    if key not in titles:
        raise NotNow(f"This case cannot be decided so. It may be: {', '.join(titles.values())}.")
    if refers(case, key) and not referred_to.strip():
        raise NotNow("Say to whom the case is referred.")
    return {
        "disposition": key,
        "title": titles[key] if case.playbook else "",
        "rationale": rationale,
        "dissent": dissent.strip(),
        "referred_to": referred_to.strip(),
    }


def row_of(case: Case, disposition: str) -> Row | None:
    """The playbook's row of a disposition, if the case has a playbook."""
    rows = case.playbook.rules.disposition if case.playbook else ()
    return next((row for row in rows if row.key.upper() == disposition.upper()), None)


def approve_of(case: Case) -> Approve | None:
    """How many sign the decision and who, by the playbook; None without one."""
    return case.playbook.rules.decision.approve if case.playbook else None


def signatures_needed(case: Case) -> int:
    """How many different people sign before the recommendation is the decision."""
    row = approve_of(case)
    return row.n if row else 1
