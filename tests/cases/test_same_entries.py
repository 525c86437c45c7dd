"""Every act that the pages and the API both offer leaves the same entry through either."""

from __future__ import annotations

import datetime
import json
import re
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from riskreview.accounts.models import User
from riskreview.api.allegations import Allegations
from riskreview.api.cases import Cases
from riskreview.api.clocks import Clocks, Closures, Milestones
from riskreview.api.comments import Comments, Links
from riskreview.api.consultations import Consultations
from riskreview.api.documents import Documents
from riskreview.api.flags import Flags
from riskreview.api.incidents import Incidents
from riskreview.api.inforce import Exemptions, LegalStatuses, Publications
from riskreview.api.names import DuplicateJudgements, NameJudgements
from riskreview.api.releases import Releases
from riskreview.api.sheets import Sheets
from riskreview.api.sources import Sources
from riskreview.api.submissions import Submissions
from riskreview.api.suggestions import Suggestions
from riskreview.api.tasks import Tasks
from riskreview.api.teams import Teams
from riskreview.api.vendors import Vendors
from riskreview.audit.models import Entry
from riskreview.cases.models.finding import FIVE
from riskreview.cases.workflow import Status
from riskreview.evidence.models import Document
from riskreview.vendors.models import Alias, Product
from riskreview.web import urls
from tests import make
from tests.conftest import PASSWORD

from .test_three_faces import told

LATER = datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=30)

pytestmark = pytest.mark.django_db


@dataclass
class Act:
    """One act as the page sends it (every field, empty ones too) and as a program does (what it means to say)."""

    verb: str
    row: Any = None
    web: dict[str, Any] = field(default_factory=dict)
    api: dict[str, Any] = field(default_factory=dict)
    by: str = "alice"
    case: Any = None  # whose row a new one is, where its page is the case's
    address: str = ""  # of the page, where it is neither


def said_alike(verb: str, row: Any = None, by: str = "alice", **fields: Any) -> Act:
    """An act that the page and a program send in the same words."""
    return Act(verb, row, fields, {name: value for name, value in fields.items() if value != ""}, by)


def acts_on_procedure(verb: str, alice, bob) -> Act:
    case = make.case(by=alice, status=Status.IN_REVIEW)
    if verb == "adopt_playbook":
        return said_alike(verb, case, playbook="internal_review", reason="It fits.")
    name, stage = {
        "enter_stage": ("internal_review", "intake"),
        "state_particular": ("ai_acquisition_high_impact", "inventory"),
        "countersign_stage": ("icts_transaction_review", "initial_determination"),
    }.get(verb, ("icts_transaction_review", "review"))
    make.guide(case, name, stage, by=alice)
    if verb == "unseat":
        case.seat(by=alice, role="analyst", user=alice)
    paper, sits = make.document().pk, {"role": "analyst"}
    return {
        "enter_stage": said_alike(verb, case, stage="review", reason=""),
        "countersign_stage": said_alike(verb, case, by="bob"),
        "seat": Act(verb, case, sits | {"user": alice.pk}, sits | {"user": alice.email}),
        "unseat": Act(verb, case, sits | {"user": alice.pk}, sits | {"user": str(alice.pk)}),
        "attach_output": said_alike(verb, case, output="initial_determination", document=paper),
        "state_particular": said_alike(verb, case, field="intended_use", text="Drafting."),
        "new_round": said_alike(verb, case, reason="Filed again."),
    }[verb]


def acts_on_sheets(verb: str, alice, bob) -> Act:
    case = make.case(by=alice, status=Status.IN_REVIEW)
    if verb == "begin":
        return Act(verb, None, {"name": "supplier-1"}, {"name": "supplier-1", "case": case.ref}, case=case)
    sheet, paper = make.sheet(case, by=alice), make.document()
    if verb == "answer":
        said = {"item": "DJ-1", "verdict": "YES", "note": "In two.", "document": paper.pk}
        return said_alike(verb, sheet, **said, said="", evidence="")
    lines = [
        {"key": "DJ-1", "answer": "yes", "comment": "In two."},
        {"key": "RE-2", "answer": "2026-05-01"},
    ]
    web = {"answer-DJ-1": "yes", "note-DJ-1": "In two.", "answer-RE-2": "2026-05-01"}
    return Act(verb, sheet, web, {"answers": lines})


