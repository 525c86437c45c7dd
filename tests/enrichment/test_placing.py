"""Documents are placed in turns of seconds: what a turn does not reach waits in its rows, and nothing is half done."""

import threading

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from riskreview.audit.refusals import NotNow
from riskreview.enrichment import descent, grouping, kinship, pipeline, rereading, settling, tasks, telling
from riskreview.evidence.models import (
    Capture,
    CommonWording,
    Document,
    Origin,
    OriginJudgement,
    OriginLink,
    Telling,
    Wording,
)
from riskreview.lib.work import LeaseLost, Postponed
from tests import expect, make
from tests.enrichment import wires
from tests.enrichment.pages import REVIEW, html, read
from tests.enrichment.wires import Printed, placed

pytestmark = pytest.mark.django_db
WHY = "They told us so."
FOOTS = {
    "furniture": "Published on May {day} at {hour}:{minute}. Reading time {hour} minutes. {minute} comments.",
    "own words": "The paper of May {day} costs {hour} crowns and {minute} cents, or {day} for its {minute} members.",
}
AREAS = ("alder", "birch", "cedar", "elm", "fir", "gorse", "hazel", "ivy", "juniper", "larch", "maple", "oak")


def foot(kind, number):
    return FOOTS[kind].format(day=number + 1, hour=number + 3, minute=10 + number)


def copies(many, text=wires.FERRY):
    """Copies that differ in their last line."""
    lines = [f"The {AREAS[n % 12]} club waits for word from {n} towns." for n in range(many)]
    return [placed(Printed(f"c{n:03}", f"{text}\n\n{line}", n / 1000, f"p{n}")) for n, line in enumerate(lines)]


# -- a line under the text ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", FOOTS)
@pytest.mark.parametrize("name", ["harbour", "schools", "port"])
def test_a_line_of_figures_under_a_report_takes_no_copy_from_it(name, kind):
    for number in range(6):
        placed(Printed(f"c{number}", f"{wires.WIRES[name]}\n\n{foot(kind, number)}", number / 100, f"p{number}"))
    assert list(map(len, wires.origins())) == [6]
    assert not CommonWording.objects.exists()


def test_what_is_common_no_more_is_forgotten_and_all_that_hold_it_are_placed_anew():
    held = copies(5)
    CommonWording.objects.bulk_create(CommonWording(h=h) for h in Wording.objects.get(pk=held[4].pk).kept)
    Wording.objects.update(after=None)
    for each in held:
        origin = Origin.objects.filter(root=each).first() or Origin.objects.create(root=each)
        Document.objects.filter(pk=each.pk).update(origin=origin)
    printed = Printed("c004", held[4].newest.text, 0.004, "p4")
    wires.place(held[4], printed)
    assert list(map(len, wires.origins())) == [5]
    assert not CommonWording.objects.exists()


def test_what_one_house_repeats_is_common_everywhere_once_others_repeat_it():
    for number in range(9):
        placed(Printed(f"note-{number}", wires.note(number), number / 10, "broker"))
    for number in range(9, 14):
        placed(Printed(f"note-{number}", wires.note(number), number / 10, f"broker{number}"))
    assert set(CommonWording.objects.values_list("publisher", flat=True)) == {""}
    assert len(wires.origins()) == 14


# -- many copies -------------------------------------------------------------------------------------------------------


def test_a_late_root_finds_the_present_one_behind_more_copies_than_are_looked_at(monkeypatch):
    monkeypatch.setattr(kinship, "CARRIERS", 5)
    copies(12)
    late = placed(Printed("late", wires.FERRY, -1, "wire"))
    assert list(map(len, wires.origins())) == [13]
    assert Origin.objects.get().root == late
    assert Origin.objects.get().size == 13


def test_a_late_root_of_many_copies_asks_little():
    copies(40)
    with CaptureQueriesContext(connection) as asked:
        late = placed(Printed("late", wires.FERRY, -1, "wire"))
    assert len(asked) < 110
    assert set(Wording.objects.exclude(pk=late.pk).values_list("after", flat=True)) == {late.pk}
    links = OriginLink.objects.filter(a_id=late.pk) | OriginLink.objects.filter(b_id=late.pk)
    assert OriginLink.objects.count() == links.count() == 40
    assert Telling.objects.get().document == late
    assert {each.story_id for each in Document.objects.all()} == {late.story_id}


