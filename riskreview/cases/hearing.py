"""Asking others and hearing the party, decided: what a playbook names, what an answer counts as. Knows no rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from riskreview.audit.refusals import NotNow

from .deadlines import Due, Weight, weigh_objection
from .deadlines.words import spoken
from .playbook.grammar import Clock, Consultation, Playbook, Reply
from .playbook.vocabulary import RANKS

if TYPE_CHECKING:
    from .models import Playbook as Frozen

OBJECTION = "object"


def rules(frozen: Frozen | None) -> Playbook | None:
    """The rules of the playbook that a case was opened with, if it follows one."""
    return frozen.rules if frozen is not None else None


def asked(playbook: Playbook | None, key: str) -> Consultation:
    """What the playbook says of a consultation. Raises `NotNow` for one that it does not name."""
    rows = playbook.consultation if playbook else ()
    found = next((row for row in rows if row.key == key), None)
    if found is None:
        raise NotNow(_unknown("consultation", key, [row.key for row in rows]))
    return found


def heard(playbook: Playbook | None, key: str) -> Reply:
    """What the playbook says of a right of reply. Raises `NotNow` for one that it does not name."""
    rows = playbook.reply if playbook else ()
    found = next((row for row in rows if row.key == key), None)
    if found is None:
        raise NotNow(_unknown("right of reply", key, [row.key for row in rows]))
    return found


def _unknown(noun: str, key: str, known: Sequence[str]) -> str:
    if not known:
        return f"The procedure of this case has no {noun}."
    return f"The procedure of this case has no {noun} “{key}”. It has: {', '.join(known)}."


def clock_until_answered(playbook: Playbook, key: str) -> Clock | None:
    """The clock that an answer to a consultation stops, if the playbook has one."""
    start = f"consultation:{key}"
    return next((each for each in playbook.clock if each.from_ == start and each.until == "answered"), None)


def check_day(at: datetime, now: datetime, since: datetime | None = None) -> None:
    """Whether something on record can have happened then. Raises `NotNow` for the future, and for before `since`."""
    if at > now:
        raise NotNow("That is in the future: put on record what has happened.")
    if since is not None and at < since:
        raise NotNow("That is before the request was sent.")


def check_response(row: Consultation, response: str, rank: str) -> None:
    """Whether an answer is one the playbook offers, by somebody of a rank there is. Raises `NotNow`."""
    if response not in row.responses:
        raise NotNow(f"The answer is one of: {', '.join(row.responses)}.")
    if rank and rank not in RANKS:
        raise NotNow(f"A rank is one of: {', '.join(RANKS)}.")
    if response == OBJECTION and row.objection_rank and not rank:
        raise NotNow(f"An objection counts from {plainly(row.objection_rank)} up: say who signed it.")


def weighed(row: Consultation, response: str, rank: str, answered_at: datetime, ends: Due) -> Weight | None:
    """What an answer counts as, if it is an objection; None for any other."""
    if response != OBJECTION:
        return None
    return weigh_objection(ends, answered_at, rank, row.objection_rank)


def limit(on: date | None, before: datetime | None) -> Due:
    """The end of a clock as it was worked out, or no end where none runs."""
    return Due(on, before, None, None, 0, (), ())


def check_contents(row: Reply, kinds: Sequence[str]) -> None:
    """Whether a submission contains what the right of reply is for. Raises `NotNow`."""
    if not set(kinds) <= set(row.may_contain):
        raise NotNow(f"A reply here may contain: {', '.join(map(plainly, row.may_contain))}.")


def is_late(received_at: datetime, ends: Due) -> bool:
    """Whether it came when the time was over. Late words are read all the same."""
    return ends.before is not None and received_at >= ends.before


def check_over(ends: Due, now: datetime) -> None:
    """Whether the time to reply is over. Raises `NotNow` with the last day."""
    if ends.on is not None and ends.before is not None and now < ends.before:
        raise NotNow(f"They have until {spoken(ends.on)} to reply.")


def plainly(key: str) -> str:
    """A key of a vocabulary as words in a sentence."""
    return key.replace("_", " ")