PROCEDURE = {
    *("enter_stage", "countersign_stage", "seat", "unseat", "attach_output", "state_particular"),
    *("adopt_playbook", "new_round"),
}


def acts_on_cases(verb: str, alice, bob) -> Act:
    if verb in PROCEDURE:
        return acts_on_procedure(verb, alice, bob)
    status = {
        "open": Status.NEW,
        "assign": Status.NEW,
        "resume": Status.ON_HOLD,
        "reopen": Status.DECIDED,
        "revise": Status.AWAITING_APPROVAL,
        "approve": Status.AWAITING_APPROVAL,
        "dissent": Status.AWAITING_APPROVAL,
        "send_back": Status.AWAITING_APPROVAL,
    }.get(verb, Status.IN_REVIEW)
    case = make.case(by=alice, status=status, approver=bob)
    case.searches.update(searched_at=make.WHEN)
    asked = {"title": "Which?", "question": "What now?", "requester": "The board"}
    vendors = [make.vendor(name, by=alice) for name in ("Zhipu", "Alibaba")]
    recommended = {"disposition": "MONITOR", "rationale": "Thin.", "dissent": "", "referred_to": ""}
    signs = make.pen(case, alice) | {"password": PASSWORD}
    del signs["confirmed"]
    if verb == "add_exhibit":
        held = make.document("A passage that says it all.")
        web = {"document": held.pk, "passage": "A passage", "stance": "CONTEXT", "credibility": 6, "note": ""}
        web["source_class"] = "PUBLIC"
        return Act(verb, case, web, {"snapshot": held.newest.pk, "start": 0, "end": 9})
    if verb.partition("_")[2] in ("effect", "condition", "postponement"):
        return acts_on_effects(verb, alice, bob)
    if verb.partition("_")[2] in ("finding", "exhibit"):
        return acts_on_evidence(verb, case, alice)
    if verb == "submit":
        make.finding(case, by=alice)
        return said_alike(verb, case, **recommended)
    return {
        "open": Act(
            verb,
            None,
            asked | {"vendors": [each.pk for each in vendors], "priority": 3, "due_at": "", "playbook": ""},
            asked | {"vendors": [each.slug for each in reversed(vendors)]},
        ),
        "assign": Act(verb, case, {"to": alice.pk}, {"to": alice.email}),
        "reschedule": Act(
            verb,
            case,
            {"due_at": "2030-01-02T03:04", "priority": 1, "reason": "Soon."},
            {"due_at": "2030-01-02T03:04:00Z", "priority": 1, "reason": "Soon."},
        ),
        "hold": said_alike(verb, case, reason=" Waiting. ", until=""),
        "resume": said_alike(verb, case),
        "search_again": said_alike(verb, case),
        "revise": said_alike(verb, case, **recommended),
        "approve": Act(verb, case, signs | {"read": "on", "free": "on", "statement": ""}, signs, "bob"),
        "dissent": said_alike(verb, case, text="I would not.", password=PASSWORD, by="bob"),
        "send_back": said_alike(verb, case, reason="Why?", by="bob"),
        "withdraw": Act(verb, case, {"reason": "It fell\r\naway."}, {"reason": "It fell\naway."}),
        "reopen": said_alike(verb, case, reason="It is back.", by="carol"),
        "relabel": Act(verb, case, {"labels": "Chips, export"}, {"labels": ["Chips", "export"]}),
        "file": Act(verb, case, *[{"team": team} for team in filing(case, verb)]),
        "snooze": said_alike(verb, case, until=LATER.isoformat()),
        "wake": said_alike(verb, case),
    }[verb]


