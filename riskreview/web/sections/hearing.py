"""Whom the case asked, and what the reviewed party said."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from riskreview.accounts.models import User
from riskreview.accounts.roles import reviewer
from riskreview.cases import hearing
from riskreview.cases.deadlines import offers_presumption
from riskreview.cases.models import Case, Clock, Consultation, Heard, Standing, Submission
from riskreview.cases.playbook.grammar import Playbook, Reply
from riskreview.lib.datafile import words

from .. import wording_hearing
from ..forms.hearing import Answer, Consider, MarkUndeliverable, NoteSilence, PresumeConcurrence, Receive, Send

if TYPE_CHECKING:
    from ..dossier import Dossier

NOUNS = ("consultation", "submission")
WEIGHED = {
    "OBJECTION": "It counts: consent cannot be presumed.",
    "COMMENT": "From below the rank that counts: kept as a comment, and it defeats nothing.",
    "LATE_OBJECTION": "It came after the time was over, and defeats nothing.",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One body that was asked: what about, until when, what it said; and the forms for it."""

    row: Consultation
    about: str
    due_on: datetime.date | None
    presumable_from: datetime.datetime | None
    may_presume: bool
    response: str
    rank: str
    weight: str
    forms: list[Any] = field(default_factory=list)
    earlier: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Said:
    """One submission, or that there is none; what it contains, and the forms for it."""

    row: Submission
    about: str
    kinds: str
    considerations: list[Any]
    forms: list[Any] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A party of which nothing is on record yet, and until when it has time."""

    about: str
    party: str
    due_on: datetime.date | None


def load(dossier: Dossier) -> dict[str, Any]:
    """What this section shows."""
    case, user = dossier.case, dossier.reader
    rules = hearing.rules(case.playbook)
    if rules is None or not (rules.consultation or rules.reply):
        return {"shown": False}
    works, now = reviewer(None, user), dossier.now
    said = [told(each, rules, user, works and case.is_open) for each in in_order(case.submissions.all(), "number")]
    rows = in_order(case.consultations.all(), "round", "pk")
    replaced = wording_hearing.earlier_answers(rows)
    own: dict[str, Any] = {"case": case, "user": user, "subject": None}
    open_to = case.is_open and works
    return {
        "shown": True,
        "count": len(rows) + len(said),
        "asks": bool(rules.consultation),
        "hears": bool(rules.reply),
        "asked": [asked(each, works, user, now, replaced.get(str(each.pk), [])) for each in rows],
        "said": said,
        "waiting": list(waiting(case, rules, [each.row for each in said])) if case.is_open and rules.reply else [],
        "unconsidered": sum(each.row.state == Heard.RECEIVED and not each.considerations for each in said),
        "sending": [Send(**own)] if open_to and rules.consultation else [],
        "hearing": [Receive(**own), NoteSilence(**own)] if open_to and rules.reply else [],
    }


def in_order(rows: Iterable[Any], *names: str) -> list[Any]:
    """Rows in the order of some of their columns."""
    return sorted(rows, key=attrgetter(*names))


def asked(row: Consultation, works: bool, user: User, now: datetime.datetime, earlier: list[str]) -> Asked:
    """One body that was asked."""
    ends, may = row.ends, row.may_be_presumed(now)
    silent = row.state in (Standing.OPEN, Standing.LAPSED, Standing.LATE_OBJECTION)
    kinds: list[Any] = []
    if works and row.state not in (Standing.DRAFT, Standing.UNDELIVERABLE):
        kinds = [*([PresumeConcurrence] if may else []), Answer, *([] if row.answered_at else [MarkUndeliverable])]
    return Asked(
        row=row,
        about=row.asking.title,
        due_on=ends.on,
        presumable_from=ends.before if silent and offers_presumption(row.rule) else None,
        may_presume=may,
        response=words(row.response),
        rank=words(row.rank).lower(),
        weight=WEIGHED.get(row.weight, ""),
        forms=[form(subject=row, user=user, case=row.case) for form in kinds],
        earlier=earlier,
    )


def told(row: Submission, rules: Playbook, user: User, works: bool) -> Said:
    """One submission, with how it was considered."""
    considered = list(row.considerations.all())
    forms = [Consider(subject=row, user=user, case=row.case)] if works and row.state == Heard.RECEIVED else []
    kinds = ", ".join(words(each).lower() for each in row.kinds)
    return Said(row, hearing.heard(rules, row.key).title, kinds, considered, forms)


def waiting(case: Case, rules: Playbook, said: list[Submission]) -> Iterator[Waiting]:
    """The parties of which nothing is on record yet in the round that runs."""
    heard = {(row.key, row.party_id) for row in said if row.round == case.round}
    parties = list(case.vendors.all())
    limits = dated(case, [row.clock for row in rules.reply])
    for row in (each for each in rules.reply if each.party == "vendor"):
        for party in parties:
            if (row.key, party.pk) not in heard:
                yield Waiting(row.title, party.canonical_name, limit_of(limits, row, party.pk))


def dated(case: Case, keys: list[str]) -> list[Clock]:
    """The clocks within which parties reply."""
    rows = (row for row in case.clocks.all() if row.round == case.round and row.key in keys and row.due_on)
    return in_order(rows, "due_on", "pk")


def limit_of(clocks: list[Clock], row: Reply, party: int) -> datetime.date | None:
    """The last day on which a party replies in time, where its time runs."""
    mine = [
        each
        for each in clocks
        if each.key == row.clock and (each.milestone is None or each.milestone.party_id in (None, party))
    ]
    return mine[-1].due_on if mine else None
