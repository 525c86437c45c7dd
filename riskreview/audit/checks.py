"""System checks of the record: what makes it weaker than it could be, with what to do (docs/operations.md#checks)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError, connections

from . import retention
from .verifier import Key, Malformed

EXAMPLE = "riskreview.example"
MAY_TAKE_TRIGGERS_OFF = """
SELECT current_user FROM pg_tables JOIN pg_roles ON rolname = current_user
 WHERE tablename = 'audit_entry' AND (rolsuper OR pg_has_role(current_user, tableowner, 'MEMBER'))
"""


@register(Tags.security, deploy=True)
def check_names(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """The log has a name of its own, and somebody else signs too."""
    found: list[CheckMessage] = []
    if settings.NOTARY_ORIGIN.startswith(EXAMPLE):
        hint = "Set NOTARY_ORIGIN to a name under a domain of yours, before the first entry: it is never changed."
        found.append(checks.Warning("The log bears the name of the example.", hint=hint, id="audit.W001"))
    if not settings.WITNESSES:
        hint = "Set WITNESSES. Without one, whoever holds the log's key and the database can rewrite both."
        found.append(checks.Warning("Nobody outside witnesses the log.", hint=hint, id="audit.W002"))
    return found


@register(Tags.security)
def check_values(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """Witnesses are a key and an address each; the retention rules say everything they must."""
    found: list[CheckMessage] = []
    for witness in settings.WITNESSES:
        vkey, _, url = witness.partition(" ")
        try:
            holds = Key.parse(vkey).algorithm == 4 and url.startswith(("http://", "https://"))
        except Malformed:
            holds = False
        if not holds:
            hint = "Write each as “key address”: the public key that witness.py --new-key printed, a blank, http(s)://…"
            found.append(Error(f"{witness[:80]} is not a witness.", hint=hint, id="audit.E001"))
    try:
        retention.years("act")
    except (OSError, ValueError, Exception) as fault:  # noqa: BLE001 - whatever is wrong with the file is the message
        found.append(Error(f"The retention rules cannot be read: {fault}", id="audit.E002"))
    return found


@register(Tags.database)
def check_owner(app_configs: Any, databases: Any = None, **_: Any) -> list[CheckMessage]:
    """The role the product runs under does not own the tables: an owner can take triggers off."""
    found: list[CheckMessage] = []
    for alias in databases or []:
        try:
            with connections[alias].cursor() as cursor:
                cursor.execute(MAY_TAKE_TRIGGERS_OFF)
                row = cursor.fetchone()
        except DatabaseError:
            continue
        if row:
            hint = "Run the product under a role of its own: manage.py roles prints them (docs/operations.md#roles)."
            found.append(
                checks.Warning(f"The role {row[0]} owns the tables of the record.", hint=hint, id="audit.W003")
            )
    return found