def acts_on_effects(verb: str, alice: Any, bob: Any) -> Act:
    case = make.case(by=alice, status=Status.IN_REVIEW)
    if verb in ("settle_condition", "postpone_effect", "agree_postponement", "refuse_postponement"):
        make.decided_with(case, by=alice, approver=bob, effects=[{}], conditions=[{"owner": alice}])
    else:
        make.effect(case, by=alice)
        make.condition(case, by=alice)
    effect, condition, vendor = case.effects.get(), case.conditions.get(), case.vendors.get()
    does = {"action": "REMOVE", "target_kind": "ENTITY", "target": "It", "population": "All", "jurisdiction": "EU"}
    whom = does | {"vendor": vendor.pk, "product": "", "clause": "", "starts_on": "2025-03-01", "ends_on": ""}
    named = does | {"vendor": vendor.slug, "starts_on": "2025-03-01"}
    asks = {"text": "Stay on the list.", "due_on": "2025-06-30", "watch": "LIST_ENTRY", "on_trip": "SUGGEST"}
    about = {"document": make.document().pk, "name": "DeepSeek"}
    boxes = asks | about | {"owner": alice.pk, "wanted": "", "source": "", "every_days": 7}
    told = asks | {"owner": alice.email, "parameters": about, "every_days": 7}
    later = {"starts_on": "2025-04-01", "on": "2025-03-01", "reason": "Talks."}
    met = {"state": "MET", "note": "It came."}
    if "postponement" in verb:
        days = {"starts_on": datetime.date(2099, 4, 1), "on": datetime.date(2025, 3, 1)}
        effect = case.postpone_effect(by=User.objects.get(name="Carol"), effect=effect, reason="Talks.", **days)
    one, other = {"effect": effect.pk}, {"effect": effect.number}
    no, signs = {"reason": "No."}, {"password": PASSWORD}
    this, that = {"condition": condition.pk}, {"condition": condition.number}
    return {
        "draft_effect": Act(verb, case, whom, named),
        "amend_effect": Act(verb, case, whom | one, named | other | {"product": None}),
        "drop_effect": Act(verb, case, one, other),
        "postpone_effect": Act(verb, case, later | one, later | other, "carol"),
        "agree_postponement": Act(verb, case, signs | one, signs | other, "bob"),
        "refuse_postponement": Act(verb, case, no | one, no | other, "carol"),
        "draft_condition": Act(verb, case, boxes, told),
        "amend_condition": Act(verb, case, boxes | this, told | that),
        "drop_condition": Act(verb, case, this, that),
        "settle_condition": Act(verb, case, met | this, met | that),
    }[verb]


def acts_on_publications(verb: str, alice, bob) -> Act:
    case = make.case(by=alice, status=Status.DECIDED, approver=bob)
    said = {"channel": "Federal Register", "published_on": "2025-03-01"}
    web = said | {"decision": case.decision.pk, "reference": "", "why_not": "", "document": ""}
    return Act(verb, None, web, said | {"case": case.ref, "decision": case.decision.number}, case=case)


def acts_on_legalstatuses(verb: str, alice, bob) -> Act:
    case = make.case(by=alice, status=Status.DECIDED, approver=bob)
    if verb != "record":
        words = {"reason": "Another docket."} if verb == "strike" else {}
        return said_alike(verb, make.legal_status(case, by=alice), by="bob", **words)
    said = {"track": "Docket 1", "kind": "STAYED", "forum": "A court", "as_of": "2025-03-01"}
    said |= {"document": make.order().pk, "passage": make.PASSAGE}
    web = said | {"decision": case.decision.pk, "effect": "", "until": "", "citation": ""}
    return Act(verb, None, web, said | {"case": case.ref, "decision": case.decision.number}, case=case)


def acts_on_exemptions(verb: str, alice, bob) -> Act:
    if verb == "revoke":
        made = make.exemption(by=alice, approver=bob, lead=User.objects.get(name="Carol"))
        return said_alike(verb, made, on="2025-04-01", reason="No need.", by="carol")
    case = make.case(by=alice, status=Status.DECIDED, approver=bob)
    said = {"holder": "A unit", "grounds": "They\nstudy it.", "starts_on": "2025-03-01", "expires_on": "2025-04-01"}
    web = said | {"decision": case.decision.pk, "effect": "", "kind": "EXEMPTION"}
    return Act(verb, None, web, said | {"case": case.ref, "decision": case.decision.number}, "carol", case=case)


