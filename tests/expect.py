"""What a test expects of an act: one more entry, a refusal that changed nothing, a constraint that holds."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connections, transaction

from riskreview.accounts.models import User
from riskreview.audit.models import Entry, Recorded
from riskreview.audit.refusals import Refusal


@contextmanager
def one_entry(verb: str, *, by: User, about: Recorded) -> Iterator[None]:
    """Exactly one entry is added to the whole log: this verb, by this person, about this row."""
    last = Entry.objects.count()
    yield
    fresh = list(Entry.objects.newest_first()[: Entry.objects.count() - last])
    told = [(entry.verb, entry.kind, entry.actor, entry.subject_id) for entry in fresh]
    assert told == [(verb, "act", by, str(about.pk))]
    about.refresh_from_db()
    assert fresh[0].seq == about.entry_seq


@contextmanager
def refusal(kind: type[Refusal], row: Recorded | None = None, match: str | None = None) -> Iterator[None]:
    """The act is refused in these words; the row says what it said, and nothing is written down."""
    before = (Entry.objects.count(), told(row))
    with pytest.raises(kind, match=match):
        yield
    assert (Entry.objects.count(), told(row)) == before


def told(row: Recorded | None) -> dict[str, Any]:
    """Everything a row says in the database, its parts and its version."""
    if row is None:
        return {}
    fresh = type(row)._base_manager.get(pk=row.pk)
    return fresh.full_state() | {"entry_seq": fresh.entry_seq}


@contextmanager
def violation(constraint: str) -> Iterator[None]:
    """The database itself refuses, by this constraint."""
    with pytest.raises(IntegrityError, match=rf"\b{constraint}\b"), transaction.atomic():
        yield


def constraints(app: str) -> set[str]:
    """The names of all constraints that the models of an app declare."""
    models = apps.get_app_config(app).get_models()
    return {constraint.name for model in models for constraint in model._meta.constraints}


def at_once(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run each act in a thread of its own, all from one moment on; what each returned, or the exception it raised."""
    gate = threading.Barrier(len(acts))
    outcomes: list[Any] = [None] * len(acts)

    def run(place: int) -> None:
        gate.wait()
        try:
            outcomes[place] = acts[place]()
        except Exception as error:  # noqa: BLE001 - whatever it was is the outcome
            outcomes[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
