"""Tasks: the sweep, which keeps the clocks and offers what is due; the look of a watch; the way through a bulk act."""

from __future__ import annotations

import logging

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.utils import timezone

from riskreview.audit.models import Pulse

from . import bulk, looking, sweeping
from .models import Batch, WatchCheck

log = logging.getLogger(__name__)


@shared_task(name="cases.sweep", soft_time_limit=30, time_limit=45)
def sweep(**_: object) -> None:
    """Warn of limits that come near, record those that ran out, have watches look. Repeated ticks do nothing.

    What goes wrong with one of these is logged, and the others are done all the same.
    """
    if not Pulse.objects.beat("cases.sweep", settings.SWEEP_SECONDS):
        return
    for part in (_clocks, _watches, _batches):
        try:
            part()
        except SoftTimeLimitExceeded:
            raise
        except Exception:
            log.exception("The sweep did not get through %s.", part.__name__.strip("_"))


def _clocks() -> None:
    sweeping.sweep(timezone.now())


def _watches() -> None:
    for row, offer in WatchCheck.objects.offer():
        watch.delay(id=row, offer=str(offer))


def _batches() -> None:
    Batch.objects.bury()
    for row, offer in Batch.objects.offer():
        batch.delay(id=row, offer=str(offer))


@shared_task(name="cases.watch", soft_time_limit=60, time_limit=90)
def watch(*, id: int, offer: str, **_: object) -> None:
    """Look on behalf of a condition that watches itself."""
    with WatchCheck.objects.start(id, offer) as work:
        if work:
            looking.carry_out(work)


@shared_task(name="cases.batch", soft_time_limit=60, time_limit=90)
def batch(*, id: int, offer: str, **_: object) -> None:
    """Go through the cases of a bulk act."""
    with Batch.objects.start(id, offer) as work:
        if work:
            bulk.carry_out(work)