def acts_on_evidence(verb: str, case: Any, alice: Any) -> Act:
    exhibits = [make.exhibit(case, by=alice), make.exhibit(case, by=alice)]
    finding = make.finding(case, by=alice, exhibits=exhibits[1:])
    words = {"risk_area": "PRIVACY", "judgment": "Kept.", "likelihood": "LIKELY", "confidence": "LOW"}
    blank = dict.fromkeys(("basis", "assumptions", "alternatives", "treatment", *FIVE), "")
    rests = {"exhibits": [each.number for each in reversed(exhibits)]}
    web = words | blank | {"exhibits": [each.pk for each in exhibits]}
    graded = {"stance": "CONTEXT", "credibility": 4, "note": "", "source_class": "DEMANDED"}
    of_finding, of_exhibit = {"finding": finding.number}, {"exhibit": exhibits[0].number}
    return {
        "add_finding": Act(verb, case, web, words | rests),
        "amend_finding": Act(verb, case, web | of_finding, words | rests | of_finding),
        "withdraw_finding": Act(verb, case, *[of_finding | {"reason": "Misread."}] * 2),
        "review_finding": Act(verb, case, *[of_finding] * 2, by="carol"),
        "amend_exhibit": Act(verb, case, *[of_exhibit | graded] * 2),
        "withdraw_exhibit": Act(verb, case, *[of_exhibit | {"reason": "A hoax."}] * 2),
    }[verb]


def acts_on_allegations(verb: str, alice, bob) -> Act:
    case = make.case(by=alice, status=Status.IN_REVIEW)
    shown, vendor = make.exhibit(case, by=alice), make.vendor(by=alice)
    said = {"says": "ALLEGED", "speaker": " OpenAI ", "as_of": "2025-01-29"}
    web = said | {"exhibit": f"{shown.ref}", "note": ""}
    api = said | {"exhibit": shown.number}
    if verb == "take_stand":
        return Act(verb, make.claim(case, by=alice), web, api)
    text = {"text": "Outputs were used."}
    return Act(
        verb,
        None,
        web | text | {"vendor": vendor.pk, "fingerprint": ""},
        api | text | {"vendor": vendor.slug, "case": case.ref},
        case=case,
    )


def filing(case: Any, verb: str) -> tuple[Any, str]:
    """A team as the page and a program name it; a case that is to be woken is put off."""
    team = make.team(by=User.objects.get(name="Carol"))
    if verb == "wake":
        case.snooze(by=User.objects.get(name="Alice"), until=LATER)
    return team.pk, team.slug


def acts_on_tasks(verb: str, alice, bob) -> Act:
    case = make.case(by=alice, status=Status.IN_REVIEW)
    said = {"title": "Ask them", "due_on": "2025-02-03"}
    web, api = said | {"owner": bob.pk, "about": "", "detail": ""}, said | {"owner": bob.email}
    if verb == "add":
        return Act(verb, None, web, api | {"case": case.ref}, case=case)
    task = make.task(case, by=alice)
    if verb == "take_up":
        task.finish(by=alice)
    return {
        "amend": Act(verb, task, web, api),
        "finish": said_alike(verb, task, note=""),
        "drop": said_alike(verb, task, reason="Needless."),
        "take_up": said_alike(verb, task),
    }[verb]


def acts_on_comments(verb: str, alice, bob) -> Act:
    case, said = make.case(by=alice), {"text": "@Bob, please\nlook."}
    if verb == "write":
        address = f"/comments/case/{case.pk}/write/"
        return Act(verb, None, said | {"about": ""}, said | {"case": case.ref}, address=address)
    comment = make.comment(case, by=alice)
    return Act(verb, comment, *([said] * 2 if verb == "edit" else ()))


def acts_on_links(verb: str, alice, bob) -> Act:
    case = make.case(by=alice)
    if verb == "cut":
        return said_alike(verb, make.link(case, by=alice), reason="Another firm.")
    said = {"to": make.case(by=alice, title="Another").ref, "kind": "FOLLOWS"}
    return Act(verb, None, said | {"why": ""}, said | {"case": case.ref}, case=case)


def acts_on_teams(verb: str, alice, bob) -> Act:
    web, api = {"members": [alice.pk, bob.pk]}, {"members": [bob.email, alice.email]}
    if verb == "staff":
        return Act(verb, make.team(by=User.objects.get(name="Carol")), web, api, "carol")
    said = {"name": "Chips", "slug": "chips"}
    return Act(verb, None, web | said, api | said, "carol")


