"""Ports, supervisors, and what the scripts hand to the product."""

from __future__ import annotations

import socket  # noqa: TID251 - a port must be taken
from pathlib import Path

import pytest
from launch import product, servers, site
from launch.commands import demo
from launch.commands import test as script_test
from launch.say import Failure

from riskreview.web.demo import people


@pytest.fixture
def taken() -> int:
    """A port on which somebody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_wanted_port_that_is_taken_is_refused(local: Path, taken: int) -> None:
    with pytest.raises(Failure, match="--port"):
        site.choose_port("demo", "web_port", taken, 8000)


def test_the_next_free_port_is_chosen(local: Path, taken: int) -> None:
    assert site.choose_port("demo", "web_port", None, taken) > taken


def test_the_port_of_last_time_is_kept(local: Path, taken: int) -> None:
    last = site.choose_port("demo", "web_port", None, taken)
    servers.record("demo", web_port=last)

    assert site.choose_port("demo", "web_port", None, 20_000) == last


def test_there_is_one_supervisor_at_a_time(local: Path) -> None:
    with site.supervised("demo") as first, site.supervised("demo") as second:
        assert (first, second) == (True, False)
    with site.supervised("demo") as third:
        assert third


def test_a_broken_record_is_as_none(local: Path) -> None:
    (local / "demo").mkdir()
    (local / "demo" / "status.json").write_text("{")

    assert servers.read_status("demo") == {}


def test_given_servers_are_left_alone(local: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"DATABASE_URL": "postgres://somewhere/else", "REDIS_URL": "redis://somewhere/0"}
    for name, value in given.items():
        monkeypatch.setenv(name, value)

    assert servers.start("demo", Path("/no/python/needed")) == given
    assert list(local.iterdir()) == []


def test_the_secret_key_is_made_once_and_is_private(local: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(product, "LOCAL", local)
    first, second = (Path(product.environment("demo", {}, 8901)["SECRET_KEY_FILE"]) for _ in range(2))

    assert first.read_text() == second.read_text()
    assert len(first.read_text()) >= 50
    assert first.stat().st_mode & 0o777 == 0o600


def test_the_demo_may_fetch_from_its_newsroom_and_nowhere_else_inside(
    local: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(product, "LOCAL", local)
    monkeypatch.delenv("FETCH_ALLOW", raising=False)

    assert product.environment("demo", {}, 8901)["FETCH_ALLOW"] == "127.0.0.1:8901"
    assert "FETCH_ALLOW" not in product.environment("demo", {}, None)


def test_the_demo_names_the_storys_first_user() -> None:
    assert (people.address("alice"), people.PASSWORD) == demo.ALICE


def test_two_runs_of_the_tests_have_different_databases(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in servers.URLS:
        monkeypatch.delenv(name, raising=False)
    urls = {
        "DATABASE_URL": "postgres://riskreview@/riskreview?host=/tmp/x",
        "REDIS_URL": "redis+socket:///tmp/x/valkey.sock?virtual_host=0",
    }

    assert script_test.own_urls(urls, 0) == urls
    assert script_test.own_urls(urls, 3) == {
        "DATABASE_URL": "postgres://riskreview@/riskreview_3?host=/tmp/x",
        "REDIS_URL": "redis+socket:///tmp/x/valkey.sock?virtual_host=3",
    }


@pytest.mark.parametrize(
    ("arguments", "added"),
    [([], ["-n", "auto"]), (["tests/lib"], ["-n", "auto"]), (["-n", "0"], []), (["-n4"], []), (["--pdb"], [])],
)
def test_tests_run_in_parallel_unless_told_otherwise(arguments: list[str], added: list[str]) -> None:
    assert script_test.parallel(arguments) == added
