"""Looking at the clocks whose time has come: people are warned once, an end is recorded once, however often it looks.

A case that another sweep or a verb holds is passed over and looked at the next time.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction

from riskreview.accounts.models import User

from .deadlines.rule import amount
from .models import Case, Clock, Closure, Standing
from .wanting import Wanted, end_mark, moments
from .winding import Reading, read, wind
from .workflow import Status

log = logging.getLogger(__name__)
WINDOW = 100
# What cannot be worked out is tried again after this.
REST = timedelta(hours=1)


def sweep(now: datetime) -> None:
    """Look at the clocks whose moment has come, and at cases that have not heard of a closure: a window of each."""
    for case in _cases_due(now):
        _look_safely(case, now)
    closure = Closure.objects.to_recount().first()
    if closure is not None:
        recount(closure, now)


def _cases_due(now: datetime) -> list[int]:
    """The cases of the clocks that wait longest, a window of them, each once."""
    due = Clock.objects.filter(next_moment__lte=now).exclude(case__status=Status.WITHDRAWN)
    return list(dict.fromkeys(due.order_by("next_moment").values_list("case_id", flat=True)[:WINDOW]))


def _look_safely(case: int, now: datetime) -> None:
    """Look at the clocks of a case. One that cannot be worked out does not hold up the others."""
    try:
        look(case, now)
    except SoftTimeLimitExceeded:
        raise
    except Exception:
        log.exception("The clocks of case %s could not be worked out; they are tried again in %s.", case, REST)
        Clock.objects.filter(case=case, next_moment__lte=now).update(next_moment=now + REST)


def look(case: int, now: datetime) -> int:
    """Tell what is due of the clocks of one case. Returns how many acts that took: 0 too where somebody holds it."""
    with transaction.atomic():
        found = Case.objects.select_for_update(skip_locked=True, no_key=True).filter(pk=case).first()
        if found is None or found.playbook is None:
            return 0
        wind(found, now)
        reading = read(found, now)
        acts = sum(_tell(reading, clock) for clock in reading.clocks)
        if acts:
            wind(found, now)
        return acts


def _tell(reading: Reading, clock: Wanted) -> int:
    """Record what has come of one clock since somebody looked last."""
    row = reading.rows[clock.key]
    passed = [mark for at, mark in moments(clock, reading.calendar) if at <= reading.now]
    if not [mark for mark in passed if mark not in row.warned] or clock.due is None:
        return 0
    system = User.objects.system()
    if end_mark(clock.due) in passed:
        row.expire(by=system, marks=passed)
        _silence(row, clock, system)
    else:
        row.warn(by=system, notice=_notice(passed[-1]), marks=passed)
    return 1


def _notice(mark: str) -> str:
    """What a warning says: “5 business days”, from its mark."""
    n, unit, _ = mark.split()
    return amount(int(n), unit)


def _silence(row: Clock, clock: Wanted, system: User) -> None:
    """Wait no longer for an answer; where the rule says that silence is consent, take it for that."""
    asked = row.consultation
    if asked is None or asked.state != Standing.OPEN:
        return
    if clock.rule.on_expiry == "presume":
        asked.presume_concurrence(by=system)
    elif clock.rule.on_expiry in ("lapse", "offer_presumption"):
        asked.lapse(by=system)


def recount(closure: Closure, now: datetime) -> int:
    """Count the next cases of a calendar again, after a closure was announced or revoked. Returns how many."""
    cases = Case.objects.watching().filter(playbook__content__calendar=closure.calendar, pk__gt=closure.recount_after)
    window = list(cases.order_by("pk")[:WINDOW])
    for case in window:
        _recount_safely(case, now)
    Closure.objects.counted(closure, last=window[-1].pk if len(window) == WINDOW else None)
    return len(window)


def _recount_safely(case: Case, now: datetime) -> None:
    """Count one case again, as it is under its lock. One that cannot be is looked at later, and holds up no other."""
    try:
        with transaction.atomic():
            case.lock()
            wind(case, now)
    except SoftTimeLimitExceeded:
        raise
    except Exception:
        log.exception("The clocks of case %s could not be counted again; they are tried in %s.", case.pk, REST)
        Clock.objects.filter(case=case, next_moment__gt=now + REST).update(next_moment=now + REST)