def acts_on_vendors(verb: str, alice, bob) -> Act:
    vendor, other = make.vendor(by=alice), make.vendor("High-Flyer", by=alice)
    amended = {"alias": vendor.aliases.get().pk, "strength": "WEAK", "prior": 200}
    if verb == "unmerge":
        vendor.merge_into(by=User.objects.get(name="Carol"), other=other, reason="One firm.")
    alias = {"text": "深度求索", "kind": "NATIVE", "language": "zh", "script": "Hans", "source": ""}
    return {
        "describe": Act(
            verb,
            vendor,
            {"summary": "It makes models.", "hq_country": "CN", "legal_names": "One Ltd.\r\n\r\nTwo Ltd."},
            {"summary": "It makes models.", "hq_country": "CN", "legal_names": ["One Ltd.", "Two Ltd."]},
        ),
        "retire_alias": Act(
            verb,
            vendor,
            *[{"alias": vendor.aliases.get().pk, "on": "2025-01-29", "reason": "Another firm has it."}] * 2,
        ),
        "amend_alias": Act(verb, vendor, amended | {"extract": "on", "valid_from": "", "valid_to": ""}, amended),
        "merge_into": Act(
            verb,
            vendor,
            {"other": other.pk, "reason": "One firm."},
            {"other": other.slug, "reason": "One firm."},
            "carol",
        ),
        "unmerge": said_alike(verb, vendor, reason="Two firms.", by="carol"),
        "register": said_alike(verb, canonical_name="Moonshot", hq_country="", summary=""),
        "rename": said_alike(verb, vendor, canonical_name="Deep Sea"),
        "add_alias": said_alike(verb, vendor, strength="STRONG", **(alias | {"kind": Alias.Kind.values[0]})),
        "add_product": said_alike(verb, vendor, name="R1", kind=Product.Kind.values[0], version="", released_on=""),
        "relate": Act(
            verb,
            vendor,
            {"other": other.pk, "kind": "PARENT", "share_percent": "", "valid_from": "", "valid_to": "", "source": ""},
            {"other": other.slug, "kind": "PARENT"},
        ),
    }[verb]


def acts_on_incidents(verb: str, alice, bob) -> Act:
    incident, vendor, held = make.incident(by=alice), make.vendor(by=alice), make.document("It is said so.")
    told = {"title": "Leak", "kind": "ALLEGATION", "neutral_summary": "A leak.", "occurred_from": "2025-01-29"}
    return {
        "report": said_alike(verb, **told, occurred_to="", granularity="DATE", standing="ALLEGED"),
        "involve": Act(
            verb,
            incident,
            {"vendor": vendor.pk, "product": "", "role": "ACCUSED", "alleged": "on"},
            {"vendor": vendor.slug, "role": "ACCUSED"},
        ),
        "cite": Act(
            verb,
            incident,
            {"document": held.pk, "passage": "It is said"},
            {"snapshot": held.newest.pk, "start": 0, "end": 10},
        ),
        "reassess": said_alike(verb, incident, standing="DENIED", reason="They say no."),
    }[verb]


def acts_on_sources(verb: str, alice, bob) -> Act:
    source = make.source(by=alice)
    if verb == "unpause":
        source.pause(by=alice, reason="Quiet.")
    given = {"name": "Wire", "url": "https://wire.example/feed", "kind": "RSS", "source_class": "WIRE"}
    return {
        "register": Act(verb, None, given | {"reliability": "F", "language": "", "interval_minutes": 60}, given),
        "grade": said_alike(verb, source, reliability="C", reason="Twice wrong."),
        "pause": said_alike(verb, source, reason="Quiet."),
        "unpause": said_alike(verb, source),
        "collect_now": said_alike(verb, source),
        "amend": Act(
            verb,
            source,
            {
                "name": source.name,
                "url": source.url,
                "source_class": source.source_class,
                "language": "zh",
                "owner": alice.pk,
                "interval_minutes": 60,
                "heed_robots": "on",
                "retention": "FULL",
                "reason": "",
            },
            {"language": "zh", "owner": alice.email},
        ),
    }[verb]


def acts_on_suggestions(verb: str, alice, bob) -> Act:
    suggestion = make.suggestion(make.case(by=alice, status=Status.IN_REVIEW))
    if verb == "restore":
        suggestion.dismiss(by=alice, reason="Old.")
    if verb == "wake":
        suggestion.snooze(by=alice, until=LATER)
    other = make.case(by=alice, status=Status.IN_REVIEW).ref
    return {
        "accept": Act(verb, suggestion, {"stance": "CONTEXT", "credibility": 6}, {}),
        "refer": Act(verb, suggestion, {"other": other, "stance": "CONTEXT", "credibility": 6}, {"other": other}),
        "snooze": said_alike(verb, suggestion, until=LATER.isoformat()),
        "wake": said_alike(verb, suggestion),
        "dismiss": said_alike(verb, suggestion, reason="About something else."),
        "restore": said_alike(verb, suggestion),
    }[verb]


