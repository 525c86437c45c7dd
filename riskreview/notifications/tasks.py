"""Tasks: each loads a row by id, makes one call, and may run twice. Only the sweep publishes."""

from __future__ import annotations

from celery import shared_task
from django.conf import settings

from riskreview.audit.models import Pulse

from . import witnessing
from .models import Witness


@shared_task(name="notifications.sweep")
def sweep(**_: object) -> None:
    """Offer checkpoints to witnesses that have not signed them. Late, doubled and repeated ticks do nothing."""
    if not Pulse.objects.beat("notifications.sweep", settings.SWEEP_SECONDS):
        return
    known = witnessing.witnesses()
    Witness.objects.want_newest(known)
    for row, offer in Witness.objects.configured(known).offer():
        witness.delay(id=row, offer=str(offer))


@shared_task(name="notifications.witness", soft_time_limit=30, time_limit=45)
def witness(*, id: int, offer: str, **_: object) -> None:
    """Show a witness the newest checkpoint and keep its signature."""
    with Witness.objects.start(id, offer) as work:
        if work:
            work.finish(witnessing.keep, witnessing.carry(work.row))
