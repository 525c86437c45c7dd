"""What may be done about a limit, decided from the facts: refusals are sentences for whoever asked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from riskreview.audit.refusals import NotAllowed, NotNow

from ..playbook.vocabulary import RANKS
from .computing import stops_it
from .facts import ON_HOLD, Due, Extension, Toll
from .rule import Rule
from .standing import State
from .words import instant, spoken


class Weight(StrEnum):
    """What an objection counts as."""

    OBJECTION = "OBJECTION"
    COMMENT = "COMMENT"
    LATE_OBJECTION = "LATE_OBJECTION"


def check_extension(rule: Rule, due: Due, extension: Extension) -> None:
    """Whether a limit that ends at `due` may be given this time. Raises `NotAllowed` for whoever may not sign it, and
    `NotNow`. What is refused for law alone: a signature after the limit ran out."""
    if not (rule.extended_by and rule.extended_form):
        raise NotNow("This limit cannot be extended.")
    if extension.by != rule.extended_by:
        raise NotAllowed(f"Only the {_plain(rule.extended_by)} may extend this limit.")
    if extension.form != rule.extended_form or not extension.document:
        raise NotNow(f"This limit is extended by a {_plain(rule.extended_form)}: attach it.")
    if rule.basis == "law" and due.before is not None and extension.decided_at >= due.before:
        raise NotNow(f"The limit ran out at {instant(due.before)}; an extension signed later does not revive it.")
    if extension.until is not None and due.on is not None and extension.until <= due.on:
        raise NotNow(f"An extension never shortens: the limit runs to {spoken(due.on)} already.")


def check_toll(rule: Rule, toll: Toll) -> None:
    """Whether a limit stands still for this. Raises `NotNow`."""
    if toll.reason == ON_HOLD and not stops_it(rule, toll):
        raise NotNow("A case on hold stops only limits that we set ourselves.")
    if not stops_it(rule, toll):
        known = ", ".join(map(_plain, rule.toll)) or "nothing"
        raise NotNow(f"“{_plain(toll.reason)}” does not stop this limit; what does: {known}.")
    if toll.reason != ON_HOLD and not toll.document:
        raise NotNow("A stop needs the document that says so.")


def check_permitted(rule: Rule, due: Due, now: datetime) -> None:
    """Whether what a `not_before` or `retain` limit holds back may be done. Raises `NotNow`, with the date."""
    if due.on is None or due.opens is None:
        raise NotNow(f"{_held_back(rule)} yet: the time to wait stands still.")
    if now < due.opens:
        raise NotNow(f"{_held_back(rule)} before {spoken(due.on)}{f' ({rule.cite})' if rule.cite else ''}.")


def _held_back(rule: Rule) -> str:
    if rule.kind == "retain":
        return "The records may not be destroyed"
    return f"“{_plain(rule.blocks).capitalize()}” cannot begin" if rule.blocks else "This cannot begin"


def check_waiver(rule: Rule, standing: State) -> None:
    """Whether a limit may be waived: one we set ourselves, that is not settled. Raises `NotNow`."""
    if rule.basis != "self_set":
        raise NotNow("Only a limit that we set ourselves can be waived.")
    if standing in (State.VOID, State.WAIVED, State.PRESUMED, State.SATISFIED_EARLY, State.SATISFIED_LATE):
        raise NotNow("This limit is settled already.")


def weigh_objection(due: Due, at: datetime, rank: str, needed: str) -> Weight:
    """What an objection counts as: a comment from below the rank that is needed ("": anybody's counts), late when the
    time for it has run out. Raises `ValueError` for a rank nobody has."""
    for each in filter(None, (rank, needed)):
        if each not in RANKS:
            raise ValueError(f"A rank is one of {', '.join(RANKS)}, not “{each}”.")
    if needed and (not rank or RANKS.index(rank) < RANKS.index(needed)):
        return Weight.COMMENT
    return Weight.OBJECTION if due.before is None or at < due.before else Weight.LATE_OBJECTION


def offers_presumption(rule: Rule | None) -> bool:
    """Whether silence can be taken for consent under a rule, once its time is over; where none runs it cannot."""
    return rule is not None and rule.kind == "presumed_after" and rule.on_expiry in ("offer_presumption", "presume")


def check_presumption(
    rule: Rule | None, due: Due, now: datetime, weights: Iterable[Weight], *, answered: bool = False
) -> None:
    """Whether silence may be taken for consent: the rule offers it, the time has run out, nobody answered, and no
    objection stands. A comment and a late objection defeat nothing. Raises `NotNow`."""
    if not offers_presumption(rule):
        raise NotNow("Silence means nothing here.")
    if due.before is None or now < due.before:
        when = f"before {instant(due.before)}" if due.before else "while the limit stands still"
        raise NotNow(f"Silence cannot be taken for consent {when}.")
    if Weight.OBJECTION in tuple(weights):
        raise NotNow("An objection stands: consent cannot be presumed.")
    if answered:
        raise NotNow("There is an answer, so there is nothing to presume.")


def corrected(old: Due, new: Due) -> str:
    """What the correction of a start did to the date, for the record."""
    before, after = (spoken(each.on) if each.on else "a date not known yet" for each in (old, new))
    return f"The date stays {after}." if before == after else f"The date is {after}, was {before}."


def _plain(key: str) -> str:
    return key.replace("_", " ")