def acts_on_documents(verb: str, alice, bob) -> Act:
    address = "https://news.example/brought"
    if verb in ("retry", "set_aside"):
        held = make.document()
        Document.objects.filter(pk=held.pk).update(dead_at=make.WHEN)
        said = {} if verb == "retry" else {"reason": "The page is gone for good."}
        return said_alike(verb, Document.objects.get(pk=held.pk), **said)
    return {
        "bring": Act(verb, None, {"addresses": f"{address} A title"}, {"url": address, "headline": "A title"}),
        "upload": Act(
            verb,
            None,
            {"files": SimpleUploadedFile("Statement.txt", b"What was said.")},
            {"file": SimpleUploadedFile("Statement.txt", b"What was said."), "headline": "Statement"},
        ),
    }[verb]


def acts_on_flags(verb: str, alice, bob) -> Act:
    flag = make.flag(make.exhibit(make.case(by=alice), by=alice))
    said = {"reason": "Only the adjective changed."}
    return Act(verb, flag, said | {"still_holds": "True"}, said | {"still_holds": True})


def acts_on_namejudgements(verb: str, alice, bob) -> Act:
    name = {"kind": "NAME", "spelling": "zhipu-ai"}
    if verb == "undo":
        return said_alike(verb, make.name_judgement(by=alice))
    make.unknown_name()
    return {
        "judge": Act(
            verb, None, name | {"verdict": "UNSURE", "vendor": "", "reason": ""}, name | {"verdict": "UNSURE"}
        ),
        "register": said_alike(verb, **name, canonical_name="Zhipu AI", hq_country="", slug="", reason=""),
    }[verb]


def acts_on_duplicatejudgements(verb: str, alice, bob) -> Act:
    if verb == "undo":
        return said_alike(verb, make.duplicate_judgement(by=alice))
    one, other = make.vendor(by=alice), make.vendor("DeepSeek AI", by=alice)
    said = {"verdict": "DIFFERENT", "reason": "Two registers."}
    return Act(
        verb, None, said | {"vendor": one.pk, "other": other.pk}, said | {"vendor": one.slug, "other": other.slug}
    )


def acts_on_consultations(verb: str, alice, bob) -> Act:
    case = make.case(by=alice, status=Status.IN_REVIEW, playbook="icts_transaction_review")
    if verb == "send":
        asked = {"key": "final", "consultee": " Department of State "}
        web = asked | {"sent_at": "2025-01-28T15:00", "document": ""}
        return Act(verb, None, web, asked | {"sent_at": "2025-01-28T15:00:00Z", "case": case.ref}, case=case)
    row = make.consultation(case, by=alice)
    said = {"response": "object", "rank": "secretary", "answer": "No."}
    answered = {"responder": "", "document": "", "answered_at": "2025-01-29T15:00"}
    return {
        "answer": Act(verb, row, said | answered, said | {"answered_at": "2025-01-29T15:00:00Z"}),
        "presume_concurrence": said_alike(verb, row),
        "mark_undeliverable": said_alike(verb, row, reason="The mailbox is gone."),
    }[verb]


def acts_on_submissions(verb: str, alice, bob) -> Act:
    case = make.case(by=alice, status=Status.IN_REVIEW, playbook="icts_transaction_review")
    party = make.vendor(by=alice)
    if verb == "consider":
        said = {"text": "Nothing new."}
        row = make.heard(case, by=alice)
        return Act(verb, row, said | {"changed_outcome": "False"}, said | {"changed_outcome": False})
    of = {"key": "party_response"}
    to = {"case": case.ref, "party": party.slug}
    if verb == "note_silence":
        said = of | {"why": "It would warn them."}
        web = said | {"party": party.pk, "sought": "False"}
        return Act(verb, None, web, said | to | {"sought": False}, case=case)
    said = of | {"kinds": ["evidence", "argument"], "summary": "Here is why."}
    web = said | {"party": party.pk, "received_at": "2025-01-28T15:00", "confidential": "on", "document": ""}
    api = said | to | {"received_at": "2025-01-28T15:00:00Z", "confidential": True}
    return Act(verb, None, web, api, case=case)


