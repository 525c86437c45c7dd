"""What a playbook consists of: frozen rows, as plain as the file they are read from."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Any row. `unverified` says what about it nobody has compared with the primary text yet."""

    key: str
    title: str
    note: str = ""
    unverified: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone(Row):
    """A dated fact that clocks start from: once per case, or per party or consultee. `proof`: with a Document."""

    per: str = "case"
    proof: bool = False
    cite: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Approve:
    """How many sign the decision, and who may."""

    n: int = 1
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage(Row):
    """A step of the case: who holds it, what it asks for before it is left, where it may lead.

    `pair`: a second person signs before it is left. `approve` stands on the decision stage alone.
    """

    phase: str
    owner: str
    requires: tuple[str, ...] = ()
    next: tuple[str, ...] = ()
    pair: bool = False
    approve: Approve | None = None
    cite: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extend:
    """Who may give a clock more time, and in what form."""

    by: str
    form: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock(Row):
    """A limit as a rule: `n` units of time, counted from something, until something. Never a date."""

    kind: str = "within"
    n: int
    unit: str = "cal_day"
    count: str = "after"
    roll: str = "none"
    cutoff: str = ""
    from_: str
    from_many: str = "each"
    until: str = ""
    blocks: str = ""
    anchor: str = ""
    basis: str = "self_set"
    cite: str = ""
    warn: tuple[str, ...] = ()
    toll: tuple[str, ...] = ()
    extend: Extend | None = None
    on_expiry: str = "flag"


@dataclass(frozen=True, slots=True, kw_only=True)
class Consultation(Row):
    """Whom others ask, what they may answer, and what their silence means.

    `objection_rank`: an objection from below it is a comment.
    """

    responses: tuple[str, ...]
    silence: str = "none"
    objection_rank: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply(Row):
    """What a party may answer, and the clock that it answers within."""

    clock: str
    party: str
    may_contain: tuple[str, ...] = ()
    confidential: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of a checklist."""

    key: str
    title: str
    group: str = ""
    note: str = ""
    unverified: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist(Row):
    """Lines to go through: its own, or those of a catalogue."""

    items: tuple[Item, ...] = ()
    catalogue: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disposition(Row):
    """A way the case may be decided: what it needs, and after or before which stage it is open.

    `to`: playbooks, or `external:` processes, that a referral may go to. `notice`: what the decision must say.
    """

    group: str
    needs: tuple[str, ...] = ()
    after: str = ""
    before: str = ""
    to: tuple[str, ...] = ()
    notice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Playbook:
    """A process as data. `as_of`: the day its rule text was last read."""

    grammar: int
    key: str
    code: str
    version: int
    title: str
    as_of: datetime.date
    calendar: str
    timezone: str
    authority: tuple[str, ...] = ()
    note: str = ""
    unverified: tuple[str, ...] = ()
    subjects: tuple[str, ...]
    milestone: tuple[Milestone, ...] = ()
    stage: tuple[Stage, ...] = ()
    clock: tuple[Clock, ...] = ()
    consultation: tuple[Consultation, ...] = ()
    reply: tuple[Reply, ...] = ()
    checklist: tuple[Checklist, ...] = ()
    disposition: tuple[Disposition, ...] = ()

    @property
    def zone(self) -> ZoneInfo:
        """Where its local dates are."""
        return ZoneInfo(self.timezone)

    @property
    def name(self) -> str:
        """Key and version, as its file is called."""
        return f"{self.key}-{self.version}"

    @property
    def decision(self) -> Stage:
        """The stage at which it is decided."""
        return next(stage for stage in self.stage if stage.phase == "decision")

    def row(self, table: str, key: str) -> Row | None:
        """A row of a table by its key."""
        return next((row for row in getattr(self, table) if row.key == key), None)


TABLES = ("milestone", "stage", "clock", "consultation", "reply", "checklist", "disposition")


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Lines that several playbooks use: whose they are, and when their text was last read."""

    key: str
    title: str
    source: str
    as_of: datetime.date
    note: str = ""
    unverified: tuple[str, ...] = ()
    items: tuple[Item, ...]
