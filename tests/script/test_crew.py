"""The product's processes: adopted when they run, started again when they die, ended together."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from launch import crew, servers
from launch.crew import Crew
from launch.product import Process
from launch.say import Failure

SLEEP = Process("web", ("-c", "import time; time.sleep(60)"))


@pytest.fixture
def make(local: Path) -> Iterator[Callable[..., Crew]]:
    """A crew as one run of a script has it. All its children are ended and reaped."""
    made: list[Crew] = []

    def crew_of_one_run(**settings: str) -> Crew:
        made.append(Crew("demo", Path(sys.executable), dict(os.environ) | settings))
        return made[-1]

    yield crew_of_one_run
    crew.stop("demo")
    for child in [child for each in made for child in each._children.values()]:
        child.wait(10)


def pid(name: str = "web") -> int:
    """The recorded number."""
    return int(servers.read_status("demo")["processes"][name]["pid"])


def check_for(running: Crew, seconds: float) -> None:
    """Watch for so long."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        running.check()
        time.sleep(0.01)


def test_the_next_run_adopts_what_a_killed_one_left(make: Callable[..., Crew]) -> None:
    make().start(SLEEP)
    before = pid()

    make().start(SLEEP)

    assert pid() == before


def test_a_process_with_other_settings_is_replaced(make: Callable[..., Crew]) -> None:
    make().start(SLEEP)
    before = pid()

    make(DATABASE_URL="postgres://another/one").start(SLEEP)

    assert pid() != before


def test_a_process_that_died_is_started_again(make: Callable[..., Crew]) -> None:
    running = make()
    running.start(SLEEP)
    before = pid()
    os.kill(before, signal.SIGKILL)
    assert crew.processes.wait_until(lambda: crew.processes.born(before) is None, 5)
    running.check()

    assert pid() != before


def test_a_process_that_dies_again_and_again_is_given_up_with_its_last_words(make: Callable[..., Crew]) -> None:
    running = make()
    running.start(Process("web", ("-c", "raise SystemExit('the port is taken')")))

    with pytest.raises(Failure, match="again and again") as caught:
        check_for(running, seconds=30)

    assert "the port is taken" in str(caught.value)


def test_stopping_leaves_nothing_behind_not_even_grandchildren(make: Callable[..., Crew]) -> None:
    family = "import subprocess, time; subprocess.Popen(['/bin/sleep', '60'], start_new_session=True); time.sleep(60)"
    running = make()
    running.start(Process("web", ("-c", family)))
    mark = f"{crew.MARK}={crew._mark('demo', 'web')}"
    assert crew.processes.wait_until(lambda: len(crew.processes.with_variable(mark)) == 2, 10)

    crew.stop("demo")

    assert crew.processes.with_variable(mark) == []
    assert not crew.is_running("demo")
