"""Each road by which one person might approve their own recommendation ends in a refusal, on record where we see it."""

from __future__ import annotations

import ast
import datetime
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.urls import URLPattern, get_resolver

from riskreview.accounts.models import Delegation
from riskreview.accounts.roles import Role
from riskreview.audit.models import Entry
from riskreview.audit.refusals import NotAllowed, NotNow, Refusal
from riskreview.cases.bulk import DECIDING
from riskreview.cases.models import Batch, Case, Signature
from riskreview.cases.models.batch import BulkAct
from riskreview.cases.workflow import Status
from tests import expect, make
from tests.conftest import PASSWORD
from tests.house.source import modules

from . import walked

pytestmark = pytest.mark.django_db


@dataclass
class World:
    """The case that waits, who wrote it, and the clients."""

    case: Case
    alice: Any
    bob: Any
    system: Any
    browse: Any
    api: Any
    invite: Any
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """What is to be signed."""
        return self.case.open_decision().dossier_sha256

    def on_the_page(self, by: Any, **more: Any) -> int:
        """Send the form of the approval page; the status."""
        sent = {"seen": self.case.entry_seq, "dossier_sha256": self.digest, "read": "on", "free": "on"} | more
        return self.browse(by).post(f"/cases/{self.case.ref}/approve/", sent | {"password": PASSWORD}).status_code

    def by_a_program(self, by: Any, **more: Any) -> int:
        """Call the API; the status."""
        told, headers = {"dossier_sha256": self.digest, "password": PASSWORD} | more, self.version
        answer = self.api(by).post(f"/api/v1/cases/{self.case.ref}/approve/", told, format="json", headers=headers)
        return answer.status_code

    @property
    def version(self) -> dict[str, str]:
        """The version of the case as it is now."""
        return {"If-Match": f'"{self.case.entry_seq}"'}

    def stands_in(self, of: Any, to: Any) -> None:
        """Somebody signs in another's place today."""
        today = datetime.datetime.now(datetime.UTC).date()
        Delegation.objects.delegate(by=of, to=to, starts_on=today, ends_on=today, reason="On leave.")


@pytest.fixture
def world(alice, bob, system, browse, api, invite):
    """Alice, who wrote and submitted everything, holds every role there is."""
    case = make.case(by=alice, status=Status.AWAITING_APPROVAL)
    for role in Role:
        alice.grant(by=system, role=role)
    return World(case, alice, bob, system, browse, api, invite)


def batch_page(world):
    row = f"{world.case.ref}:{world.case.entry_seq}"
    for address in ("preview", "begin"):
        assert world.browse(world.alice).post(f"/batches/{address}/", {"act": "APPROVE", "row": row}).status_code == 422
    return 403


def batch_api(world):
    told = {"act": "approve", "cases": [world.case.ref], "versions": [world.case.entry_seq]}
    return world.api(world.alice).post("/api/v1/batches/begin/", told, format="json").status_code


def batch_shell(world):
    with pytest.raises(ValueError, match="not a valid BulkAct"):
        Batch.objects.begin(by=world.alice, act="APPROVE", cases=[world.case], versions=[world.case.entry_seq])


def shell(world):
    with pytest.raises(NotAllowed):
        make.approval(world.case, by=world.alice)


def other_account(world):
    second = world.invite("Beth", Role.APPROVER)
    second.join(by=world.system, other=world.alice)
    return world.on_the_page(second)


def other_account_by_a_program(world):
    second = world.invite("Beth", Role.APPROVER)
    world.alice.join(by=world.system, other=second)
    return world.by_a_program(second)


def author_in_anothers_place(world):
    world.stands_in(world.bob, world.alice)
    return world.by_a_program(world.alice, on_behalf_of=str(world.bob.pk))


def in_the_authors_place(world):
    world.stands_in(world.alice, world.bob)
    return world.on_the_page(world.bob, on_behalf_of=world.alice.pk)


def role_lost(world):
    world.bob.grant(by=world.system, role=Role.READER)
    assert world.browse(world.bob).get(f"/cases/{world.case.ref}/approve/").status_code == 200
    world.bob.revoke(by=world.system, role=Role.APPROVER)
    return world.on_the_page(world.bob)


def role_won(world):
    world.bob.grant(by=world.system, role=Role.REVIEWER)
    make.exhibit(world.case, by=world.bob)
    make.submission(world.case, by=world.alice)
    return world.on_the_page(world.bob)


def changed_after_it_was_read(world):
    read, seen = world.digest, world.case.entry_seq
    make.exhibit(world.case, by=world.alice)
    make.submission(world.case, by=world.alice)
    assert world.on_the_page(world.bob, seen=seen, dossier_sha256=read) == 409
    return world.by_a_program(world.bob, dossier_sha256=read)


