"""Browsers in which somebody signed in before. Each gets a signed token that names the account and opens nothing.

The server keeps nothing of it: any process believes the signature, and a token is good for one account alone, so that
nobody finds out with it whether another account exists.
"""

from __future__ import annotations

import datetime
import secrets
from typing import TYPE_CHECKING

from django.core.signing import BadSignature, TimestampSigner

if TYPE_CHECKING:
    from .models import User

KNOWN_FOR = datetime.timedelta(days=90)
SIGNER = "riskreview.accounts.browsers"


def known(user: User) -> str:
    """The token for a browser in which this account just signed in: another one each time."""
    return TimestampSigner(salt=SIGNER).sign(f"{user.pk}/{secrets.token_hex(16)}")


def of_account(token: str, account: User | None) -> str:
    """What a browser is counted by, if it is one of this account and signed in within `KNOWN_FOR`; else empty."""
    try:
        named = TimestampSigner(salt=SIGNER).unsign(token, max_age=KNOWN_FOR)
    except BadSignature:
        return ""
    return named if account is not None and named.startswith(f"{account.pk}/") else ""
