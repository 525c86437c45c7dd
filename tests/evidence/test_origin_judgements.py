"""A person says whose text a document is; that goes before the rules on every reading, until it is taken back."""

import datetime

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from riskreview.audit.refusals import NotAllowed, NotNow
from riskreview.enrichment import settling
from riskreview.evidence.models import CommonWording, Document, OriginJudgement, OriginLink, Story, Telling, Wording
from tests import expect, make
from tests.enrichment import wires
from tests.enrichment.wires import Printed

pytestmark = pytest.mark.django_db
CONSTRAINTS = ("origin_split_once", "origin_join_once", "origin_judgement_of_whom", "common_wording_once")
PRINTED = [
    Printed("wire", wires.HARBOUR, 0, "wire"),
    Printed("copy", wires.recredited(wires.HARBOUR), 0.2, "herald"),
    Printed("cut", wires.cut(wires.HARBOUR), 0.3, "mail"),
    Printed("own", wires.REWRITES["harbour"], 0.4, "ledger"),
]
WHY = "They had the letter from the office themselves."


@pytest.fixture
def held():
    return {each.key: wires.placed(each) for each in PRINTED}


def again(held):
    """Read everything again, the last first."""
    for each in reversed(PRINTED):
        wires.place(held[each.key], each)


def split(held, by, name="copy"):
    made = OriginJudgement.objects.split(by=by, document=held[name], reason=WHY)
    assert settling.settle() == 1
    return made


def test_a_document_that_is_split_stands_by_itself_on_every_later_reading(held, alice):
    assert wires.origins() == [["copy", "cut", "wire"], ["own"]]
    made = split(held, alice)
    assert wires.origins() == [["copy"], ["cut", "wire"], ["own"]]
    again(held)
    assert wires.origins() == [["copy"], ["cut", "wire"], ["own"]]
    assert made.apart == sorted([held["wire"].pk, held["cut"].pk])


def test_the_first_document_can_be_split_from_its_copies(held, alice):
    split(held, alice, "wire")
    assert wires.origins() == [["copy", "cut"], ["own"], ["wire"]]
    again(held)
    assert wires.origins() == [["copy", "cut"], ["own"], ["wire"]]


def test_a_later_copy_of_both_does_not_bring_them_together(held, alice):
    split(held, alice)
    wires.placed(Printed("late", wires.HARBOUR, 1, "late"))
    wires.placed(Printed("early", wires.HARBOUR, -1, "early"))
    apart = {frozenset(origin) for origin in wires.origins()}
    assert frozenset({"copy"}) in apart
    assert frozenset({"early", "late", "wire", "cut"}) in apart


def test_two_that_are_joined_have_one_origin_with_all_their_copies(held, alice):
    OriginJudgement.objects.join(by=alice, document=held["cut"], other=held["own"], reason=WHY)
    settling.settle()
    assert wires.origins() == [["copy", "cut", "own", "wire"]]
    assert Document.objects.get(pk=held["own"].pk).origin.root == held["wire"]
    again(held)
    assert wires.origins() == [["copy", "cut", "own", "wire"]]


def test_joining_goes_through_a_third(held, alice):
    third = wires.placed(Printed("third", wires.FERRY, 3, "third"))
    OriginJudgement.objects.join(by=alice, document=held["own"], other=third, reason=WHY)
    settling.settle()
    OriginJudgement.objects.join(by=alice, document=third, other=held["wire"], reason=WHY)
    settling.settle()
    assert wires.origins() == [["copy", "cut", "own", "third", "wire"]]


@pytest.mark.parametrize("act", ["split", "join"])
def test_what_is_taken_back_leaves_the_rules_to_decide(held, alice, carol, act):
    before = wires.origins()
    given = {"document": held["copy"]} | ({"other": held["own"]} if act == "join" else {})
    made = getattr(OriginJudgement.objects, act)(by=alice, reason=WHY, **given)
    settling.settle()
    assert wires.origins() != before
    with expect.one_entry("originjudgement.undo", by=carol, about=made):
        made.undo(by=carol, now=timezone.now())
    assert settling.settle() == 1
    assert wires.origins() == before
    with expect.refusal(NotNow, made, match="already"):
        made.undo(by=alice, now=timezone.now())


