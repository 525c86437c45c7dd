"""Whether the rows of a playbook agree with each other and with the law they cite. All faults, each with its row."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Collection, Iterator

from riskreview.lib.datafile import Fault

from . import vocabulary as known
from .checking_clocks import faults_of_clocks
from .grammar import TABLES, Disposition, Playbook, Row, Stage

Check = Callable[[Playbook], Iterator[Fault]]


def at(table: str, row: Row, what: str, do: str) -> Fault:
    """A fault of a row."""
    return Fault(f"{table} “{row.key}”", what, do)


def faults_of(
    playbook: Playbook, *, catalogues: Collection[str], others: Collection[str], today: datetime.date | None
) -> Iterator[Fault]:
    """All that is wrong between the rows. `catalogues` and `others` are what may be referred to outside the file;
    without `today` the day of `as_of` is not judged."""
    for check in (twice, stages, ways, requirements, faults_of_clocks, answers):
        yield from check(playbook)
    yield from lists(playbook, catalogues)
    yield from outcomes(playbook, others)
    if today is not None and playbook.as_of > today:
        yield Fault("", f"as_of: {playbook.as_of} is still to come.", "Write the day the rule text was last read.")


def twice(playbook: Playbook) -> Iterator[Fault]:
    """No key stands twice in a table."""
    for table in TABLES:
        counted = Counter(row.key for row in getattr(playbook, table))
        for row in getattr(playbook, table):
            if counted.pop(row.key, 0) > 1:
                yield at(table, row, "The key stands there twice.", "Give each row a key of its own.")


def stages(playbook: Playbook) -> Iterator[Fault]:
    """One decision, an intake to begin with, and nothing on a stage that belongs elsewhere."""
    deciding = [stage for stage in playbook.stage if stage.phase == "decision"]
    if len(deciding) != 1:
        yield Fault("stages", f"{len(deciding)} stages decide.", 'Give phase="decision" to exactly one.')
    if playbook.stage and playbook.stage[0].phase != "intake":
        yield at("stage", playbook.stage[0], "The first stage is no intake.", 'Begin with phase="intake".')
    for stage in playbook.stage:
        if stage.phase == "decision" and stage.approve is None:
            do = f"Say who signs: approve={{n=1, by=[…]}}, of {' and '.join(known.SIGNING)}."
            yield at("stage", stage, f"Its owner, {stage.owner}, signs no decision.", do)
        if stage.phase != "decision" and stage.approve is not None:
            yield at("stage", stage, "Only the decision is approved.", "Write pair=true for a second signature.")
        if stage.phase == "decision" and stage.pair:
            yield at("stage", stage, "A decision has its own signatures.", "Say how many in approve, not in pair.")


def ways(playbook: Playbook) -> Iterator[Fault]:
    """Every stage is reached, every way comes to the decision, and none goes around it."""
    by_key = {stage.key: stage for stage in playbook.stage}
    for stage in playbook.stage:
        yield from steps(stage, by_key)
    reached = reach({stage.key: stage.next for stage in playbook.stage}, [each.key for each in playbook.stage[:1]])
    for stage in playbook.stage:
        if stage.key not in reached:
            yield at("stage", stage, "No way leads here from the first.", "Name it in the next of an earlier one.")
    back: dict[str, list[str]] = {key: [] for key in by_key}
    for stage in playbook.stage:
        for following in stage.next:
            back.setdefault(following, []).append(stage.key)
    arriving = reach(back, [stage.key for stage in playbook.stage if stage.phase == "decision"])
    for stage in playbook.stage:
        if stage.phase in ("intake", "review") and stage.key not in arriving:
            yield at("stage", stage, "No way leads from here to the decision.", "Give it a next that does.")


def steps(stage: Stage, by_key: dict[str, Stage]) -> Iterator[Fault]:
    """Each step of one stage leads to another stage, and crosses the decision only there."""
    for name in stage.next:
        to = by_key.get(name)
        if to is None:
            yield at("stage", stage, f"next: there is no stage “{name}”.", f"Write one of: {', '.join(by_key)}.")
        elif to is stage:
            yield at("stage", stage, "next: it leads to itself.", "Take it out: a case stays where it is by itself.")
        elif (stage.phase in ("decision", "after")) != (to.phase == "after"):
            do = "Before the decision a stage leads to it or to one before it; from the decision on, to one after it."
            yield at("stage", stage, f"next: “{name}” lies on the other side of the decision.", do)


def reach(ways: dict[str, tuple[str, ...]] | dict[str, list[str]], start: list[str]) -> set[str]:
    """All that is reached from the start."""
    found, waiting = set(start), list(start)
    while waiting:
        for each in ways.get(waiting.pop(), ()):
            if each not in found:
                found.add(each)
                waiting.append(each)
    return found


def missing(playbook: Playbook, table: str, key: str) -> str:
    """What to do about a reference that leads nowhere; empty if there is such a row."""
    if playbook.row(table, key) is not None:
        return ""
    there = ", ".join(row.key for row in getattr(playbook, table)) or "none yet"
    return f"Add it, or write one of: {there}."


def requirements(playbook: Playbook) -> Iterator[Fault]:
    """What a stage asks for is there, and can be had in its phase."""
    for stage in playbook.stage:
        for each in stage.requires:
            name, _, key = each.partition(":")
            table = known.REQUIRES[name]
            if table in TABLES and (do := missing(playbook, table, key)):
                yield at("stage", stage, f"requires: there is no {table} “{key}”.", do)
            if known.ONLY_IN.get(name, stage.phase) != stage.phase:
                what = f"requires: “{name}” cannot be met in the phase {stage.phase}."
                yield at("stage", stage, what, f"Move it to a stage of the phase {known.ONLY_IN[name]}.")


def answers(playbook: Playbook) -> Iterator[Fault]:
    """A rank is there for objections; each reply has its clock, and each such clock its reply."""
    for asked in playbook.consultation:
        if asked.objection_rank and "object" not in asked.responses:
            do = "Add “object” to responses, or take the rank out."
            yield at("consultation", asked, "It has a rank for objections, and nobody can object.", do)
    for reply in playbook.reply:
        clock = next((each for each in playbook.clock if each.key == reply.clock), None)
        if clock is None:
            do = missing(playbook, "clock", reply.clock)
            yield at("reply", reply, f"clock: there is no clock “{reply.clock}”.", do)
        elif clock.until != "replied":
            do = f'Give clock “{clock.key}” until="replied", or name another.'
            yield at("reply", reply, f"clock: “{clock.key}” does not wait for a reply.", do)


def lists(playbook: Playbook, catalogues: Collection[str]) -> Iterator[Fault]:
    """A checklist has lines: its own, or those of a catalogue that is there."""
    for each in playbook.checklist:
        if bool(each.items) == bool(each.catalogue):
            yield at("checklist", each, "It needs lines from one place.", "Write either items or catalogue.")
        elif each.catalogue and each.catalogue not in catalogues:
            do = f"Write one of: {', '.join(sorted(catalogues)) or 'none yet'}."
            yield at("checklist", each, f"There is no catalogue “{each.catalogue}”.", do)
        for key, times in Counter(item.key for item in each.items).items():
            if times > 1:
                yield at("checklist", each, f"The line “{key}” stands there twice.", "Give each line its own key.")


def outcomes(playbook: Playbook, others: Collection[str]) -> Iterator[Fault]:
    """There is something to decide, and what each way needs is there."""
    if not playbook.disposition:
        yield Fault("dispositions", "There is nothing to decide.", "Add at least one disposition.")
    for row in playbook.disposition:
        for side, key in (("after", row.after), ("before", row.before)):
            if key and (do := missing(playbook, "stage", key)):
                yield at("disposition", row, f"{side}: there is no stage “{key}”.", do)
        for need in row.needs:
            name, _, key = need.partition(":")
            if known.NEEDS[name] == "checklist" and (do := missing(playbook, "checklist", key)):
                yield at("disposition", row, f"needs: there is no checklist “{key}”.", do)
        yield from referrals(row, others)


def referrals(row: Disposition, others: Collection[str]) -> Iterator[Fault]:
    """A referral goes somewhere, and only a referral does."""
    if row.after and row.after == row.before:
        yield at("disposition", row, "It is open after and before one stage: never.", "Take one of the two out.")
    if bool(row.to) != ("referral" in row.needs):
        do = "Write both needs=[“referral”] and to=[…], or neither."
        yield at("disposition", row, "A referral and where it may go belong together.", do)
    for key in row.to:
        if not key.startswith(known.EXTERNAL) and key not in others:
            do = f"Write {known.EXTERNAL}{key} if it is no playbook of ours."
            yield at("disposition", row, f"to: there is no playbook “{key}”.", do)
