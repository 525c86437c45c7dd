"""What is missing of what a stage asks for before it is left, and a disposition before it is proposed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING

from riskreview.audit.refusals import NotNow
from riskreview.lib.datafile import words as in_words

from ..playbook import Playbook, Stage, words
from .deciding import NEEDS, REQUIRES, Word, day
from .facts import Facts

if TYPE_CHECKING:
    from ..models import Case

# What has to be so at every later exit too, not only where it is first asked for.
STILL = ("findings_reviewed",)


@dataclass(frozen=True, slots=True)
class Unmet:
    """One thing that is not there yet: the word of the playbook, and a sentence that says what to do."""

    requirement: str
    told: str


class Unready(NotNow):
    """Something that a playbook asks for is not there: all of it, at once. `unmet` is the same for machines."""

    def __init__(self, opening: str, unmet: Iterable[Unmet]) -> None:
        self.unmet = tuple(unmet)
        super().__init__(" ".join([opening, *(each.told for each in self.unmet)]))


def unmet(rules: Playbook, requires: Iterable[str], facts: Facts) -> list[Unmet]:
    """What of this is not there yet, in the order of the playbook."""
    return list(_decided(REQUIRES, rules, requires, facts))


def asked_at(rules: Playbook, stage: Stage, facts: Facts) -> list[str]:
    """What a stage asks for before it is left: its own words, and those of earlier visited stages that what was done
    since may have undone. After the decision nothing of that changes any more."""
    earlier = takewhile(lambda each: each.key != stage.key, rules.stage)
    visited = [] if stage.phase == "after" else [each for each in earlier if each.key in facts.visited]
    kept = (word for each in visited for word in each.requires if word in STILL)
    return list(dict.fromkeys((*stage.requires, *kept)))


def unmet_needs(rules: Playbook, needs: Iterable[str], facts: Facts, *, referred_to: str | None = None) -> list[Unmet]:
    """What a disposition still needs. `referred_to` is what the recommendation says; None: not known yet."""
    found = list(_decided(NEEDS, rules, needs, facts))
    if "referral" in needs and referred_to is not None and not referred_to.strip():
        found.append(Unmet("referral", "Say to whom the case is referred."))
    return found


def _decided(vocabulary: Mapping[str, Word], rules: Playbook, wanted: Iterable[str], facts: Facts) -> Iterator[Unmet]:
    for each in wanted:
        word, _, key = each.partition(":")
        for told in vocabulary[word](rules, key, facts):
            yield Unmet(each, told)


def check_submission(case: Case, disposition: str, *, referred_to: str | None = None) -> None:
    """Whether a case may be submitted with a disposition, as far as its playbook says; without one it may.

    Raises `NotNow` for a stage that does not decide and for a disposition that is not the playbook's or not open now,
    and `Unready` with all that is missing.
    """
    if case.playbook is None:
        return
    rules, stage = case.playbook.rules, case.stage_now()
    if stage is None or stage.key != rules.decision.key:
        here = words.titled(rules, "stage", stage.key) if stage else "no stage"
        raise NotNow(f"A decision is proposed at the stage “{rules.decision.title}”; the case is at “{here}”.")
    row = next((each for each in rules.disposition if each.key == disposition.lower()), None)
    if row is None:
        known = ", ".join(each.title for each in rules.disposition)
        raise NotNow(f"This playbook does not decide “{in_words(disposition.lower())}”. It knows: {known}.")
    facts = case.facts()
    asked = (each for each in asked_at(rules, rules.decision, facts) if each != "disposition")
    missing = [
        *_out_of_order(rules, row.after, row.before, facts),
        *unmet(rules, asked, facts),
        *unmet_needs(rules, row.needs, facts, referred_to=referred_to),
    ]
    if missing:
        raise Unready(f"“{row.title}” cannot be proposed yet.", missing)


def _out_of_order(rules: Playbook, after: str, before: str, facts: Facts) -> Iterator[Unmet]:
    """A disposition that is open only after, or only before, a stage was visited."""
    if after and after not in facts.visited:
        yield Unmet(f"after:{after}", f"It is open only after the stage “{words.titled(rules, 'stage', after)}”.")
    if before and before in facts.visited:
        yield Unmet(f"before:{before}", f"It was open only before the stage “{words.titled(rules, 'stage', before)}”.")


def held_back(rules: Playbook, stage: str, facts: Facts) -> list[Unmet]:
    """The `not_before` clocks that keep a stage from being entered now, each with its date."""
    title = words.titled(rules, "stage", stage)
    found = []
    for clock in (each for each in rules.clock if each.blocks == stage):
        limits = [each for each in facts.limits if each.key == clock.key]
        law = f" ({clock.cite})" if clock.cite else ""
        if not limits:
            told = f"“{title}” cannot begin yet{law}: what its time to wait counts from is not on record."
            found.append(Unmet(f"clock:{clock.key}", told))
        for each in (each for each in limits if not each.is_over and not each.is_waived):
            when = f"before {day(each.until)}" if each.until else "yet, because its time to wait stands still"
            found.append(Unmet(f"clock:{clock.key}", f"“{title}” cannot begin {when}{law}."))
    return found
