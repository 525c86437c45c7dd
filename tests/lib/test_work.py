"""Rows are the queue: offered, started once, finished or tried again, given up in the end. Real commits throughout."""

import datetime
import os
import signal
import uuid

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now

from riskreview.evidence.models import Announcement, Capture, Document, Source
from riskreview.lib import work
from riskreview.lib.work import LeaseLost, Postponed, Stopped, Terms, backoff, reason
from tests import expect, make

pytestmark = pytest.mark.django_db(transaction=True)
MINUTE = datetime.timedelta(minutes=1)


class Hopeless(Exception):
    permanent = True
    reason = "It is a PDF file, not text."


def waiting(number=1):
    """Documents whose bytes wait to be read."""
    capture = Capture(raw=b"text", content_type="text/plain", fetched_at=make.WHEN)
    return [Document.objects.hold(Announcement(key=f"k{each}"), capture=capture) for each in range(number)]


def offered():
    (row, offer), *rest = Document.objects.offer()
    assert not rest
    return row, str(offer)


def expire(**columns):
    Document.objects.update(lease_until=Now() - MINUTE, not_before=Now() - MINUTE, **columns)


def done(work, effect=lambda row, result: None):
    work.finish(effect, None, digested_at=Now())


def test_it_is_offered_started_and_finished():
    waiting()
    row, offer = offered()
    with Document.objects.start(row, offer) as work:
        assert (work.row.attempts, str(work.row.lease) != offer) == (1, True)
        work.finish(lambda row, result: row._set(headline=result), "Read", digested_at=Now())
    document = Document.objects.get()
    assert (document.headline, document.attempts, document.lease, document.lease_until) == ("Read", 0, None, None)
    assert document.digested_at
    assert Document.objects.offer() == []


def test_an_offer_counts_no_attempt():
    waiting()
    offered()
    expire()
    offered()
    assert Document.objects.get().attempts == 0


def test_what_is_offered_is_not_offered_again_until_the_offer_ends():
    waiting()
    offered()
    assert Document.objects.offer() == []
    expire()
    assert len(Document.objects.offer()) == 1


def test_the_same_message_twice_starts_once():
    waiting()
    row, offer = offered()
    with Document.objects.start(row, offer) as first, Document.objects.start(row, offer) as second:
        assert second is None
        done(first)
    with Document.objects.start(row, offer) as third:
        assert third is None
    assert Document.objects.get().digested_at


def test_a_strange_or_late_message_starts_nothing():
    waiting()
    row, real = offered()
    with Document.objects.start(row, str(uuid.uuid4())) as work:
        assert work is None
    expire()
    with Document.objects.start(row, real) as work:
        assert work is None
    assert Document.objects.get().attempts == 0


def test_a_failure_keeps_its_reason_and_waits():
    waiting()
    row, offer = offered()
    with Document.objects.start(row, offer):
        raise ValueError("the page has no head")
    document = Document.objects.get()
    assert (document.last_error, document.attempts, document.lease) == (
        "Something unexpected went wrong (ValueError).",
        1,
        None,
    )
    assert document.dead_at is None
    wait = document.not_before - datetime.datetime.now(datetime.UTC)
    assert datetime.timedelta(seconds=25) < wait < datetime.timedelta(seconds=95)
    assert Document.objects.offer() == []


def test_a_success_forgets_the_failures():
    waiting()
    Document.objects.update(attempts=3, last_error="It was slow.")
    row, offer = offered()
    with Document.objects.start(row, offer) as work:
        done(work)
    document = Document.objects.get()
    assert (document.attempts, document.last_error) == (0, "")


def test_the_last_attempt_gives_up():
    waiting()
    Document.objects.update(attempts=4)
    row, offer = offered()
    with Document.objects.start(row, offer):
        raise ValueError("again")
    assert list(Document.objects.all().dead()) == [Document.objects.get()]
    assert Document.objects.offer() == []


def test_a_permanent_error_gives_up_at_once():
    waiting()
    row, offer = offered()
    with Document.objects.start(row, offer):
        raise Hopeless
    document = Document.objects.get()
    assert (document.attempts, document.last_error) == (1, "It is a PDF file, not text.")
    assert document.dead_at


def test_a_source_never_gives_up(alice):
    make.source(by=alice)
    Source.objects.update(attempts=400)
    (row, offer), *_ = Source.objects.offer()
    with Source.objects.start(row, str(offer)):
        raise ValueError("again")
    source = Source.objects.get()
    assert (source.dead_at, source.attempts, Source.objects.bury()) == (None, 401, 0)


