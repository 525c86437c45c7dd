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
from riskreview.api.cases import Cases
from riskreview.api.documents import Documents
from riskreview.api.flags import Flags
from riskreview.api.incidents import Incidents
from riskreview.api.names import DuplicateJudgements, NameJudgements
from riskreview.api.sources import Sources
from riskreview.api.suggestions import Suggestions
from riskreview.api.vendors import Vendors
from riskreview.audit.models import Entry
from riskreview.cases.workflow import Status
from riskreview.evidence.models import Document
from riskreview.vendors.models import Alias, Product
from riskreview.web import urls
from tests import make

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


def said_alike(verb: str, row: Any = None, by: str = "alice", **fields: Any) -> Act:
    """An act that the page and a program send in the same words."""
    return Act(verb, row, fields, {name: value for name, value in fields.items() if value != ""}, by)


def acts_on_cases(verb: str, alice, bob) -> Act:
    status = {
        "open": Status.NEW,
        "assign": Status.NEW,
        "resume": Status.ON_HOLD,
        "reopen": Status.DECIDED,
        "revise": Status.AWAITING_APPROVAL,
        "approve": Status.AWAITING_APPROVAL,
        "send_back": Status.AWAITING_APPROVAL,
    }.get(verb, Status.IN_REVIEW)
    case = make.case(by=alice, status=status, approver=bob)
    case.searches.update(searched_at=make.WHEN)
    asked = {"title": "Which?", "question": "What now?", "requester": "The board"}
    vendors = [make.vendor(name, by=alice) for name in ("Zhipu", "Alibaba")]
    recommended = {"disposition": "MONITOR", "rationale": "Thin.", "dissent": "", "referred_to": ""}
    if verb == "add_exhibit":
        held = make.document("A passage that says it all.")
        web = {"document": held.pk, "passage": "A passage", "stance": "CONTEXT", "credibility": 6, "note": ""}
        return Act(verb, case, web, {"snapshot": held.newest.pk, "start": 0, "end": 9})
    if verb in ("add_finding", "submit"):
        exhibits = [make.exhibit(case, by=alice), make.exhibit(case, by=alice)]
        make.finding(case, by=alice, exhibits=exhibits)
        finding = {"risk_area": "PRIVACY", "judgment": "Kept.", "likelihood": "LIKELY", "confidence": "LOW"}
        numbers = {"exhibits": [each.number for each in reversed(exhibits)]}
        web = finding | {"basis": "", "exhibits": [each.pk for each in exhibits]}
        return (
            Act(verb, case, web, finding | numbers) if verb == "add_finding" else said_alike(verb, case, **recommended)
        )
    return {
        "open": Act(
            verb,
            None,
            asked | {"vendors": [each.pk for each in vendors], "priority": 3, "due_at": ""},
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
        "approve": Act(verb, case, {"read": "on", "free": "on", "statement": ""}, {}, "bob"),
        "send_back": said_alike(verb, case, reason="Why?", by="bob"),
        "withdraw": Act(verb, case, {"reason": "It fell\r\naway."}, {"reason": "It fell\naway."}),
        "reopen": said_alike(verb, case, reason="It is back.", by="carol"),
    }[verb]


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


# Per resource of the API: its rows, the path of its pages, and what sets an act up.
RESOURCES = {
    "cases": (Cases, "cases", acts_on_cases),
    "vendors": (Vendors, "vendors", acts_on_vendors),
    "incidents": (Incidents, "incidents", acts_on_incidents),
    "sources": (Sources, "sources", acts_on_sources),
    "suggestions": (Suggestions, "signals", acts_on_suggestions),
    "documents": (Documents, "evidence", acts_on_documents),
    "flags": (Flags, "flags", acts_on_flags),
    "namejudgements": (NameJudgements, "names", acts_on_namejudgements),
    "duplicatejudgements": (DuplicateJudgements, "names/pairs", acts_on_duplicatejudgements),
}


def on_both_faces() -> list[tuple[str, str]]:
    """Every verb that has an address on the pages and one in the API."""
    pages = {pattern.name for pattern in urls.urlpatterns}
    return [
        (name, action.__name__)
        for name, (resource, _, _) in RESOURCES.items()
        for action in resource.get_extra_actions()
        if "post" in action.mapping and f"{name.removesuffix('s')}-{action.__name__.replace('_', '-')}" in pages
    ]


def entry_through(face: str, act: Act, resource: str, client: Any) -> dict[str, Any]:
    """The one entry the act leaves through a face; everything is then taken back."""
    with transaction.atomic():
        newest = Entry.objects.newest_first().first().pk
        answer = by_page(act, resource, client) if face == "web" else by_program(act, resource, client)
        assert answer.status_code in (200, 201, 303), answer.content
        entry = told(Entry.objects.get(verb=f"{resource.removesuffix('s')}.{act.verb}", pk__gt=newest))
        transaction.set_rollback(True)
    return still(entry, is_new=act.row is None)


def by_page(act: Act, resource: str, client: Any) -> Any:
    """Send the form of an act."""
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
