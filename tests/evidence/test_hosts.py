"""Manners towards hosts: turns, gaps, few at once, and a rest after failures. All by the database's clock."""

import datetime
import itertools
import threading
import time

import pytest
from django.db import connection

from riskreview.evidence.models import Host
from riskreview.lib.work import Postponed
from tests import expect

pytestmark = pytest.mark.django_db
NAME = "news.example"


def turn(gap=0.0, sleep=lambda seconds: None):
    return Host.objects.turn(NAME, gap=gap, sleep=sleep)


def host():
    return Host.objects.get(name=NAME)


def past(**columns):
    """Move a column of the host into the past."""
    Host.objects.update(**columns)


def test_the_first_turn_comes_at_once():
    waited = []
    turn(sleep=waited.append)
    assert waited == []
    assert len(host().held) == 1


def test_the_next_turn_waits_for_the_gap():
    waited = []
    Host.objects.over(turn(gap=2))
    turn(gap=2, sleep=waited.append)
    assert waited == [pytest.approx(2, abs=0.5)]


def test_a_turn_too_far_ahead_is_put_off_until_it_comes():
    for _ in range(3):
        Host.objects.over(turn(gap=2))
    with pytest.raises(Postponed) as postponed:
        turn(gap=2)
    assert postponed.value.until >= host().next_at


def test_a_host_has_few_requests_at_once(settings):
    settings.HOST_AT_ONCE = 2
    first = turn()
    turn()
    with pytest.raises(Postponed, match="busy"):
        turn()
    Host.objects.over(first)
    turn()


def test_a_host_that_lets_a_request_wait_gets_no_second_one_meanwhile(settings):
    settings.HOST_AT_ONCE = 2
    waiting = turn()
    past(held=[waiting.until - datetime.timedelta(seconds=1.5)])
    with pytest.raises(Postponed, match="busy"):
        turn()


def test_a_host_that_failed_last_gets_one_request_at_a_time(settings):
    settings.HOST_AT_ONCE = 2
    Host.objects.failed(turn(), "No connection.")
    turn()
    with pytest.raises(Postponed, match="busy"):
        turn()


def test_a_request_of_a_worker_that_died_lapses(settings):
    settings.HOST_AT_ONCE = 1
    turn()
    past(held=[datetime.datetime.now(datetime.UTC) - datetime.timedelta(seconds=1)])
    turn()
    assert len(host().held) == 1


def test_a_longer_gap_of_the_host_itself_counts():
    turn()
    host().keep_robots("User-agent: *\nCrawl-delay: 3", 3.0)
    waited = []
    Host.objects.over(turn(gap=1))
    turn(gap=1, sleep=waited.append)
    assert waited == [pytest.approx(3, abs=0.5)]


def test_five_failures_in_a_row_open_the_breaker_for_ten_minutes():
    for _ in range(4):
        Host.objects.failed(turn(), "No connection.")
    assert host().open_until is None
    Host.objects.failed(turn(), "No connection.")
    rest = host().open_until - datetime.datetime.now(datetime.UTC)
    assert datetime.timedelta(minutes=9) < rest <= datetime.timedelta(minutes=10, seconds=1)
    with pytest.raises(Postponed, match="5 failures: No connection"):
        turn()


def test_an_answer_in_between_begins_the_count_anew():
    for _ in range(4):
        Host.objects.failed(turn(), "No connection.")
    Host.objects.answered(turn())
    Host.objects.failed(turn(), "No connection.")
    assert (host().failures, host().open_until) == (1, None)


@pytest.mark.parametrize(("failures", "minutes"), [(6, 20), (7, 40), (9, 160), (12, 360), (40, 360)])
def test_the_rest_doubles_up_to_six_hours(failures, minutes):
    taken = turn()
    past(failures=failures - 1)
    Host.objects.failed(taken, "No connection.")
    rest = (host().open_until - datetime.datetime.now(datetime.UTC)).total_seconds()
    assert rest == pytest.approx(60 * minutes, abs=5)


def test_after_its_rest_a_host_gets_one_request_as_a_trial():
    Host.objects.over(turn())
    past(failures=5, open_until=datetime.datetime.now(datetime.UTC) - datetime.timedelta(seconds=1))
    trial = turn()
    with pytest.raises(Postponed):
        turn()
    Host.objects.answered(trial)
    assert (host().failures, host().open_until, host().reason) == (0, None, "")
    turn()
    turn()


def test_a_host_that_asks_to_be_left_alone_is():
    Host.objects.over(turn())
    Host.objects.leave_alone(NAME, datetime.timedelta(minutes=2))
    with pytest.raises(Postponed) as postponed:
        turn()
    assert postponed.value.until >= host().next_at


def test_what_is_put_off_comes_back_one_after_the_other(settings):
    settings.SWEEP_SECONDS, settings.HOST_AT_ONCE = 2.0, 1
    turn()
    times = []
    for _ in range(4):
        with pytest.raises(Postponed) as postponed:
            turn(gap=0.5)
        times.append(postponed.value.until)
    apart = [(later - earlier).total_seconds() for earlier, later in itertools.pairwise(times)]
    assert apart == [pytest.approx(2.0, abs=0.1)] * 3


def test_what_is_put_off_comes_back_within_the_hour():
    Host.objects.create(name=NAME, promised_at=datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=3))
    Host.objects.leave_alone(NAME, datetime.timedelta(seconds=30))
    with pytest.raises(Postponed) as postponed:
        turn()
    until = postponed.value.until - datetime.datetime.now(datetime.UTC)
    assert datetime.timedelta(minutes=59) < until <= datetime.timedelta(minutes=60, seconds=1)


def test_after_a_rest_what_was_put_off_comes_back_one_after_the_other(settings):
    settings.SWEEP_SECONDS = 2.0
    for _ in range(5):
        Host.objects.failed(turn(), "No connection.")
    times = []
    for _ in range(2):
        with pytest.raises(Postponed) as postponed:
            turn()
        times.append(postponed.value.until)
    assert times[0] == host().open_until
    assert (times[1] - times[0]).total_seconds() == pytest.approx(2.0, abs=0.1)


def test_deferring_never_brings_a_host_forward():
    Host.objects.over(turn())
    Host.objects.leave_alone(NAME, datetime.timedelta(minutes=2))
    later = host().next_at
    Host.objects.leave_alone(NAME, datetime.timedelta(seconds=1))
    assert host().next_at == later


@pytest.mark.django_db(transaction=True)
def test_sixteen_workers_keep_the_gap_and_the_number_at_once(settings):
    settings.HOST_AT_ONCE = 100
    Host.objects.over(turn())
    starts, lock = [], threading.Lock()

    def work():
        def sleep(seconds):
            time.sleep(seconds)

        Host.objects.turn(NAME, gap=0.05, sleep=sleep)
        with lock:
            starts.append(time.monotonic())
        connection.close()

    expect.at_once([work] * 16)
    gaps = [later - earlier for earlier, later in zip(sorted(starts), sorted(starts)[1:], strict=False)]
    assert len(starts) == 16
    assert sum(gaps) >= 15 * 0.05 - 0.05
