"""The recorded row: what has verbs, and counts the entries about it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from django.db import connection, models

from .refusals import Stale
from .state import State, Stateful, with_parts

FEW = 3  # parts: so many are simply read
EXISTS = 'EXISTS (SELECT FROM "{}" WHERE "{}" = %s)'


class Recorded(Stateful):
    """A row with verbs. `entry_seq` counts the entries about it, and so is its version."""

    entry_seq = models.PositiveIntegerField(default=0, editable=False)

    label_is_public: ClassVar[bool] = False
    recorded_parts: ClassVar[tuple[str, ...]] = ()

    class Meta:
        abstract = True

    @property
    def label(self) -> str:
        """What the row is called, for the private body (or the header, where the label is public)."""
        return str(self)

    @property
    def is_judged(self) -> bool:
        """Whether the row cannot be there without an act; machines make some rows that people judge only later."""
        return True

    def lock(self, *, seen: int | None = None) -> None:
        """Re-read the row under a lock. Raises `Stale` when it changed after the caller saw it."""
        rows = type(self)._base_manager.select_for_update(no_key=True)
        self.refresh_from_db(from_queryset=rows)
        if seen is not None and seen != self.entry_seq:
            raise Stale("This has changed since you opened it.")

    def full_state(self, version: int | None = None) -> State:
        """What the row and the rows it owns say now, by the newest lists of columns or by those of an earlier version.

        A part that gets a new list gets it together with its owner: the owner's version counts for both.
        """
        return with_parts(self.own_state(version), self._parts(), version)

    def _parts(self) -> Iterable[Stateful]:
        return (part for name in self._parts_with_rows() for part in self._owned(name))

    def _parts_with_rows(self) -> list[str]:
        """The parts of which there is any row: one short question in place of a long one for each that is empty."""
        if not self.pk or len(self.recorded_parts) <= FEW:
            return list(self.recorded_parts)
        fields = [self._meta.get_field(name) for name in self.recorded_parts]
        asked = [EXISTS.format(each.related_model._meta.db_table, each.field.column) for each in fields]  # type: ignore[union-attr]
        with connection.cursor() as cursor:
            cursor.execute("SELECT " + ", ".join(asked), [self.pk] * len(asked))
            return [name for name, there in zip(self.recorded_parts, cursor.fetchone() or (), strict=True) if there]

    def _owned(self, name: str) -> list[Stateful]:
        if not self.pk:
            return []
        rows = getattr(self, name)
        many = [field.name for field in rows.model._meta.many_to_many]
        return list(rows.order_by("pk").prefetch_related(*many))
