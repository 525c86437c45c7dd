"""Whatever changes a sealed dossier voids what waits for approval, on each face, and what was read is not signed.

The tables are whole: a verb that changes a part and stands in none of them fails a test.
"""

from __future__ import annotations

import datetime
import inspect
import re

import pytest
from django.utils import timezone

from riskreview.audit.models import Entry, Recorded
from riskreview.audit.refusals import NotNow
from riskreview.cases import dossier, models
from riskreview.cases.models import Case, Sheet, Signature
from riskreview.cases.workflow import Status
from riskreview.evidence.models import Document, Snapshot, Source
from riskreview.vendors.models import Vendor
from tests import expect
from tests.house.test_verbs import EVERY
from tests.web.conftest import text_of

from .voiding import EDITS, Read, filled, opened, recommend, send, sign_api, sign_page

pytestmark = pytest.mark.django_db
SOON = datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=5)
# The product does it when the time is over, and a row does it in the name of its own act (test_unseal.py).
WITHOUT_A_FACE = {"consultation.lapse", "case.unseal"}
# What is done to the request itself.
TO_WHAT_WAITS = {"case.approve", "case.dissent", "case.revise", "case.send_back"}
BEFORE_IT = {"case.open"}
# Open while a recommendation waits, and no part of what is sealed.
BESIDE = {
    "case.search_again": lambda case, by: case.searches.all().delete() and case.search_again(by=by),
    # Another capture beside the one that the exhibit was taken from.
    "document.recapture": lambda case, by: case.exhibits.first().document.recapture(
        by=by, content=b"Something else.", content_type="text/plain", now=timezone.now()
    ),
    "case.relabel": lambda case, by: case.relabel(by=by, labels=["chips"]),
    "case.file": lambda case, by: case.file(by=by, team=None),
    "case.snooze": lambda case, by: case.snooze(by=by, until=SOON),
    "case.wake": lambda case, by: case.snooze(by=by, until=SOON) or case.wake(by=by),
    "case.seat": lambda case, by: case.seat(by=by, role="analyst", user=by),
    "case.unseat": lambda case, by: (
        case.seat(by=by, role="analyst", user=by) and case.unseat(by=by, role="analyst", user=by)
    ),
}
# Refused while a recommendation waits, by the rows themselves (verbs of the case: by their states).
SHUT = {
    "sheet.begin": lambda case, by: Sheet.objects.begin(by=by, case=case, name="supplier-1"),
    "sheet.answer": lambda case, by: case.sheets.get().answer(by=by, item="nature", verdict="NO"),
    "sheet.receive": lambda case, by: case.sheets.get().receive(by=by, answers=[{"key": "nature", "answer": "no"}]),
}
# Acts on rows that the dossier only quotes. They void nothing: nobody signs until it is submitted again.
QUOTED = {
    "vendor.rename": ("case.vendors", lambda case, by: case.vendors.first().rename(by=by, canonical_name="Deep Seek")),
    "source.grade": (
        "exhibit.1.grade",
        lambda case, by: case.exhibits.first().document.source.grade(by=by, reliability="D", reason="It was wrong."),
    ),
}


@pytest.fixture
def waiting(alice, carol, monkeypatch):
    """Waits for approval, with something in every part of what is sealed."""
    monkeypatch.setattr("riskreview.cases.models.decidable.check_submission", lambda *given, **more: None)
    case = filled(alice)
    recommend(case, alice)
    return Case.objects.get(pk=case.pk)


@pytest.mark.parametrize("face", ["page", "api"])
@pytest.mark.parametrize("name", EDITS)
def test_an_edit_voids_what_waits_and_what_was_read_is_not_signed(name, face, waiting, alice, bob, carol, browse, api):
    edit, by = EDITS[name], {"alice": alice, "carol": carol}[EDITS[name].by]
    reader, program = browse(bob), api(bob)
    read = opened(waiting, reader)
    answer = send(name, waiting, face, browse(by) if face == "page" else api(by))
    assert answer.status_code in (200, 201, 303), text_of(answer)
    case = Case.objects.get(pk=waiting.pk)
    decision = case.decisions.get()
    assert (case.status, decision.voided_by, decision.void_cause) == (Status.IN_REVIEW, by, edit.cause)
    act = name if name.startswith("case.") else "case.unseal"
    told = Entry.objects.about(case).newest_first()[0]
    assert (told.verb, told.actor, told.private["changes"]["status"]) == (act, by, ["AWAITING_APPROVAL", "IN_REVIEW"])
    assert edit.path in [each.path for each in case.changes_since(decision)]
    refuse_old(case, read, edit.path, reader, program)
    recommend(case, alice)
    refuse_old(case, read, edit.path, reader, program)
    assert not Signature.objects.exists()
    assert Case.objects.get(pk=case.pk).decision is None


def refuse_old(case, read, path, reader, program):
    """What was on the screen is refused, by either face, whether or not the rest of the form is fetched anew."""
    fresh = Read(str(case.entry_seq), read.digest)
    for sent in (read, fresh):
        page, told = sign_page(case, reader, sent), sign_api(case, program, sent)
        assert page.status_code == 409
        assert "What differs" in text_of(page)
        assert (told.status_code, path in [each["path"] for each in told.json()["changes"]]) == (
            412 if sent is read else 409,
            True,
        )