def test_a_task_that_forgets_to_finish_has_failed():
    waiting()
    row, offer = offered()
    with Document.objects.start(row, offer):
        pass
    assert "without finishing" in Document.objects.get().last_error


def test_an_effect_that_fails_takes_the_end_of_the_work_with_it():
    waiting()
    row, offer = offered()

    def effect(row, result):
        row._set(headline="half")
        raise ValueError("in the middle")

    with Document.objects.start(row, offer) as work:
        done(work, effect)
    document = Document.objects.get()
    assert (document.headline, document.digested_at, document.attempts) == ("", None, 1)
    assert "ValueError" in document.last_error


def test_a_worker_that_lost_its_lease_writes_nothing():
    waiting()
    row, offer = offered()
    with Document.objects.start(row, offer) as slow:
        expire()
        other_row, other_offer = offered()
        with Document.objects.start(other_row, other_offer) as quick:
            done(quick, lambda row, result: row._set(headline="quick"))
        with pytest.raises(LeaseLost):
            done(slow, lambda row, result: row._set(headline="slow"))
        raise LeaseLost
    document = Document.objects.get()
    assert (document.headline, document.last_error, document.attempts) == ("quick", "", 0)


def test_a_worker_that_fails_after_it_lost_its_lease_changes_nothing():
    waiting()
    row, offer = offered()
    with Document.objects.start(row, offer):
        expire()
        offered()
        raise ValueError("too late")
    document = Document.objects.get()
    assert (document.last_error, document.lease is not None) == ("", True)


def test_a_row_that_kills_its_worker_is_buried_by_the_sweep():
    waiting()
    for _ in range(5):
        row, offer = offered()
        with transaction.atomic():
            taken = Document.objects.filter(pk=row, lease=offer).update(lease=uuid.uuid4(), attempts=F("attempts") + 1)
        assert taken
        expire()
    assert Document.objects.offer() == []
    assert Document.objects.bury() == 1
    document = Document.objects.get()
    assert (document.last_error, document.lease) == ("The worker was lost each time.", None)
    assert document.dead_at


def test_a_reason_that_is_known_is_kept_at_the_burial():
    waiting()
    Document.objects.update(attempts=5, last_error="It was slow.")
    assert Document.objects.bury() == 1
    assert Document.objects.get().last_error == "It was slow."


def test_a_row_in_its_last_run_is_not_buried():
    waiting()
    Document.objects.update(attempts=4)
    row, offer = offered()
    with Document.objects.start(row, offer) as work:
        assert Document.objects.bury() == 0
        done(work)
    assert Document.objects.get().digested_at


def test_nothing_happens_before_its_time():
    waiting()
    Document.objects.update(not_before=Now() + MINUTE)
    assert Document.objects.offer() == []


def test_the_oldest_come_first_and_no_more_than_the_window(monkeypatch):
    documents = waiting(5)
    for age, document in enumerate(documents):
        Document.objects.filter(pk=document.pk).update(not_before=Now() - age * MINUTE)
    monkeypatch.setattr(Document, "terms", Terms(window=2))
    first = [row for row, _ in Document.objects.offer()]
    assert first == [documents[4].pk, documents[3].pk]
    assert Document.objects.offer() == []
    Document.objects.filter(pk=first[0]).update(lease_until=Now() - MINUTE, digested_at=Now())
    assert [row for row, _ in Document.objects.offer()] == [documents[2].pk]


def test_a_narrower_queryset_offers_its_own_rows_only():
    ready = waiting()[0]
    Document.objects.hold(Announcement(key="unfetched", url="https://news.example/"))
    assert [row for row, _ in Document.objects.undigested().offer()] == [ready.pk]


def test_two_sweeps_at_once_offer_each_row_once():
    rows = {document.pk for document in waiting(40)}
    swept = expect.at_once([Document.objects.offer] * 4)
    told = [row for sweep in swept for row, _ in sweep]
    assert sorted(told) == sorted(set(told))
    assert set(told) | {row for row, _ in Document.objects.offer()} == rows


def test_a_sweep_does_not_wait_for_a_row_somebody_holds():
    held, free = waiting(2)

    def sweep():
        with transaction.atomic():
            connection.cursor().execute("SET LOCAL lock_timeout = '200ms'")
            return [row for row, _ in Document.objects.offer()]

    with transaction.atomic():
        Document.objects.select_for_update().get(pk=held.pk)
        assert expect.at_once([sweep]) == [[free.pk]]


