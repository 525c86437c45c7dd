"""Recognising a process: its number alone is not enough."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from launch import processes
from launch.processes import Identity


@pytest.fixture
def sleeper(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process that does nothing, in a folder of its own."""
    process = subprocess.Popen(["/bin/sleep", "60"], cwd=tmp_path)
    yield process
    process.kill()
    process.wait()


def test_a_running_process_is_alive(sleeper: subprocess.Popen[bytes]) -> None:
    found = processes.identity(sleeper.pid)

    assert found is not None
    assert found.is_alive()


def test_a_number_that_another_process_has_now_is_not_alive(sleeper: subprocess.Popen[bytes]) -> None:
    assert not Identity(sleeper.pid, "the birth of another").is_alive()


def test_another_process_of_that_number_gets_no_signal(sleeper: subprocess.Popen[bytes]) -> None:
    Identity(sleeper.pid, "the birth of another").send(signal.SIGKILL)

    assert sleeper.poll() is None


def test_a_zombie_is_not_alive(sleeper: subprocess.Popen[bytes]) -> None:
    found = processes.identity(sleeper.pid)
    assert found is not None

    sleeper.kill()

    assert processes.wait_until(lambda: not found.is_alive(), 5)
    assert processes.identity(sleeper.pid) is None


def test_it_finds_who_lives_in_a_folder(sleeper: subprocess.Popen[bytes], tmp_path: Path) -> None:
    assert [each.pid for each in processes.living_in(tmp_path)] == [sleeper.pid]
    (tmp_path / "below").mkdir()
    assert processes.living_in(tmp_path / "below") == []


def test_a_process_that_ignores_the_first_signal_gets_the_last(tmp_path: Path) -> None:
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); open('deaf', 'w'); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", deaf], cwd=tmp_path) as process:
        assert processes.wait_until((tmp_path / "deaf").exists, 20)
        found = processes.identity(process.pid)
        assert found is not None

        assert not processes.end([found], signal.SIGTERM, 0.2)
        assert process.wait(5) == -signal.SIGKILL


def test_the_users_postgres_variables_do_not_reach_the_product() -> None:
    assert processes.without_postgres_variables({"PGHOST": "elsewhere", "PATH": "/bin"}) == {"PATH": "/bin"}


def test_it_finds_a_process_by_its_mark() -> None:
    environment = os.environ | {"RISKREVIEW_PROCESS": "test-mark:web"}
    with subprocess.Popen(["/bin/sleep", "60"], env=environment) as process:
        # Until the program has replaced the fork, the old environment is seen.
        assert processes.wait_until(lambda: bool(processes.with_variable("RISKREVIEW_PROCESS=test-mark:web")), 5)
        found = processes.with_variable("RISKREVIEW_PROCESS=test-mark:web")
        process.kill()

    assert [each.pid for each in found] == [process.pid]
