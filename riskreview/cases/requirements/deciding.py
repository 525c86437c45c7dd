"""Each word of the vocabulary of requirements, decided: a sentence for each thing that is not there yet. Pure."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping

from riskreview.lib.datafile import words as in_words

from ..playbook import Playbook, words
from .facts import Asked, Facts

NUMBERS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
# How a consultation is over. One that could not be delivered is not: it has to be sent again.
OVER = ("ANSWERED", "PRESUMED", "LATE_OBJECTION", "LAPSED")

Word = Callable[[Playbook, str, Facts], Iterator[str]]


def day(date: datetime.date) -> str:
    """ "2 April 2025"."""
    return f"{date.day} {date:%B %Y}"


def _spelt(n: int) -> str:
    return NUMBERS[n] if n < len(NUMBERS) else f"{n:,}"


def _counted(n: int, wanted: int, noun: str) -> Iterator[str]:
    """ "Two of three exhibits are there: add one more."""
    if n < wanted:
        nouns = noun if wanted == 1 else f"{noun}s"
        verb = "is" if n == 1 or wanted == 1 else "are"
        start = f"{_spelt(n).capitalize()} of {_spelt(wanted)} {nouns} {verb} there" if n else f"There is no {noun} yet"
        more = f" {_spelt(wanted - n)}{' more' if n else ''}"
        yield f"{start}: add{more}."


def _milestone(rules: Playbook, key: str, facts: Facts) -> Iterator[str]:
    title = words.titled(rules, "milestone", key)
    per = getattr(rules.row("milestone", key), "per", "case")
    if per != "party" or not facts.parties:
        if not any(name == key for name, _ in facts.milestones):
            yield f"“{title}” has no date: record when it was."
        return
    for party in facts.parties:
        if (key, party.id) not in facts.milestones:
            yield f"“{title}” has no date for {party.name}: record when it was."


def _field(rules: Playbook, key: str, facts: Facts) -> Iterator[str]:
    if not facts.fields.get(key, "").strip():
        yield f"“{in_words(key)}” is empty: fill it in."


def _output(rules: Playbook, key: str, facts: Facts) -> Iterator[str]:
    if key not in facts.outputs:
        yield f"The paper “{in_words(key)}” is not attached: attach its document."


def _exhibits(rules: Playbook, key: str, facts: Facts) -> Iterator[str]:
    yield from _counted(len(facts.exhibits), int(key), "exhibit")


def _exhibits_sourced(rules: Playbook, key: str, facts: Facts) -> Iterator[str]:
    for each in facts.exhibits:
        if not each.is_graded:
            yield f"{each.ref} is graded F6: nobody judged its source or what it says. Judge one of them."


def _findings(rules: Playbook, key: str, facts: Facts) -> Iterator[str]:
    yield from _counted(len(facts.findings), int(key), "finding")
    for each in facts.findings:
        if not each.rests_on:
            yield f"{each.ref} rests on nothing: name an exhibit that stands, or withdraw it."
        for cited in each.astray:
            yield f"{each.ref} cites {cited}, which is no exhibit that stands: cite another."


def _findings_reviewed(rules: Playbook, key: str, facts: Facts) -> Iterator[str]:
    for each in facts.findings:
        if not each.is_reviewed:
            since = f" (the amendment of {day(each.cleared_on)} cleared its review)" if each.cleared_on else ""
            yield f"{each.ref} was not reviewed as it reads now{since}: somebody else than its author has to."


def _key_judgments(rules: Playbook, key: str, facts: Facts) -> Iterator[str]:
    if not any(not each.is_fact for each in facts.findings):
        yield "There is no judgement yet: write a finding that says how likely something is."
    for each in facts.findings:
        yield from (f"{each.ref}: {fault}" for fault in each.faults)


def _checklist(rules: Playbook, key: str, facts: Facts) -> Iterator[str]:
    title = words.titled(rules, "checklist", key)
    items = {item.key for item in getattr(rules.row("checklist", key), "items", ())}
    if key not in facts.answered:
        yield f"The checklist “{title}” was not begun: begin it and answer its {_spelt(len(items))} lines."
    elif left := len(items - facts.answered[key]):
        yield f"The checklist “{title}” has {_spelt(left)} open line{'' if left == 1 else 's'}: answer {_them(left)}."


def _them(n: int) -> str:
    return "it" if n == 1 else "them"


def _of(facts: Facts, key: str) -> list[Asked]:
    return [each for each in facts.consultations if each.key == key]


