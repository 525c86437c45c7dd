"""A case with something in every part of its dossier, and each act that changes a part, as both faces take it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from riskreview.cases.models import Case, Submission
from riskreview.cases.workflow import Status
from tests import make
from tests.conftest import PASSWORD

Fields = dict[str, Any]
HOUR = datetime.timedelta(hours=1)
WHY = {"reason": "It was misread."}
EFFECT = {
    "action": "PROHIBIT",
    "target_kind": "ENTITY",
    "target": "The firm",
    "population": "Federal agencies",
    "jurisdiction": "United States",
}
FINDING = {"risk_area": "PRIVACY", "judgment": "Prompts are likely to be kept.", "confidence": "LOW"}
FINDING |= {"likelihood": "LIKELY"}
GRADED = {"stance": "CONTRADICTS", "credibility": 5, "note": "Misread.", "source_class": "PUBLIC"}
WATCHED = {"every_days": 1, "on_trip": "REOPEN"}
SPOKEN = {"text": "Weighed once more.", "changed_outcome": False}
OBJECTION = {"response": "object", "rank": "secretary", "responder": "The Secretary", "answer": "No."}


@dataclass(frozen=True)
class Edit:
    """An act that changes a part of the dossier: `path` is what differs then, `cause` what the void request says.

    `sent` are the fields that both faces take; `page` and `api` give what they call differently.
    """

    path: str
    cause: str
    sent: Callable[[Case], Fields] = lambda case: {}
    page: Callable[[Case], Fields] = lambda case: {}
    api: Callable[[Case], Fields] = lambda case: {}
    row: Callable[[Case], Any] | None = None
    by: str = "alice"
    is_new: bool = False


def _typed(case: Case) -> Fields:
    return {"document": make.document().pk, "passage": make.TEXT[:40]}


def _placed(case: Case) -> Fields:
    return {"snapshot": make.snapshot().pk, "start": 0, "end": 40}


def _party(case: Case, name: str) -> Any:
    return case.vendors.get(canonical_name=name)


def _carrier(case: Case) -> Any:
    return case.exhibits.get(number=1)


def _at(form: str) -> str:
    return timezone.now().strftime(form)


def _sent(form: str) -> Callable[[Case], Fields]:
    return lambda case: {"sent_at": _at(form)}


PAGE, PROGRAM = "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:00Z"
EDITS: dict[str, Edit] = {
    "case.add_exhibit": Edit("exhibit.3", "exhibit E3", lambda case: GRADED, _typed, _placed),
    "case.amend_exhibit": Edit("exhibit.2.credibility", "exhibit E2", lambda case: {"exhibit": 2} | GRADED),
    "case.withdraw_exhibit": Edit("exhibit.2", "exhibit E2", lambda case: {"exhibit": 2} | WHY),
    "case.add_finding": Edit(
        "finding.3",
        "finding F3",
        lambda case: FINDING,
        lambda case: {"exhibits": [_carrier(case).pk]},
        lambda case: {"exhibits": [1]},
    ),
    "case.amend_finding": Edit(
        "finding.2.judgment",
        "finding F2",
        lambda case: FINDING | {"finding": 2},
        lambda case: {"exhibits": [_carrier(case).pk]},
        lambda case: {"exhibits": [1]},
    ),
    "case.withdraw_finding": Edit("finding.2", "finding F2", lambda case: {"finding": 2} | WHY),
    "case.review_finding": Edit(
        "finding.2.reviewed_by", "the review of finding F2", lambda case: {"finding": 2}, by="carol"
    ),
    "case.draft_effect": Edit("effect.2", "effect 2", lambda case: EFFECT),
    "case.amend_effect": Edit(
        "effect.1.target",
        "effect 1",
        lambda case: EFFECT,
        lambda case: {"effect": case.effects.get().pk},
        lambda case: {"effect": 1},
    ),
    "case.drop_effect": Edit(
        "effect.1",
        "effect 1",
        page=lambda case: {"effect": case.effects.get().pk},
        api=lambda case: {"effect": 1},
    ),
    "case.draft_condition": Edit("condition.2", "condition 2", lambda case: {"text": "Ask each year."} | WATCHED),
    "case.amend_condition": Edit(
        "condition.1.text",
        "condition 1",
        lambda case: {"text": "Ask each year."} | WATCHED,
        lambda case: {"condition": case.conditions.get().pk},
        lambda case: {"condition": 1},
    ),
    "case.drop_condition": Edit(
        "condition.1",
        "condition 1",
        page=lambda case: {"condition": case.conditions.get().pk},
        api=lambda case: {"condition": 1},
    ),
    "submission.receive": Edit(
        "submission.2",
        "submission S2",
        lambda case: {"key": "party_response", "summary": "We still do not agree.", "kinds": ["argument"]},
        lambda case: {"party": _party(case, "DeepSeek").pk, "received_at": _at(PAGE)},
        lambda case: {"party": _party(case, "DeepSeek").slug, "received_at": _at(PROGRAM)},
        is_new=True,
    ),
    "submission.note_silence": Edit(
        "submission.2",
        "submission S2",
        lambda case: {"key": "party_response", "sought": False, "why": "It would warn them."},
        lambda case: {"party": _party(case, "High-Flyer").pk},
        lambda case: {"party": _party(case, "High-Flyer").slug},
        is_new=True,
    ),
    "submission.consider": Edit(
        "submission.1.consideration",
        "how S1 was considered",
        lambda case: SPOKEN,
        row=lambda case: case.submissions.get(),
    ),
    "consultation.send": Edit(
        "consultation.3",
        "the consultation of Department of Labor",
        lambda case: {"key": "final", "consultee": "Department of Labor"},
        _sent(PAGE),
        _sent(PROGRAM),
        is_new=True,
    ),
    "consultation.answer": Edit(
        "consultation.2.state",
        "the consultation of Department of Justice",
        lambda case: OBJECTION,
        lambda case: {"answered_at": _at(PAGE)},
        lambda case: {"answered_at": _at(PROGRAM)},
        row=lambda case: case.consultations.get(consultee="Department of Justice"),
    ),
    "consultation.presume_concurrence": Edit(
        "consultation.1.state",
        "the consultation of Department of State",
        row=lambda case: case.consultations.get(consultee="Department of State"),
    ),
    "consultation.mark_undeliverable": Edit(
        "consultation.1.state",
        "the consultation of Department of State",
        lambda case: WHY,
        row=lambda case: case.consultations.get(consultee="Department of State"),
    ),
}


def filled(by: Any) -> Case:
    """A case in review, of a playbook that hears and asks, with something in every part of its dossier."""
    parties = [make.vendor(name, by=by) for name in ("DeepSeek", "High-Flyer")]
    case = make.case(by=by, status=Status.IN_REVIEW, playbook="icts_transaction_review", vendors=parties)
    page = make.document(source=make.source(by=by)).newest
    carrier = case.add_exhibit(by=by, snapshot=page, start=0, end=40, credibility=2)
    make.exhibit(case, by=by)
    for _ in range(2):
        make.finding(case, by=by, exhibits=[carrier])
    make.effect(case, by=by)
    make.condition(case, by=by)
    make.heard(case, by=by).consider(by=by, text="Read and weighed.", changed_outcome=True)
    make.consultation(case, by=by)
    make.consultation(case, by=by, consultee="Department of Justice", sent_at=timezone.now() - HOUR)
    make.full_sheet(case, "criteria", by=by)
    return case


def recommend(case: Case, by: Any) -> Any:
    """Submit it, with what was heard considered; what the stages before ask for has tests of its own."""
    for row in Submission.objects.unconsidered(case):
        row.consider(by=by, text="Read.", changed_outcome=False)
    case.refresh_from_db()
    key = case.playbook.rules.disposition[0].key
    return case.submit(by=by, disposition=key, rationale="So it is.", referred_to="The Secretary")


def road(name: str, case: Case, face: str) -> str:
    """Where an act is sent."""
    edit, (kind, _, act) = EDITS[name], name.partition(".")
    act = act.replace("_", "-")
    if kind == "case":
        where = f"cases/{case.ref}/{act}/"
    elif edit.is_new:
        where = f"{kind}s/{act}/" if face == "api" else f"cases/{case.ref}/{kind}s/{act}/"
    else:
        assert edit.row is not None
        where = f"{kind}s/{edit.row(case).pk}/{act}/"
    return f"/api/v1/{where}" if face == "api" else f"/{where}"


def send(name: str, case: Case, face: str, client: Any) -> Any:
    """Do an act over a face, with what it takes and the version of its row as it is now."""
    edit = EDITS[name]
    row = None if edit.is_new else edit.row(case) if edit.row else case
    fields = edit.sent(case) | (edit.api if face == "api" else edit.page)(case)
    if face == "page":
        return client.post(road(name, case, face), fields | ({"seen": row.entry_seq} if row else {}))
    told = fields | ({"case": case.ref} if edit.is_new else {})
    headers = {"If-Match": f'"{row.entry_seq}"'} if row else {}
    return client.post(road(name, case, face), told, format="json", headers=headers)


@dataclass(frozen=True)
class Read:
    """What an approver has on the screen: the version and the digest that the form of the approval page carries."""

    seen: str
    digest: str


def opened(case: Case, client: Any) -> Read:
    """The approval page, opened by somebody."""
    body = client.get(f"/cases/{case.ref}/approve/").content.decode()
    form = body[body.index(f'action="/cases/{case.ref}/approve/"') :]
    found = [re.search(rf'name="{name}" value="([^"]+)"', form) for name in ("seen", "dossier_sha256")]
    assert all(found), "the page carries no version or digest"
    return Read(*(each[1] for each in found if each))


def sign_page(case: Case, client: Any, read: Read) -> Any:
    """Send the form of the approval page."""
    fields = {"seen": read.seen, "dossier_sha256": read.digest, "read": "on", "free": "on", "password": PASSWORD}
    return client.post(f"/cases/{case.ref}/approve/", fields)


def sign_api(case: Case, client: Any, read: Read) -> Any:
    """Sign by a program."""
    told, headers = {"dossier_sha256": read.digest, "password": PASSWORD}, {"If-Match": f'"{read.seen}"'}
    return client.post(f"/api/v1/cases/{case.ref}/approve/", told, format="json", headers=headers)
