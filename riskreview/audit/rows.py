"""Checking the rows: nothing about them is missing in the trail, and they say what the last entry says they say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models
from django.db.models import Count, Exists, Max, Min, OuterRef, Q
from django.db.models.functions import Cast

from .models import Entry, Leaf, Pending, Recorded
from .state import digest, subject_type

if TYPE_CHECKING:
    from .checking import Found

BATCH = 100
SHOWN = 50


def recorded_models() -> list[type[Recorded]]:
    """Every model with verbs, in one order."""
    every = [model for model in apps.get_models() if issubclass(model, Recorded)]
    return sorted(every, key=subject_type)


def check_queue(place: dict[str, Any], found: Found) -> None:
    """Every entry is in the log, or waits for it."""
    leaf, waiting = (model.objects.filter(entry=OuterRef("pk")) for model in (Leaf, Pending))
    lost = Entry.objects.filter(~Exists(leaf), ~Exists(waiting))
    for entry in lost.order_by("pk")[:SHOWN]:
        found.wrong(f"Entry {entry.uuid} ({entry.verb}) is neither in the log nor waiting for it.")


def check_subjects(place: dict[str, Any], found: Found) -> None:
    """The acts on each subject count 1, 2, 3 … without a gap, and their subject is still there."""
    acts = Entry.objects.filter(kind=Entry.Kind.ACT).values("subject_type", "subject_id")
    counted = acts.annotate(number=Count("pk"), first=Min("seq"), last=Max("seq"))
    gaps = counted.filter(~Q(first=1) | ~Q(last=models.F("number"))).order_by("subject_type", "subject_id")
    for gap in gaps[:SHOWN]:
        found.wrong(
            f"{gap['subject_type']}:{gap['subject_id']}: {gap['number']:,} acts are recorded and the last is number"
            f" {gap['last']:,}: some are missing."
        )
    for model in recorded_models():
        for subject in vanished(model):
            found.wrong(f"{subject_type(model)}:{subject} has entries, and the row is gone.")


def vanished(model: type[Recorded]) -> list[str]:
    """The ids of rows that have entries and do not exist any more."""
    named = model._base_manager.annotate(as_subject=Cast("pk", models.CharField()))
    rows = named.filter(as_subject=OuterRef("subject_id"))
    gone = Entry.objects.filter(~Exists(rows), subject_type=subject_type(model), kind=Entry.Kind.ACT, seq=1)
    return list(gone.order_by("subject_id").values_list("subject_id", flat=True)[:SHOWN])


def check_rows(place: dict[str, Any], found: Found) -> dict[str, Any] | None:
    """One batch of rows of one model; the next place, None after the last model."""
    every = recorded_models()
    number = place.get("model", 0)
    if number >= len(every):
        return None
    rows = every[number]._base_manager.order_by("pk")
    if "after" in place:
        rows = rows.filter(pk__gt=place["after"])
    batch = list(rows[:BATCH])
    last = last_entries(every[number], batch)
    for row in batch:
        check_row(row, last.get(str(row.pk)), found)
    if len(batch) < BATCH:
        return {"model": number + 1}
    return {"model": number, "after": plain_key(batch[-1].pk)}


def plain_key(key: Any) -> Any:
    """A primary key as JSON holds it."""
    return key if isinstance(key, int) else str(key)


def last_entries(model: type[Recorded], rows: list[Recorded]) -> dict[str, Entry]:
    """The last act on each of these rows, with its body."""
    acts = Entry.objects.filter(subject_type=subject_type(model), subject_id__in=[str(row.pk) for row in rows])
    newest = acts.filter(kind=Entry.Kind.ACT).order_by("subject_id", "-seq").distinct("subject_id")
    return {entry.subject_id: entry for entry in newest.select_related("body")}


def check_row(row: Recorded, last: Entry | None, found: Found) -> None:
    """The row's version is the number of its last act, and its state is the one recorded then."""
    found.counts["rows"] += 1
    name = f"{subject_type(row)}:{row.pk}"
    if last is None:
        if row.entry_seq or row.is_judged:
            found.wrong(f"{name} is there, and no entry says how it came to be.")
        return
    if row.entry_seq != last.seq:
        found.wrong(f"{name} counts {row.entry_seq:,} acts, and the last one recorded is number {last.seq:,}.")
        return
    told = state_told(row, last)
    if told is None:
        found.counts["states not told"] += 1
    elif digest(row.full_state(told["v"])) != told["sha256"]:
        found.wrong(
            f"{name} does not say any more what it said after act {last.seq:,} ({last.verb}): it was changed past the"
            " verbs."
        )


def state_told(row: Recorded, entry: Entry) -> dict[str, Any] | None:
    """The state an entry recorded; None when its body was erased, or is none (which the check of the log finds)."""
    try:
        told = entry.private.get("state")
    except (ValueError, AttributeError):
        return None
    if not isinstance(told, dict) or told.get("v") not in row.recorded_columns:
        return None
    return told if isinstance(told.get("sha256"), str) else None
