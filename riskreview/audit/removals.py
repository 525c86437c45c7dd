"""Why something is not in the record any more."""

from __future__ import annotations

from .models import Entry, Removal
from .verifier import EXPLAINS


def act_that_took(entry: int, what: Removal.What) -> Entry | None:
    """The act on the record that took a part of an entry out."""
    removal = Removal.objects.filter(entry_id=entry, what=what).first()
    acts = Entry.objects.filter(subject_type="ledger", verb__in=EXPLAINS)
    return acts.filter(seq=removal.ledger_seq).first() if removal else None
