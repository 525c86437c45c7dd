"""The demonstration's own checks, let loose on a case that is as it should be, and on one that is not."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from riskreview.cases.models import Case
from riskreview.cases.workflow import Status
from riskreview.evidence.models import Document, Source
from riskreview.web.demo import procedure, questions, reopening
from riskreview.web.demo.agreement import Disagreement
from riskreview.web.demo.chapters import devices
from riskreview.web.demo.newsroom.corpus import load
from riskreview.web.demo.visit import Answer
from tests import make

pytestmark = pytest.mark.django_db
REASON = "A register tells of a change of ownership."


@dataclass
class Inside:
    """A visitor that needs no server; `swaps` are words that a broken page or program would say otherwise."""

    client: Any
    swaps: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Answer:
        """What the product answers."""
        response = self.client.get(path)
        data = response.content
        for right, wrong in self.swaps.items():
            data = data.replace(right.encode(), wrong.encode())
        return Answer(response.status_code, data, response["Content-Type"])


@pytest.fixture
def decided(alice, bob):
    return make.decided_by_playbook(by=alice, approver=bob)


@pytest.fixture
def visitors(browse, api, bob):
    return SimpleNamespace(page=Inside(browse(bob)), program=Inside(api(bob)))


def seen(case, visitors):
    """The case's page, and what the API tells of it."""
    return visitors.page.get(f"/cases/{case.ref}/"), visitors.program.get(f"/api/v1/cases/{case.ref}/").json


def test_the_seal_is_that_of_the_page_the_api_and_the_lines(decided, visitors):
    page, told = seen(decided, visitors)
    assert "the digest of page, API and" in procedure.check_seal(decided, decided.decision, page.body, told)


@pytest.mark.parametrize("where", ["page", "API", "seal"])
def test_another_digest_is_found_wherever_it_is(where, decided, visitors, monkeypatch):
    digest, other = decided.decision.dossier_sha256, "0" * 64
    if where == "seal":
        monkeypatch.setattr(procedure.sealing, "root", lambda content, key: other)
    else:
        (visitors.page if where == "page" else visitors.program).swaps = {digest: other}
    page, told = seen(decided, visitors)
    with pytest.raises(Disagreement, match=f"the {where} of .* has 0000"):
        procedure.check_seal(decided, decided.decision, page.body, told)


def test_the_memo_comes_in_its_three_forms(decided, visitors):
    said = procedure.check_memo(decided, decided.decision, visitors.page, visitors.program)
    assert said.startswith("the memo comes as a page, as PDF of ")


@pytest.mark.parametrize(
    ("swaps", "words"),
    [
        ({"%PDF-": "%XXX-"}, "as pdf is none"),
        ({"PK": "XX"}, "as docx is none"),
        ({"Nothing": "No"}, "lacks the reasons"),
    ],
)
def test_a_memo_that_is_none_is_found(swaps, words, decided, visitors):
    visitors.page.swaps = swaps
    with pytest.raises(Disagreement, match=words):
        procedure.check_memo(decided, decided.decision, visitors.page, visitors.program)


def test_the_past_is_proven(decided, visitors):
    said = procedure.check_past(decided, decided.decision, visitors.page, visitors.program)
    assert said.startswith("as of its approval: ")


@pytest.mark.parametrize(
    ("who", "swaps", "words"),
    [
        ("program", {'"agrees":true': '"agrees":false'}, "not proven by its entry"),
        ("program", {'"status":"DECIDED"': '"status":"NEW"'}, "at its approval the case was NEW"),
        ("page", {"Nothing to do": "All is done"}, "lacks the reasons"),
    ],
)
def test_another_past_is_found(who, swaps, words, decided, visitors):
    getattr(visitors, who).swaps = swaps
    with pytest.raises(Disagreement, match=words):
        procedure.check_past(decided, decided.decision, visitors.page, visitors.program)


@pytest.mark.parametrize(
    ("stage", "consulted", "words"),
    [
        ("decision", ["ANSWERED"], "went through 3 stages"),
        ("follow_up", ["ANSWERED"], "stands at"),
        ("decision", [], "the consultations"),
        ("decision", ["ANSWERED", "OPEN"], "the consultations"),
    ],
)
def test_the_stage_has_to_be_the_right_one_with_everybody_heard(stage, consulted, words, decided, monkeypatch):
    monkeypatch.setattr(procedure, "STAGE", "decision")
    told = {
        "procedure": {"stage": stage, "stages": [{"key": each.key} for each in decided.stages.all()]},
        "consultations": [{"state": each} for each in consulted],
    }
    page = decided.rules.stage[-1].title
    if words.startswith("went"):
        assert words in procedure.check_stage(decided, page, told)
    else:
        with pytest.raises(Disagreement, match=words):
            procedure.check_stage(decided, page, told)


