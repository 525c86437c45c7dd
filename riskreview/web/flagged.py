"""What a case's page says of sources that changed after they were cited."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count

from riskreview.accounts.models import User
from riskreview.cases.models import Case, Decision, Finding, Flag
from riskreview.evidence.models import Change

from .forms.flags import Settle

QUOTED = 120  # characters of a publisher's note, of which a summary quotes at least as many


@dataclass(slots=True)
class Flags:
    """The flags of a case: open ones first to be settled, and settled ones with who said what. `resting` has the
    findings that stand on each exhibit, by its id."""

    open: list[Flag] = field(default_factory=list)
    settled: list[Flag] = field(default_factory=list)
    resting: dict[int, list[Finding]] = field(default_factory=dict)

    @property
    def every(self) -> list[Flag]:
        """All of them."""
        return self.open + self.settled

    @property
    def exhibits(self) -> set[int]:
        """Ids of the exhibits that what was decided can no longer rest on as it did."""
        return {flag.exhibit_id for flag in self.shaken}

    @property
    def findings(self) -> set[int]:
        """Ids of the findings that rest on one of them."""
        return {finding.pk for flag in self.shaken for finding in self.resting.get(flag.exhibit_id, ())}

    @property
    def shaken(self) -> list[Flag]:
        """What a decision can no longer rest on as it did: flags nobody settled, and those that were settled so."""
        return self.open + [flag for flag in self.settled if not flag.still_holds]


def load(case: Case) -> Flags:
    """The flags of a case, whose findings are loaded with their exhibits: one query."""
    rows = list(Flag.objects.about(case))
    resting: dict[int, list[Finding]] = {}
    for finding in sorted((each for each in case.findings.all() if each.stands), key=lambda each: each.number):
        for exhibit in finding.exhibits.all() if rows else ():
            resting.setdefault(exhibit.pk, []).append(finding)
    return Flags([row for row in rows if not row.settled_at], [row for row in rows if row.settled_at], resting)


def told(flags: Flags, decision: Decision | None, user: User, sent: Any = None) -> dict[str, Any]:
    """Each flag with what rests on it, and with its form for those who may settle it."""
    return {
        "open": [_told(flag, flags, decision) | {"form": form_for(flag, user, sent)} for flag in flags.open],
        "fallen": [_told(flag, flags, decision) for flag in flags.settled if not flag.still_holds],
        "settled": [_told(flag, flags, decision) for flag in flags.settled],
    }


def _told(flag: Flag, flags: Flags, decision: Decision | None) -> dict[str, Any]:
    findings, change = flags.resting.get(flag.exhibit_id, []), flag.change
    told = {"flag": flag, "change": change, "findings": findings, "decision": decision if findings else None}
    return told | {"summary": "" if quotes(change) else change.summary}


def quotes(change: Change) -> bool:
    """Whether the summary only says again, perhaps cut, the note of the publisher that is shown in full."""
    return bool(change.note) and change.note[:QUOTED].rstrip() in change.summary


def form_for(flag: Flag, user: User, sent: Any = None) -> Settle | None:
    """The form that was sent, or a fresh one for somebody who may settle flags."""
    if isinstance(sent, Settle) and sent.subject.pk == flag.pk:
        return sent
    guard: Any = Flag.settle.guard
    return Settle(subject=flag, user=user) if guard(flag, user) else None


def open_flags(cases: Iterable[Case]) -> dict[int, int]:
    """How many open flags each case has: one query."""
    rows = Flag.objects.open().filter(exhibit__case__in=[case.pk for case in cases]).values_list("exhibit__case")
    return dict(rows.annotate(n=Count("pk")).order_by())
