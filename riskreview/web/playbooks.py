"""The playbooks as pages: what each process asks, within what time, and on what ground."""

from __future__ import annotations

import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from riskreview.cases import playbook as playbooks
from riskreview.cases.playbook import Clock, Playbook, Shipped, words
from riskreview.lib.datafile import words as as_words

from .requests import Request

PHASES = {"intake": "Intake", "review": "Review", "decision": "Decision", "after": "After the decision"}
GROUPS = {"adverse": "Adverse", "conditional": "Conditional", "favourable": "Favourable", "none": "Neither"}


def listing(request: Request) -> HttpResponse:
    """All playbooks, newest versions."""
    today = timezone.now().date()
    rows = [brief(each.playbook, today) for each in playbooks.newest().values()]
    return render(request, "playbooks/playbooks.html", {"rows": rows})


def playbook(request: Request, key: str) -> HttpResponse:
    """One playbook, whole, in words. Raises `Http404`."""
    shipped = playbooks.newest().get(key)
    if shipped is None:
        raise Http404
    return render(request, "playbooks/playbook.html", told(shipped, timezone.now().date()))


def brief(made: Playbook, today: datetime.date) -> dict[str, Any]:
    """A playbook as a line of the list."""
    by_law = sum(clock.basis == "law" for clock in made.clock)
    doubts = len(words.unverified(made))
    return {"playbook": made, "by_law": by_law, "doubts": doubts, "aged": words.aged(made.as_of, today)}


def told(shipped: Shipped, today: datetime.date) -> dict[str, Any]:
    """A playbook as its page shows it."""
    made = shipped.playbook
    return brief(made, today) | {
        "shipped": shipped,
        "stages": stages(made),
        "clocks": [clock(made, each) for each in made.clock],
        "consultations": consultations(made),
        "replies": replies(made),
        "dispositions": dispositions(made),
        "unverified": words.unverified(made),
        "subjects": ", ".join(as_words(each).lower() for each in made.subjects),
    }


def stages(made: Playbook) -> list[dict[str, Any]]:
    """The stages, with what each asks for and where it leads."""
    return [
        {
            "row": each,
            "phase": PHASES[each.phase],
            "owner": as_words(each.owner),
            "asks": [words.requirement(made, wanted) for wanted in each.requires],
            "next": [words.titled(made, "stage", key) for key in each.next],
            "signs": words.signatures(each),
        }
        for each in made.stage
    ]


def clock(made: Playbook, row: Clock) -> dict[str, Any]:
    """A clock in words."""
    return {
        "row": row,
        "sentence": words.sentence(made, row),
        "particulars": " ".join(words.particulars(row)),
        "basis": words.BASES[row.basis],
    }


def consultations(made: Playbook) -> list[dict[str, Any]]:
    """Who is asked, what they may answer, and what silence means."""
    return [
        {
            "row": each,
            "answers": ", ".join(as_words(answer).lower() for answer in each.responses),
            "silence": words.SILENCES[each.silence],
            "rank": words.role(each.objection_rank),
        }
        for each in made.consultation
    ]


def replies(made: Playbook) -> list[dict[str, Any]]:
    """What a party may answer, and within what."""
    return [
        {
            "row": each,
            "clock": words.titled(made, "clock", each.clock),
            "contents": ", ".join(as_words(content).lower() for content in each.may_contain),
        }
        for each in made.reply
    ]


def dispositions(made: Playbook) -> list[dict[str, Any]]:
    """The ways to decide, and what each needs."""
    newest = playbooks.newest()
    return [
        {
            "row": each,
            "group": GROUPS[each.group],
            "needs": ", ".join(words.need(made, need) for need in each.needs),
            "after": words.titled(made, "stage", each.after) if each.after else "",
            "before": words.titled(made, "stage", each.before) if each.before else "",
            "to": [referred(key, newest) for key in each.to],
        }
        for each in made.disposition
    ]


def referred(key: str, newest: dict[str, Shipped]) -> dict[str, str]:
    """Where a referral may go: a playbook of ours, or a process elsewhere."""
    if key in newest:
        return {"key": key, "title": newest[key].playbook.title}
    return {"key": "", "title": f"{as_words(key.partition(':')[2])} (elsewhere)"}
