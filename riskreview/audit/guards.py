"""Who may act on the record itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .refusals import refuses

if TYPE_CHECKING:
    from riskreview.accounts.models import User

    from .models import Ledger


@refuses("Only administrators may do this to the record.")
def keeper(ledger: Ledger, user: User) -> bool:
    """Someone who looks after the record: an administrator, or the system on its own schedule."""
    return user.keeps_the_record


@refuses("Only the notary begins a log.")
def notary(ledger: Ledger, user: User) -> bool:
    """The notary, which acts as the system."""
    return user.is_system


@refuses("A second administrator must confirm: not the one who proposed it.")
def second_keeper(ledger: Ledger, user: User) -> bool:
    """An administrator who did not propose what is to be confirmed."""
    return user.keeps_the_record and not user.is_system and ledger.proposed_by_id != user.pk
