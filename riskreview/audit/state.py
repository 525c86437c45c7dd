"""What a row says, as plain values: the before and after of every entry."""

from __future__ import annotations

import datetime
import decimal
import enum
import hashlib
import uuid
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django.db import models

from . import canonical

State = dict[str, Any]
TOO_LONG = 8_192


def ref(row: models.Model) -> dict[str, str]:
    """A reference to a row, never its name: `{"ref": "vendor:17"}`."""
    return {"ref": key(row)}


def key(row: models.Model) -> str:
    """The row's subject key, `type:id`."""
    return f"{subject_type(row)}:{row.pk}"


def subject_type(row: models.Model | type[models.Model]) -> str:
    """The subject type of a row or model: its model name, unique across the project."""
    return row._meta.model_name or ""


def plain(value: Any) -> Any:
    """A Python value in the canonical profile. Raises `TypeError` for floats, bytes, querysets and strangers."""
    match value:
        case None | bool() | int():
            return value
        case enum.Enum():
            return value.value
        case str():
            return value if len(value) <= TOO_LONG else digest_of_text(value)
        case models.Model():
            return ref(value)
        case datetime.datetime():
            return utc(value)
        case datetime.date():
            return value.isoformat()
        case decimal.Decimal() | uuid.UUID():
            return str(value)
        case Mapping():
            return {name: plain(inner) for name, inner in value.items()}
        case list() | tuple():
            return [plain(inner) for inner in value]
        case set() | frozenset():
            return sorted((plain(inner) for inner in value), key=canonical.encode)
    raise TypeError(f"an audit entry cannot hold a {type(value).__name__}")


def digest_of_text(text: str) -> dict[str, Any]:
    """The stand-in for a text too long for an entry."""
    data = text.encode("utf-8")
    return {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}


def utc(moment: datetime.datetime) -> str:
    """A moment in UTC with six digits and `Z`. Raises `TypeError` for a time without a zone."""
    if moment.tzinfo is None:
        raise TypeError("an audit entry cannot hold a time without a zone")
    return moment.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Stateful(models.Model):
    """A row whose state is part of an entry. The lists are versioned: a new column must not look like tampering."""

    recorded_columns: ClassVar[dict[int, tuple[str, ...]]]

    class Meta:
        abstract = True

    def own_state(self, version: int | None = None) -> State:
        """This row's listed columns as plain values: by the newest list, or the newest not above a version."""
        known = [number for number in self.recorded_columns if version is None or number <= version]
        return {name: self._column(name) for name in self.recorded_columns[max(known)]}

    def _column(self, name: str) -> Any:
        field = self._meta.get_field(name)
        if isinstance(field, models.ManyToManyField):
            return plain(set(getattr(self, name).all())) if self.pk else []
        value = getattr(self, field.attname)  # type: ignore[union-attr]
        if isinstance(field, models.ForeignKey) and value is not None:
            return {"ref": f"{subject_type(field.related_model)}:{value}"}
        return plain(value)


def with_parts(own: State, parts: Iterable[Stateful], version: int | None = None) -> State:
    """A row's state and that of the rows it owns, the latter under `finding:57.judgment`, by lists of one time."""
    told = ((part, part.own_state(version)) for part in parts)
    return own | {f"{key(part)}.{name}": value for part, state in told for name, value in state.items()}


def changes(before: State, after: State) -> dict[str, list[Any]]:
    """What differs, as `{column: [old, new]}`."""
    names = sorted(before.keys() | after.keys())
    return {name: [before.get(name), after.get(name)] for name in names if before.get(name) != after.get(name)}


def digest(state: State) -> str:
    """SHA-256 of the canonical bytes of a state, hexadecimal."""
    return hashlib.sha256(canonical.encode(state)).hexdigest()
