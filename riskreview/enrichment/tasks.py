"""Tasks: each loads a row by id, makes one call, and may run twice. Only the sweep publishes."""

from __future__ import annotations

import contextlib

from celery import shared_task
from django.conf import settings
from django.db.models.functions import Now
from django.utils import timezone

from riskreview.audit.models import Pulse
from riskreview.cases.models import Search
from riskreview.evidence.models import Document, OriginJudgement, Source, SpanCheck, Trial, Visit, unindexed
from riskreview.lib.work import Postponed
from riskreview.vendors.models import NameChange

from . import (
    archive_search,
    collecting,
    counting,
    grouping,
    indexing,
    outdated,
    pipeline,
    reading,
    rereading,
    settling,
    trying,
    verbatim,
    watching,
)

FORGET_SECONDS = 3600.0
SPANS_SECONDS = 24 * 3600.0
INDEX_SECONDS = 300.0
PLACE_SECONDS = 20.0


@shared_task(name="enrichment.sweep")
def sweep(**_: object) -> None:
    """Offer what is due and give up what cannot be done. Late, doubled and repeated ticks do nothing."""
    if not Pulse.objects.beat("enrichment.sweep", settings.SWEEP_SECONDS):
        return
    watching.look_again()
    Trial.objects.forget()
    if Pulse.objects.beat("enrichment.forget", FORGET_SECONDS):
        Visit.objects.forget()
    if Pulse.objects.beat("enrichment.spans", SPANS_SECONDS):
        SpanCheck.objects.begin()
    SpanCheck.objects.begin_first(now=timezone.now())
    if Pulse.objects.beat("enrichment.index", INDEX_SECONDS) and unindexed().exists():
        index.delay()
    for kind in (Document, Visit, Search, Trial, SpanCheck, OriginJudgement):
        kind.objects.bury()
    for row, offer in Source.objects.offer():
        collect.delay(id=row, offer=str(offer))
    for row, offer in Visit.objects.offer():
        read.delay(id=row, offer=str(offer))
    for row, offer in Document.objects.unfetched().offer():
        fetch.delay(id=row, offer=str(offer))
    outdated.hand_over()
    for row, offer in (each for rows in outdated.queues() for each in rows.offer()):
        digest.delay(id=row, offer=str(offer))
    for row, offer in Search.objects.offer():
        search.delay(id=row, offer=str(offer))
    for row, offer in Trial.objects.offer():
        attempt.delay(id=row, offer=str(offer))
    for row, offer in NameChange.objects.offer():
        reread.delay(id=row, offer=str(offer))
    for row, offer in OriginJudgement.objects.offer():
        settle.delay(id=row, offer=str(offer))
    if Pulse.objects.beat("enrichment.place", PLACE_SECONDS) and grouping.waiting().exists():
        place.delay()
    for row, offer in SpanCheck.objects.offer():
        check_spans.delay(id=row, offer=str(offer))


@shared_task(name="enrichment.collect", soft_time_limit=60, time_limit=75)
def collect(*, id: int, offer: str, **_: object) -> None:
    """Visit a source, and keep its answer to be read."""
    with Source.objects.start(id, offer) as work:
        if work:
            trouble = work.row.last_error
            found = collecting.visit(work.row)
            # The last trouble stays until an answer was read: that it came is not yet a success.
            work.finish(collecting.keep_answer, found, not_before=work.row.next_poll, last_error=trouble)


@shared_task(name="enrichment.read", soft_time_limit=60, time_limit=90)
def read(*, id: int, offer: str, **_: object) -> None:
    """Read what a source answered, and hold what it announces."""
    with Visit.objects.start(id, offer) as work:
        if work:
            work.finish(reading.keep, reading.read(work.row))


@shared_task(name="enrichment.attempt", soft_time_limit=60, time_limit=75)
def attempt(*, id: int, offer: str, **_: object) -> None:
    """Try out a source that is not on the register."""
    with Trial.objects.start(id, offer) as work:
        if work:
            trying.carry_out(work)


@shared_task(name="enrichment.settle", soft_time_limit=60, time_limit=75)
def settle(*, id: int, offer: str, **_: object) -> None:
    """Carry out what somebody said of origins."""
    with OriginJudgement.objects.start(id, offer) as work:
        if work:
            settling.carry_out(work)


@shared_task(name="enrichment.place", soft_time_limit=60, time_limit=75)
def place(**_: object) -> None:
    """Place documents that wait to be placed anew."""
    with contextlib.suppress(Postponed):  # others have the turn; the next tick comes
        grouping.go_on()


@shared_task(name="enrichment.fetch", soft_time_limit=60, time_limit=75)
def fetch(*, id: int, offer: str, **_: object) -> None:
    """Fetch the bytes of a document."""
    with Document.objects.start(id, offer) as work:
        if work:
            work.finish(collecting.keep_obtained, collecting.obtain(work.row))


@shared_task(name="enrichment.digest", soft_time_limit=60, time_limit=90)
def digest(*, id: int, offer: str, **_: object) -> None:
    """Read a document: text, mentions, origin, story, suggestions."""
    with Document.objects.start(id, offer) as work:
        if work:
            pipeline.carry_out(work)


@shared_task(name="enrichment.search", soft_time_limit=60, time_limit=90)
def search(*, id: int, offer: str, **_: object) -> None:
    """Look through the archive on behalf of a case."""
    with Search.objects.start(id, offer) as work:
        if work:
            work.finish(pipeline.store_found, archive_search.find_for(work.row.case), searched_at=Now())


@shared_task(name="enrichment.count", soft_time_limit=75, time_limit=90)
def count(**_: object) -> None:
    """Count how common words are in the archive, if that is due."""
    counting.count()


@shared_task(name="enrichment.index", soft_time_limit=75, time_limit=90)
def index(**_: object) -> None:
    """Keep the words of documents that cannot be searched yet."""
    indexing.index_all()


@shared_task(name="enrichment.reread", soft_time_limit=60, time_limit=90)
def reread(*, id: int, offer: str, **_: object) -> None:
    """Do the next step for a name that changed: find the documents that contain it, or have them read again."""
    with NameChange.objects.start(id, offer) as work:
        if work:
            rereading.carry_out(work)


@shared_task(name="enrichment.check_spans", soft_time_limit=60, time_limit=90)
def check_spans(*, id: int, offer: str, **_: object) -> None:
    """Do the next step of the walk that compares every excerpt with its text."""
    with SpanCheck.objects.start(id, offer) as work:
        if work:
            verbatim.carry_out(work)
