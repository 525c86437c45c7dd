"""The trail of a case: entries about the case, about its own rows, and about the flags raised on its exhibits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, reduce
from operator import or_
from typing import Any

from django.apps import apps
from django.db.models import CharField, Q, Value
from django.db.models.functions import Cast

from riskreview.audit.models import Recorded
from riskreview.audit.state import subject_type

from .models import Case, Flag
from .models.ofcase import OfCase


def about(cases: Iterable[Case], flags: Iterable[int] | None = None) -> Q:
    """Which entries are about these cases, their own rows, or their flags. `flags`: the ids of all their flags, if the
    caller has them.

    The ids are looked up first: with a subquery in its place, PostgreSQL would read the whole log.
    """
    ids = [case.pk for case in cases]
    if flags is None:
        flags = Flag.objects.filter(exhibit__case__in=ids).values_list("pk", flat=True)
    return in_list(own_ids(ids)) | _named("case", ids) | _named("flag", flags)


def in_list(ids: Mapping[str, Sequence[str]]) -> Q:
    """Entries about any of these subjects, given as ids by subject type."""
    return reduce(or_, (_named(kind, each) for kind, each in sorted(ids.items())), Q(pk=None))


@cache
def own_models() -> tuple[type[OfCase], ...]:
    """Every kind of row that belongs to a case and has entries of its own, by subject type."""
    return tuple(sorted((model for model in apps.get_models() if issubclass(model, OfCase)), key=subject_type))


def own_ids(cases: Sequence[Any]) -> dict[str, list[str]]:
    """The ids of all own rows of these cases, by subject type, in one query."""
    parts = [
        model._base_manager.filter(Q(case__in=cases)).values_list(Value(subject_type(model)), Cast("pk", CharField()))
        for model in own_models()
    ]
    found: dict[str, list[str]] = {}
    for kind, pk in parts[0].union(*parts[1:], all=True) if cases else ():
        found.setdefault(kind, []).append(pk)
    return found


def rows_of(ids: Mapping[str, Sequence[str]]) -> Iterator[Recorded]:
    """The rows of these ids that somebody acted on, kind by kind."""
    for model in own_models():
        if wanted := ids.get(subject_type(model)):
            yield from model._base_manager.filter(pk__in=wanted, entry_seq__gt=0).order_by("pk")


def _named(kind: str, ids: Iterable[Any]) -> Q:
    return Q(subject_type=kind, subject_id__in=[str(pk) for pk in ids])