def test_what_was_read_before_wordings_were_kept_can_be_joined(held, alice):
    Wording.objects.all().delete()
    Document.objects.update(origin=None)
    OriginJudgement.objects.join(by=alice, document=held["own"], other=held["wire"], reason=WHY)
    settling.settle()
    assert ["own", "wire"] in wires.origins()


@pytest.mark.parametrize(
    ("act", "names", "reason", "told"),
    [
        ("split", ("own",), WHY, "shares its origin with no other"),
        ("split", ("copy",), "  ", "Say why"),
        ("join", ("copy", "wire"), WHY, "one origin already"),
        ("join", ("own", "wire"), "", "Say why"),
    ],
)
def test_it_refuses_what_means_nothing(held, alice, act, names, reason, told):
    given = dict(zip(("document", "other"), (held[name] for name in names), strict=False))
    with expect.refusal(NotNow, held["wire"], match=told):
        getattr(OriginJudgement.objects, act)(by=alice, reason=reason, **given)


def test_what_was_split_is_not_joined_until_that_is_taken_back(held, alice):
    split(held, alice)
    with expect.refusal(NotNow, held["copy"], match="took these two apart"):
        OriginJudgement.objects.join(by=alice, document=held["copy"], other=held["wire"], reason=WHY)


def test_what_was_joined_is_not_split_until_that_is_taken_back(held, alice):
    OriginJudgement.objects.join(by=alice, document=held["own"], other=held["wire"], reason=WHY)
    settling.settle()
    with expect.refusal(NotNow, held["own"], match="joined this document"):
        OriginJudgement.objects.split(by=alice, document=held["own"], reason=WHY)


def test_only_reviewers_judge(held, alice, bob, dave):
    made = split(held, alice)
    for person in (bob, dave):
        with expect.refusal(NotAllowed, made):
            OriginJudgement.objects.split(by=person, document=held["cut"], reason=WHY)
        with expect.refusal(NotAllowed, made):
            OriginJudgement.objects.join(by=person, document=held["own"], other=held["cut"], reason=WHY)
        with expect.refusal(NotAllowed, made):
            made.undo(by=person, now=timezone.now())


def test_the_machine_notes_since_when_the_origins_are_in_order(held, alice):
    made = OriginJudgement.objects.split(by=alice, document=held["copy"], reason=WHY)
    assert list(OriginJudgement.objects.unsettled()) == [made]
    settling.settle()
    assert not OriginJudgement.objects.unsettled().exists()
    assert settling.settle() == 0


@pytest.mark.django_db(transaction=True)
def test_plain_sql_without_an_entry_is_refused(alice):
    held = {each.key: wires.placed(each) for each in PRINTED[:2]}
    made = OriginJudgement.objects.split(by=alice, document=held["copy"], reason=WHY)
    statement = "UPDATE evidence_originjudgement SET reason = 'Because.' WHERE id = %s"
    with pytest.raises(DatabaseError, match="entry"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [made.pk])


def test_the_database_keeps_what_is_said_in_shape(held, alice):
    given = {"judged_by": alice, "reason": WHY, "document": held["copy"]}
    for broken in ({"kind": "SPLIT", "other": held["wire"]}, {"kind": "JOIN"}, {"kind": "JOIN", "other": held["copy"]}):
        with expect.violation("origin_judgement_of_whom"):
            OriginJudgement.objects.create(**given, **broken)
    first = split(held, alice)
    twin = {"kind": "SPLIT", "apart": first.apart}
    with expect.violation("origin_split_once"):
        OriginJudgement.objects.create(**given, **twin)
    first, second = sorted((held["own"], held["wire"]), key=lambda each: each.pk)
    OriginJudgement.objects.join(by=alice, document=first, other=second, reason=WHY)
    with expect.violation("origin_join_once"):
        OriginJudgement.objects.create(**(given | {"document": first}), kind="JOIN", other=second)
    CommonWording.objects.create(h=1)
    with expect.violation("common_wording_once"):
        CommonWording.objects.create(h=1)


def test_rows_say_what_they_are(held, alice):
    made = split(held, alice)
    assert str(made) == "Stands by itself: copy"
    assert str(CommonWording(h=5)) == "5 of everybody"
    assert "sequences of document" in str(Wording.objects.first())
    assert "after" in str(Telling.objects.first())
    assert "terms" not in str(Story.objects.first())
    assert "%" in str(OriginLink.objects.first())
    assert made.judged_at <= timezone.now() + datetime.timedelta(seconds=5)
    assert made.judged_at > make.WHEN