def acts_on_milestones(verb: str, alice, bob) -> Act:
    case = make.case(by=alice, status=Status.IN_REVIEW, playbook="interagency_policy_review")
    if verb == "correct":
        said = {"stated_on": "2025-01-29", "reason": "The stamp."}
        return Act(verb, make.milestone(case, by=alice), said | {"stated_at": ""}, said)
    said = {"key": "tasked", "stated_on": "2025-01-28", "document": make.document().pk}
    return Act(verb, None, said | {"stated_at": "", "party": ""}, said | {"case": case.ref}, case=case)


def acts_on_clocks(verb: str, alice, bob) -> Act:
    case = make.case(by=alice, status=Status.IN_REVIEW, playbook="interagency_policy_review")
    row = make.clock(case, by=alice, key="decision")
    if verb == "end_toll":
        row.toll(by=alice, first=datetime.date(2025, 2, 3), reason="on_hold")
    more = {"form": "written_determination", "document": make.document().pk, "days": 5}
    return {
        "toll": Act(
            verb,
            row,
            {"first": "2025-02-03", "reason": "on_hold", "last": "", "document": "", "note": ""},
            {"first": "2025-02-03", "reason": "on_hold"},
        ),
        "end_toll": said_alike(verb, row, reason="on_hold", last="2025-02-04"),
        "extend": Act(
            verb,
            row,
            more | {"decided_at": "2025-03-10T10:00", "until": ""},
            more | {"decided_at": "2025-03-10T10:00:00Z"},
            "carol",
        ),
        "waive": said_alike(verb, row, reason="Done by others."),
    }[verb]


def acts_on_closures(verb: str, alice, bob) -> Act:
    if verb == "revoke":
        return said_alike(verb, make.closure(by=User.objects.get(name="Carol")), reason="A slip.", by="carol")
    said = {"calendar": "us-federal", "day": "2025-01-09", "why": "A day of mourning."}
    return said_alike(verb, document="", by="carol", **said)


def acts_on_releases(verb: str, alice, bob) -> Act:
    if verb == "prepare":
        case = make.case(by=alice, status=Status.DECIDED, approver=bob)
        said = {"audience": " The vendor ", "marking": "CBI"}
        web = said | {"decision": case.decision_id}
        return Act(verb, None, web, said | {"decision": case.decision.number, "case": case.ref}, case=case)
    row = make.release(by=alice, approver=bob)
    return {
        "redact": said_alike(verb, row, path="exhibit.1.passage", ground="Exemption 4"),
        "restore": said_alike(verb, row, path="exhibit.1.note"),
        "issue": said_alike(verb, row, by="bob"),
    }[verb]


# Per resource of the API: its rows, the path of its pages, and what sets an act up.
RESOURCES = {
    "cases": (Cases, "cases", acts_on_cases),
    "vendors": (Vendors, "vendors", acts_on_vendors),
    "incidents": (Incidents, "incidents", acts_on_incidents),
    "sources": (Sources, "sources", acts_on_sources),
    "suggestions": (Suggestions, "signals", acts_on_suggestions),
    "documents": (Documents, "evidence", acts_on_documents),
    "flags": (Flags, "flags", acts_on_flags),
    "sheets": (Sheets, "sheets", acts_on_sheets),
    "milestones": (Milestones, "milestones", acts_on_milestones),
    "clocks": (Clocks, "clocks", acts_on_clocks),
    "closures": (Closures, "closures", acts_on_closures),
    "consultations": (Consultations, "consultations", acts_on_consultations),
    "submissions": (Submissions, "submissions", acts_on_submissions),
    "releases": (Releases, "releases", acts_on_releases),
    "allegations": (Allegations, "allegations", acts_on_allegations),
    "namejudgements": (NameJudgements, "names", acts_on_namejudgements),
    "publications": (Publications, "publications", acts_on_publications),
    "legalstatuses": (LegalStatuses, "legalstatuses", acts_on_legalstatuses),
    "exemptions": (Exemptions, "exemptions", acts_on_exemptions),
    "tasks": (Tasks, "tasks", acts_on_tasks),
    "comments": (Comments, "comments", acts_on_comments),
    "links": (Links, "links", acts_on_links),
    "teams": (Teams, "teams", acts_on_teams),
    "duplicatejudgements": (DuplicateJudgements, "names/pairs", acts_on_duplicatejudgements),
}


