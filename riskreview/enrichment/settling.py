"""Carries out what people said of origins: the documents they named are placed anew, first by all the rules."""

from __future__ import annotations

import logging
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from riskreview.evidence.models import Document, OriginJudgement
from riskreview.lib.work import Postponed, Running

from . import grouping
from .descent import Descent

log = logging.getLogger(__name__)
SMALL = 12  # documents that somebody who waits for a page has placed anew


def carry_out(work: Running[OriginJudgement]) -> None:
    """Carry out one judgement. It is settled when all documents it speaks of are placed, and comes back until then.

    Raises `Postponed` when there is more to do than one go allows, and `LeaseLost` when it was taken back meanwhile.
    """
    with transaction.atomic():
        grouping.in_turn()
        work.hold()
        if work.row.begun_at is None:
            begin(work.row)
    grouping.go_on()
    if work.row.is_waiting:
        raise Postponed(grouping.soon(), "More documents are to be placed.")
    work.finish(lambda *_: None, None, settled_at=Now())


def begin(judgement: OriginJudgement) -> None:
    """Place the documents it is about, and have those placed by and by that come after them or share text with them.

    Others that rest on the same text as these move along with what they come after.
    """
    about = {pk for pk in (judgement.document_id, judgement.other_id) if pk}
    unknown = Document.objects.filter(pk__in=judgement.named, wording=None)
    fresh = {grouping.remember_held(document).pk for document in unknown}
    Descent(judged=about).settle(fresh | grouping.touching(about), first=about)
    OriginJudgement.objects.note_begun(judgement)


def settle() -> int:
    """Carry out all that is due, one after the other; the number of judgements that are settled."""
    settled = 0
    while offers := OriginJudgement.objects.offer():
        for row, offer in offers:
            with OriginJudgement.objects.start(row, str(offer)) as work:
                if work:
                    carry_out(work)
                    settled += 1
    return settled


def settle_at_once(judgement: OriginJudgement) -> bool:
    """Carry out a judgement while somebody waits for a page: if it concerns few documents, and none is being placed at
    this moment. Whether it is settled; otherwise a worker does it."""
    origins = Document.objects.filter(pk__in=judgement.named).exclude(origin=None).values("origin")
    if Document.objects.filter(origin__in=origins)[: SMALL + 1].count() > SMALL or len(judgement.named) > SMALL:
        return False
    try:
        with transaction.atomic():
            return grouping.is_my_turn() and settled_now(judgement)
    except Exception:  # it is recorded, and the worker that tries it again says what is wrong with it
        log.exception("origin judgement %s was not carried out at once", judgement.pk)
        return False


def settled_now(judgement: OriginJudgement) -> bool:
    """Carry it out, unless a worker has it."""
    rows = OriginJudgement.objects.unsettled().select_for_update(no_key=True, skip_locked=True, of=("self",))
    row: Any = rows.filter(pk=judgement.pk).first()
    if row is None:
        return False
    begin(row)
    if row.is_waiting:
        return False
    OriginJudgement.objects.note_settled(row)
    return True