@pytest.mark.parametrize("face", ["page", "api"])
def test_another_wording_voids_the_one_before(face, waiting, alice, bob, browse, api):
    reader, program = browse(bob), api(bob)
    read, road = opened(waiting, reader), f"/cases/{waiting.ref}/revise/"
    words = {"disposition": waiting.decisions.get().disposition, "rationale": "Otherwise.", "referred_to": "Another"}
    if face == "page":
        answer = browse(alice).post(road, words | {"seen": waiting.entry_seq})
    else:
        answer = api(alice).post(f"/api/v1{road}", words, headers={"If-Match": f'"{waiting.entry_seq}"'})
    assert answer.status_code in (200, 303)
    case = Case.objects.get(pk=waiting.pk)
    first, second = case.decisions.order_by("number")
    assert (case.status, first.void_cause, second.is_open) == (Status.AWAITING_APPROVAL, "the recommendation", True)
    refuse_old(case, read, "recommendation.rationale", reader, program)
    assert not Signature.objects.exists()


@pytest.mark.parametrize("name", BESIDE)
def test_what_is_no_part_of_the_dossier_leaves_it_to_be_signed(name, waiting, alice, bob, browse, api):
    read = opened(waiting, browse(bob))
    BESIDE[name](waiting, alice)
    case = Case.objects.get(pk=waiting.pk)
    assert (case.status, case.changes_since(case.decisions.get())) == (Status.AWAITING_APPROVAL, [])
    assert sign_api(case, api(bob), Read(str(case.entry_seq), read.digest)).status_code == 200
    assert Case.objects.get(pk=case.pk).status == Status.DECIDED


@pytest.mark.parametrize("name", SHUT)
def test_a_sheet_stays_as_it_is_while_a_recommendation_waits(name, waiting, alice):
    with expect.refusal(NotNow, waiting, match="stay as they are"):
        SHUT[name](waiting, alice)


@pytest.mark.parametrize("name", QUOTED)
def test_what_is_quoted_and_changed_cannot_be_signed(name, waiting, alice, bob, carol, browse, api):
    path, act = QUOTED[name]
    read = opened(waiting, reader := browse(bob))
    act(waiting, alice)
    case = Case.objects.get(pk=waiting.pk)
    page, told = sign_page(case, reader, read), sign_api(case, api(bob), read)
    assert (page.status_code, told.status_code, told.json()["changes"][0]["path"]) == (409, 409, path)
    assert "What differs" in text_of(page)
    assert (case.status, Signature.objects.count()) == (Status.AWAITING_APPROVAL, 0)


def calls(function):
    """The names of everything a function calls on something."""
    return set(re.findall(r"\.(\w+)\(", inspect.getsource(inspect.unwrap(function))))


def unseals(function, owners, met=()):
    """Whether a verb, or a method of its row that it calls, voids what waits."""
    named = calls(function)
    if named & {"_unseal", "unseal_if_waiting"}:
        return True
    own = [getattr(owner, name, None) for owner in owners for name in named - set(met)]
    return any(unseals(each, owners, (*met, *named)) for each in own if inspect.isfunction(each))


def of(model):
    """A model and its queryset: where its verbs are."""
    return model, model._default_manager._queryset_class


def sealed_models():
    """The recorded models whose rows a dossier is made of."""
    named = set(re.findall(r"[A-Z]\w+", " ".join(dossier.Gathered.__annotations__.values())))
    return {model for name in named if issubclass(model := getattr(models, name), Recorded)}


def test_every_verb_that_voids_is_in_the_table():
    found = {name for name, model, verb in EVERY if unseals(verb, of(model))}
    assert found == {*EDITS, *WITHOUT_A_FACE}


def test_every_verb_of_what_is_sealed_is_in_one_table():
    assert sealed_models() == {Case, models.Consultation, models.Sheet, models.Submission}
    tables = [set(EDITS), WITHOUT_A_FACE, TO_WHAT_WAITS, BEFORE_IT, set(BESIDE), set(SHUT)]
    told = [name for table in tables for name in table]
    assert len(told) == len(set(told))
    for name, model, verb in EVERY:
        sources = getattr(verb, "sources", ())
        shut = bool(sources) and Status.AWAITING_APPROVAL not in sources
        if model in sealed_models():
            assert (name in told) != shut, f"{name} is in no table: what does it do to a recommendation that waits?"


def test_the_parts_of_a_dossier_are_these(waiting):
    content = waiting.open_decision().sealed.content
    kinds = {path.partition(".")[0] for path in content}
    parts = {edit.path.partition(".")[0] for edit in EDITS.values()}
    assert kinds == parts | {"case", "playbook", "recommendation", "sheet"}


def writes(function, owners, columns, met=()):
    """Whether a verb, or a method of its row that it calls, writes one of these columns."""
    source = inspect.getsource(inspect.unwrap(function))
    names = "|".join(columns)
    if re.search(rf"\bself\.(?:{names})\b[^=\n()]*=[^=]|[(, ](?:{names})=", source):
        return True
    own = [getattr(owner, name, None) for owner in owners for name in calls(function) - set(met)]
    return any(
        writes(each, owners, columns, (*met, *calls(function)))
        for each in own
        if inspect.isfunction(each) and not getattr(each, "is_verb", False)
    )


def is_of_a_row(model, name):
    """Whether it is a verb of a row that is there, not one that brings another into being."""
    return hasattr(model, name.partition(".")[2])


def test_every_verb_that_changes_what_is_quoted_is_in_the_table():
    columns = {
        Vendor: ("canonical_name",),
        Source: ("reliability",),
        Document: (*dossier.PUBLISHED, "source"),
        Snapshot: dossier.CAPTURED,
    }
    rows = [(name, model, verb) for name, model, verb in EVERY if model in columns and is_of_a_row(model, name)]
    changing = {name for name, model, verb in rows if writes(verb, of(model), columns[model])}
    assert changing == {*QUOTED, "document.recapture"}