def test_of_many_messages_at_once_one_starts():
    waiting()
    row, offer = offered()

    def begin():
        with Document.objects.start(row, offer) as work:
            if work:
                done(work)
            return work is not None

    assert sorted(expect.at_once([begin] * 6)) == [False] * 5 + [True]
    assert Document.objects.get().digested_at


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(0, 30), (1, 60), (2, 120), (5, 960), (9, 15_360), (10, 21_600), (400, 21_600)]
)
def test_the_wait_doubles_up_to_six_hours(attempts, seconds):
    assert backoff(attempts, 1.0) == datetime.timedelta(seconds=seconds)
    assert backoff(attempts, 0.5) * 3 == backoff(attempts, 1.5)
    assert backoff(attempts, 1.0, 60.0) == min(2 * backoff(attempts, 1.0), datetime.timedelta(hours=6))


def test_a_reason_is_short_and_in_words_where_there_are_some():
    assert reason(Hopeless()) == "It is a PDF file, not text."
    assert reason(KeyError("a name out of a row")) == "Something unexpected went wrong (KeyError)."
    assert len(reason(type("Wordy", (Exception,), {"reason": "x" * 900})())) == 500


def test_every_kind_of_work_has_its_indexes():
    kinds = [model for model in apps.get_models() if issubclass(model, work.Work)]
    assert {kind.__name__ for kind in kinds} == {
        "Document", "NameChange", "OriginJudgement", "Source", "Search", "SpanCheck", "Trial", "Verification", "Visit",
        "Witness", "Batch", "WatchCheck",
    }  # fmt: skip
    for kind in kinds:
        assert {"not_before", "lease_until"} <= {index.fields[0] for index in kind._meta.indexes}, kind


def test_what_is_postponed_goes_back_and_the_start_does_not_count():
    waiting()
    row, offer = offered()
    later = datetime.datetime.now(datetime.UTC) + 5 * MINUTE
    with Document.objects.start(row, offer):
        raise Postponed(later)
    document = Document.objects.get()
    assert (document.attempts, document.lease, document.last_error, document.not_before) == (0, None, "", later)


def test_a_worker_that_is_told_to_stop_gives_its_row_back_at_once():
    waiting()
    row, offer = offered()
    with pytest.raises(SystemExit), Document.objects.start(row, offer):
        os.kill(os.getpid(), signal.SIGTERM)
    document = Document.objects.get()
    assert (document.attempts, document.lease, document.lease_until, document.last_error) == (0, None, None, "")
    assert Document.objects.offer()


def test_a_worker_that_is_ended_for_being_slow_is_counted(monkeypatch):
    monkeypatch.setattr(work, "SOFT_LIMIT", 0.0)
    waiting()
    row, offer = offered()
    with pytest.raises(SystemExit), Document.objects.start(row, offer):
        os.kill(os.getpid(), signal.SIGTERM)
    document = Document.objects.get()
    assert (document.attempts, document.lease is None) == (1, False)


def test_nothing_on_the_way_takes_being_stopped_for_a_failure():
    assert not issubclass(Stopped, Exception)


def test_outside_of_work_a_signal_means_what_it_meant():
    before = signal.getsignal(signal.SIGTERM)
    waiting()
    row, offer = offered()
    with Document.objects.start(row, offer) as running:
        done(running)
    assert signal.getsignal(signal.SIGTERM) is before


@pytest.mark.parametrize(("asked", "minutes"), [(20, 20), (60 * 48, 60 * 24)])
def test_who_asks_to_be_left_alone_is_for_a_day_at_most(asked, minutes):
    class Asked(Exception):
        reason, wait = "Too many requests.", asked * MINUTE

    waiting()
    row, offer = offered()
    with Document.objects.start(row, offer):
        raise Asked
    waits = Document.objects.get().not_before - datetime.datetime.now(datetime.UTC)
    assert waits / MINUTE == pytest.approx(minutes, abs=1)


def test_the_last_trouble_may_outlive_the_end_of_the_work():
    waiting()
    row, offer = offered()
    with Document.objects.start(row, offer) as running:
        running.finish(lambda row, result: None, None, digested_at=Now(), last_error="Half of it was missing.")
    assert Document.objects.get().last_error == "Half of it was missing."


def test_a_source_does_not_give_up_over_a_permanent_error_either(alice):
    make.source(by=alice)
    [(row, offer)] = Source.objects.offer()
    with Source.objects.start(row, str(offer)):
        raise Hopeless
    assert Source.objects.get().dead_at is None


def test_somebody_s_now_during_work_that_fails_stands(alice):
    source = make.source(by=alice)
    Source.objects.update(not_before=make.WHEN)
    [(row, offer)] = Source.objects.offer()
    with Source.objects.start(row, str(offer)):
        Source.objects.get(pk=source.pk).collect_now(by=alice)
        raise Hopeless
    assert Source.objects.all().due().exists()
