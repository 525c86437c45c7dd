"""Short words for a case that goes through its playbook by public verbs, with the dates on record."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

from riskreview.cases.models import Case, Consultation, Milestone
from riskreview.cases.winding import read
from tests import make

EASTERN = ZoneInfo("America/New_York")
WHY = "The record supports it; nothing stronger can be said."


def day(text):
    return datetime.date.fromisoformat(text)


def at(text, zone=EASTERN):
    return datetime.datetime.fromisoformat(text).replace(tzinfo=zone)


def opened(playbook, vendor, *, by, on, **words):
    """A case that somebody works on."""
    asked = f"What follows from what is known of {vendor}?"
    given = {"title": f"{vendor}: what follows?", "question": asked, "requester": "The office"} | words
    about = [make.vendor(vendor, by=by)]
    case = Case.objects.open(by=by, playbook=playbook, vendors=about, on=day(on), **given)
    case.assign(by=by, to=by)
    return case


def dated(case, key, on, *, by, party=None, proof=True):
    """Something happened, and a paper says when."""
    paper = make.document() if proof else None
    return Milestone.objects.record(by=by, case=case, key=key, party=party, stated_on=day(on), document=paper)


def papers(case, *outputs, by):
    """The papers that a stage asks for."""
    for each in outputs:
        case.attach_output(by=by, output=each, document=make.document())


def found(case, *, by, second, exhibits=1):
    """A finding on its exhibits, read by a second person."""
    rests = [make.exhibit(case, by=by) for _ in range(exhibits)]
    finding = make.finding(case, by=by, exhibits=rests)
    case.review_finding(by=second, finding=finding)
    return finding


def asked(case, key, on, *bodies, by):
    """Bodies that were asked on a day."""
    sent = at(f"{on}T10:00")
    return [Consultation.objects.send(by=by, case=case, key=key, consultee=each, sent_at=sent) for each in bodies]


def due(case, key):
    """The last days of a clock, as they are kept."""
    return [str(each.due_on) for each in case.clocks.filter(key=key).order_by("due_on")]


def standing(case, key, moment):
    """Where the clocks of a rule stand at a moment, and whether anybody gave one more time."""
    reading = read(case, moment)
    found = [each for each in reading.clocks if each.rule.key == key]
    return [reading.standing(each).value for each in found]