def _consultations_sent(rules: Playbook, key: str, facts: Facts) -> Iterator[str]:
    title, asked = words.titled(rules, "consultation", key), _of(facts, key)
    if not asked:
        yield f"Nobody is asked yet for “{title}”: name whom to ask, and send it."
    for each in asked:
        if each.state == "DRAFT":
            yield f"“{title}” was not sent to {each.who}: send it."


def _consultations(rules: Playbook, key: str, facts: Facts) -> Iterator[str]:
    yield from _consultations_sent(rules, key, facts)
    asked = _of(facts, key)
    reached = {each.who.casefold() for each in asked if each.state != "UNDELIVERABLE"}
    for each in asked:
        if each.state == "UNDELIVERABLE" and each.who.casefold() in reached:
            continue  # it was sent again
        if each.state == "UNDELIVERABLE":
            yield f"“{words.titled(rules, 'consultation', key)}” could not be delivered to {each.who}: send it again."
        elif each.state not in (*OVER, "DRAFT"):
            yield _silent("answer", each.who, each.until)


def _silent(noun: str, who: str, until: datetime.date | None) -> str:
    """Somebody said nothing so far."""
    if until is None:
        return f"No {noun} of {who} is recorded: record it, or that none came."
    return f"No {noun} of {who} is recorded, and its time runs until {day(until)}."


def _replies(rules: Playbook, key: str, facts: Facts) -> Iterator[str]:
    row = rules.row("reply", key)
    said = {each.party for each in facts.submissions if each.key == key}
    if getattr(row, "party", "vendor") != "vendor" or not facts.parties:
        if not said:
            yield f"No reply is recorded for “{words.titled(rules, 'reply', key)}”: record it, or that none came."
        return
    for party in (each for each in facts.parties if each.id not in said):
        limits = [each for each in facts.limits if each.key == getattr(row, "clock", "")]
        own = next((each for each in limits if each.party in (party.id, None)), None)
        if own is None or not (own.is_over or own.is_waived):
            yield _silent("reply", party.name, own.until if own else None)


def _submissions_addressed(rules: Playbook, key: str, facts: Facts) -> Iterator[str]:
    names = {party.id: party.name for party in facts.parties}
    for each in facts.submissions:
        if each.state == "RECEIVED" and not each.is_considered:
            whose = f" of {names[each.party]}" if each.party in names else ""
            yield f"{each.ref}{whose} is not addressed: write down how it was considered."


def _disposition(rules: Playbook, key: str, facts: Facts) -> Iterator[str]:
    if not facts.is_proposed:
        yield "No decision is proposed yet: propose one."


def _followups_assigned(rules: Playbook, key: str, facts: Facts) -> Iterator[str]:
    for each in facts.followups:
        if not each.is_owned:
            yield f"“{each.what}” is nobody’s: name who sees to it."


def _published_or_reason(rules: Playbook, key: str, facts: Facts) -> Iterator[str]:
    if not facts.is_published:
        yield "The decision is not published: record where it was, or why it is not."


REQUIRES: Mapping[str, Word] = {
    "milestone": _milestone,
    "field": _field,
    "output": _output,
    "exhibits": _exhibits,
    "exhibits_sourced": _exhibits_sourced,
    "findings": _findings,
    "findings_reviewed": _findings_reviewed,
    "key_judgments": _key_judgments,
    "checklist": _checklist,
    "consultations_sent": _consultations_sent,
    "consultations": _consultations,
    "replies": _replies,
    "submissions_addressed": _submissions_addressed,
    "disposition": _disposition,
    "followups_assigned": _followups_assigned,
    "published_or_reason": _published_or_reason,
}


def _effect(rules: Playbook, key: str, facts: Facts) -> Iterator[str]:
    if not facts.effects:
        yield "It needs an effect: say on whom it acts, how, and from when."


def _condition(rules: Playbook, key: str, facts: Facts) -> Iterator[str]:
    if not facts.conditions:
        yield "It needs a condition: write down what is asked for."


def _watch(rules: Playbook, key: str, facts: Facts) -> Iterator[str]:
    if not facts.watches:
        yield "It needs a watch: add a condition that watches something."


def _asked_with_it(rules: Playbook, key: str, facts: Facts) -> Iterator[str]:
    """What the recommendation itself says: no recommendation is taken without its reasons."""
    yield from ()


NEEDS: Mapping[str, Word] = {
    "effect": _effect,
    "condition": _condition,
    "watch": _watch,
    "referral": _asked_with_it,
    "reason": _asked_with_it,
    "checklist": _checklist,
}