def test_a_later_document_is_not_taken_from_one_that_is_closer():
    placed(Printed("wire", wires.BANK, 0, "a"))
    copy = placed(Printed("copy", wires.BANK + "\n\nThe mayor was told about it on Friday evening.", 1, "b"))
    half = wires.BANK[: len(wires.BANK) // 2].rpartition("\n\n")[0] + wires.PORT[len(wires.PORT) // 2 :]
    late = placed(Printed("half", half, 0.5, "c"))
    assert Wording.objects.get(pk=copy.pk).after.key.endswith("wire")
    assert Wording.objects.get(pk=late.pk).after.key.endswith("wire")


def test_who_has_no_time_leaves_the_rest_in_its_rows(monkeypatch):
    monkeypatch.setattr(descent, "HELD_SECONDS", 0.0)
    held = copies(6)
    Wording.objects.filter(pk=held[0].pk).update(digest=0)
    wires.place(held[0], Printed("c000", wires.BANK, 0, "p0"))
    assert grouping.waiting().exists()
    assert wires.origins() == [["c000"], [f"c{n:03}" for n in range(1, 6)]]
    assert not grouping.waiting().exists()


def test_stories_that_were_not_told_in_time_wait_in_the_same_rows(monkeypatch):
    monkeypatch.setattr(telling.time, "monotonic", lambda: 10.0)
    held = [placed(Printed(name, text, 0, "a")) for name, text in wires.WIRES.items()]
    assert len(telling.tell(*(each.pk for each in held), until=0.0)) == len(held) - 1


def test_one_document_that_cannot_be_placed_holds_up_no_other_and_is_read_again(monkeypatch, caplog):
    held = copies(3)
    bad, usual = held[1].pk, descent.Descent.decide

    def decide(self, wording):
        if wording.pk == bad:
            raise ValueError
        usual(self, wording)

    monkeypatch.setattr(descent.Descent, "decide", decide)
    Wording.objects.update(asked_at=timezone.now())
    Document.objects.update(digested_at=timezone.now())
    assert grouping.go_on()
    assert list(Document.objects.filter(digested_at=None)) == [held[1]]


# -- what people said --------------------------------------------------------------------------------------------------


def test_a_judgement_is_settled_when_all_it_speaks_of_were_placed(monkeypatch, alice):
    held = copies(8)
    monkeypatch.setattr(descent, "HELD_SECONDS", 0.0)
    made = OriginJudgement.objects.split(by=alice, document=held[0], reason=WHY)
    monkeypatch.setattr(grouping, "again", lambda documents: None)
    ((row, offer),) = OriginJudgement.objects.offer()
    go_on = grouping.go_on
    monkeypatch.setattr(grouping, "go_on", lambda: go_on(0.0))
    tasks.settle(id=row, offer=str(offer))
    made.refresh_from_db()
    assert (made.settled_at, made.begun_at is not None, made.attempts, made.last_error) == (None, True, 0, "")
    monkeypatch.undo()
    OriginJudgement.objects.update(not_before=timezone.now())
    assert settling.settle() == 1
    assert wires.origins() == [["c000"], [f"c{n:03}" for n in range(1, 8)]]


def test_copies_stay_together_when_the_first_of_more_than_are_looked_at_is_split_from_them(monkeypatch, alice):
    monkeypatch.setattr(kinship, "CARRIERS", 4)
    held = copies(12)
    made = OriginJudgement.objects.split(by=alice, document=held[0], reason=WHY)
    settling.settle()
    assert wires.origins() == [["c000"], [f"c{n:03}" for n in range(1, 12)]]
    made.undo(by=alice, now=timezone.now())
    settling.settle()
    assert len(wires.origins()) == 1


def test_a_judgement_that_fails_says_so_and_holds_up_no_other(monkeypatch, alice, caplog):
    ferries, banks = copies(3), [placed(Printed(f"b{n}", wires.BANK, n, f"q{n}")) for n in range(3)]
    usual = settling.begin

    def begin(judgement):
        if judgement.document_id == ferries[2].pk:
            raise ValueError
        usual(judgement)

    monkeypatch.setattr(settling, "begin", begin)
    bad = OriginJudgement.objects.split(by=alice, document=ferries[2], reason=WHY)
    OriginJudgement.objects.split(by=alice, document=banks[2], reason=WHY)
    settling.settle()
    assert wires.origins() == [["b0", "b1"], ["b2"], ["c000", "c001", "c002"]]
    bad.refresh_from_db()
    assert (bad.attempts, bad.last_error) == (1, "Something unexpected went wrong (ValueError).")
    assert not settling.settle_at_once(bad)


def test_one_judgement_is_offered_and_only_once(messages, alice):
    held = copies(3)
    for each in held[1:]:
        OriginJudgement.objects.split(by=alice, document=each, reason=WHY)
    for _ in range(4):
        tasks.sweep()
    assert [name for name, _ in messages if name != "digest"] == ["settle"]


def test_what_waits_is_placed_by_the_sweep(work, alice):
    held = copies(3)
    OriginJudgement.objects.split(by=alice, document=held[2], reason=WHY)
    Wording.objects.filter(pk=held[1].pk).update(asked_at=timezone.now())
    work()
    assert not OriginJudgement.objects.unsettled().exists()
    assert not grouping.waiting().exists()


def test_what_is_taken_back_while_it_is_carried_out_is_not_settled(alice):
    held = copies(2)
    made = OriginJudgement.objects.split(by=alice, document=held[1], reason=WHY)
    ((row, offer),) = OriginJudgement.objects.offer()
    with OriginJudgement.objects.start(row, str(offer)) as running:
        made.undo(by=alice, now=timezone.now())
        with pytest.raises(LeaseLost):
            settling.carry_out(running)
        running.over = True
    assert settling.settle() == 1
    assert len(wires.origins()) == 1


def test_a_large_origin_is_left_to_the_worker(monkeypatch, alice):
    monkeypatch.setattr(settling, "SMALL", 2)
    held = copies(3)
    made = OriginJudgement.objects.split(by=alice, document=held[2], reason=WHY)
    assert not settling.settle_at_once(made)
    monkeypatch.setattr(settling, "SMALL", 3)
    assert settling.settle_at_once(made)
    assert len(wires.origins()) == 2
    assert not settling.settle_at_once(made)


# -- at the same moment ------------------------------------------------------------------------------------------------


def test_a_worker_that_was_overtaken_places_nothing(alice):
    make.vendor(by=alice)
    document = read(html(*REVIEW), "a")
    Document.objects.filter(pk=document.pk).update(digested_at=None)
    ((row, offer),) = Document.objects.filter(pk=document.pk).offer()
    with Document.objects.start(row, str(offer)) as work:
        digested = pipeline.digest(work.row)
        rereading.begin_again()
        document.refresh_from_db()
        newer = html("Something else was said in the hall on Friday by the many people who met there.", *REVIEW[:1])
        document.capture(Capture(newer, "text/html", timezone.now(), live=True))
        assert pipeline.digest_now(document)
        kept = Wording.objects.get(pk=document.pk).kept
        with pytest.raises(LeaseLost):
            pipeline.place(work, digested)
        work.over = True
    assert Wording.objects.get(pk=document.pk).kept == kept


@pytest.fixture
def others_turn():
    """Somebody else places documents while this test runs."""
    has, goes = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            grouping.in_turn()
            has.set()
            goes.wait(20)
        connections.close_all()

    other = threading.Thread(target=hold)
    other.start()
    assert has.wait(10)
    yield
    goes.set()
    other.join()


@pytest.mark.django_db(transaction=True)
def test_who_waits_for_a_turn_in_vain_comes_back_later(monkeypatch, others_turn):
    monkeypatch.setattr(grouping, "PATIENCE", 0.1)
    with pytest.raises(Postponed), transaction.atomic():
        grouping.in_turn()
    told = {"shingles": 0, "kept": [], "figures": [], "digest": 0, "title": 0, "asked_at": timezone.now()}
    Wording.objects.create(document=make.document("A text."), at=make.WHEN, **told)
    with pytest.raises(Postponed):
        grouping.go_on()
    tasks.place()


@pytest.mark.django_db(transaction=True)
def test_a_page_waits_for_no_turn(alice, others_turn):
    made = OriginJudgement(document=make.document("A text."), kind="SPLIT", apart=[])
    assert not settling.settle_at_once(made)


@pytest.mark.django_db(transaction=True)
def test_two_who_join_two_documents_the_other_way_round_are_told_so(alice, carol):
    one, other = placed(Printed("a", wires.FERRY, 0, "a")), placed(Printed("b", wires.BANK, 0.4, "b"))

    def join(by, first, second):
        try:
            return OriginJudgement.objects.join(by=by, document=first, other=second, reason=WHY)
        except NotNow as error:
            return error

    done = expect.at_once([lambda: join(alice, one, other), lambda: join(alice, other, one)])
    assert OriginJudgement.objects.count() == 1
    assert sorted(type(each).__name__ for each in done) == ["NotNow", "OriginJudgement"]
