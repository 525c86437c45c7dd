"""Hostile bytes are read under limits: memory, time, and no network."""

import multiprocessing
import resource
import signal
import threading
import time

import pytest

from riskreview.lib.confining import Confined, TooBig, TookTooLong, confined
from riskreview.lib.http import Policy, Refused, fetch, send
from riskreview.lib.offline import offline

MIB = 2**20


def limits():
    return (
        resource.getrlimit(resource.RLIMIT_AS),
        signal.getsignal(signal.SIGALRM),
        signal.getitimer(signal.ITIMER_REAL),
    )


def greedy():
    return bytearray(2_000 * MIB)


def endless():
    while True:
        time.sleep(0.01)


def test_too_much_memory_is_an_error_and_the_process_goes_on():
    before = limits()
    with pytest.raises(TooBig, match="256 MiB"), confined(memory=256 * MIB, seconds=30):
        greedy()
    assert limits() == before
    assert len(bytearray(300 * MIB)) == 300 * MIB


def test_too_much_time_is_an_error_and_the_process_goes_on():
    before, since = limits(), time.monotonic()
    with pytest.raises(TookTooLong, match=r"0\.2 seconds"), confined(memory=256 * MIB, seconds=0.2):
        endless()
    assert time.monotonic() - since < 5
    assert limits() == before


def test_a_reader_that_swallows_every_error_does_not_swallow_the_clock():
    def tolerant():
        try:
            endless()
        except Exception:  # noqa: BLE001 - as readers of damaged files do
            pytest.fail("the reader took it for a damaged file")

    with pytest.raises(TookTooLong), confined(memory=256 * MIB, seconds=0.1):
        tolerant()


def test_a_reader_that_swallows_the_clock_once_hears_it_again():
    swallowed = []

    def stubborn():
        try:
            endless()
        except BaseException as error:  # noqa: BLE001 - a bare except in a library is just this
            swallowed.append(error)
        endless()

    with pytest.raises(TookTooLong), confined(memory=256 * MIB, seconds=0.1):
        stubborn()
    assert len(swallowed) == 1


def test_the_clock_of_one_around_another_goes_on_ringing():
    def nested():
        with confined(memory=256 * MIB, seconds=30):
            time.sleep(0.1)
        left.append(signal.getitimer(signal.ITIMER_REAL)[0])
        endless()

    left = []
    with pytest.raises(TookTooLong, match="than 1 seconds"), confined(memory=256 * MIB, seconds=1):
        nested()
    assert 0 < left[0] <= 0.9


def test_one_inside_another_gets_no_more_time_than_that_has_left():
    since = time.monotonic()
    with pytest.raises(TookTooLong), confined(memory=256 * MIB, seconds=0.2), confined(memory=256 * MIB, seconds=30):
        endless()
    assert time.monotonic() - since < 5


def test_a_clock_set_before_is_given_back_with_what_it_has_left():
    rung = []
    usual = signal.signal(signal.SIGALRM, lambda *_: rung.append(time.monotonic()))
    signal.setitimer(signal.ITIMER_REAL, 0.3)
    since = time.monotonic()
    with confined(memory=256 * MIB, seconds=30):
        time.sleep(0.1)
    time.sleep(0.4)
    signal.signal(signal.SIGALRM, usual)
    assert len(rung) == 1
    assert rung[0] - since > 0.25


def test_what_stays_within_its_limits_is_left_alone():
    with confined(memory=256 * MIB, seconds=30):
        assert sum(range(1_000)) == 499_500


def test_another_error_stays_what_it_was():
    before = limits()
    with pytest.raises(ZeroDivisionError), confined(memory=256 * MIB, seconds=30):
        1 / 0  # noqa: B018
    assert limits() == before


@pytest.mark.parametrize("act", [fetch, send])
def test_there_is_no_network_inside(act):
    given = {"body": b"", "content_type": "text/plain"} if act is send else {}
    with confined(memory=256 * MIB, seconds=30), pytest.raises(Refused, match="where documents are read"):
        act("https://news.example/", policy=Policy(), **given)


def test_offline_ends():
    with offline():
        pass
    with pytest.raises(Refused, match="not a public address"):
        fetch("http://10.0.0.1/", policy=Policy())


def test_one_inside_another_keeps_the_narrower_limit():
    with confined(memory=512 * MIB, seconds=30):
        inner = resource.getrlimit(resource.RLIMIT_AS)[0]
        with confined(memory=4_000 * MIB, seconds=30):
            assert resource.getrlimit(resource.RLIMIT_AS)[0] <= inner
        assert resource.getrlimit(resource.RLIMIT_AS)[0] == inner


def test_two_threads_that_overlap_leave_no_limit_behind():
    """The limit is the process's: whoever ends last must not put back what the other had set."""
    before, inside, go_on = limits(), threading.Event(), threading.Event()

    def second():
        with confined(memory=256 * MIB, seconds=30):
            inside.set()
            go_on.wait(10)

    later = threading.Thread(target=second)
    with confined(memory=512 * MIB, seconds=30):
        later.start()
        assert inside.wait(10)
    assert resource.getrlimit(resource.RLIMIT_AS) != before[0], "the second still reads under its limit"
    go_on.set()
    later.join(10)
    assert limits() == before


def test_a_thread_has_no_clock_and_is_not_stopped_by_one():
    told = []

    def run():
        with confined(memory=256 * MIB, seconds=0.01):
            time.sleep(0.1)
        told.append("done")

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert told == ["done"]


def in_a_child(queue):
    try:
        with confined(memory=256 * MIB, seconds=30):
            greedy()
    except Confined as error:
        queue.put(error.reason)


def test_a_worker_s_child_lives_on():
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    child = context.Process(target=in_a_child, args=(queue,))
    child.start()
    assert "256 MiB" in queue.get(timeout=30)
    child.join(10)
    assert child.exitcode == 0
