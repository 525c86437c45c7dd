"""The state of the record as pages tell it: how far the log is, what is wrong with it, what its last check found."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min

from riskreview.audit.models import Checkpoint, Entry, Log, Pending, Verification

from .clock import ago, span

LATE = datetime.timedelta(seconds=60)
CHECK_LATE = datetime.timedelta(hours=26)
NOTARY = "docs/operations.md#the-notary"
PARTS = {
    "entries": "entries against the log, and their columns against the header",
    "bodies": "bodies against the commitment in the header",
    "withheld": "bodies that were erased or dropped, each against the act that did it",
    "checkpoints": "signed checkpoints against the entries",
    "rows": "rows against what was recorded of them last",
    "states not told": "rows whose last entry says no more what they were",
}


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something about the record that needs a person: what it is, and what to do."""

    tone: str
    title: str
    words: str


@dataclass(frozen=True, slots=True)
class Record:
    """What one look at the record finds, in a fixed number of queries."""

    now: datetime.datetime
    logs: list[Log]
    waiting: int
    oldest: datetime.datetime | None
    checkpoint: Any
    unsigned_since: datetime.datetime | None
    check: Verification | None
    under_way: Verification | None

    @property
    def log(self) -> Log | None:
        """The log that grows."""
        return next((log for log in self.logs if log.open), None)

    @property
    def unsigned(self) -> int:
        """How many entries of the log are newer than its last signature."""
        return self.log.size - signed_size(self.log, self.checkpoint) if self.log else 0

    @property
    def signed(self) -> str:
        """When the newest checkpoint was signed."""
        return ago(self.checkpoint.signed_at, self.now) if self.checkpoint else ""

    @property
    def waited(self) -> str:
        """How long the oldest entry has waited."""
        seconds = (self.now - self.oldest).total_seconds() if self.oldest else 0
        return span(seconds) if seconds >= 60 else f"{seconds:.0f} s"

    @property
    def checked(self) -> str:
        """When the last check ended."""
        return ago(self.check.finished_at, self.now) if self.check and self.check.finished_at else ""

    @property
    def check_is_late(self) -> bool:
        """Whether the daily check was missed."""
        ended = self.check.finished_at if self.check else None
        return ended is None or self.now - ended > CHECK_LATE

    @property
    def is_stuck(self) -> bool:
        """Whether entries wait too long for the log."""
        return self.oldest is not None and self.now - self.oldest > LATE

    @property
    def is_unsigned(self) -> bool:
        """Whether entries of the log wait too long for a signature."""
        return self.unsigned_since is not None and self.now - self.unsigned_since > LATE

    @property
    def alarms(self) -> list[Alarm]:
        """What needs a person, the worst first."""
        if self.log is None:
            return [NO_LOG]
        found = [refusal(self.log, self.now)] if self.log.trouble else []
        if self.is_stuck:
            found.append(still_waiting(self.waiting, self.waited))
        if self.unsigned_since and self.is_unsigned and not self.log.trouble:
            found.append(still_unsigned(self.unsigned, span((self.now - self.unsigned_since).total_seconds())))
        return found


NO_LOG = Alarm(
    "warn",
    "There is no log yet.",
    "Entries are kept, but nothing proves their order, and nothing is signed. Start the notary with “manage.py notary”;"
    f" see {NOTARY}.",
)


def refusal(log: Log, now: datetime.datetime) -> Alarm:
    """The signer will not sign, and says why."""
    when = f" {ago(log.troubled_at, now)}" if log.troubled_at else ""
    return Alarm(
        "crit",
        f"The signer refuses to sign {log.origin}.",
        f"It said{when}: {log.trouble} Entries are still kept and ordered, but nobody vouches for the new ones."
        f" Change nothing in the database before this is understood; see {NOTARY}.",
    )


def still_waiting(number: int, since: str) -> Alarm:
    """Entries find no place in the log."""
    return Alarm(
        "crit",
        f"{entries(number)} wait{'s' if number == 1 else ''} for a place in the log, the oldest for {since}.",
        f"The notary does not run, or does not reach the database. Look at its output and start it again;"
        f" see {NOTARY}.",
    )


def still_unsigned(number: int, since: str) -> Alarm:
    """Entries are in the log, and no signature covers them."""
    return Alarm(
        "crit",
        f"{entries(number)} in the log {'is' if number == 1 else 'are'} not signed, the oldest for {since}.",
        f"The signing half of the notary does not run. Look at its output and start it again; see {NOTARY}.",
    )


def entries(number: int) -> str:
    """So many entries."""
    return f"{number:,} {'entry' if number == 1 else 'entries'}"


def look(now: datetime.datetime) -> Record:
    """The state of the record at a moment."""
    logs = list(Log.objects.in_order())
    queue = Pending.objects.aggregate(waiting=Count("pk"), oldest=Min("since"))
    newest = Checkpoint.objects.annotate(witnesses=Count("cosignatures")).newest()
    growing = next((log for log in logs if log.open), None)
    return Record(
        now=now,
        logs=logs,
        waiting=queue["waiting"],
        oldest=queue["oldest"],
        checkpoint=newest,
        unsigned_since=unsigned_since(growing, newest),
        check=Verification.objects.newest_finished(),
        under_way=Verification.objects.left().order_by("pk").first(),
    )


def signed_size(log: Log, newest: Checkpoint | None) -> int:
    """How much of a log is signed, if this is the newest checkpoint of all."""
    return newest.size if newest and newest.log_id == log.pk else 0


def unsigned_since(log: Log | None, newest: Checkpoint | None) -> datetime.datetime | None:
    """When the oldest entry was recorded that is in the log and not signed."""
    if log is None or log.size <= signed_size(log, newest):
        return None
    first = Entry.objects.filter(leaf__log=log, leaf__index=signed_size(log, newest))
    return first.values_list("recorded_at", flat=True).first()


def parts(check: Verification) -> list[tuple[str, int]]:
    """What a check looked at, in words, with how many."""
    told = [(words, check.counts.get(name, 0)) for name, words in PARTS.items()]
    return [(words, number) for words, number in told if number] + [
        (name, number) for name, number in check.counts.items() if name not in PARTS
    ]
