"""Tasks of the record: its check, and what retention lets go of. Only the sweep publishes."""

from __future__ import annotations

import logging

from celery import shared_task
from django.conf import settings
from django.db import connection

from . import checking
from .entries import now
from .models import Ledger, Pulse, Verification
from .notary import the_system

log = logging.getLogger(__name__)
PORTION_SECONDS = 5.0


@shared_task(name="audit.sweep")
def sweep(**_: object) -> None:
    """Ask for the check of the day and offer the portions of one under way. Doubled and late ticks do nothing."""
    if not Pulse.objects.beat("audit.sweep", settings.SWEEP_SECONDS):
        return
    Verification.objects.ask_nightly(by=the_system(), now=now().at)
    Verification.objects.bury()
    for row, offer in Verification.objects.offer():
        verify.delay(id=row, offer=str(offer))


@shared_task(name="audit.verify", soft_time_limit=80, time_limit=90)
def verify(*, id: int, offer: str, **_: object) -> None:
    """Check a portion of the record. What is wrong goes to the health page and, loudly, to the log."""
    with Verification.objects.start(id, offer) as work:
        if work:
            found = checking.carry_on(work.row, seconds=PORTION_SECONDS)
            for problem in found.problems:
                log.critical("the record does not hold: %s", problem)
            work.finish(checking.keep, found)


@shared_task(name="audit.prune", soft_time_limit=80, time_limit=90)
def prune(**_: object) -> None:
    """Let go of what retention keeps no longer, once a day, where the workers' role may do that at all."""
    if may_delete() and Pulse.objects.beat("audit.prune", 24 * 60 * 60):
        Ledger.objects.prune_due(by=the_system(), now=now().at)


def may_delete() -> bool:
    """Whether this process runs under a role that may take something out of the record."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege('audit_body', 'DELETE')")
        return bool(cursor.fetchone()[0])
