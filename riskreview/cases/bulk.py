"""Bulk acts: what a batch would do, found out by doing it and taking it back; and the worker's way through one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from riskreview.accounts.models import User
from riskreview.audit.models import Entry
from riskreview.audit.refusals import NotAllowed, NotNow, Refusal
from riskreview.lib.work import Running

from .models import Batch, BatchItem, Case
from .models.batch import change, change_back, standing

# The verbs of a case that nobody does to many at once, by whatever road.
DECIDING = ("submit", "revise", "approve", "dissent", "send_back", "withdraw", "reopen")
ONE_BY_ONE = "Nothing is decided in bulk: each case is read and signed by itself."


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a batch would do to one case."""

    case: Case
    outcome: str
    why: str
    before: dict[str, Any]
    after: dict[str, Any]


class Rehearsed(Exception):
    """The act was done to see whether it can be; it is taken back."""


def remember_deciding(act: str, cases: Iterable[Case], *, by: User) -> None:
    """Where somebody asked to decide many cases at once, put the refusal on record about each of them."""
    verb = act.strip().lower().replace("-", "_")
    for case in cases if verb in DECIDING else ():
        Entry.objects.remember(by, NotAllowed(ONE_BY_ONE).about(f"case.{verb}", case))


def as_seen(cases: Iterable[Case], versions: Iterable[int]) -> list[Case]:
    """The cases as they were looked at. Raises `NotNow` where a version is missing or one too many."""
    told, seen = list(cases), list(versions)
    if len(told) != len(seen):
        raise NotNow("Send one version for each case.")
    for case, version in zip(told, seen, strict=True):
        case.entry_seq = version
    return told


def preview(cases: Iterable[Case], act: str, arguments: dict[str, Any], *, by: User) -> list[Foreseen]:
    """What would become of each case. Each is changed by its own verb, and the change is taken back."""
    batch = Batch(act=act, arguments=arguments)
    return [rehearse(case, batch, by) for case in cases]


def rehearse(case: Case, batch: Batch, by: User) -> Foreseen:
    """What a batch would do to one case. Nothing is written: not even that it was tried."""
    tried, before, seen = Case.objects.get(pk=case.pk), standing(case), case.entry_seq
    try:
        with transaction.atomic():
            change(tried, batch, by=by, seen=seen)
            after = standing(tried)
            raise Rehearsed
    except Rehearsed:
        same = BatchItem.Outcome.UNCHANGED if tried.entry_seq == seen else BatchItem.Outcome.DONE
        return Foreseen(case, same, "", before, after)
    except Refusal as refusal:
        return Foreseen(case, BatchItem.Outcome.REFUSED, str(refusal), before, before)


def carry_out(work: Running[Batch]) -> None:
    """Go through what is left of a batch, in the order it was chosen. A second run finds only what the first left."""
    batch = work.row
    for item in batch.items.filter(outcome=BatchItem.Outcome.WAITING).order_by("pk"):
        settle(batch, item)
    work.finish(lambda *_: None, None, done_at=Now())


def settle(batch: Batch, item: BatchItem) -> None:
    """Do one case of a batch, and write down what became of it; both or neither."""
    by = batch.asked_by
    try:
        with transaction.atomic():
            case = Case.objects.visible_to(by).select_related("team").filter(pk=item.case_id).first()
            if case is None:
                item.note(BatchItem.Outcome.REFUSED, why="This case is not there for the person who asked.")
                return
            before, seen, version = standing(case), item.seen, case.entry_seq
            if batch.undoes_id:
                change_back(case, batch, item.before, by=by, seen=seen)
            else:
                change(case, batch, by=by, seen=seen)
            outcome = BatchItem.Outcome.DONE if case.entry_seq != version else BatchItem.Outcome.UNCHANGED
            item.note(outcome, version=case.entry_seq, before=None if batch.undoes_id else before)
    except Refusal as refusal:
        item.note(BatchItem.Outcome.REFUSED, why=str(refusal))
