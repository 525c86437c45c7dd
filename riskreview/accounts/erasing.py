"""Forgetting a person: the account, what entries say about them, whence they came, and where they are still named."""

from __future__ import annotations

import datetime
import json
import re
import uuid
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.db.models import Q

from riskreview.audit.models import Entry, Ledger
from riskreview.audit.models.ledger import AT_ONCE

from .models import ApiToken, User

NAMED = "convert_from(audit_body.body, 'UTF8') ILIKE %s"


@dataclass(frozen=True)
class Erasure:
    """What would be erased: entries that say something about the person, and those that tell where they came from."""

    person: User
    names: tuple[str, str]
    bodies: tuple[uuid.UUID, ...]
    traces: tuple[uuid.UUID, ...]

    @classmethod
    def of(cls, person: User, keeping: Collection[uuid.UUID] = ()) -> Erasure:
        """Look through the whole record for a person; `keeping` names entries that stay although they name them."""
        names = (person.name, person.email)
        there = Entry.objects.filter(body__isnull=False).exclude(subject_type="ledger")
        about = there.filter(subject_type="user", subject_id=str(person.pk))
        tokens = [str(pk) for pk in person.tokens.values_list("pk", flat=True)]
        owned = there.filter(subject_type="apitoken", subject_id__in=tokens)
        naming = [entry.uuid for entry in holding(there, names) if says(entry, names)]
        bodies = {*ids(about), *ids(owned), *naming} - set(keeping)
        traces = {*ids(Entry.objects.filter(actor=person, trace__isnull=False))} - bodies
        return cls(person, names, tuple(sorted(bodies)), tuple(sorted(traces)))

    @transaction.atomic
    def carry_out(self, *, by: User, basis: str, now: datetime.datetime) -> None:
        """Erase all of it, or nothing. Raises `NotNow` when something is under a legal hold."""
        for token in ApiToken.objects.filter(owner=self.person):
            token.forget(by=by, basis=basis, now=now)
        self.person.erase(by=by, basis=basis)
        ledger: Ledger = Ledger.objects.the()
        for what, entries in (("body", self.bodies), ("trace", self.traces)):
            for start in range(0, len(entries), AT_ONCE):
                ledger.erase(by=by, entries=entries[start : start + AT_ONCE], basis=basis, what=what)


def holding(rows: models.QuerySet[Entry], names: tuple[str, ...]) -> Iterator[Entry]:
    """Entries in whose bodies one of the names occurs, be it inside another word."""
    found = rows.select_related("body").extra(  # noqa: S610 - the words are parameters
        where=[" OR ".join([NAMED] * len(names))], params=[f"%{escaped(name)}%" for name in names]
    )
    return found.order_by("pk").iterator(chunk_size=500)


def says(entry: Entry, names: tuple[str, ...]) -> bool:
    """Whether a body has one of the names as a word of its own: “Li” is not in “Delivery”."""
    words = re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in names), re.IGNORECASE)
    return any(words.search(text) for text in texts(entry.private))


def texts(value: Any) -> Iterator[str]:
    """Every text inside a plain value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from texts(inner)


def ids(rows: models.QuerySet[Entry]) -> Iterator[uuid.UUID]:
    """The public ids of entries."""
    return rows.values_list("uuid", flat=True).iterator()


def escaped(text: str) -> str:
    """Text, as JSON writes it, for the right side of LIKE."""
    return json.dumps(text, ensure_ascii=False)[1:-1].replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def still_named(names: tuple[str, ...]) -> Iterator[tuple[str, Any, str]]:
    """Where the words of people still hold one of these names: (model, id, column). Only a person can judge these."""
    for model in apps.get_models():
        columns = [field.name for field in model._meta.concrete_fields if is_text(field)]
        wanted = Q()
        for column in columns:
            for name in names:
                wanted |= Q(**{f"{column}__icontains": name})
        for row in model._base_manager.filter(wanted) if columns else ():
            for column in columns:
                if any(name.lower() in str(getattr(row, column)).lower() for name in names):
                    yield model._meta.label, row.pk, column


def is_text(field: Any) -> bool:
    """Whether a column holds words."""
    return isinstance(field, models.CharField | models.TextField)
