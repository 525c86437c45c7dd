"""A case as it was: after one of its acts, or at a moment, worked out from the entries and checked against them."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps

from riskreview.audit.models import Entry, Recorded
from riskreview.audit.state import State, Stateful, changes, digest_of_text, subject_type

from . import trail
from .folding import History, Step, Told
from .models import Case


@dataclass(frozen=True, slots=True)
class Seen:
    """One row as it was after its last act of the time, and what differs today. `entry` is that act."""

    kind: str
    pk: str
    entry: Entry
    told: Told
    since: dict[str, list[Any]]
    texts: dict[str, str]

    def shown(self, value: Any) -> Any:
        """A value; a text too long for an entry in full where the row still has it, else by its size and digest."""
        if not is_digest(value):
            return value
        found = self.texts.get(value["sha256"])
        return found if found is not None else f"text of {value['bytes']:,} bytes, SHA-256 {value['sha256']}"


def as_of(case: Case, at: datetime.datetime) -> list[Seen]:
    """The case and its own rows as they were at a moment, the case first; empty before the case was opened."""
    ids = {subject_type(case): [str(case.pk)]} | trail.own_ids([case.pk])
    acts = list(
        Entry.objects.filter(trail.in_list(ids), kind=Entry.Kind.ACT).select_related("body", "actor").order_by("pk")
    )
    done = done_by(acts, at)
    entries: dict[tuple[str, str], list[Entry]] = {}
    for entry in acts:
        entries.setdefault((entry.subject_type, entry.subject_id), []).append(entry)
    found = (seen_at(kind, pk, each, done) for (kind, pk), each in entries.items())
    return sorted((each for each in found if each), key=lambda seen: (seen.kind != "case", seen.kind, int(seen.pk)))


def done_by(acts: Iterable[Entry], at: datetime.datetime) -> set[int]:
    """Which of these acts (oldest first) were done at a moment, by their ids.

    An act that another one calls is entered before that one, and dated after it. Both are one transaction: there never
    was a moment between them.
    """
    acts, last = list(acts), dict[str, int]()
    for entry in acts:
        if entry.recorded_at <= at:
            last[str(entry.xact)] = entry.pk
    return {entry.pk for entry in acts if entry.recorded_at <= at or entry.pk < last.get(str(entry.xact), 0)}


def seen_at(kind: str, pk: str, entries: Sequence[Entry], done: Collection[int]) -> Seen | None:
    """One row after those of its acts that were done, from all of its acts; None before its first one."""
    count = sum(entry.pk in done for entry in entries)
    if not count:
        return None
    now, then = len(entries) - 1, count - 1
    row: Recorded | None = None
    history = history_of(kind, entries)
    if not (history.at(then).agrees and history.at(now).agrees):
        # What no entry names: columns that are younger than the row, or the later side of a gap.
        row = row_of(kind, pk)
        history = history_of(kind, entries, row.full_state())
    told = history.at(then)
    since = {} if then == now else changes(told.state, history.at(now).state)
    values = [*told.state.values(), *(value for both in since.values() for value in both)]
    texts = texts_of(row or row_of(kind, pk)) if any(is_digest(value) for value in values) else {}
    return Seen(kind, pk, entries[then], told, since, texts)


def history_of(kind: str, entries: Iterable[Entry], today: State | None = None) -> History:
    """The acts of one subject, as far as their entries tell, and what it says today, if that is needed."""
    return History([step(entry) for entry in entries], today or {}, lists_of(model_of(kind)))


def step(entry: Entry) -> Step:
    """One act as its entry tells it."""
    private = entry.private
    if not private:
        return Step(None)
    state = private.get("state") or {}
    return Step(private.get("changes") or {}, state.get("v"), state.get("sha256"))


def lists_of(model: type[Stateful]) -> Any:
    """Which columns belong to the state of a subject of this model, and of its parts, by version."""

    @cache
    def lists(kind: str, version: int | None) -> tuple[str, ...]:
        columns = (model_of(kind) if kind else model).recorded_columns
        known = [number for number in columns if version is None or number <= version]
        return columns[max(known)] if known else ()

    return lists


@cache
def models_by_kind() -> dict[str, Any]:
    """Every model whose state is recorded, by its subject type."""
    return {subject_type(model): model for model in apps.get_models() if issubclass(model, Stateful)}


def model_of(kind: str) -> Any:
    """The model of a subject type or part."""
    return models_by_kind()[kind]


def row_of(kind: str, pk: str) -> Recorded:
    """The row as it is today."""
    row: Recorded = model_of(kind)._base_manager.get(pk=pk)
    return row


def texts_of(row: Recorded) -> dict[str, str]:
    """The long texts that a row and its parts hold today, by their digest."""
    return {digest_of_text(text)["sha256"]: text for each in (row, *row._parts()) for text in long_texts(each)}


def long_texts(row: Stateful) -> Iterator[str]:
    """The texts of a row that an entry holds only as a digest."""
    for name, value in row.own_state().items():
        if is_digest(value):
            yield getattr(row, name)


def is_digest(value: Any) -> bool:
    """Whether a recorded value stands for a text too long for an entry."""
    return isinstance(value, dict) and set(value) == {"sha256", "bytes"}