def plain_sql(world):
    decide = "UPDATE cases_decision SET approved_by_id = %s, approved_at = now() WHERE case_id = %s"
    with pytest.raises(IntegrityError, match="four.eyes"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(decide, [world.alice.pk, world.case.pk])


@dataclass(frozen=True)
class Row:
    """A road, how it ends, and whose refusal is on record: nobody's where the product is not asked."""

    tried: Any
    status: int | None
    recorded: str = ""
    times: int = 1


ROADS = {
    "1 the page": Row(lambda world: world.on_the_page(world.alice), 403, "alice"),
    "2 the API": Row(lambda world: world.by_a_program(world.alice), 403, "alice"),
    "3 bulk, the page": Row(batch_page, 403, "alice", times=2),
    "3 bulk, the API": Row(batch_api, 400, "alice"),
    "3 bulk, the shell": Row(batch_shell, None),
    "5 the shell": Row(shell, None),
    "6 a token of the same person": Row(lambda world: world.by_a_program(world.alice), 403, "alice"),
    "7 a second account, the page": Row(other_account, 403, "beth"),
    "7 a second account, the API": Row(other_account_by_a_program, 403, "beth"),
    "9 delegation: the author for another": Row(author_in_anothers_place, 403, "alice"),
    "9 delegation: another for the author": Row(in_the_authors_place, 403, "bob"),
    "10 a role lost on the way": Row(role_lost, 403, "bob"),
    "10 a role won on the way": Row(role_won, 403, "bob"),
    "11 changed after it was read": Row(changed_after_it_was_read, 409),
    "+ plain SQL": Row(plain_sql, None),
}


@pytest.mark.parametrize("road", ROADS)
def test_no_road_leads_past_a_second_person(road, world):
    row = ROADS[road]
    assert row.tried(world) == row.status
    case = Case.objects.get(pk=world.case.pk)
    assert (case.status, case.decision, Signature.objects.count()) == (Status.AWAITING_APPROVAL, None, 0)
    assert not Entry.objects.filter(verb="case.approve", kind="act").exists()
    refusals = Entry.objects.about(case).filter(verb="case.approve", kind="refusal").select_related("actor")
    told = [entry.actor.name.lower() for entry in refusals]
    assert told == [row.recorded] * (row.times if row.recorded else 0)


def addresses(patterns=None, prefix=""):
    """Every address, as it is written, with its name."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        at = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLPattern):
            yield f"{at} {pattern.name or ''}"
        else:
            yield from addresses(pattern.url_patterns, at)


def test_4_and_8_there_is_no_administration_and_nobody_acts_as_somebody_else():
    """Roads that do not exist: nothing has such an address, no such app is there, and one page signs people in."""
    every = list(addresses())
    assert len(every) > 300
    words = ("admin", "impersonat", "hijack", "loginas", "login-as", "sudo", "masquerade", "switch-user")
    assert [each for each in every for word in words if word in each.lower()] == []
    installed = " ".join([*settings.INSTALLED_APPS, *settings.MIDDLEWARE, *settings.AUTHENTICATION_BACKENDS]).lower()
    assert [word for word in words if word in installed] == []
    assert signing_in() == {"riskreview/web/accounts.py"}


def signing_in():
    """The modules that put somebody into a session."""
    found = set()
    for path, tree in modules("riskreview").items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module == "django.contrib.auth.views":
                found |= {path for each in node.names if each.name == "LoginView"}
            if isinstance(node, ast.ImportFrom) and node.module == "django.contrib.auth":
                found |= {path for each in node.names if each.name == "login"}
            if isinstance(node, ast.Attribute) and node.attr in ("force_login", "LoginView"):
                found.add(path)
    return found


def test_3_no_bulk_act_decides(world):
    assert {each.lower() for each in BulkAct.values}.isdisjoint(DECIDING)
    assert {f"case-{verb.replace('_', '-')}" for verb in DECIDING} <= {each.split()[-1] for each in addresses()}
    bulk = [each for each in addresses() if "batch" in each]
    assert {each.rpartition("batch")[2].strip("es-") for each in bulk} >= {"begin", "undo"}
    assert not [each for each in bulk for verb in DECIDING if verb.replace("_", "-") in each]


@pytest.mark.parametrize("verb", DECIDING)
def test_3_each_way_to_decide_in_bulk_is_refused_on_record(verb, world):
    told = {"act": verb.upper(), "cases": [world.case.ref], "versions": [world.case.entry_seq]}
    assert world.api(world.bob).post("/api/v1/batches/begin/", told, format="json").status_code == 400
    row = {"act": verb, "row": f"{world.case.ref}:{world.case.entry_seq}"}
    assert world.browse(world.alice).post("/batches/begin/", row).status_code == 422
    entries = Entry.objects.about(world.case).filter(verb=f"case.{verb}", kind="refusal")
    assert {(entry.actor, entry.public["via"]) for entry in entries} == {(world.bob, "api"), (world.alice, "web")}
    assert not Batch.objects.exists()


def test_3_what_is_misspelt_in_bulk_is_no_attempt_to_decide(world):
    told = {"act": "LABLE", "cases": [world.case.ref], "versions": [world.case.entry_seq]}
    assert world.api(world.alice).post("/api/v1/batches/begin/", told, format="json").status_code == 400
    assert not Entry.objects.filter(kind="refusal").exists()


@pytest.mark.django_db(transaction=True)
def test_12_of_two_approvals_at_once_one_counts(alice, bob, invite):
    case = make.case(by=alice, status=Status.AWAITING_APPROVAL)
    other = invite("Beth", Role.APPROVER)
    pens = [make.pen(case, each) for each in (bob, other)]
    acts = [
        lambda by=by, pen=pen: Case.objects.get(pk=case.pk).approve(by=by, **pen)
        for by, pen in zip((bob, other), pens, strict=True)
    ]
    outcomes = expect.at_once(acts)
    assert sorted(isinstance(each, Refusal) for each in outcomes) == [False, True]
    assert [type(each) for each in outcomes if isinstance(each, Refusal)] == [NotNow]
    assert (Signature.objects.count(), Entry.objects.filter(verb="case.approve", kind="act").count()) == (1, 1)


TWO = walked.TEXT.replace(
    'n = 1, by = ["deciding_official", "second_reviewer"]', 'n = 2, by = ["deciding_official", "second_reviewer"]'
)


@pytest.fixture
def of_two(alice, bob, carol, invite, tmp_path, monkeypatch):
    """Waits by a playbook that has two sign: bob as the deciding official, Beth as the second reviewer."""
    assert TWO != walked.TEXT
    walked.shipped_too(tmp_path, monkeypatch, TWO)
    case = make.case(by=alice, status=Status.IN_REVIEW, playbook="walked")
    make.finding(case, by=alice)
    case.enter_stage(by=alice, stage="review")
    case.countersign_stage(by=carol)
    case.enter_stage(by=alice, stage="decision")
    case.attach_output(by=alice, output="note", document=make.document())
    case.state_particular(by=alice, field="reason", text="It is so.")
    beth = invite("Beth", Role.APPROVER)
    case.seat(by=carol, role="deciding_official", user=bob)
    case.seat(by=carol, role="second_reviewer", user=beth)
    case.submit(by=alice, disposition="GO", rationale="So it is.")
    return case, beth


def test_with_two_to_sign_the_first_leaves_it_waiting_and_the_second_decides(of_two, bob):
    case, beth = of_two
    first = make.approval(case, by=bob)
    assert (case.status, first.approvals, first.approvals_needed, case.decision) == ("AWAITING_APPROVAL", 1, 2, None)
    second = make.approval(case, by=beth)
    assert (case.status, second.approvals, case.decision) == ("DECIDED", 2, second)
    told = [(each.user, each.role) for each in second.signatures.order_by("pk")]
    assert told == [(bob, "deciding_official"), (beth, "second_reviewer")]


@pytest.mark.parametrize("face", ["page", "API"])
def test_whoever_does_not_sit_where_it_is_signed_is_refused_on_record(face, of_two, bob, invite, browse, api, system):
    case, _ = of_two
    other = invite("Ben", Role.APPROVER)
    world = World(case, None, bob, system, browse, api, invite)
    make.approval(case, by=bob)
    case.refresh_from_db()
    assert (world.on_the_page if face == "page" else world.by_a_program)(other) == 403
    assert Entry.objects.about(case).get(kind="refusal").actor == other
    assert (Case.objects.get(pk=case.pk).status, Signature.objects.count()) == ("AWAITING_APPROVAL", 1)


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.LEAD, Role.AUDITOR, Role.READER])
def test_a_seat_among_those_who_sign_takes_an_approver(role, of_two, carol, invite):
    case, _ = of_two
    other = invite("Nobody", role)
    with expect.refusal(NotNow, case, match="takes the role approver"):
        case.seat(by=carol, role="second_reviewer", user=other)


def test_one_person_with_two_accounts_and_two_seats_signs_once(of_two, bob, carol, invite, system):
    case, _ = of_two
    again = invite("Bob again", Role.APPROVER)
    case.seat(by=carol, role="second_reviewer", user=again)
    again.join(by=system, other=bob)
    make.approval(case, by=bob)
    with expect.refusal(NotAllowed, case, match="nobody twice"):
        make.approval(case, by=again)
    assert Case.objects.get(pk=case.pk).status == Status.AWAITING_APPROVAL


def test_joined_after_both_signed_they_count_once(of_two, bob, system):
    """Two signatures are two people: what is counted is human beings at the moment of the last signature."""
    case, beth = of_two
    make.approval(case, by=bob)
    beth.join(by=system, other=bob)
    with expect.refusal(NotAllowed, case, match="nobody twice"):
        make.approval(case, by=beth)
