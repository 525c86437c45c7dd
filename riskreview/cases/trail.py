"""The trail of a case: entries about the case itself, and about the flags raised on its exhibits."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from riskreview.audit.state import subject_type

from .models import Case, Flag


def about(cases: Iterable[Case], flags: Iterable[int] | None = None) -> Q:
    """Which entries are about these cases or their flags. `flags`: the ids of all their flags, if the caller has them.

    The ids are looked up first: with a subquery in its place, PostgreSQL would read the whole log.
    """
    ids = [case.pk for case in cases]
    if flags is None:
        flags = Flag.objects.filter(exhibit__case__in=ids).values_list("pk", flat=True)
    return _named(Case, ids) | _named(Flag, flags)


def _named(model: type[Case | Flag], ids: Iterable[int]) -> Q:
    return Q(subject_type=subject_type(model), subject_id__in=[str(pk) for pk in ids])
