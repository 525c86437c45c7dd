"""Flags: what a case rests on has changed at its source. A machine raises them, a person settles them."""

import threading

import pytest
from django.db import connections, transaction

from riskreview.audit.models import Entry
from riskreview.audit.refusals import NotAllowed, NotNow, Stale
from riskreview.cases import trail
from riskreview.cases.models import Case, Flag
from riskreview.cases.workflow import Status
from riskreview.evidence.models import Capture, Change, Document
from tests import expect, make
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
CORRECTED = make.TEXT.replace("a new model", "an old model")


@pytest.fixture
def exhibit(alice):
    return make.exhibit(make.case(by=alice), by=alice)


def change(document, text=CORRECTED, **more):
    """A machine finds that the document says something else now."""
    before = document.newest
    after = document.capture(Capture(raw=text.encode(), content_type="text/plain", fetched_at=NOW))
    after.read_as(title="", text=text, extractor_version="test")
    told = {"kind": "CORRECTION", "material": True, "summary": "A sentence changed.", "before": before}
    return Change.objects.keep(document=document, after=after, because=None, told=told | more)


def flagged(exhibit, **more):
    Flag.objects.raise_for(change(exhibit.document, **more))
    return Flag.objects.get()


def test_every_exhibit_on_the_earlier_capture_is_flagged_once(alice, exhibit):
    other = make.case(by=alice, title="Another question")
    other.add_exhibit(by=alice, snapshot=exhibit.snapshot, start=0, end=8)
    make.exhibit(other, by=alice)
    found = change(exhibit.document)
    for _ in range(2):
        Flag.objects.raise_for(found)
    assert Flag.objects.count() == 2
    assert {flag.exhibit.document for flag in Flag.objects.all()} == {exhibit.document}


def test_an_exhibit_on_the_newer_capture_is_not_flagged(alice, exhibit):
    found = change(exhibit.document)
    case = make.case(by=alice, title="Another question")
    case.add_exhibit(by=alice, snapshot=found.after, start=0, end=8)
    Flag.objects.raise_for(found)
    assert [flag.exhibit for flag in Flag.objects.all()] == [exhibit]


@pytest.mark.parametrize("status", [Status.IN_REVIEW, Status.ON_HOLD, Status.AWAITING_APPROVAL, Status.DECIDED])
def test_open_and_decided_cases_are_flagged(alice, bob, status):
    case = make.case(by=alice, approver=bob, status=status)
    if not case.exhibits.exists():
        case.resume(by=alice) if status == Status.ON_HOLD else None
        make.exhibit(case, by=alice)
    assert flagged(case.exhibits.get()).exhibit.case == case


def test_a_withdrawn_case_rests_on_nothing(alice, carol, exhibit):
    exhibit.case.withdraw(by=carol, reason="The requester took it back.")
    Flag.objects.raise_for(change(exhibit.document))
    assert not Flag.objects.exists()


@pytest.mark.parametrize(("text", "stands"), [(CORRECTED, False), (make.TEXT + " It was corrected.", True)])
def test_a_flag_says_whether_the_cited_words_still_stand(exhibit, text, stands):
    assert flagged(exhibit, text=text).passage_stands is stands


def test_settling_says_what_it_means(exhibit, alice):
    flag = flagged(exhibit)
    with expect.one_entry("flag.settle", by=alice, about=flag):
        flag.settle(by=alice, still_holds=True, reason="Only the adjective changed.")
    flag.refresh_from_db()
    assert (flag.settled_by, flag.still_holds, flag.settlement) == (alice, True, "Only the adjective changed.")
    assert not Flag.objects.open().exists()


def test_a_flag_is_settled_once_and_with_a_reason(exhibit, alice):
    flag = flagged(exhibit)
    with expect.refusal(NotNow, flag, match="Say what"):
        flag.settle(by=alice, still_holds=True, reason=" ")
    flag.settle(by=alice, still_holds=False, reason="The figure was the point.")
    with expect.refusal(NotNow, flag, match="already"):
        flag.settle(by=alice, still_holds=True, reason="No, it was not.")


def test_who_does_not_review_settles_nothing(exhibit, alice, bob, dave, erin):
    flag = flagged(exhibit)
    for person in (bob, dave, erin):
        with expect.refusal(NotAllowed, flag):
            flag.settle(by=person, still_holds=True, reason="x")
    with expect.refusal(Stale, flag):
        flag.settle(by=alice, seen=5, still_holds=True, reason="x")


def test_flags_are_seen_by_who_sees_the_case(exhibit, dave, erin):
    flag = flagged(exhibit)
    assert list(Flag.objects.visible_to(dave)) == [flag]
    assert list(Flag.objects.visible_to(erin)) == []


def test_the_table_keeps_flags_whole(exhibit):
    flag = flagged(exhibit)
    with expect.violation("flag_once"):
        Flag.objects.create(exhibit=exhibit, change=flag.change, passage_stands=True)
    with expect.violation("flag_settled_whole"):
        Flag.objects.create(exhibit=exhibit, change=change(exhibit.document, "Third."), passage_stands=True,
                            settlement="Fine.")  # fmt: skip


def test_an_exhibit_on_a_capture_that_was_corrected_since_is_flagged_at_once(exhibit, alice):
    change(exhibit.document)
    case = make.case(by=alice, title="Another question")
    late = case.add_exhibit(by=alice, snapshot=exhibit.snapshot, start=0, end=8)
    assert [flag.exhibit for flag in Flag.objects.all()] == [late]


def test_a_case_that_is_taken_up_again_has_its_documents_watched_again(exhibit, carol):
    exhibit.case.withdraw(by=carol, reason="The requester took it back.")
    Document.objects.update(check_at=None, checks=None)
    exhibit.case.reopen(by=carol, reason="The requester asks again.")
    assert Document.objects.get(pk=exhibit.document_id).check_at


def test_the_act_of_settling_names_the_case_and_is_part_of_its_trail(exhibit, alice):
    flag, case = flagged(exhibit), exhibit.case
    elsewhere = flagged_in(make.case(by=alice, title="Another question"), alice)
    for each in (flag, elsewhere):
        each.settle(by=alice, still_holds=True, reason="Only the adjective changed.")
    entry = Entry.objects.about(flag).get()
    assert Entry.objects.select_related("body").get(pk=entry.pk).private["label"].startswith(f"{case.ref} E1: ")
    found = Entry.objects.filter(trail.about([case]))
    assert set(found) == {*Entry.objects.about(case), entry}
    assert set(Entry.objects.filter(trail.about([case], [flag.pk]))) == set(found)


def flagged_in(case, by):
    return make.flag(make.exhibit(case, by=by))


@pytest.mark.django_db(transaction=True)
def test_settling_waits_for_an_act_on_the_case(alice):
    case = make.case(by=alice, status="IN_REVIEW")
    flag = flagged_in(case, alice)
    ended = []

    def settle():
        Flag.objects.get(pk=flag.pk).settle(by=alice, still_holds=True, reason="Fine.")
        ended.append("settled")

    thread = threading.Thread(target=lambda: (settle(), connections.close_all()))
    with transaction.atomic():
        Case.objects.get(pk=case.pk).lock()
        thread.start()
        thread.join(0.7)
        assert ended == []
    thread.join(10)
    assert ended == ["settled"]