@pytest.fixture
def notice(carol):
    [held] = load().held
    source = make.source(by=carol, name=held.outlet.name, source_class=Source.Class.OFFICIAL_NOTICE)
    found = make.document(headline=held.headline, source=source)
    Document.objects.filter(pk=found.pk).update(digested_at=timezone.now())
    return found


@pytest.fixture
def opened_again(alice, bob, system, notice):
    """The case of the devices, decided by two people, public, and opened again by a notice."""
    case = make.case(by=alice, status=Status.IN_REVIEW, title=questions.DEVICES.title)
    conditions = [{"text": devices.OWNERSHIP, "watch": "OWNERSHIP_CHANGED"}]
    make.decided_with(case, by=alice, approver=bob, effects=[devices.HOSTED], conditions=conditions)
    make.publication(case, by=alice, on=timezone.now().date())
    check = case.conditions.get().looking
    type(check).objects.filter(pk=check.pk).update(seen={"documents": [notice.pk]})
    reason = f"{notice.outlet} tells of a change of ownership: “{notice}”."
    case.trip(by=system, condition=case.conditions.get(), reason=reason, document=notice)
    return case


@pytest.fixture
def faces(monkeypatch, browse, api, carol, dave):
    """The faces as the checks see them; what is put into `swaps` is what they say otherwise."""
    people, swaps = {"carol": carol, "dave": dave}, {"page": {}, "program": {}}
    monkeypatch.setattr(reopening, "signed_in", lambda web, part: Inside(browse(people[part]), swaps["page"]))
    monkeypatch.setattr(reopening, "program", lambda web, part: Inside(api(people[part]), swaps["program"]))
    return swaps


def test_a_case_that_a_notice_opened_again_passes(opened_again, faces):
    told = list(reopening.check(""))
    assert [opened_again.ref in line for line in told] == [True, False, True]


@pytest.mark.parametrize(
    ("face", "swaps", "words"),
    [
        ("page", {"Breached": "Open"}, "shows no breach"),
        ("page", {"/evidence/": "/nowhere/"}, "does not lead to the notice"),
        ("page", {"tells of a change of ownership": "says something"}, "does not say"),
        ("page", {"System": "Somebody"}, "the log does not say that System did it"),
        ("page", {devices.HOSTED["target"]: "Another"}, "the standing does not tell of"),
        ("program", {'"BREACHED"': '"OPEN"'}, "the API tells"),
        ("program", {"tells of a change": "says something of a change"}, "the API tells another reason"),
        ("program", {'"case.trip"': '"case.reopen"'}, "the API tells another act"),
        ("program", {"document:": "incident:"}, "does not name the notice"),
    ],
)
def test_a_face_that_says_something_else_is_found(face, swaps, words, opened_again, faces):
    faces[face].update(swaps)
    with pytest.raises(Disagreement, match=words):
        list(reopening.check(""))


def test_a_notice_of_another_source_is_found(opened_again, faces, notice):
    Document.objects.filter(pk=notice.pk).update(source=None)
    with pytest.raises(Disagreement, match="is of another source"):
        list(reopening.check(""))


def test_a_case_that_somebody_took_meanwhile_is_found(opened_again, faces, alice):
    Case.objects.get(pk=opened_again.pk).assign(by=alice, to=alice)
    with pytest.raises(Disagreement, match="is IN_REVIEW"):
        list(reopening.check(""))


def test_a_watch_that_took_its_time_is_found(opened_again, faces, notice):
    late = timezone.now() - datetime.timedelta(minutes=2)
    Document.objects.filter(pk=notice.pk).update(digested_at=late)
    with pytest.raises(Disagreement, match="s after the notice was read"):
        list(reopening.check(""))


def test_a_case_that_nothing_opened_is_found(alice, bob, faces):
    make.case(by=alice, status=Status.DECIDED, approver=bob, title=questions.DEVICES.title)
    with pytest.raises(Disagreement, match="nothing opened"):
        list(reopening.check(""))