def singular(resource: str) -> str:
    """What one row of a resource is called."""
    return "legalstatus" if resource == "legalstatuses" else resource.removesuffix("s")


def on_both_faces() -> list[tuple[str, str]]:
    """Every verb that has an address on the pages and one in the API."""
    pages = {pattern.name for pattern in urls.urlpatterns}
    return [
        (name, action.__name__)
        for name, (resource, _, _) in RESOURCES.items()
        for action in resource.get_extra_actions()
        if "post" in action.mapping and f"{singular(name)}-{action.__name__.replace('_', '-')}" in pages
    ]


def entry_through(face: str, act: Act, resource: str, client: Any) -> dict[str, Any]:
    """The one entry the act leaves through a face; everything is then taken back."""
    with transaction.atomic():
        newest = Entry.objects.newest_first().first().pk
        answer = by_page(act, resource, client) if face == "web" else by_program(act, resource, client)
        assert answer.status_code in (200, 201, 303), answer.content
        entry = told(Entry.objects.get(verb=f"{singular(resource)}.{act.verb}", pk__gt=newest))
        transaction.set_rollback(True)
    return still(entry, is_new=act.row is None)


def by_page(act: Act, resource: str, client: Any) -> Any:
    """Send the form of an act."""
    if act.address:
        return client.post(act.address, act.web)
    if act.case is not None:
        return client.post(f"/cases/{act.case.ref}/{resource}/{act.verb.replace('_', '-')}/", act.web)
    if act.row is None:
        pages = {"cases": "/cases/new/", "documents": "/intake/"}
        if resource.endswith("judgements"):
            pages[resource] = f"/{RESOURCES[resource][1]}/{act.verb}/"
        return client.post(pages.get(resource, f"/{resource}/"), act.web)
    road = f"/{RESOURCES[resource][1]}/{key(act.row)}/{act.verb.replace('_', '-')}/"
    return client.post(road, act.web | {"seen": act.row.entry_seq})


def by_program(act: Act, resource: str, client: Any) -> Any:
    """Send the request of an act."""
    name = act.verb.replace("_", "-")
    if act.row is None:
        form = "multipart" if "file" in act.api else "json"
        return client.post(f"/api/v1/{resource}/{name}/", act.api, format=form)
    headers = {"If-Match": f'"{act.row.entry_seq}"'}
    return client.post(f"/api/v1/{resource}/{key(act.row)}/{name}/", act.api, format="json", headers=headers)


def key(row: Any) -> Any:
    """What stands for a row in addresses."""
    return getattr(row, "ref", None) or getattr(row, "slug", None) or row.pk


def still(entry: dict[str, Any], *, is_new: bool) -> dict[str, Any]:
    """The entry without the numbers and times that the database gives to new rows."""
    entry["body"].pop("state")  # a digest of the same
    if "now" in entry["body"]["arguments"]:
        entry["body"]["arguments"]["now"] = "T"
    text = json.dumps(entry["body"].pop("changes"), ensure_ascii=False, sort_keys=True)
    changes = re.sub(r"([a-z]):\d+", r"\1:N", text)
    changes = re.sub(r'("names_added": \[null, \[)[\d, ]+', r"\1N", changes)
    changes = re.sub(r'(\.dossier_sha256": \[null, ")[0-9a-f]{64}', r"\1N", changes)  # each seal has its own salts
    entry["changes"] = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+Z", "T", changes)
    if is_new:
        entry["header"]["subject"].pop("id")
    return entry


@pytest.mark.parametrize(("resource", "verb"), on_both_faces(), ids=lambda value: value)
def test_both_faces_leave_the_same_entry(resource, verb, browse, api, alice, bob, carol):
    act = RESOURCES[resource][2](verb, alice, bob)
    user = {"alice": alice, "bob": bob, "carol": carol}[act.by]
    client = api(user)
    assert entry_through("web", act, resource, browse(user)) == entry_through("api", act, resource, client)


def test_no_act_is_left_out():
    offered = on_both_faces()
    assert {resource for resource, _ in offered} == set(RESOURCES)
    assert len(offered) >= 30
